"""Least squares with errors that allow for unequal variance and for serial correlation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


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


def fit(response: Array, factors: Array, lags: int | None) -> Fit:
    """Regress ``response`` (n) on a constant and ``factors`` (n by k).

    With ``lags`` the errors are those of Newey and West ("A Simple, Positive Semi-Definite, Heteroskedasticity and
    Autocorrelation Consistent Covariance Matrix", 1987): Bartlett weights ``1 - l / (lags + 1)``, times
    ``n / (n - k - 1)``; no lags give White's errors. None gives plain errors, which assume independent rows of equal
    variance. Raises ``ValueError`` where there are too few rows, or a factor is a linear combination of others.
    """
    rows = np.column_stack([np.ones(len(response)), factors])
    n, width = rows.shape
    if n <= width or not _is_determined(rows):
        raise ValueError(f"{n} rows do not determine {width} coefficients")
    inverse = np.linalg.inv(rows.T @ rows)
    coefficients = inverse @ (rows.T @ response)
    residuals = response - rows @ coefficients
    if lags is None:
        covariance = inverse * float(residuals @ residuals) / (n - width)
    else:
        covariance = inverse @ sum_lagged_products(rows * residuals[:, None], lags) @ inverse * n / (n - width)
    return Fit(coefficients, np.sqrt(np.diag(covariance)), residuals, n)


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
