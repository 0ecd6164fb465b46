"""Tracks: a figure for each date, made from that date and those before it alone, so that none looks ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.events.fed_decisions import decided_until, target_middle
from groundswell.markets.series.book import NOTHING, SeriesBook, common_dates
from groundswell.markets.series.calendar import MONTH, YEAR, Days, as_days, on_or_after, sessions_between
from groundswell.model import Measure, Series

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Indicator:
    """``values`` on increasing ``dates``; neither is ever empty, and no value is missing."""

    dates: Days
    values: Values

    def __len__(self) -> int:
        return len(self.dates)

    def last(self, count: int) -> Indicator:
        """The newest ``count`` values, or all if there are fewer."""
        return Indicator(self.dates[-count:], self.values[-count:])

    def before(self, count: int) -> Indicator:
        """The track as it stood ``count`` values ago."""
        return Indicator(self.dates[:-count], self.values[:-count])


def compute_relative_return(long: Series, short: Series | None, sessions: int) -> Indicator | None:
    """The return of ``long`` less that of ``short`` (alone without it) over the last ``sessions``; fractions."""
    days = _sessions_of([one for one in (long, short) if one is not None])
    gained = _returns(long, days, sessions)
    return _kept(days, gained if short is None else gained - _returns(short, days, sessions))


def compute_level(plus: Series, minus: Series | None) -> Indicator | None:
    """The values of ``plus``, less those of ``minus`` on the dates that both have."""
    if minus is None:
        return _kept(plus.dates, plus.values)
    days = common_dates((plus, minus))
    return _kept(days, plus.at(days) - minus.at(days))


def compute_gap_to_target(yields: Series, as_of: date, book: SeriesBook = NOTHING) -> Indicator | None:
    """A yield less the middle of the target range that stood on its day, in basis points.

    It ends where the table of decisions does: two months after the last one, when another must have been made.
    """
    gaps = 100.0 * (yields.values - target_middle(yields.dates, as_of, book))
    until = np.datetime64(decided_until(as_of, book), "D")
    return _kept(yields.dates, np.where(yields.dates <= until, gaps, np.nan))


def compute_target(as_of: date, book: SeriesBook = NOTHING) -> Indicator | None:
    """The middle of the target range on each session up to ``as_of``, in percent, as far as the table reaches."""
    days = sessions_between(date(1994, 1, 1), decided_until(as_of, book))
    return _kept(days, target_middle(days, as_of, book))


def compute_drawdown(prices: Series) -> Indicator | None:
    """The distance from the highest close of the year (252 sessions) before, a fraction at or below zero."""
    days = _sessions_of([prices])
    closes = prices.at(days)
    if len(days) <= YEAR:
        return None
    windows = np.lib.stride_tricks.sliding_window_view(np.where(np.isnan(closes), -np.inf, closes), YEAR + 1)
    return _kept(days[YEAR:], closes[YEAR:] / windows.max(axis=1) - 1.0)


def compute_volatility(prices: Series) -> Indicator | None:
    """The standard deviation of the last 21 daily returns, a year's (times the root of 252); a fraction."""
    days = _sessions_of([prices])
    daily = _returns(prices, days, 1)
    if len(days) <= MONTH:
        return None
    windows = np.lib.stride_tricks.sliding_window_view(daily, MONTH)
    return _kept(days[MONTH - 1 :], windows.std(axis=1, ddof=1) * np.sqrt(YEAR))


def count_sessions_since(events: Sequence[date], as_of: date) -> Indicator | None:
    """How many sessions ago the last of ``events`` was, on each session from the first event to ``as_of``."""
    if not events:
        return None
    days = sessions_between(min(events), as_of)
    begins = np.unique(np.searchsorted(days, on_or_after(as_days(sorted(events)))))
    if not len(days) or begins[0] >= len(days):
        return None
    at = np.arange(len(days))
    return _kept(days, (at - begins[np.searchsorted(begins, at, side="right") - 1]).astype(np.float64))


def _sessions_of(series: Sequence[Series]) -> Days:
    """The exchange's sessions over the dates that all of ``series`` reach; a date that is no session is left out."""
    if any(one.ref.measure not in (Measure.PRICE, Measure.TOTAL_RETURN) for one in series):
        raise ValueError("returns are taken of prices and total returns only")
    first, last = max(one.dates[0] for one in series), min(one.dates[-1] for one in series)
    return sessions_between(first.item(), last.item())


def _returns(series: Series, days: Days, sessions: int) -> Values:
    """The return up to each of ``days``, NaN where either value is missing."""
    values = series.at(days)
    gained = np.full(len(days), np.nan)
    gained[sessions:] = values[sessions:] / values[:-sessions] - 1.0
    return gained


def _kept(days: Days, values: Values) -> Indicator | None:
    """The track without the dates that have no value; None where no date has one."""
    present = np.isfinite(values)
    return Indicator(days[present], values[present]) if present.any() else None
