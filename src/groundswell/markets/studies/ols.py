"""Least squares with errors that allow for unequal variance and for serial correlation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


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
    rows = np.column_stack([np.ones(len(response)), factors])
    n, width = rows.shape
    if n <= width or not _is_determined(rows):
        raise UndeterminedError(
            f"{n:,} rows do not determine {width} coefficients: too few, or a factor is a linear combination of others"
        )
    inverse = np.linalg.inv(rows.T @ rows)
    coefficients = inverse @ (rows.T @ response)
    residuals = response - rows @ coefficients
    if lags is None:
        covariance = inverse * float(residuals @ residuals) / (n - width)
    else:
        covariance = inverse @ sum_lagged_products(rows * residuals[:, None], lags) @ inverse * n / (n - width)
    return Fit(coefficients, np.sqrt(np.diag(covariance)), residuals, n)


def fit_jointly(responses: Array, factors: Array, lags: int) -> JointFit:
    """Regress each column of ``responses`` (n by p) as ``fit`` does, and return the slopes on the first factor.

    The covariance (p by p) allows for how the responses move together; its diagonal is that of the errors of ``fit``.
    Raises ``ValueError`` as ``fit`` does.
    """
    rows = np.column_stack([np.ones(len(responses)), factors])
    n, width = rows.shape
    if n <= width or not _is_determined(rows):
        raise ValueError(f"{n} rows do not determine {width} coefficients")
    inverse = np.linalg.inv(rows.T @ rows)
    coefficients = inverse @ (rows.T @ responses)
    weights = (rows @ inverse)[:, 1]  # how much the residual of each row moves a slope
    scores = (responses - rows @ coefficients) * weights[:, None]
    return JointFit(coefficients[1], sum_lagged_products(scores, lags) * n / (n - width), n - width)


def _is_determined(rows: Array) -> bool:
    """Whether the columns are independent, by the rule of ``np.linalg.matrix_rank``, at half of its time."""
    sizes = np.linalg.svd(rows, compute_uv=False)
    return bool(sizes[-1] > sizes[0] * max(rows.shape) * np.finfo(np.float64).eps)


def sum_lagged_products(scores: Array, lags: int) -> Array:
    """Sum the products of rows of ``scores`` (n by k) with those up to ``lags`` rows before, by Bartlett weights."""
    total: Array = scores.T @ scores
    for lag in range(1, min(lags, len(scores) - 1) + 1):
        shifted = scores[lag:].T @ scores[:-lag]
        total = total + (1.0 - lag / (lags + 1.0)) * (shifted + shifted.T)
    return total
