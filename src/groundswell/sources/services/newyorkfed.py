"""The New York Fed's reference rates: the effective federal funds rate, and the target range with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from groundswell.markets.series.book import SeriesBook
from groundswell.model import Measure, SeriesRef
from groundswell.sources.services.answers import parse_day_or_none, parse_number, read_json_object
from groundswell.sources.services.base import (
    DataService,
    Request,
    Row,
    SeriesRows,
    UnusableAnswerError,
    read_last_day,
    sort_rows,
)

RATE_FIELDS = {"DFF": "percentRate", "DFEDTARL": "targetRateFrom", "DFEDTARU": "targetRateTo"}
"""By the names under which FRED publishes the same numbers (there for every day, here for business days)."""

FIRST_RATE_DAY = date(2000, 7, 3)
RATE_LOOK_BACK = timedelta(days=10)


class NewYorkFed(DataService):
    """Percent a year. A rate is published on the morning of the next business day and may be corrected that day."""

    name = "newyorkfed"
    title = "New York Fed reference rates"
    terms = "Free to use with attribution, under the New York Fed's terms for reference rates."
    default_address = "https://markets.newyorkfed.org"
    priority = 20
    interval = timedelta(hours=3)

    def offers(self, ref: SeriesRef) -> bool:
        return ref.measure is Measure.RATE and ref.id in RATE_FIELDS

    def requests(self, refs: Collection[SeriesRef], stored: SeriesBook, today: date) -> tuple[Request, ...]:
        """Request the days since the last that all of ``refs`` have, and ten before it, which may have gaps."""
        last_days = [read_last_day(ref, stored) for ref in refs]
        first = min((last - RATE_LOOK_BACK if last else FIRST_RATE_DAY for last in last_days), default=FIRST_RATE_DAY)
        address = f"{self.base_address}/api/rates/unsecured/effr/search.json?startDate={first}&endDate={today}"
        return (Request(address, tuple(sorted(refs))),)

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read an answer. Only rows of the effective federal funds rate have the target range."""
        rates = read_json_object(body).get("refRates")
        if not isinstance(rates, list):
            raise UnusableAnswerError("JSON without refRates")
        return tuple(sort_rows(ref, _read_rows(rates, RATE_FIELDS[ref.id])) for ref in request.refs)


def _read_rows(rates: list[object], field: str) -> Iterator[Row]:
    for rate in rates:
        if isinstance(rate, dict) and rate.get("type") == "EFFR":
            day, value = parse_day_or_none(rate.get("effectiveDate")), parse_number(rate.get(field))
            if day is not None and value is not None:
                yield Row(day, value)
