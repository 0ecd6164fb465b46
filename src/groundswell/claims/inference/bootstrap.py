"""The interval of a mean of few events, by a stretched percentile bootstrap.

The bootstrap is three lines of numpy, because scipy's has no correction for few events and takes a second to import;
tests compare the two. Why this interval: docs/decisions/0003-interval-over-events.md.
"""

from __future__ import annotations

from functools import lru_cache
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundswell.claims.inference.confidence import UPPER_TAIL
from groundswell.claims.inference.seed import SEED
from groundswell.markets.studies.distributions import NORMAL_QUANTILE, find_t_quantile

BOOTSTRAP_SAMPLES = 9999

MAX_REMEMBERED_EVENTS = 100
"""Draws for so many events are kept, two megabytes at the most."""


def mean_interval(values: ArrayLike, seed: int = SEED) -> tuple[float, float]:
    """Compute the 95 % interval of the mean of two or more independent values by a stretched percentile bootstrap.

    Events are drawn with replacement, and the 2.5 and 97.5 % quantiles of the resampled means are taken. Their
    distances from the mean are multiplied by ``sqrt(n / (n - 1)) * t / z``: the first factor corrects that a resampled
    mean of n values varies too little, the second that the spread is estimated from n values only. This is the
    correction of T. Hesterberg, "What Teachers Should Know About the Bootstrap" (2015), section 4.1, applied to the
    distances instead of the quantile levels, which cannot reach beyond the smallest and the largest event.
    """
    low, high = mean_intervals(np.asarray(values, dtype=np.float64)[:, None], seed)
    return float(low[0]), float(high[0])


def mean_intervals(values: NDArray[np.float64], seed: int = SEED) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute ``mean_interval`` for each column of a table of (events, columns), all from the same draws."""
    n = len(values)
    draw = _remember_counts if n <= MAX_REMEMBERED_EVENTS else _draw_counts
    counts = draw(n, seed).astype(np.float64)
    quantiles = _find_quantiles(counts @ values / n)
    mean = values.mean(axis=0)
    low, high = mean + (quantiles - mean) * compute_stretch(n)
    return low, high


def _find_quantiles(means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the 2.5 and 97.5 % quantiles of each column, as ``np.quantile`` defines them, in half of its time."""
    places = (BOOTSTRAP_SAMPLES - 1) * np.array([1.0 - UPPER_TAIL, UPPER_TAIL])
    below = np.floor(places).astype(np.intp)
    ordered = np.partition(means, [*below, *below + 1], axis=0)
    quantiles: NDArray[np.float64] = ordered[below] + (ordered[below + 1] - ordered[below]) * (places - below)[:, None]
    return quantiles


def _draw_counts(n: int, seed: int) -> NDArray[np.uint16]:
    """Return how often each of ``n`` values is drawn in each resample."""
    draws = np.random.default_rng(seed).integers(n, size=(BOOTSTRAP_SAMPLES, n))
    cells = draws + n * np.arange(BOOTSTRAP_SAMPLES)[:, None]
    counts = np.bincount(cells.ravel(), minlength=BOOTSTRAP_SAMPLES * n).reshape(BOOTSTRAP_SAMPLES, n)
    return counts.astype(np.uint16)


_remember_counts = lru_cache(maxsize=32)(_draw_counts)  # readings of equal n share the draws


def compute_stretch(n: int) -> float:
    """Return the factor that stretches a percentile interval from ``n`` independent draws; see ``mean_interval``."""
    return sqrt(n / (n - 1)) * find_t_quantile(n - 1) / NORMAL_QUANTILE
