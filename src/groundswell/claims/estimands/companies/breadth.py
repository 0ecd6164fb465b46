"""The estimand ``breadth``: the share of members that take part, on the session of each event of a list."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Self

import numpy as np
from pydantic import ConfigDict, Field, model_validator

from groundswell.claims.estimand import Estimand, Measurement, Missing, Span, list_revised, list_sources, select_series
from groundswell.claims.estimands.events._hindsight import explain_hindsight
from groundswell.claims.estimands.events._sample import describe_sample, name_events
from groundswell.claims.inference.summary import summarise
from groundswell.claims.spec import Frozen
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.indicators.breadth import BREADTH_MEASURES, NET_MEASURES
from groundswell.markets.indicators.fundamentals import GROUPS
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import YEAR, as_days, on_or_after, shift_sessions
from groundswell.markets.series.catalogue import INDEX_BREADTH
from groundswell.markets.studies.event_study import EveryWindow
from groundswell.model import Absence, EventValue, SeriesRef
from groundswell.wording.plurals import write_count

SURVIVORSHIP_NOTE = (
    "Members are those of one later list, so that companies that failed or were bought are missing: the earlier the "
    "day, the more of them, and in falls the true share was lower."
)


class BreadthArguments(Frozen):
    """The gauge, the group of companies and the event list."""

    model_config = ConfigDict(strict=True)

    events: str = "corrections"
    gauge: str = "above_50"
    group: str = "large"
    against: str = ""
    base: int = Field(default=0, ge=-YEAR, le=YEAR)
    emergency: bool = True

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        groups = (self.group, self.against) if self.against else (self.group,)
        for field, kind, names, choices in (
            ("events", "list", (self.events,), EVENT_LISTS),
            ("gauge", "gauge", (self.gauge,), BREADTH_MEASURES),
            ("group", "group", groups, GROUPS),
        ):
            for name in names:
                if name not in choices:
                    raise ValueError(f"{field}: there is no {kind} {name!r}; there are {', '.join(choices)}")
        if self.group == self.against:
            raise ValueError(f"against: {self.group} cannot be compared with itself")
        return self

    @property
    def measured(self) -> tuple[SeriesRef, ...]:
        return tuple(INDEX_BREADTH.ref(group, self.gauge) for group in (self.group, self.against) if group)


def measure(arguments: BreadthArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing:
    """Read the gauge, less that of the other group where there is one, on the session of each event."""
    events = EVENT_LISTS[arguments.events]
    series = select_series(book, (*arguments.measured, *events.needs))
    if isinstance(series, Missing):
        return series
    measured = series[: len(arguments.measured)]
    by_day = [dict(zip(each.dates.tolist(), each.values.tolist(), strict=True)) for each in measured]
    values: list[EventValue] = []
    absent: list[Absence] = []
    found = [event for event in events.find(as_of, book) if event.scheduled or arguments.emergency]
    for day in (event.date for event in found):
        session = shift_sessions(on_or_after(as_days(day)), arguments.base)[0].item()
        if session > as_of:
            absent.append(Absence(day, f"its session {session} is after {as_of}", session))
        elif any(session not in values_of for values_of in by_day):
            spans = " and ".join(f"{each.dates[0]} to {each.last}" for each in measured)
            absent.append(Absence(day, f"no breadth of {session} is known; it is available from {spans}"))
        else:
            first, *others = (values_of[session] for values_of in by_day)
            values.append(EventValue(day, first - sum(others), session, session))
    return Measurement(
        values=tuple(values),
        absent=tuple(absent),
        others=lambda: _measure_every_session(by_day),
        sources=(*list_sources(series), *events.list_tables(as_of, book)),
        revised=list_revised(series),
        # A share is never zero on average: p-values of zero and wins on one side of zero have no meaning. It cannot
        # leave 0 to 1 either, as Student's prediction interval does.
        summary=replace(
            summarise([event.value for event in values], 1), wins=None, p=None, flip_p=None, predicted=None
        ),
        notes=(SURVIVORSHIP_NOTE,),
        hindsight=explain_hindsight(events, found, {event.date: event.start for event in values}),
    )


def _measure_every_session(by_day: list[dict[dt.date, float]]) -> EveryWindow:
    first, *others = by_day
    shared = [day for day in first if all(day in other for other in others)]
    values = [first[day] - sum(other[day] for other in others) for day in shared]
    return EveryWindow(as_days(shared), np.array(values, dtype=np.float64))


def describe_events(arguments: BreadthArguments) -> str:
    """Describe the gauge and the events."""
    less = f", less the same of {GROUPS[arguments.against]}" if arguments.against else ""
    rule = describe_sample(arguments.events, arguments.emergency)
    return f"{BREADTH_MEASURES[arguments.gauge]}, of {GROUPS[arguments.group]}{less}, on each event. {rule}"


def describe_window(arguments: BreadthArguments) -> str:
    """Describe the session on which the gauge is read."""
    if not arguments.base:
        return "close of the event's session"
    count, side = abs(arguments.base), "after" if arguments.base > 0 else "before"
    return f"close {write_count(count, 'session')} {side} the event's session"


BREADTH = Estimand(
    name="breadth",
    title="Breadth on the days of events",
    text=(
        "For each event, the share of a market's members that took part in its move by that day's close; the estimate "
        "is the mean over the events. An event without a value is left out and named with the reason."
    ),
    unit="share",
    arguments=BreadthArguments,
    needs=lambda arguments: frozenset((*arguments.measured, *EVENT_LISTS[arguments.events].needs)),
    window=describe_window,
    events=describe_events,
    measure=measure,
    span=lambda arguments: Span(events=arguments.events),
    compares=lambda arguments: bool(arguments.against) or arguments.gauge in NET_MEASURES,
    says=lambda arguments: (
        f"the mean, over {name_events(arguments.events)}, of: {BREADTH_MEASURES[arguments.gauge]}, of "
        f"{GROUPS[arguments.group]}{f', less the same of {GROUPS[arguments.against]}' if arguments.against else ''}"
    ),
    rank=80,
)
