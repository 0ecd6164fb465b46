"""The estimand ``event-study``: the mean relative return over a window after each event of a list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from groundswell.claims.estimand import Estimand, Measurement, Missing, Span
from groundswell.claims.estimands.events._arguments import EventArguments
from groundswell.claims.estimands.events._extension import extend_span, follow_by_series
from groundswell.claims.estimands.events._sample import (
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
from groundswell.markets.series.calendar import MONTH, YEAR
from groundswell.markets.studies.event_measures import AbnormalReturn, RelativeReturn
from groundswell.markets.studies.event_paths import Paths, event_paths
from groundswell.markets.studies.event_study import Window
from groundswell.markets.studies.market_model import MarketModel
from groundswell.model import EventValue, SeriesRef

MAX_HORIZON = {"sessions": 5 * YEAR, "months": 60}


class EventStudyArguments(EventArguments):
    """Adds the unit of the window, and the market model; see docs/estimands.md."""

    unit: Literal["sessions", "months"] = "sessions"
    model: Literal["difference", "market"] = "difference"
    estimation: int = Field(default=YEAR, ge=60, le=5 * YEAR)
    gap: int = Field(default=MONTH, ge=1, le=YEAR)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_unused(cls, given: Any) -> Any:
        """Leave out the estimation window where there is no model: the measurement is the same."""
        if not isinstance(given, dict) or given.get("model", "difference") != "difference":
            return given
        return {name: value for name, value in given.items() if name not in {"estimation", "gap"}}

    @model_validator(mode="after")
    def _check_window(self) -> Self:
        if self.horizon > MAX_HORIZON[self.unit]:
            raise ValueError(f"horizon: at most {MAX_HORIZON[self.unit]} {self.unit}, not {self.horizon}")
        if self.measure == "period return" and (self.unit != "months" or self.base):
            raise ValueError("unit: period returns are compounded over whole months, from base 0")
        if self.model == "market" and (self.unit != "sessions" or not self.short):
            raise ValueError("model: the market model needs short (the market) and a window in sessions")
        return self

    @property
    def window(self) -> Window:
        return Window(self.horizon, self.unit, self.base)

    @property
    def market_model(self) -> MarketModel | None:
        """The market model with both its windows; None where values are plain differences."""
        return MarketModel(self.window, self.estimation, self.gap) if self.model == "market" else None

    @property
    def sample(self) -> EventSample:
        """The events, and what is measured at each."""
        model = self.market_model
        return EventSample(self.events, self.emergency, AbnormalReturn(model) if model else RelativeReturn(self.window))


def describe_window(arguments: EventStudyArguments) -> str:
    """Describe the event window."""
    if arguments.measure == "period return":
        return f"the {write_months(arguments.horizon)} after the month of the event"
    words = write_window(arguments.window)
    if arguments.model == "difference":
        return words
    return (
        f"{words}; abnormal return by the market model, whose alpha and beta on {arguments.short} are those of the "
        f"{arguments.estimation} sessions up to {arguments.gap} sessions before the base"
    )


def count_lead(arguments: EventStudyArguments) -> dt.timedelta:
    """Count the days before an event from which prices are needed."""
    before = arguments.estimation + arguments.gap if arguments.market_model else 0
    return days_of_sessions(before + max(0, -arguments.base))


def describe_events(arguments: EventStudyArguments) -> str:
    """Describe the events by their rule."""
    return describe_sample(arguments.events, arguments.emergency)


def measure(arguments: EventStudyArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing:
    """Run the event study on the series of ``book``; ``Missing`` names those that it does not have."""
    return measure_events(arguments.measured, arguments.sample, book, as_of, arguments.earlier)


def list_path_refs(arguments: EventStudyArguments) -> tuple[SeriesRef, ...]:
    """List the series of the paths around events; period returns have none, and no path leads to an abnormal return."""
    return () if arguments.measure == "period return" or arguments.model == "market" else arguments.measured


def follow_events(arguments: EventStudyArguments, events: Sequence[EventValue], book: SeriesBook) -> Paths | None:
    """Follow each event on its own series; None where nothing is extended, so that all are on the same ones."""
    return follow_by_series(events, book, event_paths) if arguments.earlier else None


def find_span(arguments: EventStudyArguments) -> Span:
    """Find the events that prices must cover."""
    span = Span(events=arguments.events, lead=count_lead(arguments))
    return extend_span(span, arguments.measured, arguments.earlier)


def say(arguments: EventStudyArguments) -> str:
    """Say what is measured."""
    what = arguments.returns
    if arguments.model == "market":
        what = f"abnormal return of {arguments.long} by the market model on {arguments.short}"
    return f"the mean {what} over the {name_window(arguments.window)} {name_events(arguments.events)}"


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
    span=find_span,
    path_refs=list_path_refs,
    follow=follow_events,
    says=say,
    rank=10,
)
