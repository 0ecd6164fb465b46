"""The interval that Student's t replaced: a percentile bootstrap over events, stretched for their number.

Events are drawn with replacement, and the 2.5 and 97.5 % quantiles of the resampled means are taken. Their distances
from the mean are multiplied by ``sqrt(n / (n - 1)) * t / z``: T. Hesterberg, "What Teachers Should Know About the
Bootstrap" (2015), section 4.1, applied to the distances instead of the quantile levels. The benchmarks compare it.
"""

from __future__ import annotations

from functools import lru_cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.studies.distributions import NORMAL_QUANTILE, find_t_quantile

RESAMPLES = 9999
PLACES = (RESAMPLES - 1) * np.array([0.025, 0.975])


def mean_intervals(values: NDArray[np.float64], seed: int = 1994) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute the 95 % interval of the mean of each column of a table of (events, columns), all from the same draws."""
    n = len(values)
    means = _draw_counts(n, seed).astype(np.float64) @ values / n
    below = np.floor(PLACES).astype(np.intp)
    ordered = np.partition(means, [*below, *below + 1], axis=0)
    quantiles = ordered[below] + (ordered[below + 1] - ordered[below]) * (PLACES - below)[:, None]
    mean = values.mean(axis=0)
    low, high = mean + (quantiles - mean) * compute_stretch(n)
    return low, high


def compute_stretch(n: int) -> float:
    """Return the factor that stretches a percentile interval from ``n`` independent draws."""
    return sqrt(n / (n - 1)) * find_t_quantile(n - 1) / NORMAL_QUANTILE


@lru_cache(maxsize=32)
def _draw_counts(n: int, seed: int) -> NDArray[np.uint16]:
    """Return how often each of ``n`` values is drawn in each resample."""
    draws = np.random.default_rng(seed).integers(n, size=(RESAMPLES, n))
    cells = draws + n * np.arange(RESAMPLES)[:, None]
    return np.bincount(cells.ravel(), minlength=RESAMPLES * n).reshape(RESAMPLES, n).astype(np.uint16)
