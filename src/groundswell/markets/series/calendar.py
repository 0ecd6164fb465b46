"""Sessions of the New York exchanges, counted on the exchange's calendar and never on the rows of a file.

Sessions are the weekdays that ``closures.csv`` does not list; ``tools/closures.py`` writes that table. It is exact from
1950. Half sessions on Saturdays, which ended in 1952, are not counted. Before 1950 most holidays are missing.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.datetime64]
"""An array of ``datetime64[D]``."""

WEEK, MONTH, QUARTER, YEAR = 5, 21, 63, 252
"""Sessions in a week, a month, a quarter and a year, by the convention of the field."""

FIRST = date(1926, 1, 1)
LAST = date(2050, 12, 31)
EXACT_FROM = date(1950, 1, 1)
"""Older days are not checked against the calendar."""


def end_of_day(day: date) -> datetime:
    """Return the instant at which ``day`` ends for data "as of" it: 00:00 UTC of the next day.

    New York closes at 20:00 or 21:00 UTC, so the close of ``day`` is included.
    """
    return datetime.combine(min(day, date.max - timedelta(days=1)) + timedelta(days=1), time(), UTC)


def as_days(days: Any) -> Days:
    """Return one ``date`` or a sequence of dates as a one-dimensional ``datetime64[D]`` array."""
    return np.atleast_1d(np.asarray(days, dtype="datetime64[D]"))


def sessions_between(first: date, last: date) -> Days:
    """Return the sessions from ``first`` to ``last``, both included, within ``FIRST`` to ``LAST``."""
    calendar = _sessions()
    low = np.searchsorted(calendar, np.datetime64(first, "D"), side="left")
    high = np.searchsorted(calendar, np.datetime64(last, "D"), side="right")
    return calendar[low:high]


def is_session(days: Days) -> NDArray[np.bool_]:
    """Return which of the days are sessions."""
    first, flags = _session_flags()
    numbers = days.astype(np.int64) - first
    return flags[np.where((numbers >= 0) & (numbers < len(flags)), numbers, -1)]


def on_or_after(days: Days) -> Days:
    """Return the first session on or after each day: the market reacts to a decision on a Sunday on Monday."""
    return _sessions_at(np.searchsorted(_sessions(), days, side="left"))


def on_or_before(days: Days) -> Days:
    """Return the last session on or before each day."""
    return _sessions_at(np.searchsorted(_sessions(), days, side="right") - 1)


def shift_sessions(sessions: Days, count: int) -> Days:
    """Return the session ``count`` sessions after each of ``sessions``, or before it if ``count`` is negative.

    Raises ``ValueError`` for a day that is not a session, and for a result outside the calendar.
    """
    positions = np.searchsorted(_sessions(), sessions)
    if (_sessions_at(positions) != sessions).any():
        raise ValueError(f"not all of these are sessions of the New York exchanges: {sessions}")
    return _sessions_at(positions + count)


def add_months(days: Days, count: int) -> Days:
    """Return the same day ``count`` calendar months later, or the last day of that month if it has no such day."""
    months = days.astype("datetime64[M]")
    target: Days = np.add(months, np.timedelta64(count, "M"))
    same_day: Days = target.astype("datetime64[D]") + (days - months.astype("datetime64[D]"))
    return np.minimum(same_day, month_end(target))


def month_end(days: Days) -> Days:
    """Return the last calendar day of the month of each day (or of each ``datetime64[M]`` month)."""
    following: Days = np.add(days.astype("datetime64[M]"), np.timedelta64(1, "M"))
    return following.astype("datetime64[D]") - 1


def month_ends(first: date, last: date) -> Days:
    """Return the last calendar days of months from ``first`` to ``last``, both included."""
    months = np.arange(np.datetime64(first, "M"), np.datetime64(last, "M") + np.timedelta64(1, "M"))
    ends = month_end(months)
    return ends[(ends >= np.datetime64(first, "D")) & (ends <= np.datetime64(last, "D"))]


def _sessions_at(positions: NDArray[np.intp]) -> Days:
    calendar = _sessions()
    if ((positions < 0) | (positions >= len(calendar))).any():
        raise ValueError(f"sessions are known from {FIRST} to {LAST} only")
    return calendar[positions]


@cache
def _sessions() -> Days:
    # A table in the package, because the library that it comes from imports pandas, and needs longer to build its
    # calendar than most commands take in total.
    with files("groundswell.markets.series").joinpath("closures.csv").open(encoding="utf-8") as lines:
        closures = np.array([line.strip() for line in lines][1:], dtype="datetime64[D]")
    days: Days = np.arange(np.datetime64(FIRST, "D"), np.datetime64(LAST, "D") + 1)
    sessions: Days = days[np.is_busday(days, holidays=closures)]
    sessions.setflags(write=False)
    return sessions


@cache
def _session_flags() -> tuple[int, NDArray[np.bool_]]:
    """Return the number of the first day, and for each day from then on whether it is a session; a last one is not."""
    numbers = _sessions().astype(np.int64)
    flags = np.zeros(int(numbers[-1] - numbers[0]) + 2, dtype=bool)
    flags[numbers - numbers[0]] = True
    return int(numbers[0]), flags
