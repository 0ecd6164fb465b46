"""The estimand ``breadth``: how many members take part, on the session of each event of a list."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Self

import numpy as np
from pydantic import ConfigDict, Field, model_validator

from groundswell.claims.estimand import Estimand, Measurement, Missing, list_sources, select_series
from groundswell.claims.estimands._events import events_in_words
from groundswell.claims.inference import summarise
from groundswell.claims.spec import Frozen
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.indicators.breadth import BREADTH_MEASURES
from groundswell.markets.indicators.fundamentals import GROUPS
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import as_days, on_or_after, shift
from groundswell.markets.series.catalogue import INDEX_BREADTH
from groundswell.model import Absence, EventValue, SeriesRef
from groundswell.wording.plurals import write_count

SURVIVORS = (
    "Members are those of one later list, so that companies that failed or were bought are missing: the earlier the "
    "day, the more, and in falls the true share was lower."
)


class BreadthArguments(Frozen):
    """Which gauge of which group of companies, on which events."""

    model_config = ConfigDict(strict=True)

    events: str = "corrections"
    gauge: str = "above_50"
    group: str = "large"
    against: str = ""
    base: int = Field(default=0, ge=-252, le=252)
    emergency: bool = True

    @model_validator(mode="after")
    def _known(self) -> Self:
        groups = (self.group, self.against) if self.against else (self.group,)
        for field, kind, names, known in (
            ("events", "list", (self.events,), EVENT_LISTS),
            ("gauge", "gauge", (self.gauge,), BREADTH_MEASURES),
            ("group", "group", groups, GROUPS),
        ):
            for name in names:
                if name not in known:
                    raise ValueError(f"{field}: there is no {kind} {name!r}; there are {', '.join(known)}")
        if self.group == self.against:
            raise ValueError(f"against: {self.group} cannot be compared with itself")
        return self

    @property
    def own(self) -> tuple[SeriesRef, ...]:
        return tuple(INDEX_BREADTH.ref(group, self.gauge) for group in (self.group, self.against) if group)


def measure(arguments: BreadthArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing:
    """Read the gauge, less that of the other group where there is one, on the session of each event."""
    events = EVENT_LISTS[arguments.events]
    found = select_series(book, (*arguments.own, *events.needs))
    if isinstance(found, Missing):
        return found
    own = found[: len(arguments.own)]
    by_day = [dict(zip(one.dates.tolist(), one.values.tolist(), strict=True)) for one in own]
    values: list[EventValue] = []
    absent: list[Absence] = []
    days = [event.date for event in events.find(as_of, book) if event.scheduled or arguments.emergency]
    for day in days:
        session = shift(on_or_after(as_days(day)), arguments.base)[0].item()
        if session > as_of:
            absent.append(Absence(day, f"its session {session} is after {as_of}"))
        elif any(session not in one for one in by_day):
            spans = " and ".join(f"{one.dates[0]} to {one.last}" for one in own)
            absent.append(Absence(day, f"no breadth is known of {session}; it is held from {spans}"))
        else:
            first, *others = (one[session] for one in by_day)
            values.append(EventValue(day, first - sum(others), session, session))
    return Measurement(
        values=tuple(values),
        absent=tuple(absent),
        others=lambda: _every_session(by_day),
        sources=(*list_sources(found), *events.list_tables(as_of, book)),
        revised=tuple(one.ref for one in found if one.revised),
        # A share is never zero on average: no p-value of that, and no side of zero to win.
        summary=replace(summarise([event.value for event in values], 1), wins=None, p=None),
        notes=(SURVIVORS,),
    )


def _every_session(by_day: list[dict[dt.date, float]]) -> np.ndarray:
    first, *others = by_day
    return np.array(
        [
            value - sum(other[day] for other in others)
            for day, value in first.items()
            if all(day in other for other in others)
        ]
    )


def describe_events(arguments: BreadthArguments) -> str:
    """The gauge and the rule of the events in words."""
    less = f", less the same of {GROUPS[arguments.against]}" if arguments.against else ""
    rule = events_in_words(arguments.events, arguments.emergency)
    return f"{BREADTH_MEASURES[arguments.gauge]}, of {GROUPS[arguments.group]}{less}, on each event. {rule}"


def describe_window(arguments: BreadthArguments) -> str:
    """The session on which the gauge is read."""
    if not arguments.base:
        return "close of the event's session"
    count, side = abs(arguments.base), "after" if arguments.base > 0 else "before"
    return f"close {write_count(count, 'session')} {side} the event's session"


BREADTH = Estimand(
    name="breadth",
    title="Breadth on the days of events",
    text=(
        "For each event, how many members of a market took part in its move by that day's close, as a share; the "
        "estimate is the mean over the events. An event without a value is left out and named with the reason."
    ),
    unit="share",
    arguments=BreadthArguments,
    needs=lambda arguments: frozenset((*arguments.own, *EVENT_LISTS[arguments.events].needs)),
    window=describe_window,
    events=describe_events,
    measure=measure,
    compares=lambda arguments: bool(arguments.against),
    rank=80,
)
