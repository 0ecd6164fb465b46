"""Decisions of the Federal Reserve on its target rate, as announced.

The table ``fomc_decisions.csv`` contains public facts of the Federal Reserve Board (federalreserve.gov): changes from
"Open Market Operations", meeting dates from the FOMC calendars and historical materials by year. It starts in 1994,
when decisions began to be announced, and includes every scheduled meeting, also those without a change. Later
statements are in the series ``LOWER`` and ``UPPER`` of a book.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.events.event_list import ShippedTable
from groundswell.markets.series.book import NOTHING, SeriesBook, common_dates, remember_by_book
from groundswell.markets.series.catalogue import FOMC_MEETINGS, FOMC_RANGE

MEETINGS_APART = timedelta(days=60)
LOWER, UPPER = (FOMC_RANGE.ref(end) for end in ("lower", "upper"))
"""The ends of the target range by the statement after a meeting, on the day of the announcement."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: the day it was announced, the change in basis points, and the target range after it in percent.

    A single target (before 2008-12-16) has ``lower`` equal to ``upper``; the change is that of ``upper``. The new range
    takes effect a day later, but markets learn of it on ``announced``. ``dated_afterwards`` marks cuts that were never
    announced and whose day was published only later.
    """

    announced: date
    change_bp: int
    lower: float
    upper: float
    scheduled: bool
    dated_afterwards: bool = False


EARLY_CUTS = (
    Decision(date(1989, 6, 5), -25, 9.5625, 9.5625, scheduled=False, dated_afterwards=True),
    Decision(date(1990, 7, 13), -25, 8.0, 8.0, scheduled=False, dated_afterwards=True),
)
"""The first cuts of the two easing cycles before 1994. Markets had to infer them, within days, from operations."""

EARLY_CUTS_KNOWN = (date(1989, 7, 7), date(1990, 8, 24))
"""When their days were published at the earliest: with the record of the meeting before them.

The press releases of such records say that they come "a few days after the next regularly scheduled meeting", and those
of these years are of the Friday after it (19 May and 17 November 1989, 18 May and 5 October 1990; FRASER, Federal
Reserve Bank of St. Louis). The next meetings were those of 5-6 July 1989 and 21 August 1990.
"""

LAST_CHANGE_BEFORE = Decision(date(1992, 9, 4), -25, 3.0, 3.0, scheduled=False, dated_afterwards=True)
"""The last change before the table, by the Board's "Intended federal funds rate, change and level, 1990 to present"."""


def list_decisions(as_of: date, book: SeriesBook = NOTHING) -> tuple[Decision, ...]:
    """List the announced decisions known at the end of ``as_of``, oldest first: the table's, then those of ``book``."""
    return _list_known(book, as_of)


@remember_by_book
def _list_known(book: SeriesBook, as_of: date) -> tuple[Decision, ...]:
    return tuple(decision for decision in (*_read_table(), *_read_updates(book)) if decision.announced <= as_of)


def table_ends() -> date:
    """Return the day of the last decision in the table."""
    return _read_table()[-1].announced


def target_middle(days: NDArray[np.datetime64], as_of: date, book: SeriesBook = NOTHING) -> NDArray[np.float64]:
    """Return the middle of the target range on each of ``days``, in percent; NaN before the first decision.

    The day of a decision has the range after it, because prices at its end follow the announcement.
    """
    table = list_decisions(as_of, book)
    announced = np.array([decision.announced for decision in table], dtype="datetime64[D]")
    middles = np.array([np.nan, *((decision.lower + decision.upper) / 2.0 for decision in table)])
    return middles[np.searchsorted(announced, days, side="right")]


def decided_until(as_of: date, book: SeriesBook = NOTHING) -> date:
    """Return the day up to which the decisions known by ``as_of`` determine the target.

    Scheduled meetings are at most eight weeks apart, so that a table without a later one has ended.
    """
    table = list_decisions(as_of, book)
    return min(as_of, table[-1].announced + MEETINGS_APART) if table else as_of


def _read_updates(book: SeriesBook) -> Iterator[Decision]:
    """Read the decisions in statements after the end of the table.

    A decision in a month that the calendar lists is scheduled if the calendar has its day.
    """
    lower, upper = book.get(LOWER), book.get(UPPER)
    if lower is None or upper is None:
        return
    calendar = book.get(FOMC_MEETINGS.ref())
    meetings = dict(zip(calendar.dates.tolist(), calendar.values.tolist(), strict=True)) if calendar else {}
    before = _read_table()[-1].upper
    days = common_dates((lower, upper))
    ends = (end.at(days).tolist() for end in (lower, upper))
    for day, low, high in zip(days.tolist(), *ends, strict=True):
        if day > table_ends():
            yield Decision(
                day,
                round((high - before) * 100),
                low,
                high,
                scheduled=meetings.get(day.replace(day=1), day.day) == day.day,
            )
            before = high


@cache
def _read_table() -> tuple[Decision, ...]:
    with files("groundswell.markets.events").joinpath("fomc_decisions.csv").open(encoding="utf-8") as lines:
        return tuple(
            Decision(
                announced=date.fromisoformat(row["announced"]),
                change_bp=int(row["change_bp"]),
                lower=float(row["lower"]),
                upper=float(row["upper"]),
                scheduled=row["scheduled"] == "yes",
            )
            for row in csv.DictReader(lines)
        )


def _last_announced(as_of: date, book: SeriesBook) -> date | None:
    known = list_decisions(as_of, book)
    return known[-1].announced if known else None


FED_DECISIONS = ShippedTable(
    title="Fed target-rate decisions",
    source="Federal Reserve Board, federalreserve.gov: Open Market Operations; FOMC meeting calendars",
    last=_last_announced,
    updates=(LOWER, UPPER),
)
