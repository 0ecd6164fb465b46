"""Exact inference on a share: how many of n independent events had an outcome.

Binomial tails are summed from logarithms of factorials and their bounds found by halving, so that nothing need be
imported for the beta distribution; tests compare both with scipy's.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import lgamma

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.studies.distributions import OUTSIDE

HALVINGS = 60
"""So many halvings of the unit interval reach the precision of a float."""

SAME = 1.0 + 1e-7
"""Probabilities that differ by less are equal, as in R's binom.test."""


@lru_cache(maxsize=1024)
def share_interval(hits: int, n: int) -> tuple[float, float]:
    """Compute the 95 % interval of a share of ``hits`` in ``n`` (at least one) events.

    C. J. Clopper and E. S. Pearson, "The Use of Confidence or Fiducial Limits Illustrated in the Case of the Binomial"
    (1934): the shares under which neither tail beyond ``hits`` has less than 2.5 %. It covers the truth in at least
    95 % of samples, whatever n and the share; with few events it is wider than approximations, which do not.
    """
    tail = OUTSIDE / 2.0
    low = 0.0 if hits == 0 else _halve(lambda share: _sum_tail(hits, n, share, upper=True) < tail)
    high = 1.0 if hits == n else _halve(lambda share: _sum_tail(hits, n, share, upper=False) >= tail)
    return low, high


def share_intervals(hits: NDArray[np.int_], n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute the lower and the upper bound of ``share_interval`` for each of many counts of ``hits`` in ``n``."""
    low, high = np.array([share_interval(count, n) for count in range(n + 1)]).T
    return low[hits], high[hits]


def share_p(hits: int, n: int, usual: float) -> float:
    """Compute the two-sided exact p-value that events have an outcome as often as ``usual``.

    The sum of the probabilities of all counts that are at most as probable as ``hits``.
    """
    if usual in (0.0, 1.0):
        return float(hits == n * usual)
    probabilities = _list_probabilities(n, usual)
    return min(1.0, float(probabilities[probabilities <= probabilities[hits] * SAME].sum()))


def _halve(is_below: Callable[[float], bool]) -> float:
    """Find the share up to which ``is_below`` holds."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        if is_below(middle):
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


def _sum_tail(hits: int, n: int, share: float, *, upper: bool) -> float:
    probabilities = _list_probabilities(n, share)
    return float((probabilities[hits:] if upper else probabilities[: hits + 1]).sum())


def _list_probabilities(n: int, share: float) -> NDArray[np.float64]:
    """List the binomial probabilities of 0 to ``n`` hits; ``share`` lies strictly between 0 and 1."""
    counts = np.arange(n + 1)
    logs = _list_log_choices(n) + counts * np.log(share) + (n - counts) * np.log1p(-share)
    probabilities: NDArray[np.float64] = np.exp(logs)
    return probabilities


@lru_cache(maxsize=64)
def _list_log_choices(n: int) -> NDArray[np.float64]:
    return np.array([lgamma(n + 1) - lgamma(count + 1) - lgamma(n - count + 1) for count in range(n + 1)])
