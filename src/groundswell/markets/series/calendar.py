"""Sessions of the New York exchanges, counted on the exchange's calendar and never on the rows of a file.

Sessions are the weekdays that ``closures.csv`` does not name: exact from 1950 on, but for the Saturdays on which there
was half a session until 1952, which are not counted. Before 1950 most holidays are missing from it.
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
"""Older days are not judged by the calendar."""


def end_of_day(day: date) -> datetime:
    """The instant up to which things known "as of ``day``" were known: 00:00 UTC of the next day.

    New York closes at 20:00 or 21:00 UTC, so the close of ``day`` is within it.
    """
    return datetime.combine(min(day, date.max - timedelta(days=1)) + timedelta(days=1), time(), UTC)


def as_days(days: Any) -> Days:
    """One ``date`` or a sequence of them as a one-dimensional ``datetime64[D]`` array."""
    return np.atleast_1d(np.asarray(days, dtype="datetime64[D]"))


def sessions_between(first: date, last: date) -> Days:
    """All sessions from ``first`` to ``last``, both included, that lie within ``FIRST`` to ``LAST``."""
    calendar = _sessions()
    low = np.searchsorted(calendar, np.datetime64(first, "D"), side="left")
    high = np.searchsorted(calendar, np.datetime64(last, "D"), side="right")
    return calendar[low:high]


def is_session(days: Days) -> NDArray[np.bool_]:
    """Which of the days are sessions."""
    calendar = _sessions()
    found: NDArray[np.bool_] = calendar[np.minimum(np.searchsorted(calendar, days), len(calendar) - 1)] == days
    return found


def on_or_after(days: Days) -> Days:
    """The first session on or after each day: a Sunday's decision meets the market on Monday."""
    return _at(np.searchsorted(_sessions(), days, side="left"))


def on_or_before(days: Days) -> Days:
    """The last session on or before each day."""
    return _at(np.searchsorted(_sessions(), days, side="right") - 1)


def shift(sessions: Days, count: int) -> Days:
    """The session ``count`` sessions later (earlier if negative) than each of ``sessions``.

    Raises ``ValueError`` for a day that is no session, or when the calendar ends before the answer.
    """
    positions = np.searchsorted(_sessions(), sessions)
    if (_at(positions) != sessions).any():
        raise ValueError(f"not all of these are sessions of the New York exchanges: {sessions}")
    return _at(positions + count)


def add_months(days: Days, count: int) -> Days:
    """The same day ``count`` calendar months later, or the month's last day where there is no such day."""
    months = days.astype("datetime64[M]")
    target: Days = np.add(months, np.timedelta64(count, "M"))
    same_day: Days = target.astype("datetime64[D]") + (days - months.astype("datetime64[D]"))
    return np.minimum(same_day, month_end(target))


def month_end(days: Days) -> Days:
    """The last calendar day of the month of each day (or of each ``datetime64[M]`` month)."""
    following: Days = np.add(days.astype("datetime64[M]"), np.timedelta64(1, "M"))
    return following.astype("datetime64[D]") - 1


def month_ends(first: date, last: date) -> Days:
    """The last calendar days of months that lie from ``first`` to ``last``, both included."""
    months = np.arange(np.datetime64(first, "M"), np.datetime64(last, "M") + np.timedelta64(1, "M"))
    ends = month_end(months)
    return ends[(ends >= np.datetime64(first, "D")) & (ends <= np.datetime64(last, "D"))]


def _at(positions: NDArray[np.intp]) -> Days:
    calendar = _sessions()
    if ((positions < 0) | (positions >= len(calendar))).any():
        raise ValueError(f"sessions are known from {FIRST} to {LAST} only")
    return calendar[positions]


@cache
def _sessions() -> Days:
    # A table in the package: the library that it is held against in the tests brings pandas with it, and needs longer
    # to make its calendar than most commands need in all.
    with files("groundswell.markets.series").joinpath("closures.csv").open(encoding="utf-8") as lines:
        closures = np.array([line.strip() for line in lines][1:], dtype="datetime64[D]")
    days: Days = np.arange(np.datetime64(FIRST, "D"), np.datetime64(LAST, "D") + 1)
    sessions: Days = days[np.is_busday(days, holidays=closures)]
    sessions.setflags(write=False)
    return sessions
