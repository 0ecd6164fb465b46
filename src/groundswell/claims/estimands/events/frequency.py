"""The estimand ``frequency``: for how many events of a list a return, or a change of a rate, lay beyond a bound."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from groundswell.claims.estimand import Estimand, Measurement, Missing
from groundswell.claims.estimands.events import event_study
from groundswell.claims.estimands.events._sample import SAME, list_where_few, measure_events, name_events, name_window
from groundswell.claims.estimands.events.event_study import EventStudyArguments
from groundswell.claims.inference.share_law import share_law
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import YEAR, as_days
from groundswell.markets.studies.event_study import EveryWindow
from groundswell.markets.studies.splice import SpliceCost
from groundswell.model import EventValue
from groundswell.wording.figures import write_value
from groundswell.wording.plurals import write_count

Array = NDArray[np.float64]

DEVIATIONS_IN_DOUBT = 2.0
"""An outcome is in doubt where the bound lies within so many standard deviations of what a splice costs."""

OUTCOMES = {"above": "above", "below": "below", "at_least": "at least", "at_most": "at most"}
"""The arguments that give the bound of an outcome, and their words."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is counted: a value beyond a bound, on the side that one of ``OUTCOMES`` names."""

    name: str
    bound: float

    @property
    def side(self) -> int:
        """1 for values above the bound, -1 for those below."""
        return -1 if self.name in {"below", "at_most"} else 1

    @property
    def slack(self) -> float:
        """How far beyond the bound a value must lie: a little, or a little less than at it where that is enough."""
        return -SAME if self.name in {"at_least", "at_most"} else SAME

    def is_met_by(self, values: Array) -> NDArray[np.bool_]:
        """Say of each value whether it is counted."""
        met: NDArray[np.bool_] = self.side * (values - self.bound) > self.slack
        return met


class FrequencyArguments(EventStudyArguments):
    """Adds the outcome, a value beyond one bound, and what its frequency is compared with.

    With the measure "rate" the value is the change of ``long``, in percentage points, over a window that may begin up
    to a year before the event.
    """

    measure: Literal["total return", "price", "period return", "rate"] = "total return"  # type: ignore[assignment]
    base: int = Field(default=0, ge=-YEAR, le=20)
    above: float | None = None
    below: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    against: Literal["", "usual"] = Field(default="")

    @model_validator(mode="after")
    def _check_outcome(self) -> Self:
        given = [name for name in OUTCOMES if getattr(self, name) is not None]
        if len(given) > 1:
            raise ValueError(f"{given[-1]}: an outcome has one bound; leave {' and '.join(given[:-1])} out")
        if self.measure == "rate" and (self.unit != "sessions" or self.model == "market" or self.extend):
            raise ValueError("measure: the change of a rate is one over sessions, without a model and without extend")
        return self

    @property
    def outcome(self) -> Outcome:
        """The outcome that is counted: a value above zero where no argument gives another."""
        given = ((name, value) for name in OUTCOMES if (value := getattr(self, name)) is not None)
        return Outcome(*next(given, ("above", 0.0)))

    @property
    def value_unit(self) -> str:
        """The unit of the values that are compared with the bound."""
        return "percentage points" if self.measure == "rate" else "return"


def measure(arguments: FrequencyArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing:
    """Count the events with the outcome; each value becomes one or zero, and so does that of every other window."""
    outcome = measure_events(arguments.measured, arguments.sample, book, as_of, arguments.earlier)
    if isinstance(outcome, Missing):
        return outcome
    others = _mark_windows(arguments, outcome)
    usual = float(others.values.mean()) if len(others) else None
    less = (usual or 0.0) if arguments.against == "usual" else 0.0
    values = np.array([event.value for event in outcome.values])
    has_outcome = arguments.outcome.is_met_by(values)
    doubtful = _find_doubtful(arguments, outcome, values)
    counted = tuple(
        replace(event, value=float(hit) - less, error=None, beta=None)
        for event, hit in zip(outcome.values, has_outcome.tolist(), strict=True)
    )
    return replace(
        outcome,
        values=counted,
        others=lambda: EveryWindow(others.bases, others.values - less),
        law=share_law(usual, compares=arguments.against == "usual", doubtful=frozenset(doubtful)),
        cost=None,
        notes=(
            *_list_values(arguments, outcome.values, has_outcome),
            *_write_usual(arguments, others, usual),
            *_write_doubt(doubtful),
            *outcome.notes,
        ),
    )


def _mark_windows(arguments: FrequencyArguments, outcome: Measurement) -> EveryWindow:
    """Say of every window, by one or zero, whether its value has the outcome."""
    if outcome.others is None:
        return EveryWindow(as_days([]), np.empty(0))
    others = outcome.others()
    return EveryWindow(others.bases, arguments.outcome.is_met_by(others.values).astype(np.float64))


def _find_doubtful(arguments: FrequencyArguments, outcome: Measurement, values: Array) -> tuple[dt.date, ...]:
    """List the events whose outcome could be another on the own series of the claim, which they are not on."""
    if outcome.cost is None:
        return ()
    past = {str(ref) for ref in outcome.past}
    is_early = np.array([not past.isdisjoint(event.series) for event in outcome.values])
    near, far = _list_corrections(outcome.cost)
    hits = arguments.outcome.is_met_by(values)
    differs = (arguments.outcome.is_met_by(values + near) != hits) | (arguments.outcome.is_met_by(values + far) != hits)
    return tuple(event.date for event, is_one in zip(outcome.values, is_early & differs, strict=True) if is_one)


def _list_corrections(cost: SpliceCost) -> tuple[float, float]:
    half = DEVIATIONS_IN_DOUBT * cost.deviation
    return cost.mean - half, cost.mean + half


def describe_outcome(arguments: FrequencyArguments) -> str:
    """Describe the outcome that is counted."""
    outcome = arguments.outcome
    return f"{OUTCOMES[outcome.name]} {write_value(outcome.bound, arguments.value_unit)}"


def _list_values(
    arguments: FrequencyArguments, events: Sequence[EventValue], has_outcome: NDArray[np.bool_]
) -> Iterator[str]:
    """Say how many events had the outcome, and list the values behind it where they are few."""
    if not events:
        return
    count = f"{int(has_outcome.sum())} of {write_count(len(events), 'event')} {describe_outcome(arguments)}"
    yield list_where_few(count, events, arguments.value_unit)


def _write_usual(arguments: FrequencyArguments, others: EveryWindow, usual: float | None) -> Iterator[str]:
    if usual is not None:
        yield (
            f"Of all {len(others):,} windows of the same length, {write_value(usual, 'share')} were "
            f"{describe_outcome(arguments)}; the p-value is exact against that share."
        )


def _write_doubt(doubtful: Sequence[dt.date]) -> Iterator[str]:
    if doubtful:
        yield (
            f"Measured on other series, {', '.join(map(str, doubtful))} could have had the other outcome on the "
            "claim's own; the interval allows for both."
        )


def describe_window(arguments: FrequencyArguments) -> str:
    """Describe the window; a rate has no closes."""
    words = event_study.describe_window(arguments)
    return words.replace("close", "value") if arguments.measure == "rate" else words


def _name_value(arguments: FrequencyArguments) -> str:
    if arguments.measure != "rate":
        return arguments.returns
    return f"change of {arguments.long}" + (f" less that of {arguments.short}" if arguments.short else "")


def describe_events(arguments: FrequencyArguments) -> str:
    """Describe the events by their rule, and the values."""
    less = ", less the share of all windows" if arguments.against else ""
    return (
        f"{event_study.describe_events(arguments)} The share of events whose value is {describe_outcome(arguments)}"
        f"{less}; each row is 100 % with that outcome and 0 % without."
    )


FREQUENCY = Estimand(
    name="frequency",
    title="How often a return or a rate moves beyond a bound around events",
    text=(
        "For each event, whether the return of one series, usually less that of another, or the change of a rate, lay "
        "beyond a bound over a window around it; the estimate is the share of the events, with an exact interval. The "
        "share of all windows of the same length stands next to it. An event without a value is left out and named "
        "with the reason."
    ),
    unit="share",
    arguments=FrequencyArguments,
    needs=lambda arguments: frozenset(arguments.refs),
    window=describe_window,
    events=describe_events,
    measure=measure,
    compares=lambda arguments: bool(arguments.against),
    span=event_study.find_span,
    says=lambda arguments: (
        f"the share of {name_events(arguments.events)} for which, over the {name_window(arguments.window)}, the "
        f"{_name_value(arguments)} was {describe_outcome(arguments)}"
        f"{', less that share of all windows' if arguments.against else ''}"
    ),
    rank=14,
)
