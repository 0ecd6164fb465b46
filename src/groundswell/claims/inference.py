"""Inference from a few event values: centre, interval, p-values, and comparison with other windows.

The bootstrap is three lines of numpy, because scipy's has no correction for few events and takes a second to import;
tests compare the two. Why this interval: docs/decisions/0003-interval-over-events.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundswell.markets.studies.distributions import (
    NORMAL_QUANTILE,
    compute_sign_share,
    compute_t_outside,
    find_t_quantile,
)

CONFIDENCE = 0.95
"""The level of every interval."""

UPPER_TAIL = 1.0 - (1.0 - CONFIDENCE) / 2.0
"""The level of the upper bound of a two-sided interval."""

BOOTSTRAP_SAMPLES = 9999
PLACEBO_SETS = 9999
SEED = 1994
"""Fixed, so that the same data give the same figures on every machine and day."""

MAX_REMEMBERED_EVENTS = 100
"""Draws for so many events are kept, two megabytes at the most."""

KIEFER_VOGELSANG_TERMS = (1.96, 2.9694, 0.4160, -0.5324)
"""The published polynomial of the 97.5 % quantile in the share of lags: the constant first, as it was rounded there."""


@dataclass(frozen=True, slots=True)
class Summary:
    """An estimate with its 95 % interval, from ``n`` observations.

    For events, ``mean`` and ``median`` are None where there are none, the interval is None with fewer than two, and
    ``wins`` counts those on the claimed side of zero. For anything else, ``named`` says what the estimate is and
    ``counted`` what ``n`` counts; ``median`` and ``wins`` are None. ``p`` is the two-sided p-value of the hypothesis
    that the estimate is zero, where there is one.
    """

    n: int
    mean: float | None
    median: float | None
    ci_low: float | None
    ci_high: float | None
    wins: int | None
    counted: str = "event"
    named: str = "mean"
    p: float | None = None


def summarise(values: Sequence[float], side: int) -> Summary:
    """Summarise one value per event; ``side`` is 1 where the claim is of gains and -1 where it is of losses."""
    if not values:
        return Summary(0, None, None, None, None, 0)
    sample = np.asarray(values, dtype=np.float64)
    low, high = mean_interval(sample) if len(sample) > 1 else (None, None)
    wins = int((side * sample > 0).sum())
    p = mean_p(sample)
    return Summary(len(sample), float(sample.mean()), float(np.median(sample)), low, high, wins, p=p)


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


def mean_p(values: NDArray[np.float64]) -> float | None:
    """Compute the two-sided p-value of Student's t test that the mean is zero; None for one value or no spread."""
    n = len(values)
    spread = float(values.std(ddof=1)) if n > 1 else 0.0
    return compute_t_outside(float(values.mean()) / (spread / sqrt(n)), n - 1) if spread > 0 else None


def sign_p(values: Sequence[float]) -> float | None:
    """Compute the two-sided p-value of the sign test: how often fair coins fall at least as unevenly as the signs.

    Values of zero are left out (W. J. Dixon and A. M. Mood, 1946); None where all are zero.
    """
    gains, losses = sum(value > 0 for value in values), sum(value < 0 for value in values)
    count = gains + losses
    return min(1.0, 2.0 * compute_sign_share(min(gains, losses), count)) if count else None


def compute_widening(lags: int, n: int) -> float:
    """Return the factor for an interval whose error has Bartlett weights over ``lags`` lags of ``n`` rows; 1 for none.

    Such an error is itself uncertain, and too small on average, the more so the more lags there are for n. The quantile
    of N. M. Kiefer and T. J. Vogelsang, "A New Asymptotic Theory for Heteroskedasticity-Autocorrelation Robust Tests"
    (2005), table 1, allows for both; this is its ratio to the normal one. Measured in docs/decisions/0008.
    """
    share = (lags + 1.0) / n if lags else 0.0
    normal, *terms = KIEFER_VOGELSANG_TERMS
    return 1.0 + sum(term * share**power for power, term in enumerate(terms, start=1)) / normal


def summarise_coefficient(
    estimate: float, error: float, n: int, freedom: int, *, counted: str, named: str = "slope", lags: int | None = None
) -> Summary:
    """Summarise an estimate by its standard error, with Student's t of ``freedom`` degrees, widened for ``lags``."""
    error = error * compute_widening(lags or 0, n)
    half = find_t_quantile(freedom) * error
    p = compute_t_outside(estimate / error, freedom) if error > 0 else None
    return Summary(n, estimate, None, estimate - half, estimate + half, None, counted, named, p)


def adjust_by_holm(values: Sequence[float]) -> tuple[float, ...]:
    """Adjust p-values for their number, in the order given.

    S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure" (1979).
    """
    adjusted = [1.0] * len(values)
    highest = 0.0
    for rank, index in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        highest = max(highest, min(1.0, (len(values) - rank) * values[index]))
        adjusted[index] = highest
    return tuple(adjusted)


def placebo_p(estimate: float, n: int, others: NDArray[np.float64], span: int = 1, seed: int = SEED) -> float | None:
    """Compute how often ``n`` windows drawn at random from ``others`` have a mean at least as extreme as ``estimate``.

    ``others`` contains every window, oldest first. The windows of a set begin at least ``span`` rows apart: like the
    events they share no day, so that sets scatter as events do. The p-value is two-sided about the mean of the sets:
    (1 + sets at least as extreme) / (1 + sets). None where there are fewer than ``10 * n`` windows, or less than twice
    the rows that a set takes.
    """
    if n == 0 or len(others) < max(10, 2 * span) * n:
        return None
    rng = np.random.default_rng(seed)
    slots = np.sort(rng.integers(len(others) - (n - 1) * span, size=(PLACEBO_SETS, n)), axis=1)
    means = others[slots + span * np.arange(n)].mean(axis=1)
    centre = means.mean()
    as_extreme = int((np.abs(means - centre) >= abs(estimate - centre)).sum())
    return (1 + as_extreme) / (1 + PLACEBO_SETS)


def compute_stretch(n: int) -> float:
    """Return the factor that stretches a percentile interval from ``n`` independent draws; see ``mean_interval``."""
    return sqrt(n / (n - 1)) * find_t_quantile(n - 1) / NORMAL_QUANTILE
