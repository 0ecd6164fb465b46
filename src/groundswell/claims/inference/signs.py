"""Inference from the signs of values: the sign test, and the exact sign-flip test of the mean."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from groundswell.claims.inference.means import do_differ
from groundswell.claims.inference.seed import SEED
from groundswell.markets.studies.distributions import compute_sign_share

MAX_EVENTS_COUNTED = 30
"""Up to so many events all assignments of signs are counted; two halves of 15 make 32,768 sums each."""

FLIPS_DRAWN = 9999

MAX_EVENTS_REMEMBERED = 100
"""Draws for so many events are remembered, eight megabytes at the most."""

ROUNDING = 1e-12
"""Sums that differ by less, as a share of the sum of sizes, are equal."""


def sign_p(values: Sequence[float]) -> float | None:
    """Compute the two-sided p-value of the sign test: how often fair coins fall at least as unevenly as the signs.

    Values of zero are left out (W. J. Dixon and A. M. Mood, 1946); None where all are zero.
    """
    gains, losses = sum(value > 0 for value in values), sum(value < 0 for value in values)
    count = gains + losses
    return min(1.0, 2.0 * compute_sign_share(min(gains, losses), count)) if count else None


def flip_p(values: NDArray[np.float64]) -> float | None:
    """Compute the exact two-sided p-value of the sign-flip test that values are symmetric about zero.

    It is the share of all assignments of signs to the values for which the sum is at least as far from zero as the
    observed one (R. A. Fisher, "The Design of Experiments", 1935, section 21). Up to ``MAX_EVENTS_COUNTED`` values all
    ``2**n`` are counted: each sum is one of the first half of the values and one of the second, so that the sorted sums
    of one half are searched for each of the other. With more values, 9,999 assignments are drawn with a fixed seed, and
    p is ``(1 + k) / (1 + 9999)``. None where values do not differ (see ``means.do_differ``).
    """
    if not do_differ(values):
        return None
    sizes = np.abs(values)
    limit = abs(float(values.sum())) - ROUNDING * float(sizes.sum())
    if len(sizes) > MAX_EVENTS_COUNTED:
        sums = (_remember_signs if len(sizes) <= MAX_EVENTS_REMEMBERED else _draw_signs)(len(sizes)) @ sizes
        return (1 + int((np.abs(sums) >= limit).sum())) / (1 + FLIPS_DRAWN)
    middle = len(sizes) // 2
    first, second = _list_sums(sizes[:middle]), np.sort(_list_sums(sizes[middle:]))
    above = len(second) - np.searchsorted(second, limit - first, side="left")
    below = np.searchsorted(second, -limit - first, side="right")
    count = len(first) * len(second)
    return min(1.0, int(above.sum() + below.sum()) / count) if limit > 0.0 else 1.0


def _list_sums(sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """List the sums of ``sizes`` under each assignment of signs, in no order."""
    sums = np.zeros(1)
    for size in sizes.tolist():
        sums = np.concatenate([sums - size, sums + size])
    return sums


def _draw_signs(n: int) -> NDArray[np.float64]:
    rng = np.random.default_rng(SEED)
    return rng.integers(2, size=(FLIPS_DRAWN, n), dtype=np.int8).astype(np.float64) * 2.0 - 1.0


_remember_signs = lru_cache(maxsize=4)(_draw_signs)  # readings of equal n share the draws
