"""Least squares with errors that allow for unequal variance and for serial correlation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.windows import combine_windows

Array = NDArray[np.float64]

BEST_CONDITION = 1e6
"""Up to this condition of their products, rows give coefficients with ten digits of sixteen by its inverse."""


class UndeterminedError(ValueError):
    """The rows do not determine the coefficients: there are too few, or a factor is a linear combination of others."""


@dataclass(frozen=True, eq=False)
class Fit:
    """Coefficients (the constant first) with their standard errors, from ``n`` rows; ``freedom`` is ``n`` less them."""

    coefficients: Array
    errors: Array
    residuals: Array
    n: int

    @property
    def freedom(self) -> int:
        return self.n - len(self.coefficients)


@dataclass(frozen=True, eq=False)
class JointFit:
    """The slope of each of several responses on the same factor, and the covariance of these slopes."""

    slopes: Array
    covariance: Array
    freedom: int


def fit(response: Array, factors: Array, lags: int | None) -> Fit:
    """Regress ``response`` (n) on a constant and ``factors`` (n by k).

    With ``lags`` the errors are those of Newey and West ("A Simple, Positive Semi-Definite, Heteroskedasticity and
    Autocorrelation Consistent Covariance Matrix", 1987): Bartlett weights ``1 - l / (lags + 1)``, times
    ``n / (n - k - 1)``; no lags give White's errors. None gives plain errors, which assume independent rows of equal
    variance. Raises ``UndeterminedError`` where there are too few rows, or a factor is a linear combination of others.
    """
    rows = add_constant(factors)
    weights = weigh_rows(rows)
    coefficients = weights.dot(response)
    residuals = response - coefficients.dot(rows)
    width, n = rows.shape
    if lags is None:
        moved, scale = weights, float(residuals @ residuals)
    else:
        moved, scale = sum_runs(weights, residuals, lags), n / (lags + 1)
    return Fit(coefficients, np.sqrt(np.vecdot(moved, moved) * (scale / (n - width))), residuals, n)


def fit_jointly(responses: Array, factors: Array, lags: int) -> JointFit:
    """Regress each column of ``responses`` (n by p) as ``fit`` does, and return the slopes on the first factor.

    The covariance (p by p) allows for how the responses move together; its diagonal is that of the errors of ``fit``.
    Raises ``UndeterminedError`` as ``fit`` does.
    """
    rows = add_constant(factors)
    weights = weigh_rows(rows)
    coefficients = weights @ responses
    width, n = rows.shape
    scores = (responses - rows.T @ coefficients) * weights[1][:, None]
    return JointFit(coefficients[1], sum_lagged_products(scores, lags) * n / (n - width), n - width)


def add_constant(factors: Array) -> Array:
    """Return the rows of a regression, one a column: a one, and ``factors`` (n by k) below it; k + 1 by n."""
    n, k = factors.shape
    rows = np.empty((k + 1, n))
    rows[0], rows[1:] = 1.0, factors.T
    return rows


def weigh_rows(rows: Array) -> Array:
    """Return how much the response of each row moves each coefficient: the pseudo-inverse of ``rows`` (k by n).

    Raises ``UndeterminedError`` as ``fit`` does, by the rule of ``np.linalg.matrix_rank``.
    """
    width, n = rows.shape
    products: Array = rows.dot(rows.T)  # a call of dot takes half of the time of one of @
    try:
        inverse = np.linalg.inv(products)
    except np.linalg.LinAlgError:
        inverse = np.full_like(products, np.nan)
    # The condition is at most the product of both norms (Frobenius).
    if n > width and np.vdot(products, products) * np.vdot(inverse, inverse) < BEST_CONDITION**2:
        weights: Array = inverse.dot(rows)
    else:
        left, sizes, right = np.linalg.svd(rows, full_matrices=False)
        if n <= width or not sizes[-1] > sizes[0] * n * np.finfo(np.float64).eps:
            raise UndeterminedError(
                f"{n:,} rows do not determine {width} coefficients: too few, or a factor is a linear combination of "
                "others"
            )
        weights = (left / sizes) @ right
    return weights


def sum_runs(scores: Array, times: Array | float, lags: int) -> Array:
    """Sum ``scores * times`` over each run of ``lags + 1`` columns; at both ends also over those that reach beyond.

    Two columns are together in ``lags + 1`` such runs less their distance. So the products of these sums, over
    ``lags + 1``, are those of all pairs of columns by Bartlett weights: no loop over lags is needed.
    """
    n = scores.shape[-1]
    padded = np.zeros((*scores.shape[:-1], n + 2 * lags))
    np.multiply(scores, times, out=padded[..., lags : lags + n])
    return combine_windows(padded, lags + 1)


def sum_lagged_products(scores: Array, lags: int) -> Array:
    """Sum the products of rows of ``scores`` (n by k) with those up to ``lags`` rows before, by Bartlett weights."""
    runs = sum_runs(scores.T, 1.0, lags)
    total: Array = runs @ runs.T / (lags + 1)
    return total
