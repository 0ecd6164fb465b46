"""An estimate with its interval, from few event values or from a standard error."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from groundswell.claims.inference.means import EQUAL, mean_interval, mean_intervals, mean_p, predict_next
from groundswell.claims.inference.signs import flip_p
from groundswell.claims.inference.widening import compute_widening
from groundswell.markets.studies.distributions import compute_t_outside, find_t_quantile
from groundswell.markets.studies.splice import SpliceCost
from groundswell.model import EventValue

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Summary:
    """An estimate with its 95 % interval, from ``n`` observations.

    For events, ``mean`` and ``median`` are None where there are none, and ``wins`` counts those on the claimed side of
    zero. Fewer than two events, or equal ones, have neither interval nor p-values: they do not show how events vary.
    For anything else, ``named`` says what the estimate is and ``counted`` what ``n`` counts; ``median`` and ``wins``
    are None. ``p`` is the two-sided p-value of the hypothesis that the estimate is zero, where there is one. ``null``
    is what the interval must exclude for support: zero, unless an estimate cannot lie on its other side, as a share.

    For events alone: ``hits`` counts those that reach the claimed bound (see ``verdict.count_hits``), ``flip_p`` is the
    exact sign-flip p-value, ``predicted`` the 95 % prediction interval of the next event, and ``skew`` the skewness of
    all windows of the same length, where it was computed. ``sampled`` is False where the estimate has no sampling
    error: it is a fact, with an interval that rounding leaves open or with none. ``discrete`` marks a whole number,
    such as a rank, whose interval may be a single one. ``groups`` is the number of groups by whose means the interval
    was made, where observations of one group are much alike; ``independent`` is that, or else ``n``.
    """

    n: int
    mean: float | None
    median: float | None
    ci_low: float | None
    ci_high: float | None
    wins: int | None
    counted: str = "event"
    named: str = "mean"
    p: float | None = None
    hits: int | None = None
    flip_p: float | None = None
    predicted: tuple[float, float] | None = None
    skew: float | None = None
    sampled: bool = True
    null: float = 0.0
    discrete: bool = False
    groups: int | None = None

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The ends of the interval, both at the estimate of a fact without one; None where a verdict has none."""
        if self.mean is None:
            return None
        low, high = (self.ci_low, self.ci_high) if self.sampled or self.ci_low is not None else (self.mean, self.mean)
        return None if low is None or high is None else (low, high)

    @property
    def independent(self) -> int:
        """How many values the interval rests on."""
        return self.n if self.groups is None else self.groups

    @property
    def is_flat(self) -> bool:
        """Whether there are several observations without any difference or error: no interval has a meaning."""
        if self.n < 2 or self.mean is None or self.discrete or not self.sampled:
            return False
        if self.ci_low is None or self.ci_high is None:
            return True
        return self.ci_high - self.ci_low <= EQUAL * max(abs(self.ci_low), abs(self.ci_high))


def summarise(values: Sequence[float], side: int) -> Summary:
    """Summarise one value per event; ``side`` is 1 where the claim is of gains and -1 where it is of losses."""
    if not values:
        return Summary(0, None, None, None, None, 0)
    sample = np.asarray(values, dtype=np.float64)
    low, high = mean_interval(sample) or (None, None)
    return Summary(
        n=len(sample),
        mean=float(sample.mean()),
        median=float(np.median(sample)),
        ci_low=low,
        ci_high=high,
        wins=int((side * sample > 0).sum()),
        p=mean_p(sample),
        flip_p=flip_p(sample),
        predicted=predict_next(sample),
    )


@dataclass(frozen=True, eq=False)
class EventLaw:
    """How an estimate follows from the values of events, all of them or some.

    ``summarise`` summarises events for a claimed side (1 or -1). ``intervals`` gives the bounds of the 95 % interval of
    each column of a table of (events, columns), two events or more. ``lowest`` is the least of the possible values
    where all lie between it and one more, such as outcomes of which a share was subtracted; None where they are free.
    ``doubtful`` are the days of events whose outcome could be the other one.
    """

    summarise: Callable[[Sequence[EventValue], int], Summary]
    intervals: Callable[[Array], tuple[Array, Array]]
    lowest: float | None = None
    doubtful: frozenset[dt.date] = frozenset()


MEAN_OF_EVENTS = EventLaw(lambda events, side: summarise([event.value for event in events], side), mean_intervals)


def summarise_coefficient(
    estimate: float, error: float, n: int, freedom: int, *, counted: str, named: str = "slope", lags: int | None = None
) -> Summary:
    """Summarise an estimate by its standard error, with Student's t of ``freedom`` degrees, widened for ``lags``.

    Without an error, as of a return on itself, it has neither interval nor p-value.
    """
    error = error * compute_widening(lags or 0, n)
    if error <= EQUAL * abs(estimate):
        return Summary(n, estimate, None, None, None, None, counted, named)
    half = find_t_quantile(freedom) * error
    p = compute_t_outside(estimate / error, freedom)
    return Summary(n, estimate, None, estimate - half, estimate + half, None, counted, named, p)


def widen_for_cost(summary: Summary, early: int, cost: SpliceCost) -> Summary:
    """Widen the interval of a mean over events, ``early`` of which are measured on other series at ``cost``.

    A value on the other series differs by a random amount of the cost's mean and variance, and that mean is itself
    estimated. The variance ``(early * deviation**2 + (early * error)**2) / n**2`` is added to that of the mean. The
    mean difference ``early * cost.mean / n`` moves the bound on its side outwards: the estimate stays that of the
    values as measured, and the interval contains both the one with and the one without the correction. Both steps are
    cautious: the scatter of the values includes some of this already.
    """
    if not early or summary.mean is None or summary.ci_low is None or summary.ci_high is None:
        return summary
    n, quantile = summary.n, find_t_quantile(summary.n - 1)
    added = sqrt(early * cost.deviation**2 + (early * cost.error) ** 2) / n
    shift = early * cost.mean / n
    below, above = summary.mean - summary.ci_low, summary.ci_high - summary.mean
    low, high = (sqrt(side**2 + (quantile * added) ** 2) for side in (below, above))
    error = sqrt((max(below, above) / quantile) ** 2 + added**2)
    p = compute_t_outside(summary.mean / error, n - 1) if summary.p is not None and error > 0 else summary.p
    return replace(
        summary, ci_low=summary.mean - low + min(shift, 0.0), ci_high=summary.mean + high + max(shift, 0.0), p=p
    )
