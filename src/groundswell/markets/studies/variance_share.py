"""The share of the variance of returns that a few factors leave unexplained, with its covariance.

Other factors may be *given*: they are removed from both sides first. The share is then that of what they leave, so that
``1 - share`` is a partial R². It is undefined for a return that they explain whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.markets.studies.ols import Array, sum_lagged_products


@dataclass(frozen=True, eq=False)
class Shares:
    """The share of variance of each return that factors leave unexplained, with the covariance of these shares."""

    values: Array
    covariance: Array


def compute_unexplained(factors: Array, returns: Array, given: Array | None = None) -> Array:
    """Compute the share of the variance of each column of ``returns`` that a regression on ``factors`` leaves: 1 - R².

    Of returns net of ``given``, where there are such. R² is adjusted for the number of factors; otherwise few rows look
    better explained than they are. A share is at most ``1 - 1 / n``: n rows do not distinguish it from 1 any closer.
    """
    parts = _decompose(factors, returns, given)
    return _compute_ratio(parts)


def estimate_shares(factors: Array, returns: Array, lags: int, given: Array | None = None) -> Shares:
    """Compute the same shares, with their covariance under serial correlation: Newey-West with ``lags`` (see ``ols``).

    A share is a ratio of two means, of squared residuals and of squared moves, so that each row moves it by
    ``(residual² - share * move²) / mean move²`` over n, to first order (the delta method). The residual of a row is
    that of a regression without it, so that a row which pulls the regression towards itself does not look well
    explained (J. G. MacKinnon and H. White, 1985: HC3).
    """
    parts = _decompose(factors, returns, given)
    n, width = len(returns), parts.width
    ratios = _compute_ratio(parts)
    residuals = parts.residuals / (1.0 - parts.leverage)[:, None]
    moves = parts.moves / (1.0 - parts.given_leverage)[:, None]
    influence = (residuals**2 - ratios * moves**2) / (parts.moves**2).mean(axis=0)
    return Shares(ratios, sum_lagged_products(influence - influence.mean(axis=0), lags) / (n * (n - width)))


def combine_shares(estimated: Shares, weights: Array, half: float) -> tuple[float, float]:
    """Compute the interval of a weighted sum of shares.

    The interval of a single share reaches ``half`` errors to each side on a logit scale, so that it lies within 0 and 1
    and is not symmetric. That of the sum recovers the variance from the distances of these bounds and the correlations
    of the shares: G. Y. Zou and A. Donner, "Construction of Confidence Limits About Effect Measures" (2008).
    """
    errors = np.sqrt(np.diag(estimated.covariance))
    values = estimated.values
    odds, reach = values / (1.0 - values), np.exp(half * errors / (values * (1.0 - values)))
    down = values - odds / (reach + odds)
    up = odds * reach / (1.0 + odds * reach) - values
    correlation = estimated.covariance / np.outer(errors, errors)
    below, above = weights * np.where(weights > 0, down, up), weights * np.where(weights > 0, up, down)
    estimate = float(weights @ values)
    low, high = (float(np.sqrt(max(side @ correlation @ side, 0.0))) for side in (below, above))
    return estimate - low, estimate + high


@dataclass(frozen=True, eq=False)
class _Parts:
    """The residuals, and the moves: deviations from the mean, net of what is given.

    ``leverage`` is that of each row on the residuals, and ``given_leverage`` that on the moves beyond the mean's, which
    is the same for all. ``width`` and ``given_width`` count the coefficients of both regressions.
    """

    residuals: Array
    moves: Array
    leverage: Array
    given_leverage: Array
    width: int
    given_width: int


def _compute_ratio(parts: _Parts) -> Array:
    n = len(parts.moves)
    freedom = (n - parts.given_width) / (n - parts.width)
    ratio: Array = (parts.residuals**2).sum(axis=0) / (parts.moves**2).sum(axis=0) * freedom
    return ratio.clip(max=1.0 - 1.0 / n)


def _decompose(factors: Array, returns: Array, given: Array | None) -> _Parts:
    n = len(returns)
    given = np.empty((n, 0)) if given is None else given - given.mean(axis=0)
    moves, given_basis = _remove(given, returns - returns.mean(axis=0))
    residuals, basis = _remove(np.column_stack([np.ones(n), given, factors]), returns)
    leverage, given_leverage = ((each**2).sum(axis=1) for each in (basis, given_basis))
    return _Parts(residuals, moves, leverage, given_leverage, basis.shape[1], given.shape[1] + 1)


def _remove(factors: Array, returns: Array) -> tuple[Array, Array]:
    """Return the residuals of a regression, and the orthonormal columns of its factors."""
    basis = np.linalg.qr(factors)[0]
    return returns - basis @ (basis.T @ returns), basis
