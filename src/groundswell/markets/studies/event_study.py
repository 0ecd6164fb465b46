"""The event study: the relative return of two series over the same window after each event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Literal

import numpy as np

from groundswell.markets.series.calendar import (
    Days,
    add_months,
    as_days,
    month_end,
    on_or_after,
    on_or_before,
    sessions_between,
    shift_sessions,
)
from groundswell.markets.series.returns import Returns, relative_returns, why_missing
from groundswell.model import Absence, EventValue, Measure, Series

REASON_WITHOUT_VALUE = "its values give no finite return"


@dataclass(frozen=True, slots=True)
class Window:
    """From the close of the event's session, moved by ``base`` sessions, to the close ``horizon`` units later."""

    horizon: int
    unit: Literal["sessions", "months"] = "sessions"
    base: int = 0


@dataclass(frozen=True, slots=True)
class EventStudy:
    """The value of each event that has one, and the reason for each that has none, both in the order of the events."""

    values: tuple[EventValue, ...]
    absent: tuple[Absence, ...]


@dataclass(frozen=True, eq=False)
class EveryWindow:
    """The value of every window of one length, by its base, oldest first."""

    bases: Days
    values: Returns

    def __len__(self) -> int:
        return len(self.values)


def event_study(days: Sequence[date], long: Series, short: Series | None, window: Window, as_of: date) -> EventStudy:
    """Measure ``long`` minus ``short`` (simple returns, fractions) over ``window`` after each of ``days``.

    The event's session is the first on or after its day; sessions are counted on the exchange's calendar. A window that
    is not complete by ``as_of``, or a missing value at either end, gives an ``Absence``; nothing is filled in. Monthly
    period returns are compounded over the months after that of the event, because its month includes days before it.
    """
    if not days:
        return EventStudy((), ())
    starts, ends = find_window_bounds(as_days(days), long, window)
    values = relative_returns(long, short, starts, ends)
    measured: list[EventValue] = []
    absent: list[Absence] = []
    for day, start, end, value in zip(days, starts.tolist(), ends.tolist(), values.tolist(), strict=True):
        if end <= as_of and isfinite(value):
            measured.append(EventValue(day, value, start, end))
        else:
            reason = explain_absence(long, short, start, end, as_of) or REASON_WITHOUT_VALUE
            absent.append(Absence(day, reason, end if end > as_of else None))
    return EventStudy(tuple(measured), tuple(absent))


def every_window(long: Series, short: Series | None, window: Window, as_of: date) -> EveryWindow:
    """Measure the relative return over every window of the same length, oldest first, those of events included.

    Windows start on each session (for monthly returns: in each month) that the series have in common, and overlap;
    those with a missing value, or not complete by ``as_of``, are left out. Windows near events are not left out: where
    events follow from prices, that would select by outcome (for a rising index: all windows without a fall).
    """
    shared = [series for series in (long, short) if series is not None]
    first = max(series.dates[0] for series in shared)
    last = min(*(series.dates[-1] for series in shared), np.datetime64(as_of, "D"))
    candidates = list_candidates(long, first.astype(object), last.astype(object))
    starts, ends = find_window_bounds(candidates, long, Window(window.horizon, window.unit))
    complete = ends <= last
    values = relative_returns(long, short, starts[complete], ends[complete])
    finite = np.isfinite(values)
    return EveryWindow(starts[complete][finite], values[finite])


def find_window_bounds(days: Days, long: Series, window: Window) -> tuple[Days, Days]:
    """Return the base and the end of the window after each day; for period returns the ends of their months."""
    if long.ref.measure is Measure.PERIOD_RETURN:
        starts = month_end(days)
        return starts, month_end(add_months(starts, window.horizon))
    starts = shift_sessions(on_or_after(days), window.base)
    if window.unit == "months":
        return starts, _add_months_of_sessions(starts, window.horizon)
    return starts, shift_sessions(starts, window.horizon)


def _add_months_of_sessions(starts: Days, count: int) -> Days:
    """Return the last session within so many months; the last session of a month leads to the last of another.

    Otherwise a year from Friday, 29 December 2017, would end on 28 December and miss the last session of 2018.
    """
    ends = add_months(starts, count)
    is_last_session = on_or_before(month_end(starts)) == starts
    return on_or_before(np.where(is_last_session, month_end(ends), ends))


def list_candidates(long: Series, first: date, last: date) -> Days:
    """List the days on which a window can start: sessions, or for period returns the ends of months."""
    if long.ref.measure is Measure.PERIOD_RETURN:
        return long.dates[(long.dates >= np.datetime64(first)) & (long.dates <= np.datetime64(last))]
    return sessions_between(first, last)


def explain_absence(long: Series, short: Series | None, start: date, end: date, as_of: date) -> str | None:
    """Explain why a window has no value: it is not complete by ``as_of``, or a value at either end is missing."""
    if end > as_of:
        return f"window ends {end}, after {as_of}"
    reason = why_missing(long, start, end)
    return reason if reason is not None or short is None else why_missing(short, start, end)
