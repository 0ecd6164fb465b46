"""Days and values of an answer, with what is wrong with those that cannot be read: no row is lost in silence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from statistics import median

from groundswell.model import SeriesRef
from groundswell.sources.services.answers import parse_day_or_none, parse_number
from groundswell.sources.services.base import Row, SeriesRows, UnusableAnswerError, sort_rows

MAX_TEXT_SHOWN = 40
MAX_DAYS_BETWEEN_BARS = 4
"""Half of the bars of a daily answer follow each other at most this many days apart, holidays included."""
MIN_GAPS_JUDGED = 3
"""A new security may have two sessions with a long weekend in between."""

_THREE_NUMBERS = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})")
_FIRST_YEAR_OF_TWO_DIGITS = 69
"""Two digits of a year up from here are of the last century, as POSIX has it."""


def read_series(
    ref: SeriesRef, pairs: Iterable[tuple[date | None, object]], days_shown: Sequence[object]
) -> SeriesRows:
    """Read pairs of a day (None for one that cannot be read) and a value, in any order.

    ``days_shown`` are the days as the answer writes them, to quote one that cannot be read. A value that is no number
    is missing. The problem of the series says how many days could not be read, or that no row could be.
    """
    listed = list(pairs)
    values = ((day, parse_number(value)) for day, value in listed)
    rows = [Row(day, value) for day, value in values if day is not None and value is not None]
    unread = [shown for (day, _), shown in zip(listed, days_shown, strict=True) if day is None]
    return SeriesRows(ref, sort_rows(ref, rows).rows, _describe_problem(len(listed), len(rows), unread))


def read_iso_series(ref: SeriesRef, pairs: Iterable[tuple[object, object]]) -> SeriesRows:
    """Read pairs of a day in ISO 8601 and a value, as ``read_series`` does."""
    listed = list(pairs)
    return read_series(ref, [(parse_day_or_none(day), value) for day, value in listed], [day for day, _ in listed])


def parse_days(cells: Sequence[str]) -> list[date | None]:
    """Parse a column of days, all in ISO 8601 or all month first as in the USA; None for each that cannot be read.

    Raises ``UnusableAnswerError`` for a column that cannot be month first throughout, because then no day is certain.
    """
    iso = [parse_day_or_none(cell.strip()) for cell in cells]
    if any(iso):
        return iso
    month_first = [_parse_month_first(cell.strip()) for cell in cells]
    for cell, day in zip(cells, month_first, strict=True):
        if day is None and any(month_first) and _THREE_NUMBERS.fullmatch(cell.strip()):
            raise UnusableAnswerError(f"days that are not all written month first, such as {cell.strip()}")
    return month_first


def require_rows(series: Iterable[SeriesRows]) -> tuple[SeriesRows, ...]:
    """Return the series of an answer. Raises ``UnusableAnswerError`` if none has a row and one has a problem."""
    found = tuple(series)
    problems = [one.problem for one in found if one.problem]
    if problems and not any(one.rows for one in found):
        raise UnusableAnswerError(problems[0])
    return found


def require_daily(series: SeriesRows) -> SeriesRows:
    """Return a series of daily bars. Raises ``UnusableAnswerError`` for bars that are weeks or more apart."""
    gaps = [(after.date - before.date).days for before, after in pairwise(series.rows)]
    if len(gaps) >= MIN_GAPS_JUDGED and median(gaps) > MAX_DAYS_BETWEEN_BARS:
        raise UnusableAnswerError(f"bars that are {median(gaps):.0f} days apart instead of daily ones")
    return series


def quote_text(text: object) -> str:
    """Quote a text of an answer for readers, cut to a few words on one line."""
    return repr(" ".join(str(text).split())[:MAX_TEXT_SHOWN])


def _describe_problem(listed: int, read: int, unread: Sequence[object]) -> str:
    if read:
        return f"{len(unread)} of {listed} days could not be read, such as {quote_text(unread[0])}" if unread else ""
    if not listed:
        return ""
    why = f"{quote_text(unread[0])} is not a day" if unread else "none has a value"
    return f"no row could be read: {why}"


def _parse_month_first(cell: str) -> date | None:
    """Parse a day such as 8/20/2026 or, in old files, 08/20/96."""
    found = _THREE_NUMBERS.fullmatch(cell)
    if found is None:
        return None
    month, day, year = map(int, found.groups())
    if len(found[3]) == 2:
        year += 1900 if year >= _FIRST_YEAR_OF_TWO_DIGITS else 2000
    try:
        return date(year, month, day)
    except ValueError:
        return None
