"""Breadth: how many members of a market take part in its move.

Prices have one row for each member and one column for each session, NaN if a member has no price. Nothing is filled in:
a member counts on a session only if every price that the measure needs exists. Every measure only looks back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.calendar import YEAR
from groundswell.markets.series.windows import combine_windows
from groundswell.model.series import Values

Prices = NDArray[np.floating]
Count = Callable[[Prices], tuple[NDArray[np.bool_], NDArray[np.int8]]]
Places = NDArray[np.intp] | None
"""The rows of the members that count; None for all. Picking them here saves a copy of all their prices."""

MEMBERS_PER_BLOCK = 64
"""Members that are computed together; this limits the memory."""

MEAN_TOLERANCE = 1e-9
"""Relative distance within which a price equals its mean, because sums of floats differ in their last digits."""

BREADTH_MEASURES = MappingProxyType(
    {
        "above_50": "the share of members above the mean of their last 50 closes",
        "above_200": "the share of members above the mean of their last 200 closes",
        "net_advances": "members that rose less those that fell, as a share of all",
        "net_highs": "members above every close of the 252 sessions before less those below every one, as a share",
    }
)

NET_MEASURES = frozenset({"net_advances", "net_highs"})
"""Those that subtract one share from another, and so may lie below zero."""


@dataclass(frozen=True, eq=False)
class Breadth:
    """A share for each session as a fraction (NaN if no member counts), and the number of members that count."""

    shares: Values
    members: NDArray[np.int64]


def compute_share_above_mean(prices: Prices, sessions: int, places: Places = None) -> Breadth:
    """Compute the share of members above the mean of their last ``sessions`` prices, the newest among them."""
    return _measure(prices, places, lambda rows: _count_above_mean(rows, sessions))


def compute_net_advances(prices: Prices, places: Places = None) -> Breadth:
    """Compute the members that rose in a session less those that fell, over those with both prices: -1 to 1."""
    return _measure(prices, places, _count_moves)


def compute_net_highs(prices: Prices, sessions: int = YEAR, places: Places = None) -> Breadth:
    """Compute the members above all prices of the ``sessions`` before less those below all, over those with all."""
    return _measure(prices, places, lambda rows: _count_new_extremes(rows, sessions))


def _measure(prices: Prices, places: Places, count: Count) -> Breadth:
    members = np.zeros(prices.shape[1], dtype=np.int64)
    total = np.zeros(prices.shape[1], dtype=np.int64)
    for rows in _split_into_blocks(prices, places):
        counts, signs = count(rows)
        width = counts.shape[1]
        if width:
            members[-width:] += counts.sum(axis=0)
            total[-width:] += (counts * signs).sum(axis=0, dtype=np.int64)
    return Breadth(np.divide(total, members, out=np.full(len(total), np.nan), where=members > 0), members)


def _split_into_blocks(prices: Prices, places: Places) -> Iterator[Prices]:
    for start in range(0, len(prices) if places is None else len(places), MEMBERS_PER_BLOCK):
        block = slice(start, start + MEMBERS_PER_BLOCK)
        yield prices[block if places is None else places[block]]


def _count_above_mean(prices: Prices, sessions: int) -> tuple[NDArray[np.bool_], NDArray[np.int8]]:
    sums = combine_windows(prices.astype(np.float64), sessions)
    means = sums * ((1.0 + MEAN_TOLERANCE) / sessions)
    # A missing price makes the sum NaN.
    return np.isfinite(sums), (prices[:, prices.shape[1] - sums.shape[1] :] > means).astype(np.int8)


def _count_moves(prices: Prices) -> tuple[NDArray[np.bool_], NDArray[np.int8]]:
    before, after = prices[:, :-1], prices[:, 1:]
    signs = (after > before).astype(np.int8) - (after < before)
    return np.isfinite(before) & np.isfinite(after), signs


def _count_new_extremes(prices: Prices, sessions: int) -> tuple[NDArray[np.bool_], NDArray[np.int8]]:
    latest = prices[:, sessions:]
    highest = combine_windows(prices[:, :-1], sessions, np.maximum)
    lowest = combine_windows(prices[:, :-1], sessions, np.minimum)
    # A missing price makes both extremes NaN.
    return np.isfinite(latest) & np.isfinite(highest), (latest > highest).astype(np.int8) - (latest < lowest)
