"""By what series are ranked: scores of several series over the same rows, with their joint errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from groundswell.claims.estimands.relations.sensitivity import NEWEY_WEST_LAGS
from groundswell.claims.inference.widening import compute_widening
from groundswell.markets.series.calendar import Days
from groundswell.markets.studies.ols import fit, fit_jointly, sum_lagged_products
from groundswell.markets.studies.robust import fit_jointly_with_leverage

Array = NDArray[np.float64]
By = Literal["return", "sensitivity", "surprise", "rate share"]
Order = Literal["highest", "lowest", "largest"]

SIGNS = {"highest": 1.0, "lowest": -1.0, "largest": 1.0}
LAGS = NEWEY_WEST_LAGS["week"]


@dataclass(frozen=True, eq=False)
class Sample:
    """Rows with the ``returns`` (n by p) of the series and the ``factors`` (n by k, the first one ranked by)."""

    starts: Days
    ends: Days
    returns: Array
    factors: Array
    counted: str

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def width(self) -> int:
        """The number of coefficients of a regression."""
        return 1 + int(self.factors.shape[1])

    def select(self, rows: NDArray[np.bool_]) -> Sample:
        """Select rows."""
        return Sample(self.starts[rows], self.ends[rows], self.returns[rows], self.factors[rows], self.counted)


@dataclass(frozen=True, eq=False)
class Scores:
    """The score of each series (p), their covariance (p by p), and the degrees of freedom of Student's t."""

    values: Array
    covariance: Array
    freedom: int


def score(by: By, sample: Sample) -> Scores:
    """Score each series, with errors that allow for how they move together.

    A return is the sum of log returns, whose Newey-West error is that of the mean of a row times the rows. Shares of
    variance have no errors. Raises ``ValueError`` where the rows do not determine a regression.
    """
    n, count = sample.returns.shape
    if by == "rate share":
        return Scores(score_values(by, sample), np.zeros((count, count)), n - sample.width)
    if by == "return":
        logs = np.log1p(sample.returns)
        covariance = sum_lagged_products(logs - logs.mean(axis=0), LAGS) * n / (n - 1)
        return Scores(logs.sum(axis=0), covariance * compute_widening(LAGS, n) ** 2, n - 1)
    if by == "surprise":
        announced = fit_jointly_with_leverage(sample.returns, sample.factors[:, 0])
        return Scores(announced.slopes, announced.covariance, announced.freedom)
    found = fit_jointly(sample.returns, sample.factors, LAGS)
    return Scores(found.slopes, found.covariance * compute_widening(LAGS, n) ** 2, found.freedom)


def score_values(by: By, sample: Sample) -> Array:
    """Score each series, without errors."""
    if by == "return":
        totals: Array = np.log1p(sample.returns).sum(axis=0)
        return totals
    if by == "rate share":
        return np.array([_explain(column, sample.factors) for column in sample.returns.T])
    return fit_jointly(sample.returns, sample.factors, 0).slopes


def _explain(returns: Array, factors: Array) -> float:
    """Compute the partial R squared of the first factor: the share of what the others leave that it explains."""
    left = float((fit(returns, factors[:, 1:], None).residuals ** 2).sum())
    return 1.0 - float((fit(returns, factors, None).residuals ** 2).sum()) / left if left else 0.0


def find_rank(order: Order, values: Array) -> int:
    """Find the rank of the first value; equal ones share the better rank."""
    keys = [order_key(order, float(value)) for value in values]
    return 1 + sum(key < keys[0] for key in keys[1:])


def order_key(order: Order, value: float) -> float:
    """Return what is smaller for a better place."""
    return -abs(value) if order == "largest" else -SIGNS[order] * value
