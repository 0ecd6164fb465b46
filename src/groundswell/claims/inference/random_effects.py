"""The mean of values that have errors of their own: random effects, with the interval of Hartung and Knapp."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.studies.distributions import find_t_quantile

MAX_STEPS = 200


@dataclass(frozen=True, slots=True)
class PooledMean:
    """A weighted mean with its 95 % interval; ``spread`` is the standard deviation between the values (tau)."""

    mean: float
    low: float
    high: float
    spread: float


def pool_mean(values: Sequence[float], errors: Sequence[float]) -> PooledMean | None:
    """Pool values by their standard errors and by how much they differ beyond them; None for fewer than two.

    The variance between values is that of R. Paule and J. Mandel, "Consensus Values and Weighting Factors" (1982). The
    interval is that of J. Hartung and G. Knapp (2001) and K. Sidik and J. Jonkman (2002), with Student's t of
    ``n - 1`` degrees. Its factor is 1 at least, so that it is never narrower than the errors of the values allow
    (C. Röver, G. Knapp and T. Friede, 2015). None too where an error is not positive.
    """
    x, variances = np.asarray(values, dtype=np.float64), np.asarray(errors, dtype=np.float64) ** 2
    n = len(x)
    if n < 2 or not (variances > 0.0).all() or not np.isfinite(variances).all():
        return None
    between = _find_between(x, variances)
    weights = 1.0 / (variances + between)
    mean = float(weights @ x / weights.sum())
    factor = max(1.0, float(weights @ (x - mean) ** 2) / (n - 1))
    half = find_t_quantile(n - 1) * sqrt(factor / float(weights.sum()))
    return PooledMean(mean, mean - half, mean + half, sqrt(between))


def _find_between(x: NDArray[np.float64], variances: NDArray[np.float64]) -> float:
    """Find the variance at which the weighted squares about the mean equal ``n - 1``, by Newton's method from zero.

    The squares fall and curve upwards in it, so that the steps approach the root from below and never pass it
    (R. DerSimonian and R. Kacker, 2007).
    """
    between = 0.0
    for _ in range(MAX_STEPS):
        weights = 1.0 / (variances + between)
        away = (x - weights @ x / weights.sum()) ** 2
        beyond = float(weights @ away) - (len(x) - 1)
        if beyond <= 0.0:
            break
        step = beyond / float(weights**2 @ away)
        between += step
        if step <= 1e-12 * between:
            break
    return between
