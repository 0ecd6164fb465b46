"""Inference on the mean of independent values: Student's t interval and test, and an interval for the next value.

Why Student's t, and what it covers: docs/decisions/0026-students-t-over-events.md.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.studies.distributions import compute_t_outside, find_t_quantile

Values = NDArray[np.float64]

EQUAL = 1e-9
"""Values are equal where they differ by no more than this share of the largest."""

TINY = 1e-100
"""Nor do values that differ by less; their squares would vanish."""


def do_differ(values: Values) -> bool:
    """Whether values differ from each other by more than rounding; one value, or none, does not.

    The standard deviation of equal values is some 1e-17, never quite zero, and would give any p-value.
    """
    return len(values) > 1 and bool(np.ptp(values) > max(EQUAL * np.abs(values).max(), TINY))


def mean_interval(values: Values) -> tuple[float, float] | None:
    """Compute Student's 95 % interval of the mean, ``mean ± t s / sqrt(n)``; None where values do not differ."""
    if not do_differ(values):
        return None
    low, high = mean_intervals(values[:, None])
    return float(low[0]), float(high[0])


def mean_intervals(values: Values) -> tuple[Values, Values]:
    """Compute Student's 95 % interval of each column of a table of (events, columns), of two events or more.

    A column of equal values gives an interval without width.
    """
    n = len(values)
    mean = values.mean(axis=0)
    half = find_t_quantile(n - 1) * values.std(axis=0, ddof=1) / sqrt(n)
    return mean - half, mean + half


def mean_p(values: Values) -> float | None:
    """Compute the two-sided p-value of Student's t test that the mean is zero; None where values do not differ."""
    if not do_differ(values):
        return None
    n = len(values)
    return compute_t_outside(float(values.mean()) / (float(values.std(ddof=1)) / sqrt(n)), n - 1)


def predict_next(values: Values) -> tuple[float, float] | None:
    """Compute the 95 % prediction interval of one more value; None where values do not differ.

    This is ``mean ± t s sqrt(1 + 1 / n)`` with ``n - 1`` degrees of freedom: it holds for values from one normal
    distribution, and where tails are heavy misses the rare large ones.
    """
    if not do_differ(values):
        return None
    n, mean = len(values), float(values.mean())
    half = find_t_quantile(n - 1) * float(values.std(ddof=1)) * sqrt(1.0 + 1.0 / n)
    return mean - half, mean + half
