"""Concentration: how much of a fund its largest holdings make up."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

LARGEST = 10

CONCENTRATION_MEASURES = MappingProxyType(
    {
        "top10": "the weight of the ten largest holdings",
        "herfindahl": "the sum of the squares of all weights (Herfindahl), 1 where there is one holding",
    }
)

MAX_ROUNDING_ERROR = MappingProxyType({"top10": 0.0005, "herfindahl": 0.0001})
"""How far a gauge can be off because weights are published to 0.01 %: ten halves of that; twice a half."""


def compute_top_share(weights: NDArray[np.float64], count: int = LARGEST) -> float:
    """The sum of the ``count`` largest weights (fractions of the fund). Two share classes are two holdings."""
    return float(np.sort(weights)[::-1][:count].sum())


def compute_herfindahl(weights: NDArray[np.float64]) -> float:
    """The sum of squared weights: O. C. Herfindahl (1950). Its reciprocal is the number of equal holdings like it."""
    return float((weights**2).sum())
