"""The share of the variance of returns that a few factors leave unexplained, with its covariance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.markets.studies.ols import Array, sum_lagged_products


@dataclass(frozen=True, eq=False)
class Shares:
    """The share of variance of each return that factors leave unexplained, with the covariance of these shares."""

    values: Array
    covariance: Array


def compute_unexplained(factors: Array, returns: Array) -> Array:
    """Compute the share of the variance of each column of ``returns`` that a regression on ``factors`` leaves: 1 - R².

    R² is adjusted for the number of factors; otherwise few rows look better explained than they are. A share is at most
    ``1 - 1 / n``: n rows do not distinguish it from 1 any closer.
    """
    residuals, moves, _ = _decompose(factors, returns)
    return _compute_ratio(residuals, moves, factors.shape[1] + 1)


def estimate_shares(factors: Array, returns: Array, lags: int) -> Shares:
    """Compute the same shares, with their covariance under serial correlation: Newey-West with ``lags`` (see ``ols``).

    A share is a ratio of two means, of squared residuals and of squared moves, so that each row moves it by
    ``(residual² - share * move²) / mean move²`` over n, to first order (the delta method). The residual of a row is
    that of a regression without it, so that a row which pulls the regression towards itself does not look well
    explained (J. G. MacKinnon and H. White, 1985: HC3).
    """
    residuals, moves, leverage = _decompose(factors, returns)
    n, width = len(returns), factors.shape[1] + 1
    ratios = _compute_ratio(residuals, moves, width)
    left_out = residuals / (1.0 - leverage)[:, None]
    influence = (left_out**2 - ratios * moves**2) / (moves**2).mean(axis=0)
    return Shares(ratios, sum_lagged_products(influence - influence.mean(axis=0), lags) / (n * (n - width)))


def _compute_ratio(residuals: Array, moves: Array, width: int) -> Array:
    n = len(moves)
    ratio: Array = (residuals**2).sum(axis=0) / (moves**2).sum(axis=0) * ((n - 1) / (n - width))
    return ratio.clip(max=1.0 - 1.0 / n)


def _decompose(factors: Array, returns: Array) -> tuple[Array, Array, Array]:
    """Return the residuals, the moves about their mean, and the leverage of each row."""
    basis, _ = np.linalg.qr(np.column_stack([np.ones(len(returns)), factors]))
    residuals = returns - basis @ (basis.T @ returns)
    return residuals, returns - returns.mean(axis=0), (basis**2).sum(axis=1)
