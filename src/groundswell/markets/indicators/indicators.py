"""Indicators: a figure for each date, computed only from that date and earlier ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from groundswell.markets.events.fed_decisions import decided_until, target_middle
from groundswell.markets.series.book import NOTHING, SeriesBook, common_dates
from groundswell.markets.series.calendar import MONTH, YEAR, Days, as_days, on_or_after, sessions_between
from groundswell.model import Measure, Series
from groundswell.model.series import Values


@dataclass(frozen=True, eq=False)
class Indicator:
    """``values`` on increasing ``dates``. There is at least one, and no value is missing."""

    dates: Days
    values: Values

    def __len__(self) -> int:
        return len(self.dates)

    def last(self, count: int) -> Indicator:
        """Return the newest ``count`` values, or all if there are fewer."""
        return Indicator(self.dates[-count:], self.values[-count:])

    def before(self, count: int) -> Indicator:
        """Return the indicator as of ``count`` values ago."""
        return Indicator(self.dates[:-count], self.values[:-count])


def compute_relative_return(long: Series, short: Series | None, sessions: int) -> Indicator | None:
    """Compute the return of ``long``, less that of ``short`` if given, over the last ``sessions``, as fractions."""
    days = _common_sessions([series for series in (long, short) if series is not None])
    returns = _returns_over(long, days, sessions)
    return _drop_missing(days, returns if short is None else returns - _returns_over(short, days, sessions))


def compute_level(plus: Series, minus: Series | None) -> Indicator | None:
    """Return the values of ``plus``, less those of ``minus`` on the dates that both have."""
    if minus is None:
        return _drop_missing(plus.dates, plus.values)
    days = common_dates((plus, minus))
    return _drop_missing(days, plus.at(days) - minus.at(days))


def compute_gap_to_target(yields: Series, as_of: date, book: SeriesBook = NOTHING) -> Indicator | None:
    """Compute a yield less the middle of the target range of its day, in basis points.

    The indicator ends two months after the last decision of the table, when there must have been another.
    """
    gaps = 100.0 * (yields.values - target_middle(yields.dates, as_of, book))
    until = np.datetime64(decided_until(as_of, book), "D")
    return _drop_missing(yields.dates, np.where(yields.dates <= until, gaps, np.nan))


def compute_target(as_of: date, book: SeriesBook = NOTHING) -> Indicator | None:
    """Return the middle of the target range on each session up to ``as_of``, in percent, as far as it is known."""
    days = sessions_between(date(1994, 1, 1), decided_until(as_of, book))
    return _drop_missing(days, target_middle(days, as_of, book))


def compute_drawdown(prices: Series) -> Indicator | None:
    """Compute the distance from the highest close of the year (252 sessions) before, a fraction of at most zero."""
    days = _common_sessions([prices])
    closes = prices.at(days)
    if len(days) <= YEAR:
        return None
    windows = np.lib.stride_tricks.sliding_window_view(np.where(np.isnan(closes), -np.inf, closes), YEAR + 1)
    return _drop_missing(days[YEAR:], closes[YEAR:] / windows.max(axis=1) - 1.0)


def compute_volatility(prices: Series) -> Indicator | None:
    """Compute the annualised standard deviation of the last 21 daily returns (times the root of 252), a fraction."""
    days = _common_sessions([prices])
    daily = _returns_over(prices, days, 1)
    if len(days) <= MONTH:
        return None
    windows = np.lib.stride_tricks.sliding_window_view(daily, MONTH)
    return _drop_missing(days[MONTH - 1 :], windows.std(axis=1, ddof=1) * np.sqrt(YEAR))


def count_sessions_since(events: Sequence[date], as_of: date) -> Indicator | None:
    """Count the sessions since the last of ``events``, on each session from the first event to ``as_of``."""
    if not events:
        return None
    days = sessions_between(min(events), as_of)
    event_places = np.unique(np.searchsorted(days, on_or_after(as_days(sorted(events)))))
    if not len(days) or event_places[0] >= len(days):
        return None
    places = np.arange(len(days))
    latest = event_places[np.searchsorted(event_places, places, side="right") - 1]
    return _drop_missing(days, (places - latest).astype(np.float64))


def _common_sessions(series: Sequence[Series]) -> Days:
    """Return the exchange's sessions within the span that all of ``series`` cover."""
    if any(each.ref.measure not in (Measure.PRICE, Measure.TOTAL_RETURN) for each in series):
        raise ValueError("returns need prices or total returns")
    first, last = max(each.dates[0] for each in series), min(each.dates[-1] for each in series)
    return sessions_between(first.item(), last.item())


def _returns_over(series: Series, days: Days, sessions: int) -> Values:
    """Return the return over ``sessions`` up to each of ``days``; NaN if either value is missing."""
    values = series.at(days)
    returns = np.full(len(days), np.nan)
    returns[sessions:] = values[sessions:] / values[:-sessions] - 1.0
    return returns


def _drop_missing(days: Days, values: Values) -> Indicator | None:
    """Return the indicator without the dates that have no value; None if no date has one."""
    present = np.isfinite(values)
    return Indicator(days[present], values[present]) if present.any() else None
