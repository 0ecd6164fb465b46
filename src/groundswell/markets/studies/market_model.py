"""The market model: what returns after events were beyond what their beta would have made of the market's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.calendar import FIRST, MONTH, YEAR, Days, as_days, sessions_between
from groundswell.markets.series.returns import Returns, why_missing
from groundswell.markets.studies.event_study import EventStudy, Window, bounds, why_absent
from groundswell.model import Absence, EventValue, Series

REACH = timedelta(days=3000)
"""Further back than any estimation window."""

UNKNOWN = "a session of the window or of the estimation window lacks a value, or the market stood still"
STILL = 1e-9
"""A market whose returns vary by less, as a share of their sum of squares, stands still."""


@dataclass(frozen=True, slots=True)
class MarketModel:
    """The event window, and the estimation window: so many ``sessions``, the last ``gap`` sessions before the base."""

    window: Window
    sessions: int = YEAR
    gap: int = MONTH


@dataclass(frozen=True, eq=False)
class _Abnormal:
    """Cumulated abnormal return, its error and the beta at each base; NaN where a return is missing."""

    values: Returns
    errors: Returns
    betas: Returns


def abnormal_study(days: Sequence[date], long: Series, market: Series, model: MarketModel, as_of: date) -> EventStudy:
    """Measure the cumulated abnormal return of ``long`` over the event window (in sessions) after each of ``days``.

    Daily simple returns of ``long`` are regressed on those of ``market`` over the estimation window; what they then
    exceed ``alpha + beta * market`` is summed over the event window. The error holds the noise of the window and that
    of both coefficients: A. C. MacKinlay, "Event Studies in Economics and Finance" (1997), section 5, summed exactly.
    A window not complete by ``as_of``, or a missing value in either window, is an ``Absence``.
    """
    if not days:
        return EventStudy((), ())
    starts, ends = bounds(as_days(days), long, model.window)
    sessions = _sessions(long, market, as_of)
    found = _at(sessions, long, market, starts, model)
    values: list[EventValue] = []
    absent: list[Absence] = []
    spans = zip(days, starts.tolist(), ends.tolist(), strict=True)
    for at, (day, start, end) in enumerate(spans):
        reason = why_absent(long, market, start, end, as_of) or _why_not_estimated(long, market, start, model)
        if reason is None and np.isfinite(found.values[at]):
            value, error, beta = (float(one[at]) for one in (found.values, found.errors, found.betas))
            values.append(EventValue(day, value, start, end, error, beta))
        else:
            absent.append(Absence(day, reason or UNKNOWN))
    return EventStudy(tuple(values), tuple(absent))


def every_abnormal(long: Series, market: Series, model: MarketModel, as_of: date) -> Returns:
    """The cumulated abnormal return over every window of the same length, as ``every_window`` has them."""
    sessions = _sessions(long, market, as_of)
    count = max(len(sessions) - model.window.horizon, 0)
    found = _at(sessions, long, market, sessions[:count], model)
    return found.values[np.isfinite(found.values)]


def _sessions(long: Series, market: Series, as_of: date) -> Days:
    first = max(long.dates[0], market.dates[0]).astype(object)
    return sessions_between(first, min(long.dates[-1], market.dates[-1], np.datetime64(as_of, "D")).astype(object))


def _why_not_estimated(long: Series, market: Series, start: date, model: MarketModel) -> str | None:
    past = sessions_between(max(start - REACH, FIRST), start)
    first = past[-min(model.sessions + model.gap + 1, len(past))].item()
    return why_missing(long, first, start) or why_missing(market, first, start)


def _at(sessions: Days, long: Series, market: Series, starts: Days, model: MarketModel) -> _Abnormal:
    """Do both windows of every base at once, from running sums of the returns and of their products."""
    base = np.searchsorted(sessions, starts)
    first, last = base - model.gap - model.sessions, base - model.gap
    inside = (first >= 0) & (base + model.window.horizon < len(sessions))
    answers = np.full((3, len(starts)), np.nan)
    if inside.any():
        own, of_market = _returns(long, sessions), _returns(market, sessions)
        estimated = _Sums.over(own, of_market, first[inside], last[inside])
        event = _Sums.over(own, of_market, base[inside], base[inside] + model.window.horizon)
        answers[:, inside] = _cumulated(estimated, event)
    return _Abnormal(*answers)


def _returns(series: Series, sessions: Days) -> Returns:
    """The return of each session, the first of which has none; NaN where a value is missing."""
    values = series.at(sessions)
    return np.append(np.nan, values[1:] / values[:-1] - 1.0)


@dataclass(frozen=True, eq=False)
class _Sums:
    """Sums over windows of returns: their number, own ``y``, the market's ``x``, and products."""

    n: Returns
    y: Returns
    x: Returns
    xy: Returns
    xx: Returns
    yy: Returns

    @classmethod
    def over(cls, y: Returns, x: Returns, first: NDArray[np.intp], last: NDArray[np.intp]) -> _Sums:
        """Sum the returns after ``first`` up to ``last``; NaN where one is missing."""
        there = np.isfinite(y) & np.isfinite(x)
        own, other = np.where(there, y, 0.0), np.where(there, x, 0.0)
        rows = np.stack([there.astype(np.float64), own, other, own * other, other**2, own**2])
        running = np.cumsum(rows, axis=1)
        sums = running[:, last] - running[:, first]
        return cls(*np.where(sums[0] == last - first, sums, np.nan))


def _cumulated(past: _Sums, event: _Sums) -> Returns:
    """Cumulated abnormal returns, errors and betas: one column a window."""
    mean_x, mean_y = past.x / past.n, past.y / past.n
    spread = past.xx - past.n * mean_x**2
    spread = np.where(spread > STILL * past.xx, spread, np.nan)  # no beta on a market that did not move
    beta = (past.xy - past.n * mean_x * mean_y) / spread
    alpha = mean_y - beta * mean_x
    left = (past.yy - past.n * mean_y**2) - beta**2 * spread
    noise = np.maximum(left, 0.0) / (past.n - 2.0)
    beyond = event.x - event.n * mean_x
    variance = noise * (event.n + event.n**2 / past.n + beyond**2 / spread)
    return np.stack([event.y - event.n * alpha - beta * event.x, np.sqrt(variance), beta])
