"""Breadth: how many members of a market take part in its move.

Prices come as one row a member and one column a session, NaN where a member has none. Nothing is filled: a member
counts on a session only where every price that the gauge looks at is there. Every gauge looks back only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.calendar import YEAR

Prices = NDArray[np.floating]
Shares = NDArray[np.float64]
Count = Callable[[Prices], tuple[NDArray[np.bool_], NDArray[np.int8]]]

ROWS = 64
"""Members looked at together, so that the memory needed does not grow with their number."""

TIE = 1e-9
"""Relative distance up to which a price equals its mean: sums of floats differ in their last digits."""

BREADTH_MEASURES = MappingProxyType(
    {
        "above_50": "the share of members above the mean of their last 50 closes",
        "above_200": "the share of members above the mean of their last 200 closes",
        "net_advances": "members that rose less those that fell, as a share of all",
        "net_highs": "members above every close of the 252 sessions before less those below every one, as a share",
    }
)


@dataclass(frozen=True, eq=False)
class Breadth:
    """A share for each session, a fraction, NaN where no member counts; and how many members count."""

    shares: Shares
    members: NDArray[np.int64]


def compute_share_above_mean(prices: Prices, sessions: int) -> Breadth:
    """The share of members whose price lies above the mean of their last ``sessions`` prices, today's among them."""
    return _gauge(prices, lambda rows: _above_mean(rows, sessions))


def compute_net_advances(prices: Prices) -> Breadth:
    """Members that rose since the session before less those that fell, over those with both prices: -1 to 1."""
    return _gauge(prices, _moved)


def compute_net_highs(prices: Prices, sessions: int = YEAR) -> Breadth:
    """Members above every price of the ``sessions`` before less those below every one, over all that have them all."""
    return _gauge(prices, lambda rows: _beyond(rows, sessions))


def _gauge(prices: Prices, count: Count) -> Breadth:
    members = np.zeros(prices.shape[1], dtype=np.int64)
    total = np.zeros(prices.shape[1], dtype=np.int64)
    for rows in _parts(prices):
        counts, signs = count(rows)
        width = counts.shape[1]
        if width:
            members[-width:] += counts.sum(axis=0)
            total[-width:] += (counts * signs).sum(axis=0, dtype=np.int64)
    return Breadth(np.divide(total, members, out=np.full(len(total), np.nan), where=members > 0), members)


def _parts(prices: Prices) -> Iterator[Prices]:
    for at in range(0, len(prices), ROWS):
        yield prices[at : at + ROWS]


def _above_mean(prices: Prices, sessions: int) -> tuple[NDArray[np.bool_], NDArray[np.int8]]:
    there = np.isfinite(prices)
    sums = _sums(np.where(there, prices, 0.0), sessions)
    complete = _sums(there, sessions) == sessions
    means = sums * ((1.0 + TIE) / sessions)
    return complete, (prices[:, sessions - 1 :] > means).astype(np.int8)


def _moved(prices: Prices) -> tuple[NDArray[np.bool_], NDArray[np.int8]]:
    before, after = prices[:, :-1], prices[:, 1:]
    signs = (after > before).astype(np.int8) - (after < before)
    return np.isfinite(before) & np.isfinite(after), signs


def _beyond(prices: Prices, sessions: int) -> tuple[NDArray[np.bool_], NDArray[np.int8]]:
    latest = prices[:, sessions:]
    highest = _extreme(prices[:, :-1], sessions, np.maximum)
    lowest = _extreme(prices[:, :-1], sessions, np.minimum)
    # A missing price makes both extremes NaN.
    return np.isfinite(latest) & np.isfinite(highest), (latest > highest).astype(np.int8) - (latest < lowest)


def _sums(values: NDArray[Any], sessions: int) -> NDArray[Any]:
    """The sum of each run of ``sessions`` columns, by differences of running sums; of flags how many are true."""
    if values.shape[1] < sessions:
        return np.zeros((len(values), 0))
    running = np.cumsum(values, axis=1, dtype=np.int32 if values.dtype == np.bool_ else np.float64)
    sums = running[:, sessions - 1 :].copy()
    sums[:, 1:] = np.subtract(sums[:, 1:], running[:, :-sessions])
    return sums


def _extreme(values: Prices, sessions: int, of: np.ufunc) -> Prices:
    """The extreme of each run of ``sessions`` columns, from those of runs of 1, 2, 4, ... columns."""
    if values.shape[1] < sessions:
        return values[:, :0]
    span = 1
    while span * 2 <= sessions:
        values = of(values[:, :-span], values[:, span:])
        span *= 2
    rest = sessions - span
    return of(values[:, :-rest], values[:, rest:]) if rest else values
