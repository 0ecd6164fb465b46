"""The estimand ``event-study``: mean relative return over a window after each event of a list."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import ConfigDict, Field, field_validator, model_validator

from groundswell.claims.measurement import Estimand, Measurement, Missing, found_in, sources_of
from groundswell.claims.spec import Frozen, Text
from groundswell.markets.decisions import SOURCE, decisions
from groundswell.markets.events import EVENT_LISTS
from groundswell.markets.eventstudy import Window, event_study, other_windows
from groundswell.markets.series import SeriesBook
from groundswell.types import Absence, EventValue, Measure, SeriesRef, SeriesUse

LONGEST = {"sessions": 1260, "months": 60}

FOUND_IN_PRICES = frozenset(
    {"spread_widenings", "corrections", "vix_above_40", "sell_off_days", "breadth_washouts", "year_ends"}
)
"""Lists that do not rest on the table of decisions."""


class EventStudyArguments(Frozen):
    """Which events, which two series and which window; see docs/estimands.md."""

    model_config = ConfigDict(strict=True)

    events: str = "first_cuts"
    long: Text
    short: str = ""
    measure: Literal["total return", "price", "period return"] = "total return"
    horizon: int = Field(default=63, ge=1)
    unit: Literal["sessions", "months"] = "sessions"
    base: int = Field(default=0, ge=-20, le=20)
    emergency: bool = True
    alone: bool = False

    @field_validator("long", mode="before")
    @classmethod
    def _one_asset(cls, named: object) -> object:
        if isinstance(named, list | tuple):
            raise ValueError(
                "several assets pooled as events of their own are refused: assets that move together on the same day "
                "are one observation; name one series, or make a claim of each"
            )
        return named

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.events not in EVENT_LISTS:
            raise ValueError(f"events: there is no list {self.events!r}; there are {', '.join(EVENT_LISTS)}")
        if self.horizon > LONGEST[self.unit]:
            raise ValueError(f"horizon: at most {LONGEST[self.unit]} {self.unit}, not {self.horizon}")
        if self.long == self.short:
            raise ValueError("short: must be another series than long")
        if self.measure == "period return":
            if self.unit != "months" or self.base:
                raise ValueError("unit: period returns are compounded over whole months, from base 0")
        elif not self.short and not self.alone:
            raise ValueError("short: is needed, unless long is a spread of period returns or stands alone")
        if self.alone and self.short:
            raise ValueError("short: cannot be given where long stands alone")
        return self

    @property
    def refs(self) -> tuple[SeriesRef, ...]:
        """The series needed: ``long``, where there is one ``short``, and those that the events are found in."""
        measure = Measure(self.measure)
        own = (SeriesRef(name, measure) for name in (self.long, self.short) if name)
        return tuple(dict.fromkeys((*own, *EVENT_LISTS[self.events].needs)))

    @property
    def window(self) -> Window:
        return Window(self.horizon, self.unit, self.base)


def describe_window(arguments: EventStudyArguments) -> str:
    """The event window in words."""
    if arguments.measure == "period return":
        return f"the {_months(arguments.horizon)} after the month of the event"
    return window_in_words(arguments.window)


def window_in_words(window: Window) -> str:
    """A window on the exchange's sessions in words."""
    count = window.horizon
    start = "close of the event's session"
    if window.base:
        distance = f"{abs(window.base)} session{'s' if abs(window.base) > 1 else ''}"
        start = f"close {distance} {'after' if window.base > 0 else 'before'} the event's session"
    if window.unit == "months":
        return f"{start} to the last close within {_months(count)}"
    return f"{start} to the close {count} session{'s' if count > 1 else ''} later"


def _months(count: int) -> str:
    return "1 calendar month" if count == 1 else f"{count} calendar months"


def describe_events(arguments: EventStudyArguments) -> str:
    """The rule of the events in words."""
    return events_in_words(arguments.events, arguments.emergency)


def events_in_words(name: str, emergency: bool) -> str:
    """The rule of a list of events, and whether decisions between scheduled meetings are left out."""
    rule = EVENT_LISTS[name].rule
    return rule if emergency else f"{rule} Decisions between scheduled meetings are left out."


def measure(arguments: EventStudyArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing:
    """Run the event study on what ``book`` holds; ``Missing`` names the series that it lacks."""
    own = tuple(SeriesRef(name, Measure(arguments.measure)) for name in (arguments.long, arguments.short) if name)
    return measure_events(own, Occasions(arguments.events, arguments.emergency, arguments.window), book, as_of)


@dataclass(frozen=True, slots=True)
class Occasions:
    """A list of events by name, with or without those between scheduled meetings, and the window of each."""

    name: str
    emergency: bool
    window: Window


def measure_events(
    own: tuple[SeriesRef, ...], occasions: Occasions, book: SeriesBook, as_of: dt.date
) -> Measurement | Missing:
    """Measure the first of ``own``, less the second where there is one, over the window of each event.

    An event whose window begins before that of the last one with a value has ended is left out with the reason: the
    days that both hold would count twice.
    """
    events, window = EVENT_LISTS[occasions.name], occasions.window
    series = found_in(book, (*own, *events.needs))
    if isinstance(series, Missing):
        return series
    long, short = series[0], series[1] if len(own) > 1 else None
    days = [event.date for event in events.find(as_of, book) if event.scheduled or occasions.emergency]
    study = event_study(days, long, short, window, as_of)
    values, overlapping = _apart(study.values)
    return Measurement(
        values=values,
        absent=tuple(sorted((*study.absent, *overlapping), key=lambda absence: absence.date)),
        others=lambda: other_windows(days, long, short, window, as_of),
        sources=(*sources_of(series), *decisions_used(occasions.name, as_of)),
        revised=tuple(one.ref for one in series if one.revised),
    )


def _apart(values: tuple[EventValue, ...]) -> tuple[tuple[EventValue, ...], tuple[Absence, ...]]:
    kept: list[EventValue] = []
    absent: list[Absence] = []
    for event in values:
        if kept and event.start < kept[-1].end:
            absent.append(Absence(event.date, f"its window overlaps that of {kept[-1].date}"))
        else:
            kept.append(event)
    return tuple(kept), tuple(absent)


def decisions_used(name: str, as_of: dt.date) -> tuple[SeriesUse, ...]:
    """The table of decisions as a source, for the lists of events that rest on it."""
    if name in FOUND_IN_PRICES:
        return ()
    known = decisions(as_of)
    return (SeriesUse("Fed target-rate decisions", SOURCE, known[-1].announced if known else None),)


EVENT_STUDY = Estimand(
    name="event-study",
    title="Relative return after events",
    text=(
        "For each event, the return of one series, usually less that of another, over the same window after it; the "
        "estimate is the mean over the events. An event whose window is not complete, or for which a price is "
        "missing at either end, is left out and named with the reason; nothing is filled in."
    ),
    unit="return",
    arguments=EventStudyArguments,
    needs=lambda arguments: frozenset(arguments.refs),
    window=describe_window,
    events=describe_events,
    measure=measure,
)
