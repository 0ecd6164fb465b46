"""An estimate with its interval, from few event values or from a standard error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from groundswell.claims.inference.bootstrap import mean_interval
from groundswell.claims.inference.means import mean_p
from groundswell.claims.inference.widening import compute_widening
from groundswell.markets.studies.distributions import compute_t_outside, find_t_quantile


@dataclass(frozen=True, slots=True)
class Summary:
    """An estimate with its 95 % interval, from ``n`` observations.

    For events, ``mean`` and ``median`` are None where there are none, the interval is None with fewer than two, and
    ``wins`` counts those on the claimed side of zero. For anything else, ``named`` says what the estimate is and
    ``counted`` what ``n`` counts; ``median`` and ``wins`` are None. ``p`` is the two-sided p-value of the hypothesis
    that the estimate is zero, where there is one.
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


def summarise(values: Sequence[float], side: int) -> Summary:
    """Summarise one value per event; ``side`` is 1 where the claim is of gains and -1 where it is of losses."""
    if not values:
        return Summary(0, None, None, None, None, 0)
    sample = np.asarray(values, dtype=np.float64)
    low, high = mean_interval(sample) if len(sample) > 1 else (None, None)
    wins = int((side * sample > 0).sum())
    p = mean_p(sample)
    return Summary(len(sample), float(sample.mean()), float(np.median(sample)), low, high, wins, p=p)


def summarise_coefficient(
    estimate: float, error: float, n: int, freedom: int, *, counted: str, named: str = "slope", lags: int | None = None
) -> Summary:
    """Summarise an estimate by its standard error, with Student's t of ``freedom`` degrees, widened for ``lags``."""
    error = error * compute_widening(lags or 0, n)
    half = find_t_quantile(freedom) * error
    p = compute_t_outside(estimate / error, freedom) if error > 0 else None
    return Summary(n, estimate, None, estimate - half, estimate + half, None, counted, named, p)
