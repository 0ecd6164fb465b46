"""The US Treasury's daily par yield curve, as one CSV file a year or of all years."""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from groundswell.markets.series.book import SeriesBook
from groundswell.model import Measure, SeriesRef
from groundswell.sources.services.base import Request, Row, SeriesRows, UnusableAnswerError, found, number, text

TENORS = {
    "DGS1MO": "1 mo",
    "DGS3MO": "3 mo",
    "DGS6MO": "6 mo",
    "DGS1": "1 yr",
    "DGS2": "2 yr",
    "DGS3": "3 yr",
    "DGS5": "5 yr",
    "DGS7": "7 yr",
    "DGS10": "10 yr",
    "DGS20": "20 yr",
    "DGS30": "30 yr",
}
"""The columns by the names under which FRED publishes the same yields."""

YEARS_ASKED = 3
"""Files of single years up to this many; for more, the file of all years."""

LOOK_BACK = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Treasury:
    """Yields in percent. Tenors came and went over the years: columns are read by name."""

    base: str = "https://home.treasury.gov"
    name: str = "treasury"
    title: str = "US Treasury par yields"
    terms: str = "Public domain."
    minutes: int = 180
    lacking: str = ""

    def offers(self, ref: SeriesRef) -> bool:
        return ref.measure is Measure.RATE and ref.id in TENORS

    def requests(self, refs: Collection[SeriesRef], held: SeriesBook, today: date) -> tuple[Request, ...]:
        """The years from the last day that all of ``refs`` are held to, or all years."""
        lasts = [one.last if (one := held.get(ref)) else None for ref in refs]
        first = min((min(last, today - LOOK_BACK) for last in lasts if last), default=today)
        wanted = tuple(sorted(refs))
        if None in lasts or today.year - first.year >= YEARS_ASKED:
            return (Request(self._address("all", "all"), wanted),)
        return tuple(Request(self._address(str(year), str(year)), wanted) for year in range(first.year, today.year + 1))

    def _address(self, folder: str, years: str) -> str:
        # Every year, or a year, is asked in the same place: the file of a year ends in /all.
        path = f"{folder}/all"
        return (
            f"{self.base}/resource-center/data-chart-center/interest-rates/daily-treasury-rates.csv/{path}"
            f"?type=daily_treasury_yield_curve&field_tdr_date_value={years}&page&_format=csv"
        )

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read a file, newest day first as it is or in any order. A year without a day yet has a header alone."""
        if not body.strip():
            return ()
        table = csv.reader(text(body).splitlines())
        header = [name.strip().lower() for name in next(table)]
        if not header or header[0] != "date":
            raise UnusableAnswerError("a file whose first column is not Date")
        columns = {ref: header.index(TENORS[ref.id]) for ref in request.refs if TENORS[ref.id] in header}
        if not columns:
            raise UnusableAnswerError("a file without the columns asked for")
        rows: dict[SeriesRef, dict[date, Row]] = {ref: {} for ref in columns}
        for cells in table:
            day = _day(cells[0]) if cells else None
            for ref, column in columns.items() if day else ():
                value = number(cells[column]) if column < len(cells) else None
                if value is not None and day is not None:
                    rows[ref][day] = Row(day, value)
        return tuple(found(ref, by_day.values()) for ref, by_day in rows.items())


def _day(cell: str) -> date | None:
    """Days are written month first, in the archive with two digits of the year."""
    for form in ("%m/%d/%Y", "%m/%d/%y"):
        try:
            return datetime.strptime(cell.strip(), form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None
