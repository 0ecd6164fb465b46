"""Comparison of events with windows drawn at random."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from groundswell.claims.inference.seed import SEED

PLACEBO_SETS = 9999


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
