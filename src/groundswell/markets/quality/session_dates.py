"""Daily rows that are dated a day off: instants read in another zone, or bars stamped the evening before.

A week shows it. New York trades from Monday to Friday, so a week with a row on Sunday and none on Friday is dated a day
early, and one with a row on Saturday and none on Monday a day late.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.quality.finding import Finding
from groundswell.markets.series.calendar import EXACT_FROM, Days, is_session
from groundswell.model import IssueKind

MIN_WEEKS = 2
"""Weeks in a row that must be dated a day off."""

MIN_SESSION_SHARE = 0.98
"""The share of moved rows that must be sessions: the Sundays of Riyadh or Tel Aviv are their own."""

_MONDAY, _FRIDAY, _SATURDAY, _SUNDAY = 0, 4, 5, 6
_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday


@dataclass(frozen=True, eq=False)
class DatedRows:
    """The days to which rows belong, and the finding if some of them were moved."""

    days: Days
    finding: Finding | None = None


def move_to_sessions(days: Days) -> DatedRows:
    """Move rows that are dated a day off to their sessions; ``days`` are increasing and of a daily series.

    The weeks of a source whose clock changes with the season may be off in part of the year only. Where moved rows are
    no sessions, the market has weeks of its own, and nothing is moved.
    """
    if np.is_busday(days).all():
        return DatedRows(days)
    shifts = _shift_of_rows(days)
    is_moved = shifts != 0
    if not is_moved.any():
        return DatedRows(days)
    moved = days + shifts.astype("timedelta64[D]")
    is_judged = moved[is_moved] >= np.datetime64(EXACT_FROM)
    is_off = ~is_session(moved[is_moved][is_judged])
    offs = {1: "early", -1: "late"}
    way = " or ".join(offs[shift] for shift in sorted(set(shifts[is_moved].tolist()), reverse=True))
    count, affected = int(is_moved.sum()), tuple(days[is_moved].tolist())
    pattern = f"{count} of {len(days)} rows are dated a day {way}, such as {_example(days, shifts)}"
    is_apart = (np.diff(moved) > np.timedelta64(0, "D")).all()
    if is_off.mean() > 1.0 - MIN_SESSION_SHARE or not is_apart:
        return DatedRows(days)
    text = f"{pattern}; each is moved to its session"
    return DatedRows(moved, Finding(IssueKind.WRONG_DAYS, affected, text, float(count), "rows"))


def _shift_of_rows(days: Days) -> NDArray[np.int64]:
    """Return how many days each row must be moved, judged week by week; weeks that show nothing follow the last."""
    numbers = days.astype("datetime64[D]").astype(np.int64)
    weekday = (numbers + _EPOCH_WEEKDAY) % 7
    from_sunday, from_monday = (numbers + 4) // 7, (numbers + 3) // 7
    early = _weeks_with(from_sunday, weekday, present=_SUNDAY, absent=_FRIDAY)
    late = _weeks_with(from_monday, weekday, present=_SATURDAY, absent=_MONDAY)
    # From Tuesday to Friday may be a week after a holiday, or a late one before Good Friday: it shows nothing.
    right = _weeks_with(from_sunday, weekday, present=_FRIDAY, absent=_SUNDAY)
    right &= _weeks_with(from_sunday, weekday, present=_MONDAY, absent=_SATURDAY)
    known = np.where(early, 1, np.where(late, -1, np.where(right, 0, 2)))
    return _fill_unknown(known, numbers)


def _weeks_with(
    weeks: NDArray[np.int64], weekday: NDArray[np.int64], *, present: int, absent: int
) -> NDArray[np.bool_]:
    """Return for each row whether its week has a row on one weekday and none on the other."""
    has = np.isin(weeks, weeks[weekday == present])
    lacks = ~np.isin(weeks, weeks[weekday == absent])
    return np.asarray(has & lacks)


def _fill_unknown(known: NDArray[np.int64], numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give rows of unknown weeks the shift of the rows before them, and ignore what fewer than two weeks show."""
    is_known = known != 2
    if not is_known.any():
        return np.zeros_like(known)
    last = np.maximum.accumulate(np.where(is_known, np.arange(len(known)), -1))
    filled = known[np.where(last < 0, np.argmax(is_known), last)]
    starts = np.flatnonzero(np.append(True, np.diff(filled) != 0))
    for start, end in zip(starts, np.append(starts[1:], len(filled)), strict=True):
        weeks = np.unique((numbers[start:end][is_known[start:end]] + 4) // 7)
        if filled[start] != 0 and len(weeks) < MIN_WEEKS:
            filled[start:end] = 0
    return np.asarray(filled)


def _example(days: Days, shifts: NDArray[np.int64]) -> str:
    weekday = (days.astype(np.int64) + _EPOCH_WEEKDAY) % 7
    rows = np.flatnonzero(((shifts == 1) & (weekday == _SUNDAY)) | ((shifts == -1) & (weekday == _SATURDAY)))
    row = int(rows[0])
    return f"{'Sunday' if shifts[row] == 1 else 'Saturday'} {days[row]}"
