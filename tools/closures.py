"""Write the table of weekdays on which the New York exchanges were closed: src/groundswell/markets/series/closures.csv.

From 1970 the closures are those of exchange_calendars (calendar XNYS). The library knows few holidays before 1970. For
1950 to 1969 the holidays of the New York Stock Exchange are added by rule, and the library's unscheduled closures are
kept. Before 1950 the table holds only what the library knows.

    python tools/closures.py           write the table
    python tools/closures.py --check   exit with status 1 if the table differs
"""

from __future__ import annotations

import datetime as dt
import sys
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from dateutil.easter import easter

FIRST, LAST = dt.date(1926, 1, 1), dt.date(2050, 12, 31)
FIRST_RULE_YEAR, FIRST_LIBRARY_YEAR = 1950, 1970
LAST_YEAR_OF_OLD_HOLIDAYS = 1953
"""The last year in which the exchange closed on Lincoln's birthday, Columbus Day and Armistice Day."""

FRIDAYS_FROM = dt.date(1959, 7, 3)
"""The first Friday on which the exchange closed for a holiday on a Saturday."""

SPECIAL_CLOSURES = frozenset({dt.date(1954, 12, 24)})
"""Closures that follow no rule and are missing from the library: the Friday before Christmas 1954, a Saturday."""

TABLE = Path(__file__).parents[1] / "src/groundswell/markets/series/closures.csv"
MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6


def closures() -> list[dt.date]:
    """Return every weekday from ``FIRST`` to ``LAST`` without a session, in order."""
    by_rule = {day for year in range(FIRST_RULE_YEAR, FIRST_LIBRARY_YEAR) for day in holidays(year)}
    return sorted(by_rule | SPECIAL_CLOSURES | library_closures())


def library_closures() -> set[dt.date]:
    """Return the weekdays that exchange_calendars does not count as sessions."""
    import exchange_calendars  # noqa: PLC0415 - imports pandas; the rules alone need neither

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        calendar = exchange_calendars.get_calendar("XNYS", start=FIRST.isoformat(), end=LAST.isoformat())
    sessions = calendar.sessions.to_numpy().astype("datetime64[D]")
    days = np.arange(np.datetime64(FIRST, "D"), np.datetime64(LAST, "D") + 1)
    return set(np.setdiff1d(days[np.is_busday(days)], sessions).tolist())


def holidays(year: int) -> Iterator[dt.date]:
    """Yield the weekdays on which the exchange closed for a holiday in a year from 1950 to 1969."""
    fixed = [(1, 1), (2, 22), (5, 30), (7, 4), (12, 25)]
    if year <= LAST_YEAR_OF_OLD_HOLIDAYS:
        fixed += [(2, 12), (10, 12), (11, 11)]
    yield from observed_days(dt.date(year, month, day) for month, day in fixed)
    yield easter(year) - dt.timedelta(days=2)
    yield nth_weekday(year, 9, MONDAY, 1)
    yield nth_weekday(year, 11, THURSDAY, 4)
    if year < 1969:  # elections: every year until 1968
        yield nth_weekday(year, 11, MONDAY, 1) + dt.timedelta(days=1)


def observed_days(days: Iterable[dt.date]) -> Iterator[dt.date]:
    """Yield the weekday on which each holiday was observed; a Saturday before July 1959 has none.

    New Year's Day on a Saturday was never observed on the Friday, which closes the books of the year.
    """
    for day in days:
        friday = day - dt.timedelta(days=1)
        if day.weekday() == SUNDAY:
            yield day + dt.timedelta(days=1)
        elif day.weekday() != SATURDAY:
            yield day
        elif friday >= FRIDAYS_FROM and friday.year == day.year:
            yield friday


def nth_weekday(year: int, month: int, weekday: int, n: int) -> dt.date:
    """Return the ``n``-th ``weekday`` (0 for Monday) of a month."""
    first = dt.date(year, month, 1)
    return first + dt.timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def write_table(days: Iterable[dt.date]) -> str:
    """Return the table as it stands in the file: a heading and one day a line."""
    return "".join(f"{line}\n" for line in ("closed", *(day.isoformat() for day in days)))


def main(arguments: list[str]) -> int:
    """Write the table, or compare it with ``--check``; return the exit status."""
    text = write_table(closures())
    if arguments == ["--check"]:
        if TABLE.read_text(encoding="utf-8") == text:
            return 0
        print(f"{TABLE} differs from exchange_calendars and the rules; run python tools/closures.py")
        return 1
    TABLE.write_text(text, encoding="utf-8")
    print(f"wrote {TABLE}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
