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
from groundswell.markets.studies.ols import Array, add_constant, sum_runs
from groundswell.model import Series

THREE_YEARS = 156
"""The weeks of a usual window."""

WINDOWS_AT_ONCE = 64
"""Windows computed together: so few that what is computed of them stays in a processor's cache."""


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
    rows = add_constant(factors)
    width, n = rows.shape
    if window <= width:
        raise ValueError(f"{window} rows do not determine {width} coefficients")
    if n < window:
        return RollingFit(np.empty((0, width)), np.empty((0, width)))
    parts = [slice(at, at + WINDOWS_AT_ONCE + window - 1) for at in range(0, n - window + 1, WINDOWS_AT_ONCE)]
    fits = [_fit_windows(response[part], rows[:, part], window, lags) for part in parts]
    return RollingFit(np.concatenate([fit[0] for fit in fits]), np.concatenate([fit[1] for fit in fits]))


def _fit_windows(response: Array, rows: Array, window: int, lags: int) -> tuple[Array, Array]:
    responses = sliding_window_view(response, window)
    # One matrix of coefficients by rows per window, copied once, because products of overlapping views are slow.
    matrices = np.ascontiguousarray(sliding_window_view(rows, window, axis=1).swapaxes(0, 1))
    weights = np.linalg.inv(matrices @ matrices.swapaxes(1, 2)) @ matrices
    coefficients = np.matvec(weights, responses)
    residuals = responses - np.vecmat(coefficients, matrices)
    runs = sum_runs(weights, residuals[:, None], lags)
    squares = np.vecdot(runs, runs) * (window / (lags + 1))
    return coefficients, np.sqrt(squares / (window - len(rows)))
