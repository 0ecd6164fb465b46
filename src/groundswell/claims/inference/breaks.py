"""A test of whether a mean or a slope is the same throughout, at no day chosen beforehand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from math import exp, lgamma, log

import numpy as np
from numpy.typing import NDArray

from groundswell.claims.inference.rows import Rows
from groundswell.claims.inference.widening import compute_widening

TRIMMED = 0.15
"""The share of rows at either end after which no break is looked for: the customary choice of Andrews."""

MIN_ROWS = 300
"""The smallest number of rows that are tested: the test finds a break in 3 to 10 % of such samples without one, and in
up to a fifth of shorter ones."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Break:
    """The likeliest break: the day of the first row after it, the estimates of both sides, and the p-value of none."""

    day: dt.date
    before: float
    after: float
    p: float


def find_break(rows: Rows) -> Break | None:
    """Find the day at which the estimate most likely changed, and how likely so large a change is without one.

    For each possible day, the estimates before and after are compared by a Wald statistic with Newey-West variances of
    either side, and the largest is taken: D. W. K. Andrews, "Tests for Parameter Instability and Structural Change With
    Unknown Change Point" (1993). The rest of the model is kept the same on both sides. None where there are fewer than
    ``MIN_ROWS``, or one side has no spread.
    """
    n = len(rows)
    if n < MIN_ROWS:
        return None
    edge = int(np.ceil(TRIMMED * n))
    counts = np.arange(edge, n - edge + 1)
    sums = _Sums.over(rows)
    before, spread_before = sums.estimate(np.zeros_like(counts), counts)
    after, spread_after = sums.estimate(counts, np.full_like(counts, n))
    spread = spread_before + spread_after
    with np.errstate(divide="ignore", invalid="ignore"):
        statistics = np.where(spread > 0, (after - before) ** 2 / spread, np.nan)
    if not np.isfinite(statistics).all():
        return None
    place = int(statistics.argmax())
    day = rows.ends[counts[place]].astype(object)
    return Break(day, float(before[place]), float(after[place]), compute_break_p(float(statistics[place])))


def compute_break_p(statistic: float, trimmed: float = TRIMMED) -> float:
    """Compute the p-value of the largest Wald statistic of one coefficient over all days but the ``trimmed`` ends.

    The tail formula of B. James, K. L. James and D. Siegmund, "Tests for a change-point" (1987), as in A. Estrella,
    "Critical values and p values of Bessel process distributions" (2003). It is exact for small p-values, and capped at
    one where it is none.
    """
    half = statistic / 2.0
    if half < 1.0:
        return 1.0
    length = 2.0 * log((1.0 - trimmed) / trimmed)
    density = exp(0.5 * log(half) - half - lgamma(0.5))
    return min(1.0, density * ((1.0 - 1.0 / statistic) * length + 2.0 / statistic))


@dataclass(frozen=True, eq=False)
class _Sums:
    """Running sums, from which the estimate of any run of rows and its variance follow.

    The score of a row is ``xy - b xx`` with the estimate ``b`` of its run, so that a sum of products of two scores is
    made of three sums, weighted by powers of ``b``. ``lagged`` has these three for each lag, by its Bartlett weight.
    """

    squares: Array
    products: Array
    lagged: tuple[tuple[Array, Array, Array], ...]
    widening: float

    @classmethod
    def over(cls, rows: Rows) -> _Sums:
        xx, xy = rows.regressor**2, rows.regressor * rows.response
        lagged = []
        for lag in range(min(rows.lags, len(rows) - 1) + 1):
            weight = (2.0 if lag else 1.0) * (1.0 - lag / (rows.lags + 1.0))
            later, earlier = slice(lag, None), slice(0, len(rows) - lag)
            parts = (
                xy[later] * xy[earlier],
                xy[later] * xx[earlier] + xx[later] * xy[earlier],
                xx[later] * xx[earlier],
            )
            # A product is counted at the later of its two rows.
            yy, cross, quadratic = (_accumulate(np.concatenate([np.zeros(lag), weight * part])) for part in parts)
            lagged.append((yy, cross, quadratic))
        return cls(_accumulate(xx), _accumulate(xy), tuple(lagged), compute_widening(rows.lags, len(rows)))

    def estimate(self, first: NDArray[np.intp], end: NDArray[np.intp]) -> tuple[Array, Array]:
        """Return the estimate of the rows from each ``first`` up to each ``end``, and its variance."""
        count = end - first
        square = self.squares[end] - self.squares[first]
        slope = (self.products[end] - self.products[first]) / square
        middle = np.zeros(len(count))
        for lag, sums in enumerate(self.lagged):
            start = np.minimum(first + lag, end)  # a product belongs to a run only where both of its rows do
            constant, linear, quadratic = (each[end] - each[start] for each in sums)
            middle += constant - slope * linear + slope**2 * quadratic
        return slope, middle / square**2 * count / (count - 1.0) * self.widening**2


def _accumulate(values: Array) -> Array:
    return np.concatenate([[0.0], np.cumsum(values)])
