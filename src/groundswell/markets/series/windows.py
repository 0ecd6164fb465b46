"""Sums and extremes over every run of consecutive columns.

They are combined from runs of 1, 2, 4, … columns, each from two of the length before. A running sum would cancel: one
huge or missing value would spoil every window after it. Here it is in the windows that hold it, and in no other.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def combine_windows(values: NDArray[Any], length: int, of: np.ufunc = np.add) -> NDArray[Any]:
    """Return ``of`` (a sum, maximum or minimum) over each run of ``length`` columns, in the last axis.

    There is one column a run, so ``length - 1`` fewer than in ``values``; none where these are fewer than ``length``.
    NaN in a run makes it NaN.
    """
    if values.shape[-1] < length:
        return values[..., :0]
    runs, span = values, 1
    combined, covered = None, 0
    while True:
        if length & span:
            rest = runs[..., covered:]
            combined = rest if combined is None else of(combined[..., : rest.shape[-1]], rest)
            covered += span
            if covered == length:
                return combined
        runs = of(runs[..., :-span], runs[..., span:])
        span *= 2
