"""Concentration: the weight of the largest holdings in a fund."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

LARGEST_HOLDINGS = 10

CONCENTRATION_MEASURES = MappingProxyType(
    {
        "top10": "the weight of the ten largest holdings",
        "largest": "the weight of the largest holding",
        "herfindahl": "the sum of the squares of all weights (Herfindahl), 1 where there is one holding",
    }
)

MAX_ROUNDING_ERROR = MappingProxyType({"top10": 0.0005, "largest": 0.00005, "herfindahl": 0.0001})
"""The error of a measure from weights that are published to 0.01 %: ten halves of that, one half, or two halves."""


def compute_top_share(weights: NDArray[np.float64], count: int = LARGEST_HOLDINGS) -> float:
    """Compute the sum of the ``count`` largest weights (fractions of the fund). Two share classes are two holdings."""
    return float(np.sort(weights)[::-1][:count].sum())


def compute_herfindahl(weights: NDArray[np.float64]) -> float:
    """Compute the sum of squared weights (O. C. Herfindahl, 1950): one over the effective number of holdings."""
    return float((weights**2).sum())
