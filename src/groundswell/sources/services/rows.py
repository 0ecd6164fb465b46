"""Days and values of an answer, with what is wrong with those that cannot be read: no row is lost in silence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from types import MappingProxyType

from groundswell.markets.series.family import PRICED
from groundswell.model import Frequency, SeriesRef
from groundswell.model.instants import EPOCH
from groundswell.sources.services.answers import is_missing, parse_day, parse_days, parse_numbers, read_parameter
from groundswell.sources.services.base import Row, SeriesRows, UnusableAnswerError, sort_rows
from groundswell.sources.tables.read import TextTable

MAX_TEXT_SHOWN = 40
DAYS_APART = MappingProxyType({Frequency.DAILY: (1, 4), Frequency.WEEKLY: (5, 10), Frequency.MONTHLY: (25, 35)})
"""Half of the values of an answer follow each other by so many days, holidays included."""

MAX_SECONDS = 253_370_764_800
"""Unix seconds of the year 9999."""
MIN_GAPS_JUDGED = 3
"""A new security may have two sessions with a long weekend in between."""

DAYS_OF_ZONES = timedelta(days=1)
"""The day at an exchange may be one before or after that in UTC, in which days are requested."""


def read_series(
    ref: SeriesRef, pairs: Iterable[tuple[date | None, object]], days_shown: Sequence[object]
) -> SeriesRows:
    """Read pairs of a day (None for one that cannot be read) and a value, in any order.

    ``days_shown`` are the days as the answer writes them, to quote one that cannot be read. The problem of the series
    says how many days and values could not be read, or that no row could be; a value marked as missing is no problem.
    Raises ``UnusableAnswerError`` for values whose decimal sign is not certain.
    """
    listed = list(pairs)
    numbers = parse_numbers([value for _, value in listed])
    rows = [
        Row(day, number)
        for (day, _), number in zip(listed, numbers, strict=True)
        if day is not None and number is not None
    ]
    unread_days = [shown for (day, _), shown in zip(listed, days_shown, strict=True) if day is None]
    unread_values = [
        value
        for (day, value), number in zip(listed, numbers, strict=True)
        if day and number is None and not is_missing(value)
    ]
    problem = _describe_problem(len(listed), len(rows), unread_days, unread_values)
    return SeriesRows(ref, sort_rows(ref, rows).rows, problem)


def read_written_series(ref: SeriesRef, pairs: Iterable[tuple[object, object]]) -> SeriesRows:
    """Read pairs of a day as it is written and a value, as ``read_series`` and ``parse_days`` do."""
    listed = list(pairs)
    written = [day for day, _ in listed]
    return read_series(ref, zip(parse_days(written), (value for _, value in listed), strict=True), written)


def read_column(ref: SeriesRef, table: TextTable, days: Sequence[date | None], column: int) -> SeriesRows:
    """Read a column of a table, whose days are already parsed, as ``read_series`` does.

    A line of text among the rows is one whose day cannot be read. Of two values of one day the last counts.
    """
    cells, written = table.columns[column], table.columns[table.day]
    last_places = {day: place for place, day in enumerate(days) if not is_missing(cells[place])}
    places = [place for place, day in enumerate(days) if day is None or last_places.get(day, place) == place]
    others = [quoted[1:-1] for _, quoted in table.reading.skipped]
    pairs = [*((days[place], cells[place]) for place in places), *((None, "") for _ in others)]
    found = read_series(ref, pairs, [*(written[place] for place in places), *others])
    faults = [f"line {fault.line}: {fault.text}" for fault in table.faults]
    return replace(found, problem="; ".join(filter(None, (found.problem, *faults[:1]))))


def require_rows(series: Iterable[SeriesRows]) -> tuple[SeriesRows, ...]:
    """Return the series of an answer. Raises ``UnusableAnswerError`` if none has a row and one has a problem."""
    found = tuple(series)
    problems = [one.problem for one in found if one.problem]
    if problems and not any(one.rows for one in found):
        raise UnusableAnswerError(problems[0])
    return found


def require_daily(series: SeriesRows) -> SeriesRows:
    """Return a series of daily values. Raises ``UnusableAnswerError`` for values that are weeks or more apart."""
    return require_frequency(series, Frequency.DAILY)


def require_frequency(series: SeriesRows, frequency: Frequency | None) -> SeriesRows:
    """Return a series. Raises ``UnusableAnswerError`` if its values are of another frequency than it has (if known)."""
    days = sorted({row.date for row in series.rows})
    gaps = [(after - before).days for before, after in pairwise(days)]
    if frequency is None or len(gaps) < MIN_GAPS_JUDGED:
        return series
    low, high = DAYS_APART[frequency]
    if not low <= median(gaps) <= high:
        noun = "bars" if series.ref.measure in PRICED else "values"
        raise UnusableAnswerError(f"{noun} that are {median(gaps):.0f} days apart instead of {frequency} ones")
    return series


def quote_text(text: object) -> str:
    """Quote a text of an answer for readers, cut to a few words on one line."""
    return repr(" ".join(str(text).split())[:MAX_TEXT_SHOWN])


def require_days_requested(
    series: SeriesRows, address: str, first_parameter: str, last_parameter: str, slack: timedelta = DAYS_OF_ZONES
) -> SeriesRows:
    """Return a series with a day in the range that an address requests in two parameters, ISO days or Unix seconds.

    Raises ``UnusableAnswerError`` where all days are others. Some more than requested do no harm.
    """
    first = read_requested_day(address, first_parameter)
    last = read_requested_day(address, last_parameter)
    inside = [
        row
        for row in series.rows
        if (first is None or row.date >= first - slack) and (last is None or row.date <= last + slack)
    ]
    if series.rows and not inside:
        days = f"days from {series.rows[0].date} to {series.rows[-1].date}"
        raise UnusableAnswerError(f"{days} instead of {first or 'the first'} to {last or 'the last'}")
    return series


def read_requested_day(address: str, parameter: str) -> date | None:
    """Return the day that a parameter of an address names, in ISO 8601 or as Unix seconds; None where it names none."""
    value = read_parameter(address, parameter)
    if value.isdecimal() and len(value) > len("20261231"):
        return (EPOCH + timedelta(seconds=int(value))).date() if int(value) < MAX_SECONDS else None
    return parse_day(value) if len(value) == len("2026-12-31") else None


def _describe_problem(listed: int, read: int, unread_days: Sequence[object], unread_values: Sequence[object]) -> str:
    if not listed:
        return ""
    if not read:
        if unread_days:
            return f"no row could be read: {quote_text(unread_days[0])} is not a day"
        if unread_values:
            return f"no row could be read: {quote_text(unread_values[0])} is no number"
        return "no row could be read: none has a value"
    problems = [
        f"{len(unread)} of {listed} {name} could not be read, such as {quote_text(unread[0])}"
        for name, unread in (("days", unread_days), ("values", unread_values))
        if unread
    ]
    return "; ".join(problems)


def is_weekend(day: date) -> bool:
    """Whether a day is a Saturday or a Sunday."""
    return day.weekday() >= 5


def drop_weekends(series: SeriesRows) -> SeriesRows:
    """Leave out the rows of Saturdays and Sundays."""
    return replace(series, rows=tuple(row for row in series.rows if not is_weekend(row.date)))
