"""Regressions over every run of so many rows: how a sensitivity has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from groundswell.markets.series.calendar import Days
from groundswell.markets.series.resample import Step, steps
from groundswell.markets.studies.factors import Factor
from groundswell.markets.studies.ols import Vector
from groundswell.model import Series

THREE_YEARS = 156
"""Weeks of a usual window."""

WINDOWS = 256
"""Windows worked on together, so that the memory needed does not grow with their number."""


@dataclass(frozen=True, eq=False)
class RollingFit:
    """Coefficients of each window (the constant first) and their errors: one row a window, oldest first."""

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
    """The beta of ``long`` (less ``short``) on the first of ``factors``, net of the others, over each ``window`` steps.

    ``series`` are those that the factors need. Nothing after ``as_of`` is used, and a value dated at a window's end
    rests on nothing later. Empty where there are fewer steps than a window has.
    """
    own = (long,) if short is None else (long, short)
    every = {one.ref: one for one in (*own, *series)}
    cut = steps(tuple(every.values()), step, as_of)
    response = cut.changes[long.ref] - (0.0 if short is None else cut.changes[short.ref])
    found = rolling_fit(response, np.column_stack([factor.values(cut) for factor in factors]), window, lags)
    return RollingBetas(cut.ends[window - 1 :], found.coefficients[:, 1], found.errors[:, 1])


def rolling_fit(response: Vector, factors: Vector, window: int, lags: int) -> RollingFit:
    """Do what ``regression.fit`` does with Newey-West errors, for every run of ``window`` rows at once.

    Raises ``ValueError`` for a window that does not determine the coefficients by its length.
    """
    rows = np.column_stack([np.ones(len(response)), factors])
    n, width = rows.shape
    if window <= width:
        raise ValueError(f"{window} rows do not determine {width} coefficients")
    if n < window:
        return RollingFit(np.empty((0, width)), np.empty((0, width)))
    found = [
        _fits(response[at : at + WINDOWS + window - 1], rows[at : at + WINDOWS + window - 1], window, lags)
        for at in range(0, n - window + 1, WINDOWS)
    ]
    return RollingFit(np.concatenate([one for one, _ in found]), np.concatenate([one for _, one in found]))


def _fits(response: Vector, rows: Vector, window: int, lags: int) -> tuple[Vector, Vector]:
    responses = sliding_window_view(response, window)[:, :, None]
    # One window a matrix of rows by coefficients; copied once, because products of overlapping views are slow.
    matrices = np.ascontiguousarray(sliding_window_view(rows, window, axis=0).swapaxes(1, 2))
    turned = matrices.swapaxes(1, 2)
    inverse = np.linalg.inv(turned @ matrices)
    coefficients = inverse @ (turned @ responses)
    scores = matrices * (responses - matrices @ coefficients)
    middle = scores.swapaxes(1, 2) @ scores
    for lag in range(1, min(lags, window - 1) + 1):
        shifted = scores[:, lag:].swapaxes(1, 2) @ scores[:, :-lag]
        middle = middle + (1.0 - lag / (lags + 1.0)) * (shifted + shifted.swapaxes(1, 2))
    covariance = inverse @ middle @ inverse * (window / (window - rows.shape[1]))
    return coefficients[:, :, 0], np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
