"""Decisions of the Federal Reserve on its target rate, as announced.

The table ``fomc_decisions.csv`` holds public facts of the Federal Reserve Board (federalreserve.gov): changes from
"Open Market Operations", meeting dates from the FOMC calendars and historical materials by year. It starts with 1994,
when decisions began to be announced, and holds every scheduled meeting, also those that changed nothing. What
statements told after its end is in the series ``LOWER`` and ``UPPER`` of a book.
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

from groundswell.markets.events.event_list import Table
from groundswell.markets.series.book import NOTHING, SeriesBook, common_dates
from groundswell.markets.series.catalogue import FOMC_RANGE

MEETINGS_APART = timedelta(days=60)
LOWER, UPPER = (FOMC_RANGE.ref(end) for end in ("lower", "upper"))
"""The ends of the target range that the statement after a meeting tells, on the day of the announcement."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: the day it was announced, the change in basis points, the target range after it in percent.

    A single target (before 2008-12-16) has ``lower`` equal to ``upper``; the change is that of ``upper``. The new
    range takes effect a day later, the market learns of it on ``announced``. ``dated_afterwards`` marks cuts that
    were never announced and whose day was published only later.
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


def decisions(as_of: date, book: SeriesBook = NOTHING) -> tuple[Decision, ...]:
    """The announced decisions known at the end of ``as_of``, oldest first: the table's, and those of ``book`` after."""
    return tuple(decision for decision in (*_table(), *_told_since(book)) if decision.announced <= as_of)


def table_ends() -> date:
    """The day of the last decision in the table."""
    return _table()[-1].announced


def target_middle(days: NDArray[np.datetime64], as_of: date, book: SeriesBook = NOTHING) -> NDArray[np.float64]:
    """The middle of the target range on each of ``days``, in percent; NaN before the first decision.

    The day of a decision counts with the range after it: what is priced at its end comes after the announcement.
    """
    table = decisions(as_of, book)
    announced = np.array([decision.announced for decision in table], dtype="datetime64[D]")
    middles = np.array([np.nan, *((decision.lower + decision.upper) / 2.0 for decision in table)])
    return middles[np.searchsorted(announced, days, side="right")]


def decided_until(as_of: date, book: SeriesBook = NOTHING) -> date:
    """The day up to which the decisions known by ``as_of`` tell the target: scheduled meetings are eight weeks apart at
    most, so that a table without one for longer has come to its end."""
    table = decisions(as_of, book)
    return min(as_of, table[-1].announced + MEETINGS_APART) if table else as_of


def _told_since(book: SeriesBook) -> Iterator[Decision]:
    """The decisions that statements told after the end of the table, all of them of scheduled meetings."""
    lower, upper = book.get(LOWER), book.get(UPPER)
    if lower is None or upper is None:
        return
    before = _table()[-1].upper
    days = common_dates((lower, upper))
    ends = (one.at(days).tolist() for one in (lower, upper))
    for day, low, high in zip(days.tolist(), *ends, strict=True):
        if day > table_ends():
            yield Decision(day, round((high - before) * 100), low, high, scheduled=True)
            before = high


@cache
def _table() -> tuple[Decision, ...]:
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
    known = decisions(as_of, book)
    return known[-1].announced if known else None


FED_DECISIONS = Table(
    title="Fed target-rate decisions",
    source="Federal Reserve Board, federalreserve.gov: Open Market Operations; FOMC meeting calendars",
    last=_last_announced,
    updates=(LOWER, UPPER),
)
