"""The US Treasury's daily par yield curve, as one CSV file a year or of all years."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from groundswell.markets.series.book import SeriesBook
from groundswell.model import Measure, SeriesRef
from groundswell.sources.services.answers import find_column, parse_days, read_parameter, read_table
from groundswell.sources.services.base import (
    DataService,
    Request,
    SeriesRows,
    UnusableAnswerError,
    read_last_day,
)
from groundswell.sources.services.rows import read_column, require_daily, require_rows
from groundswell.sources.tables.day_forms import Order
from groundswell.sources.tables.read import TextTable
from groundswell.sources.tables.vocabulary import read_headings

RATE_COLUMNS = read_headings("Treasury")
"""The column of each tenor, by the name under which FRED publishes the same yield."""

REAL_TENOR = re.compile(r"\d+ YR")
"""The file of real yields has the same tenors, and differs in the case of their names alone."""

MAX_YEAR_FILES = 3
"""Beyond this many years the file of all years is requested instead."""

YIELD_LOOK_BACK = timedelta(days=10)


class Treasury(DataService):
    """Yields in percent. Tenors have been added and dropped over the years, so columns are read by name."""

    name = "treasury"
    title = "US Treasury par yields"
    terms = "Public domain."
    default_address = "https://home.treasury.gov"
    priority = 10
    interval = timedelta(hours=3)

    def offers(self, ref: SeriesRef) -> bool:
        return ref.measure is Measure.RATE and ref.id in RATE_COLUMNS

    def requests(self, refs: Collection[SeriesRef], stored: SeriesBook, today: date) -> tuple[Request, ...]:
        """Request the years since the last day that all of ``refs`` have, or all years where one has none."""
        last_days = [read_last_day(ref, stored) for ref in refs]
        first = min((min(last, today - YIELD_LOOK_BACK) for last in last_days if last), default=today)
        sorted_refs = tuple(sorted(refs))
        if None in last_days or today.year - first.year >= MAX_YEAR_FILES:
            return (Request(self._file("all"), sorted_refs),)
        return tuple(
            Request(self._file(str(year)), sorted_refs, may_be_empty=_has_just_begun(year, today))
            for year in range(first.year, today.year + 1)
        )

    def _file(self, years: str) -> str:
        return (
            f"{self.base_address}/resource-center/data-chart-center/interest-rates/daily-treasury-rates.csv/{years}/all"
            f"?type=daily_treasury_yield_curve&field_tdr_date_value={years}&page&_format=csv"
        )

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read a file in any order of its days. A year without a value yet has only a header."""
        if not body.strip():
            return ()
        table = read_table(body)
        if any(REAL_TENOR.fullmatch(heading.label) for heading in table.headings):
            raise UnusableAnswerError("the curve of real yields instead of that of nominal ones")
        if all(find_column(table, [RATE_COLUMNS[ref.id]]) is None for ref in request.refs):
            raise UnusableAnswerError("a file without the requested columns")
        days = parse_days(table.columns[table.day], Order.MONTH_FIRST)
        _check_year(request.address, days)
        return require_rows(_read_tenor(ref, table, days) for ref in request.refs)


def _has_just_begun(year: int, today: date) -> bool:
    return today - date(year, 1, 1) < YIELD_LOOK_BACK


def _check_year(address: str, days: Sequence[date | None]) -> None:
    """Raise ``UnusableAnswerError`` if all days of a file are of another year than the requested one."""
    year = read_parameter(address, "field_tdr_date_value")
    known = [day for day in days if day is not None]
    if year.isdecimal() and known and all(day.year != int(year) for day in known):
        raise UnusableAnswerError(f"the yields of {known[0].year} instead of {year}")


def _read_tenor(ref: SeriesRef, table: TextTable, days: Sequence[date | None]) -> SeriesRows:
    column = find_column(table, [RATE_COLUMNS[ref.id]])
    if column is None:
        return SeriesRows(ref, (), f"the file has no column {RATE_COLUMNS[ref.id]!r} any more")
    return require_daily(read_column(ref, table, days, column))
