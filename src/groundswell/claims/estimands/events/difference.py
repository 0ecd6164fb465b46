"""The estimand ``difference``: the relative return after each event of a list, less that before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self

from pydantic import Field, model_validator

from groundswell.claims.estimand import Estimand, Measurement, Missing, Span
from groundswell.claims.estimands.events._arguments import EventArguments
from groundswell.claims.estimands.events._extension import extend_span, follow_by_series
from groundswell.claims.estimands.events._sample import (
    MAX_EVENTS_IN_NOTE,
    EventSample,
    days_of_sessions,
    describe_sample,
    measure_events,
    name_events,
    name_window,
    write_months,
    write_window,
)
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import MONTH, QUARTER, YEAR
from groundswell.markets.studies.event_measures import ChangeOfReturn
from groundswell.markets.studies.event_paths import Paths, difference_paths
from groundswell.markets.studies.event_study import Window
from groundswell.model import EventValue, Series
from groundswell.wording.figures import write_percent
from groundswell.wording.plurals import write_count

MAX_HORIZON = {"sessions": 2 * YEAR, "months": 24}


class DifferenceArguments(EventArguments):
    """Both windows are of ``horizon`` units; ``premise`` says what must have been so before the events."""

    horizon: int = Field(default=QUARTER, ge=1)
    unit: Literal["sessions", "months"] = "sessions"
    premise: Literal["lead", "lag", "none"] = "lead"

    @model_validator(mode="after")
    def _check_window(self) -> Self:
        if self.horizon > MAX_HORIZON[self.unit]:
            raise ValueError(f"horizon: at most {MAX_HORIZON[self.unit]} {self.unit}, not {self.horizon}")
        if (self.measure == "period return") != (self.unit == "months") or (self.unit == "months" and self.base):
            raise ValueError("unit: period returns, and no others, are compared over whole months, from base 0")
        return self

    @property
    def window(self) -> Window:
        return Window(self.horizon, self.unit, self.base)


def measure(arguments: DifferenceArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing:
    """Measure the change of the relative return at each event, and whether the premise was so before it."""
    sample = EventSample(arguments.events, arguments.emergency, ChangeOfReturn(arguments.window))
    outcome = measure_events(arguments.measured, sample, book, as_of, arguments.earlier)
    if isinstance(outcome, Missing) or not outcome.values:
        return outcome
    premise = judge_premise(arguments.premise, [event.before or 0.0 for event in outcome.values])
    notes = (*((premise.words,) if premise else ()), *_list_returns(outcome.values))
    absent = premise.words if premise and not premise.holds else ""
    return replace(outcome, premise=absent, notes=(*notes, *outcome.notes))


@dataclass(frozen=True, slots=True)
class Premise:
    """Whether what a claim takes for granted was so before the events, and the sentence that says it."""

    holds: bool
    words: str


def judge_premise(premise: str, before: Sequence[float]) -> Premise | None:
    """Judge a premise by the returns before the events, at least one; None where none is made.

    A lead that ends must have been there: in most of the events, and on average.
    """
    if premise == "none":
        return None
    side = 1.0 if premise == "lead" else -1.0
    count, mean = sum(side * value > 0.0 for value in before), sum(before) / len(before)
    events, average = write_count(len(before), "event"), f"the mean before them is {write_percent(mean)}"
    if 2 * count > len(before) and side * mean > 0.0:
        return Premise(True, f"The premise holds: before {count} of {events} there was a {premise}, and {average}.")
    without = len(before) - count
    return Premise(False, f"The premise is absent: before {without} of {events} there was no {premise}, and {average}.")


def _list_returns(events: Sequence[EventValue]) -> Iterator[str]:
    """List what each event is the difference of, where they are few."""
    if len(events) <= MAX_EVENTS_IN_NOTE:
        listed = "; ".join(
            f"{event.date} {write_percent(event.before or 0.0)}, {write_percent(event.value + (event.before or 0.0))}"
            for event in events
        )
        yield f"Before and after: {listed}."


def describe_window(arguments: DifferenceArguments) -> str:
    """Describe both windows."""
    if arguments.unit == "months":
        return f"the {write_months(arguments.horizon)} after the month of the event, less as many before that month"
    count = write_count(arguments.horizon, "session")
    return f"{write_window(arguments.window)}, less the {count} up to that first close"


def find_span(arguments: DifferenceArguments) -> Span:
    """Find the events that prices must cover, with the window before them."""
    before = (arguments.horizon + 1) * MONTH if arguments.unit == "months" else arguments.horizon
    lead = days_of_sessions(before + max(0, -arguments.base))
    return extend_span(Span(events=arguments.events, lead=lead), arguments.measured, arguments.earlier)


def follow_events(arguments: DifferenceArguments, events: Sequence[EventValue], book: SeriesBook) -> Paths | None:
    """Follow the difference over ever more sessions on either side of the base."""
    own = tuple(str(ref) for ref in arguments.measured)
    named = [event if event.series else replace(event, series=own) for event in events]

    def follow(group: Sequence[EventValue], long: Series, short: Series | None = None) -> Paths:
        return difference_paths(group, long, short, arguments.horizon)

    return follow_by_series(named, book, follow)


DIFFERENCE = Estimand(
    name="difference",
    title="Relative return after events less that before them",
    text=(
        "For each event, the return of one series, usually less that of another, over a window after it, less the same "
        "over as long a window before it; the estimate is the mean over the events. What was so before the events, "
        "such as a lead that could end, is stated. An event for which a price is missing is left out and named."
    ),
    unit="return",
    arguments=DifferenceArguments,
    needs=lambda arguments: frozenset(arguments.refs),
    window=describe_window,
    events=lambda arguments: describe_sample(arguments.events, arguments.emergency),
    measure=measure,
    span=find_span,
    path_refs=lambda arguments: arguments.measured if arguments.unit == "sessions" else (),
    follow=follow_events,
    says=lambda arguments: (
        f"the mean {arguments.returns} over the "
        f"{name_window(arguments.window)} {name_events(arguments.events)}, less that over as long a time before"
    ),
    rank=12,
)
