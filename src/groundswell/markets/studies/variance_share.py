"""How much of the variance of returns a few factors explain, and how surely it is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.studies.ols import long_run

Matrix = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shares:
    """The share of variance of each return that factors leave unexplained, with the covariance of these shares."""

    values: Matrix
    covariance: Matrix


def unexplained(factors: Matrix, returns: Matrix) -> Matrix:
    """The share of the variance of each column of ``returns`` that a regression on ``factors`` leaves: 1 - R².

    R² is adjusted for the number of factors, without which few rows look better explained than they are. A share is at
    most ``1 - 1 / n``: n rows do not tell it from 1 any closer.
    """
    residuals, moves, _ = _parts(factors, returns)
    return _ratio(residuals, moves, factors.shape[1] + 1)


def shares(factors: Matrix, returns: Matrix, lags: int) -> Shares:
    """The same shares, with their covariance under dependence in time: Newey-West with ``lags`` (see ``regression``).

    A share is a ratio of two means, of squared residuals and of squared moves, so that each row moves it by
    ``(residual² - share * move²) / mean move²`` over n, to first order (the delta method). Residuals are those that a
    row would have if it were left out of the regression, which keeps a row that pulls the regression towards itself
    from looking well explained (J. G. MacKinnon and H. White, 1985: HC3).
    """
    residuals, moves, leverage = _parts(factors, returns)
    n, width = len(returns), factors.shape[1] + 1
    found = _ratio(residuals, moves, width)
    alone = residuals / (1.0 - leverage)[:, None]
    influence = (alone**2 - found * moves**2) / (moves**2).mean(axis=0)
    return Shares(found, long_run(influence - influence.mean(axis=0), lags) / (n * (n - width)))


def _ratio(residuals: Matrix, moves: Matrix, width: int) -> Matrix:
    n = len(moves)
    ratio: Matrix = (residuals**2).sum(axis=0) / (moves**2).sum(axis=0) * ((n - 1) / (n - width))
    return ratio.clip(max=1.0 - 1.0 / n)


def _parts(factors: Matrix, returns: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """Residuals, moves about their mean, and the leverage of each row."""
    basis, _ = np.linalg.qr(np.column_stack([np.ones(len(returns)), factors]))
    residuals = returns - basis @ (basis.T @ returns)
    return residuals, returns - returns.mean(axis=0), (basis**2).sum(axis=1)
