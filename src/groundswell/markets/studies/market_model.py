"""The market model: returns after events beyond those that beta and the market's return predict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.calendar import FIRST, MONTH, YEAR, Days, as_days, sessions_between
from groundswell.markets.series.returns import Returns, why_missing
from groundswell.markets.series.windows import combine_windows
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


@dataclass(frozen=True, eq=False)
class _Abnormal:
    """The cumulative abnormal return, its error and the beta at each base; NaN where a return is missing."""

    values: Returns
    errors: Returns
    betas: Returns


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
    abnormal = _measure_at(sessions, long, market, starts, model)
    values: list[EventValue] = []
    absent: list[Absence] = []
    spans = zip(days, starts.tolist(), ends.tolist(), strict=True)
    for row, (day, start, end) in enumerate(spans):
        reason = explain_absence(long, market, start, end, as_of) or _explain_missing_estimate(
            long, market, start, model
        )
        if reason is None and np.isfinite(abnormal.values[row]):
            value, error, beta = (float(figures[row]) for figures in (abnormal.values, abnormal.errors, abnormal.betas))
            values.append(EventValue(day, value, start, end, error, beta))
        else:
            absent.append(Absence(day, reason or REASON_WITHOUT_VALUE, end if end > as_of else None))
    return EventStudy(tuple(values), tuple(absent))


def every_abnormal(long: Series, market: Series, model: MarketModel, as_of: date) -> EveryWindow:
    """Measure the cumulative abnormal return over every window of the same length, as ``every_window`` does."""
    sessions = _list_sessions(long, market, as_of)
    count = max(len(sessions) - model.window.horizon, 0)
    abnormal = _measure_at(sessions, long, market, sessions[:count], model)
    finite = np.isfinite(abnormal.values)
    return EveryWindow(sessions[:count][finite], abnormal.values[finite])


def _list_sessions(long: Series, market: Series, as_of: date) -> Days:
    first = max(long.dates[0], market.dates[0]).astype(object)
    return sessions_between(first, min(long.dates[-1], market.dates[-1], np.datetime64(as_of, "D")).astype(object))


def _explain_missing_estimate(long: Series, market: Series, start: date, model: MarketModel) -> str | None:
    past = sessions_between(max(start - MAX_LOOKBACK, FIRST), start)
    first = past[-min(model.sessions + model.gap + 1, len(past))].item()
    return why_missing(long, first, start) or why_missing(market, first, start)


def _measure_at(sessions: Days, long: Series, market: Series, starts: Days, model: MarketModel) -> _Abnormal:
    """Measure both windows of every base at once, from sums over windows of the returns and of their products."""
    base = np.searchsorted(sessions, starts)
    first = base - model.gap - model.sessions
    inside = (first >= 0) & (base + model.window.horizon < len(sessions))
    figures = np.full((3, len(starts)), np.nan)
    if inside.any():
        returns, market_returns = _compute_returns(long, sessions), _compute_returns(market, sessions)
        estimated = _Sums.over(returns, market_returns, first[inside], model.sessions)
        event = _Sums.over(returns, market_returns, base[inside], model.window.horizon)
        figures[:, inside] = _compute_abnormal(estimated, event)
    return _Abnormal(*figures)


def _compute_returns(series: Series, sessions: Days) -> Returns:
    """Compute the return of each session; NaN for the first one, and where a value is missing."""
    values = series.at(sessions)
    return np.append(np.nan, values[1:] / values[:-1] - 1.0)


@dataclass(frozen=True, eq=False)
class _Sums:
    """Sums over windows: the number of returns, returns ``y``, the market's ``x``, and products."""

    n: Returns
    y: Returns
    x: Returns
    xy: Returns
    xx: Returns
    yy: Returns

    @classmethod
    def over(cls, y: Returns, x: Returns, first: NDArray[np.intp], length: int) -> _Sums:
        """Sum the ``length`` returns after each row of ``first``; NaN where one is missing."""
        missing = np.isnan(y) | np.isnan(x)
        y, x = np.where(missing, np.nan, y), np.where(missing, np.nan, x)
        sums = combine_windows(np.stack([y, x, x * y, x**2, y**2]), length)[:, first + 1]
        return cls(np.where(np.isfinite(sums[0]), float(length), np.nan), *sums)


def _compute_abnormal(past: _Sums, event: _Sums) -> Returns:
    """Compute the cumulative abnormal returns, errors and betas, one column per window."""
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
