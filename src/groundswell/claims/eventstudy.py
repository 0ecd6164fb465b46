"""The estimand ``event-study``: mean relative return over a window after each event of a list."""

from __future__ import annotations

import datetime as dt
from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator

from groundswell.claims.measurement import Estimand, Measurement, Missing, found_in, sources_of
from groundswell.claims.spec import Frozen, Text
from groundswell.markets.decisions import SOURCE, decisions
from groundswell.markets.events import EVENT_LISTS
from groundswell.markets.eventstudy import Window, event_study, other_windows
from groundswell.markets.series import SeriesBook
from groundswell.types import Measure, SeriesRef, SeriesUse

LONGEST = {"sessions": 1260, "months": 60}


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
        elif not self.short:
            raise ValueError("short: is needed, unless long is a spread of period returns")
        return self

    @property
    def refs(self) -> tuple[SeriesRef, ...]:
        """The series needed: ``long`` and, where there is one, ``short``."""
        measure = Measure(self.measure)
        return tuple(SeriesRef(name, measure) for name in (self.long, self.short) if name)

    @property
    def window(self) -> Window:
        return Window(self.horizon, self.unit, self.base)


def describe_window(arguments: EventStudyArguments) -> str:
    """The event window in words."""
    count = arguments.horizon
    months = "1 calendar month" if count == 1 else f"{count} calendar months"
    if arguments.measure == "period return":
        return f"the {months} after the month of the event"
    start = "close of the event's session"
    if arguments.base:
        distance = f"{abs(arguments.base)} session{'s' if abs(arguments.base) > 1 else ''}"
        start = f"close {distance} {'after' if arguments.base > 0 else 'before'} the event's session"
    if arguments.unit == "months":
        return f"{start} to the last close within {months}"
    return f"{start} to the close {count} session{'s' if count > 1 else ''} later"


def describe_events(arguments: EventStudyArguments) -> str:
    """The rule of the events in words."""
    rule = EVENT_LISTS[arguments.events].rule
    return rule if arguments.emergency else f"{rule} Cuts between scheduled meetings are left out."


def measure(arguments: EventStudyArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing:
    """Run the event study on what ``book`` holds; ``Missing`` names the series that it lacks."""
    series = found_in(book, arguments.refs)
    if isinstance(series, Missing):
        return series
    long, short = series[0], series[1] if len(series) > 1 else None
    events = EVENT_LISTS[arguments.events].find(as_of)
    days = [event.date for event in events if event.scheduled or arguments.emergency]
    study = event_study(days, long, short, arguments.window, as_of)
    known = decisions(as_of)
    table = SeriesUse("Fed target-rate decisions", SOURCE, known[-1].announced if known else None)
    return Measurement(
        values=study.values,
        absent=study.absent,
        others=lambda: other_windows(days, long, short, arguments.window, as_of),
        sources=(*sources_of(series), table),
        revised=tuple(one.ref for one in series if one.revised),
    )


EVENT_STUDY = Estimand(
    name="event-study",
    title="Relative return after policy events",
    text=(
        "For each event, the return of one series minus the return of another over the same window after it; the "
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
