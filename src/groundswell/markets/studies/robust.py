"""Errors of least squares that stay honest with few rows of unequal leverage."""

from __future__ import annotations

import numpy as np

from groundswell.markets.studies.ols import Array, Fit, JointFit, add_constant, fit, weigh_rows

MIN_ROOM = 1e-9
"""A row with less room for a residual decides a coefficient alone, so that nothing shows its error."""


def fit_with_leverage(response: Array, factors: Array) -> Fit:
    """Regress ``response`` (n) on a constant and ``factors`` (n by k), with the errors HC3.

    J. G. MacKinnon and H. White, "Some Heteroskedasticity-Consistent Covariance Matrix Estimators with Improved Finite
    Sample Properties" (1985): each residual is divided by one less the leverage of its row, as if the row had been left
    out. White's errors are too small where few rows with large factors decide, as few surprises do. Raises
    ``ValueError`` as ``fit``, and where a row alone decides a coefficient.
    """
    plain = fit(response, factors, 0)
    rows = add_constant(factors)
    weights = weigh_rows(rows)
    room = 1.0 - (rows * weights).sum(axis=0)
    if room.min() < MIN_ROOM:
        raise ValueError("one row decides a coefficient alone, so that its error is not known")
    moved = weights * (plain.residuals / room)
    return Fit(plain.coefficients, np.sqrt(np.vecdot(moved, moved)), plain.residuals, plain.n)


def fit_jointly_with_leverage(responses: Array, factor: Array) -> JointFit:
    """Return the slopes of each column of ``responses`` (n by p) on ``factor`` (n) with their covariance, by HC3.

    Its diagonal is that of the errors of ``fit_with_leverage``. Raises ``ValueError`` as that does.
    """
    fits = [fit_with_leverage(column, factor[:, None]) for column in responses.T]
    centred = factor - factor.mean()
    spread = float(centred @ centred)
    room = 1.0 - 1.0 / len(factor) - centred**2 / spread
    scores = np.column_stack([each.residuals for each in fits]) * (centred / spread / room)[:, None]
    slopes = np.array([each.coefficients[1] for each in fits])
    return JointFit(slopes, scores.T @ scores, fits[0].freedom)
