"""The skewness of all windows of a length, and what it does to Student's interval over few of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from groundswell.claims.inference.means import do_differ
from groundswell.wording.figures import use_minus_sign

MAX_SKEWNESS = 1.0
"""In size; beyond, the interval covers visibly less than it says: benchmarks/event-intervals-results.md."""


def compute_skewness(values: NDArray[np.float64]) -> float | None:
    """Compute the third standardised moment of a population; None where values do not differ."""
    if not do_differ(values):
        return None
    away = values - values.mean()
    return float((away**3).mean() / (away**2).mean() ** 1.5)


def describe_skewness(skewness: float | None) -> str | None:
    """Warn that an interval over few events covers less than it says; None where the windows are not so skewed.

    The few events of a claim do not reveal how skewed they are, but all windows of the same length do.
    """
    if skewness is None or abs(skewness) <= MAX_SKEWNESS:
        return None
    side, missed = ("gains", "low") if skewness > 0 else ("losses", "high")
    size = use_minus_sign(f"{skewness:.1f}")
    return (
        f"Windows of this length are skewed, with a few large {side} (skewness {size} over all of them): over few "
        f"events the 95 % interval then covers the mean in 87 to 93 of 100 cases, and lies too "
        f"{missed} in the others."
    )
