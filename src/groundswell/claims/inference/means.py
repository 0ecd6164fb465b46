"""Inference on the mean of independent values."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.studies.distributions import compute_t_outside


def mean_p(values: NDArray[np.float64]) -> float | None:
    """Compute the two-sided p-value of Student's t test that the mean is zero; None for one value or no spread."""
    n = len(values)
    spread = float(values.std(ddof=1)) if n > 1 else 0.0
    return compute_t_outside(float(values.mean()) / (spread / sqrt(n)), n - 1) if spread > 0 else None
