"""The estimand ``frequency``: after how many events of a list the relative return lay beyond a bound."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator

from groundswell.claims.estimand import Estimand, Measurement, Missing
from groundswell.claims.estimands.events import event_study
from groundswell.claims.estimands.events._sample import measure_events, name_events, name_length, name_return
from groundswell.claims.estimands.events.event_study import EventStudyArguments
from groundswell.claims.inference.rows import list_event_rows
from groundswell.claims.inference.shares import share_interval, share_p
from groundswell.claims.inference.summary import Summary
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import as_days
from groundswell.markets.studies.event_study import EveryWindow
from groundswell.markets.studies.splice import SpliceCost
from groundswell.model import EventValue
from groundswell.wording.figures import write_percent, write_value
from groundswell.wording.plurals import write_count

COIN = 0.5
"""What the interval of a frequency must exclude for support; no interval of a share lies below zero."""

MAX_EVENTS_IN_NOTE = 12

DEVIATIONS_IN_DOUBT = 2.0
"""An outcome is in doubt where the bound lies within so many standard deviations of what a splice costs."""


class FrequencyArguments(EventStudyArguments):
    """Adds the outcome: a value ``above`` one bound or ``below`` another; and what its frequency is compared with."""

    above: float | None = None
    below: float | None = None
    against: Literal["", "usual"] = Field(default="")

    @model_validator(mode="after")
    def _check_outcome(self) -> Self:
        if self.above is not None and self.below is not None:
            raise ValueError("below: an outcome is either above a bound or below one; leave one of them out")
        return self

    @property
    def bound(self) -> float:
        return self.below if self.below is not None else self.above or 0.0

    def has_outcome(self, values: np.ndarray) -> np.ndarray:
        """Say of each value whether it lies strictly beyond the bound."""
        return values < self.bound if self.below is not None else values > self.bound


def measure(arguments: FrequencyArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing:
    """Count the events with the outcome; each value becomes one or zero, and so does that of every other window."""
    outcome = measure_events(arguments.measured, arguments.sample, book, as_of, arguments.earlier)
    if isinstance(outcome, Missing):
        return outcome
    others = _mark_windows(arguments, outcome)
    usual = float(others.values.mean()) if len(others) else None
    less = (usual or 0.0) if arguments.against == "usual" else 0.0
    values = np.array([event.value for event in outcome.values])
    has_outcome, doubtful = arguments.has_outcome(values), _find_doubtful(arguments, outcome, values)
    events = tuple(
        replace(event, value=float(hit) - less, error=None, beta=None)
        for event, hit in zip(outcome.values, has_outcome.tolist(), strict=True)
    )
    return replace(
        outcome,
        values=events,
        others=lambda: EveryWindow(others.bases, others.values - less),
        summary=_summarise(arguments, has_outcome, doubtful, usual),
        rows=lambda: list_event_rows(events),
        cost=None,
        notes=(
            *_list_values(arguments, outcome.values, has_outcome),
            *_write_usual(arguments, others, usual),
            *_write_doubt(outcome.values, doubtful),
            *outcome.notes,
        ),
    )


def _mark_windows(arguments: FrequencyArguments, outcome: Measurement) -> EveryWindow:
    """Say of every window, by one or zero, whether its value has the outcome."""
    if outcome.others is None:
        return EveryWindow(as_days([]), np.empty(0))
    others = outcome.others()
    return EveryWindow(others.bases, arguments.has_outcome(others.values).astype(np.float64))


def _find_doubtful(arguments: FrequencyArguments, outcome: Measurement, values: np.ndarray) -> np.ndarray:
    """Say of each event whether its outcome could be another on the own series of the claim, which it is not on."""
    if outcome.cost is None:
        return np.zeros(len(values), dtype=bool)
    past = {str(ref) for ref in outcome.past}
    is_early = np.array([not past.isdisjoint(event.series) for event in outcome.values])
    near, far = _list_corrections(outcome.cost)
    hits = arguments.has_outcome(values)
    differs = (arguments.has_outcome(values + near) != hits) | (arguments.has_outcome(values + far) != hits)
    doubtful: np.ndarray = is_early & differs
    return doubtful


def _list_corrections(cost: SpliceCost) -> tuple[float, float]:
    half = DEVIATIONS_IN_DOUBT * cost.deviation
    return cost.mean - half, cost.mean + half


def _summarise(
    arguments: FrequencyArguments, has_outcome: np.ndarray, doubtful: np.ndarray, usual: float | None
) -> Summary:
    """Summarise the share by its exact interval; events in doubt count against it in one bound, for it in the other."""
    n, hits = len(has_outcome), int(has_outcome.sum())
    less = usual if arguments.against == "usual" else 0.0
    if not n or less is None:  # without any complete window there is nothing usual
        return Summary(n, None, None, None, None, None, named="share")
    low = share_interval(hits - int((doubtful & has_outcome).sum()), n)[0]
    high = share_interval(hits + int((doubtful & ~has_outcome).sum()), n)[1]
    return Summary(
        n,
        hits / n - less,
        None,
        low - less,
        high - less,
        None,
        named="difference" if arguments.against else "share",
        p=share_p(hits, n, usual) if usual is not None else None,
        null=0.0 if arguments.against else COIN,
    )


def describe_outcome(arguments: FrequencyArguments) -> str:
    """Describe the outcome that is counted."""
    return f"{'below' if arguments.below is not None else 'above'} {write_percent(arguments.bound)}"


def _list_values(arguments: FrequencyArguments, events: Sequence[EventValue], has_outcome: np.ndarray) -> Iterator[str]:
    """Say how many events had the outcome, and list the values behind it where they are few."""
    if not events:
        return
    count = f"{int(has_outcome.sum())} of {write_count(len(events), 'event')} {describe_outcome(arguments)}"
    listed = ", ".join(f"{event.date} {write_percent(event.value)}" for event in events)
    yield f"{count}: {listed}." if len(events) <= MAX_EVENTS_IN_NOTE else f"{count}."


def _write_usual(arguments: FrequencyArguments, others: EveryWindow, usual: float | None) -> Iterator[str]:
    if usual is not None:
        yield (
            f"Of all {len(others):,} windows of the same length, {write_value(usual, 'share')} were "
            f"{describe_outcome(arguments)}; the p-value is exact against that share."
        )


def _write_doubt(events: Sequence[EventValue], doubtful: np.ndarray) -> Iterator[str]:
    named = [str(event.date) for event, is_doubtful in zip(events, doubtful.tolist(), strict=True) if is_doubtful]
    if named:
        yield (
            f"Measured on other series, {', '.join(named)} could have had the other outcome on the claim's own; the "
            "interval allows for both."
        )


def describe_events(arguments: FrequencyArguments) -> str:
    """Describe the events by their rule, and the values."""
    less = ", less the share of all windows" if arguments.against else ""
    return (
        f"{event_study.describe_events(arguments)} The share of events whose return is {describe_outcome(arguments)}"
        f"{less}; each row is 100 % with that outcome and 0 % without."
    )


FREQUENCY = Estimand(
    name="frequency",
    title="How often the return after events lies beyond a bound",
    text=(
        "For each event, whether the return of one series, usually less that of another, over a window after it lay "
        "beyond a bound; the estimate is the share of the events, with an exact interval. The share of all windows of "
        "the same length stands next to it. An event without a value is left out and named with the reason."
    ),
    unit="share",
    arguments=FrequencyArguments,
    needs=lambda arguments: frozenset(arguments.refs),
    window=event_study.describe_window,
    events=describe_events,
    measure=measure,
    compares=lambda arguments: bool(arguments.against),
    span=event_study.find_span,
    says=lambda arguments: (
        f"the share of {name_events(arguments.events)} after which the "
        f"{name_return(arguments.measure, arguments.long, arguments.short)} over {name_length(arguments.window)} was "
        f"{describe_outcome(arguments)}{', less that share of all windows' if arguments.against else ''}"
    ),
    rank=14,
)
