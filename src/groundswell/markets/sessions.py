"""Sessions of the New York exchanges, counted on the exchange's calendar and never on the rows of a file."""

from __future__ import annotations

import warnings
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.datetime64]
"""An array of ``datetime64[D]``."""

FIRST = date(1926, 1, 1)
LAST = date(2050, 12, 31)


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
    # Imported here because it brings pandas with it. Both bounds are given: by default the calendar reaches back only
    # twenty years and its end depends on today.
    import exchange_calendars  # noqa: PLC0415

    with warnings.catch_warnings():
        # The library uses ways of pandas that are to change; that concerns neither our users nor our tests.
        warnings.simplefilter("ignore", DeprecationWarning)
        calendar = exchange_calendars.get_calendar("XNYS", start=FIRST.isoformat(), end=LAST.isoformat())
    sessions: Days = calendar.sessions.to_numpy().astype("datetime64[D]")
    sessions.setflags(write=False)
    return sessions
