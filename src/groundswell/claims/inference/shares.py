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
    low, high = _find_bounds(np.array([hits]), n)
    return float(low[0]), float(high[0])


def share_intervals(hits: NDArray[np.int_], n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute the lower and the upper bound of ``share_interval`` for each of many counts of ``hits`` in ``n``."""
    low, high = _list_bounds(n)
    return low[hits], high[hits]


def share_p(hits: int, n: int, usual: float) -> float:
    """Compute the two-sided exact p-value that events have an outcome as often as ``usual``.

    The sum of the probabilities of all counts that are at most as probable as ``hits``.
    """
    if usual in (0.0, 1.0):
        return float(hits == n * usual)
    probabilities = _list_probabilities(n, usual)
    return min(1.0, float(probabilities[probabilities <= probabilities[hits] * SAME].sum()))


@lru_cache(maxsize=64)
def _list_bounds(n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return _find_bounds(np.arange(n + 1), n)


def _find_bounds(hits: NDArray[np.int_], n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find both bounds of each of ``hits``, all of them at once."""
    counts, tail = np.arange(n + 1), OUTSIDE / 2.0
    some, others = hits[hits > 0, None], hits[hits < n, None]
    low, high = np.zeros(len(hits)), np.ones(len(hits))
    low[hits > 0] = _halve(lambda shares: _sum_tails(n, shares, counts >= some) < tail, len(some))
    high[hits < n] = _halve(lambda shares: _sum_tails(n, shares, counts <= others) >= tail, len(others))
    return low, high


def _halve(is_below: Callable[[NDArray[np.float64]], NDArray[np.bool_]], count: int) -> NDArray[np.float64]:
    """Find the share up to which ``is_below`` holds, for each of ``count``."""
    low, high = np.zeros(count), np.ones(count)
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        is_low = is_below(middle)
        low, high = np.where(is_low, middle, low), np.where(is_low, high, middle)
    return (low + high) / 2.0


def _sum_tails(n: int, shares: NDArray[np.float64], of: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Sum the probabilities of the counts that ``of`` marks, one row a share."""
    tails: NDArray[np.float64] = np.where(of, _list_probabilities(n, shares[:, None]), 0.0).sum(axis=1)
    return tails


def _list_probabilities(n: int, share: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """List the binomial probabilities of 0 to ``n`` hits; ``share`` (or a column of them) lies between 0 and 1."""
    counts = np.arange(n + 1)
    logs = _list_log_choices(n) + counts * np.log(share) + (n - counts) * np.log1p(-share)
    probabilities: NDArray[np.float64] = np.exp(logs)
    return probabilities


@lru_cache(maxsize=64)
def _list_log_choices(n: int) -> NDArray[np.float64]:
    return np.array([lgamma(n + 1) - lgamma(count + 1) - lgamma(n - count + 1) for count in range(n + 1)])
