"""The market model: returns after events beyond those that beta and the market's return predict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from groundswell.markets.series.calendar import FIRST, MONTH, YEAR, Days, as_days, sessions_between
from groundswell.markets.series.returns import Returns, why_missing
from groundswell.markets.studies.event_study import EventStudy, EveryWindow, Window, explain_absence, find_window_bounds
from groundswell.model import Absence, EventValue, Series

MAX_LOOKBACK = timedelta(days=3000)
"""Longer than any estimation window."""

REASON_WITHOUT_VALUE = "a value is missing in the window or the estimation window, or the market did not move"
MIN_MARKET_VARIATION = 1e-9
"""A market whose returns vary by less, as a share of their sum of squares, has no beta."""


@dataclass(frozen=True, slots=True)
class MarketModel:
    """The event window, and the estimation window of ``sessions``, which ends ``gap`` sessions before the base."""

    window: Window
    sessions: int = YEAR
    gap: int = MONTH

    @property
    def lead(self) -> int:
        """The sessions from the first return of the estimation window to the base."""
        return self.sessions + self.gap


def abnormal_study(days: Sequence[date], long: Series, market: Series, model: MarketModel, as_of: date) -> EventStudy:
    """Measure the cumulative abnormal return of ``long`` over the event window (in sessions) after each of ``days``.

    Daily simple returns of ``long`` are regressed on those of ``market`` over the estimation window; the returns less
    ``alpha + beta * market`` are summed over the event window. The error includes the noise of the window and that of
    both coefficients: A. C. MacKinlay, "Event Studies in Economics and Finance" (1997), section 5, summed exactly. A
    window not complete by ``as_of``, or a missing value in either window, gives an ``Absence``.
    """
    if not days:
        return EventStudy((), ())
    starts, ends = find_window_bounds(as_days(days), long, model.window)
    sessions = _list_sessions(long, market, as_of)
    rows = np.searchsorted(sessions, starts) - model.lead
    inside = (rows >= 0) & (rows < _count_bases(sessions, model))
    figures = np.full((len(days), 3), np.nan)
    if inside.any():
        figures[inside] = _measure_at(sessions, long, market, model, rows[inside]).T
    values: list[EventValue] = []
    absent: list[Absence] = []
    spans = zip(days, starts.tolist(), ends.tolist(), figures.tolist(), strict=True)
    for day, start, end, (value, error, beta) in spans:
        if isfinite(value):
            values.append(EventValue(day, value, start, end, error, beta))
        else:
            reason = explain_absence(long, market, start, end, as_of) or _explain_missing_estimate(
                long, market, start, model
            )
            absent.append(Absence(day, reason or REASON_WITHOUT_VALUE, end if end > as_of else None))
    return EventStudy(tuple(values), tuple(absent))


def every_abnormal(long: Series, market: Series, model: MarketModel, as_of: date) -> EveryWindow:
    """Measure the cumulative abnormal return over every window of the same length, as ``every_window`` does."""
    sessions = _list_sessions(long, market, as_of)
    count = _count_bases(sessions, model)
    if not count:
        return EveryWindow(sessions[:0], np.empty(0))
    values = _measure_at(sessions, long, market, model, slice(count))[0]
    finite = np.isfinite(values)
    return EveryWindow(sessions[model.lead :][:count][finite], values[finite])


def _list_sessions(long: Series, market: Series, as_of: date) -> Days:
    first = max(long.dates[0], market.dates[0]).astype(object)
    return sessions_between(first, min(long.dates[-1], market.dates[-1], np.datetime64(as_of, "D")).astype(object))


def _explain_missing_estimate(long: Series, market: Series, start: date, model: MarketModel) -> str | None:
    past = sessions_between(max(start - MAX_LOOKBACK, FIRST), start)
    first = past[-min(model.lead + 1, len(past))].item()
    return why_missing(long, first, start) or why_missing(market, first, start)


def _count_bases(sessions: Days, model: MarketModel) -> int:
    """Count the sessions that have an estimation window before them and an event window after them."""
    return max(len(sessions) - model.lead - model.window.horizon, 0)


def _measure_at(
    sessions: Days, long: Series, market: Series, model: MarketModel, rows: NDArray[np.intp] | slice
) -> Returns:
    """Measure at chosen ``rows`` of the sessions that have both windows; NaN where a return is missing.

    Returns three rows: the cumulative abnormal returns, their errors and the betas.
    """
    returns = np.stack([_compute_returns(series, sessions) for series in (long, market)])
    past = sliding_window_view(returns, model.sessions, axis=1)[:, 1:]
    event = sliding_window_view(returns, model.window.horizon, axis=1)[:, model.lead + 1 :]
    return _compute_abnormal(_Sums.over(past[:, rows]), _Sums.over(event[:, rows]))


def _compute_returns(series: Series, sessions: Days) -> Returns:
    """Compute the return of each session; NaN for the first one, and where a value is missing."""
    values = series.at(sessions)
    return np.append(np.nan, values[1:] / values[:-1] - 1.0)


@dataclass(frozen=True, eq=False)
class _Sums:
    """Sums over windows of ``n`` returns: of the returns ``y``, the market's ``x``, and their products."""

    n: int
    y: Returns
    x: Returns
    xy: Returns
    xx: Returns
    yy: Returns

    @classmethod
    def over(cls, windows: Returns) -> _Sums:
        """Sum the returns of ``windows`` (2 by windows by n): those of the series, and those of the market."""
        y, x = windows
        sums = (y.sum(axis=1), x.sum(axis=1), np.vecdot(x, y), np.vecdot(x, x), np.vecdot(y, y))
        return cls(windows.shape[-1], *sums)


def _compute_abnormal(past: _Sums, event: _Sums) -> Returns:
    """Compute the cumulative abnormal returns, errors and betas, one column a window."""
    mean_x, mean_y = past.x / past.n, past.y / past.n
    spread = past.xx - past.n * mean_x**2
    spread = np.where(spread > MIN_MARKET_VARIATION * past.xx, spread, np.nan)  # no beta on a market that did not move
    beta = (past.xy - past.n * mean_x * mean_y) / spread
    alpha = mean_y - beta * mean_x
    residual = (past.yy - past.n * mean_y**2) - beta**2 * spread
    noise = np.maximum(residual, 0.0) / (past.n - 2.0)
    beyond = event.x - event.n * mean_x
    variance = noise * (event.n + event.n**2 / past.n + beyond**2 / spread)
    return np.stack([event.y - event.n * alpha - beta * event.x, np.sqrt(variance), beta])
