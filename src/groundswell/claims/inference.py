"""What a few event values allow to be said: centre, interval, and comparison with other windows.

The bootstrap is our own three lines of numpy because the one in scipy has no correction for few events and takes a
second to import; the tests hold it against scipy's. Why this interval: docs/decisions/0003-interval-over-events.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

CONFIDENCE = 0.95
RESAMPLES = 9999
PLACEBO_SETS = 9999
SEED = 1994
"""Fixed, so that the same data give the same figures on every machine and day."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The values of ``n`` events in brief; ``wins`` counts those on the claimed side of zero.

    ``mean`` and ``median`` are None without events, the interval is None with fewer than two.
    """

    n: int
    mean: float | None
    median: float | None
    ci_low: float | None
    ci_high: float | None
    wins: int


def summarise(values: Sequence[float], side: int) -> Summary:
    """Summarise one value an event; ``side`` is 1 where the claim is of gains and -1 where it is of losses."""
    if not values:
        return Summary(0, None, None, None, None, 0)
    sample = np.asarray(values, dtype=np.float64)
    low, high = mean_interval(sample) if len(sample) > 1 else (None, None)
    wins = int((side * sample > 0).sum())
    return Summary(len(sample), float(sample.mean()), float(np.median(sample)), low, high, wins)


def mean_interval(values: ArrayLike, seed: int = SEED) -> tuple[float, float]:
    """The 95 % interval of the mean of two or more independent values: a stretched percentile bootstrap.

    Events are drawn with replacement and the 2.5 and 97.5 % quantiles of the resampled means taken; their distances
    from the mean are then multiplied by ``sqrt(n / (n - 1)) * t / z``, which makes good that a resampled mean of
    n values varies too little by the first factor and that the spread itself is estimated from n values only. The
    same correction as in T. Hesterberg, "What Teachers Should Know About the Bootstrap" (2015), section 4.1, applied
    to the distances instead of the quantile levels, which cannot reach beyond the smallest and the largest event.
    """
    sample = np.asarray(values, dtype=np.float64)
    rng = np.random.default_rng(seed)
    means = sample[rng.integers(len(sample), size=(RESAMPLES, len(sample)))].mean(axis=1)
    tail = (1.0 - CONFIDENCE) / 2.0
    quantiles = np.quantile(means, [tail, 1.0 - tail])
    mean = sample.mean()
    low, high = mean + (quantiles - mean) * _stretch(len(sample))
    return float(low), float(high)


def placebo_p(estimate: float, n: int, others: NDArray[np.float64], seed: int = SEED) -> float | None:
    """How often ``n`` windows drawn at random from ``others`` have a mean at least as far out as ``estimate``.

    Two-sided, about the mean of all ``others``: (1 + sets at least as far) / (1 + sets), with windows drawn with
    replacement. Windows of ``others`` overlap, so this is a yardstick and not an exact test. None where there are
    fewer than ``10 * n`` windows to draw from.
    """
    if n == 0 or len(others) < 10 * n:
        return None
    rng = np.random.default_rng(seed)
    means = others[rng.integers(len(others), size=(PLACEBO_SETS, n))].mean(axis=1)
    centre = others.mean()
    as_far = int((np.abs(means - centre) >= abs(estimate - centre)).sum())
    return (1 + as_far) / (1 + PLACEBO_SETS)


def _stretch(n: int) -> float:
    from scipy.special import ndtri, stdtrit  # noqa: PLC0415 - not needed to read a hub file

    level = 1.0 - (1.0 - CONFIDENCE) / 2.0
    return float(sqrt(n / (n - 1)) * stdtrit(n - 1, level) / ndtri(level))
