"""The New York Fed's reference rates: the effective federal funds rate, and the target range beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from groundswell.markets.series.book import SeriesBook
from groundswell.model import Measure, SeriesRef
from groundswell.sources.services.base import (
    Request,
    Row,
    SeriesRows,
    UnusableAnswerError,
    day_of,
    found,
    json_object,
    number,
)

FIELDS = {"DFF": "percentRate", "DFEDTARL": "targetRateFrom", "DFEDTARU": "targetRateTo"}
"""By the names under which FRED publishes the same numbers (there on all days of the week, here on business days)."""

FIRST = date(2000, 7, 3)
LOOK_BACK = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class NewYorkFed:
    """Percent a year. A rate is published on the morning of the next business day and may be corrected that day."""

    base: str = "https://markets.newyorkfed.org"
    name: str = "newyorkfed"
    title: str = "New York Fed reference rates"
    terms: str = "Free to use with attribution, under the New York Fed's terms for reference rates."
    minutes: int = 180
    lacking: str = ""

    def offers(self, ref: SeriesRef) -> bool:
        return ref.measure is Measure.RATE and ref.id in FIELDS

    def requests(self, refs: Collection[SeriesRef], held: SeriesBook, today: date) -> tuple[Request, ...]:
        """The days since the last that all of ``refs`` are held to, and ten before, in which a value may be missing."""
        lasts = [one.last if (one := held.get(ref)) else None for ref in refs]
        first = min((last - LOOK_BACK if last else FIRST for last in lasts), default=FIRST)
        address = f"{self.base}/api/rates/unsecured/effr/search.json?startDate={first}&endDate={today}"
        return (Request(address, tuple(sorted(refs))),)

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read an answer, newest day first as it is. The target range stands on the rows of this one rate alone."""
        listed = json_object(body).get("refRates")
        if not isinstance(listed, list):
            raise UnusableAnswerError("JSON without refRates")
        return tuple(found(ref, _rows(listed, FIELDS[ref.id])) for ref in request.refs)


def _rows(listed: list[object], field: str) -> Iterator[Row]:
    for one in listed:
        if isinstance(one, dict) and one.get("type") == "EFFR":
            day, value = day_of(one.get("effectiveDate")), number(one.get(field))
            if day is not None and value is not None:
                yield Row(day, value)
