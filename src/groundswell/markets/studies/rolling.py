"""Regressions over every run of consecutive rows: how a sensitivity has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from groundswell.markets.series.calendar import Days
from groundswell.markets.series.resample import Step, cut_into_steps
from groundswell.markets.studies.factors import Factor
from groundswell.markets.studies.ols import Array
from groundswell.model import Series

THREE_YEARS = 156
"""The weeks of a usual window."""

WINDOWS_AT_ONCE = 256
"""Windows computed together; a limit, so that the memory used does not grow with their number."""


@dataclass(frozen=True, eq=False)
class RollingFit:
    """Coefficients of each window (the constant first) and their errors, one row per window, oldest first."""

    coefficients: NDArray[np.float64]
    errors: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RollingBetas:
    """The beta on the first factor over each window, with its error, dated at the window's last row.

    Unit: return per percentage point of the factor (of factors that are returns: per point of return).
    """

    ends: Days
    betas: NDArray[np.float64]
    errors: NDArray[np.float64]


def rolling_betas(
    long: Series,
    short: Series | None,
    factors: Sequence[Factor],
    series: Sequence[Series],
    as_of: date,
    *,
    step: Step = "week",
    window: int = THREE_YEARS,
    lags: int = 4,
) -> RollingBetas:
    """Compute the beta of ``long`` (less ``short``) on the first of ``factors``, net of the others, over each window.

    ``series`` are those that the factors need. Nothing after ``as_of`` is used, and a value dated at a window's end
    depends on nothing later. Empty where there are fewer than ``window`` steps.
    """
    returns = (long,) if short is None else (long, short)
    by_ref = {each.ref: each for each in (*returns, *series)}
    cut = cut_into_steps(tuple(by_ref.values()), step, as_of)
    response = cut.changes[long.ref] - (0.0 if short is None else cut.changes[short.ref])
    fits = rolling_fit(response, np.column_stack([factor.values(cut) for factor in factors]), window, lags)
    return RollingBetas(cut.ends[window - 1 :], fits.coefficients[:, 1], fits.errors[:, 1])


def rolling_fit(response: Array, factors: Array, window: int, lags: int) -> RollingFit:
    """Fit as ``ols.fit`` does with Newey-West errors, for every run of ``window`` rows at once.

    Raises ``ValueError`` for a window that is too short to determine the coefficients.
    """
    rows = np.column_stack([np.ones(len(response)), factors])
    n, width = rows.shape
    if window <= width:
        raise ValueError(f"{window} rows do not determine {width} coefficients")
    if n < window:
        return RollingFit(np.empty((0, width)), np.empty((0, width)))
    fits = [
        _fit_windows(
            response[at : at + WINDOWS_AT_ONCE + window - 1], rows[at : at + WINDOWS_AT_ONCE + window - 1], window, lags
        )
        for at in range(0, n - window + 1, WINDOWS_AT_ONCE)
    ]
    return RollingFit(np.concatenate([fit[0] for fit in fits]), np.concatenate([fit[1] for fit in fits]))


def _fit_windows(response: Array, rows: Array, window: int, lags: int) -> tuple[Array, Array]:
    responses = sliding_window_view(response, window)[:, :, None]
    # One matrix of rows by coefficients per window, copied once, because products of overlapping views are slow.
    matrices = np.ascontiguousarray(sliding_window_view(rows, window, axis=0).swapaxes(1, 2))
    transposed = matrices.swapaxes(1, 2)
    inverse = np.linalg.inv(transposed @ matrices)
    coefficients = inverse @ (transposed @ responses)
    scores = matrices * (responses - matrices @ coefficients)
    middle = scores.swapaxes(1, 2) @ scores
    for lag in range(1, min(lags, window - 1) + 1):
        shifted = scores[:, lag:].swapaxes(1, 2) @ scores[:, :-lag]
        middle = middle + (1.0 - lag / (lags + 1.0)) * (shifted + shifted.swapaxes(1, 2))
    covariance = inverse @ middle @ inverse * (window / (window - rows.shape[1]))
    return coefficients[:, :, 0], np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
