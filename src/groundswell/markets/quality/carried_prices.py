"""Prices that are no closes of their day: carried into closures, drawn between two sessions, or repeated at the end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.quality.finding import Finding
from groundswell.markets.series.calendar import EXACT_FROM, Days, is_session
from groundswell.model import Action, IssueKind
from groundswell.model.series import Values

MIN_CARRIED_SHARE = 0.8
"""Of the rows on days without trading, so many must be filled: a market of its own repeats few prices."""

SAME = 1e-9
MAX_UNCHANGED_SHARE = 0.01
MIN_ROWS = 100
"""A series with a larger share of unchanged days, or fewer rows, may end with an unchanged one."""

MIN_SESSIONS = 3
MAX_CONSTANT_SHARE = 0.5
"""Of a price that changes on fewer sessions, a repetition shows nothing."""

MAX_DAYS_NAMED = 10


def find_carried_prices(days: Days, values: Values) -> Finding | None:
    """Find rows on days without trading that repeat a price around them, or lie on the line between two of them."""
    is_off = ~is_session(days) & (days >= np.datetime64(EXACT_FROM))
    at_sessions = values[~is_off]
    if not is_off.any() or len(at_sessions) < MIN_SESSIONS:
        return None
    if float(np.mean(np.diff(at_sessions) == 0.0)) > MAX_CONSTANT_SHARE:
        return None
    is_filled = is_off & (_repeats(values, is_off) | _is_on_line(days, values, is_off))
    if is_filled.sum() < MIN_CARRIED_SHARE * is_off.sum():
        return None
    carried = tuple(days[is_filled].tolist())
    named = ", ".join(map(str, carried[:MAX_DAYS_NAMED]))
    more = f" and {len(carried) - MAX_DAYS_NAMED} more" if len(carried) > MAX_DAYS_NAMED else ""
    are = "rows repeat or continue prices" if len(carried) > 1 else "row repeats or continues a price"
    text = f"{len(carried)} {are} on days without trading: {named}{more}"
    return Finding(IssueKind.CARRIED, carried, text, float(len(carried)), "rows")


def find_repeated_end(days: Days, values: Values) -> Finding | None:
    """Find that the last price repeats the one before, in a series in which that is rare."""
    if len(values) < MIN_ROWS or not _is_same(values[-1], values[-2]):
        return None
    if float(np.mean(np.diff(values[:-1]) == 0.0)) > MAX_UNCHANGED_SHARE:
        return None
    text = f"its last row, of {days[-1]}, repeats the price before: its session was probably not over"
    return Finding(IssueKind.UNFINISHED, (days[-1].item(),), text, action=Action.DROPPED)


def _repeats(values: Values, is_off: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return whether each row repeats the last session's price before it, or the first one after it."""
    rows = np.arange(len(values))
    before = np.maximum.accumulate(np.where(is_off, -1, rows))
    after = np.minimum.accumulate(np.where(is_off, len(values), rows)[::-1])[::-1]
    repeats_before = (before >= 0) & _is_same(values, values[np.maximum(before, 0)])
    repeats_after = (after < len(values)) & _is_same(values, values[np.minimum(after, len(values) - 1)])
    return np.asarray(repeats_before | repeats_after)


def _is_on_line(days: Days, values: Values, is_off: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return whether each row lies on the line, by days or by rows, between the sessions around it."""
    sessions = ~is_off
    numbers = days.astype(np.int64).astype(np.float64)
    rows = np.arange(len(values), dtype=np.float64)
    lines = (np.interp(x, x[sessions], values[sessions]) for x in (numbers, rows))
    by_day, by_row = (np.abs(values - line) <= 1e-6 * np.abs(line) for line in lines)
    return np.asarray(by_day | by_row)


def _is_same(value: Values | np.float64, other: Values | np.float64) -> NDArray[np.bool_]:
    return np.asarray(np.abs(value - other) <= SAME * np.abs(other))
