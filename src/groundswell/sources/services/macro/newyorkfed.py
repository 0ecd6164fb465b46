"""The New York Fed's reference rates: the effective federal funds rate, and the target range with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from groundswell.markets.series.book import SeriesBook
from groundswell.model import Measure, SeriesRef
from groundswell.sources.services.answers import parse_number, read_json_object
from groundswell.sources.services.base import (
    DataService,
    Request,
    SeriesRows,
    UnusableAnswerError,
    read_last_day,
)
from groundswell.sources.services.rows import quote_text, read_iso_series, require_days_requested, require_rows

RATE_FIELDS = {"DFF": "percentRate", "DFEDTARL": "targetRateFrom", "DFEDTARU": "targetRateTo"}
"""By the names under which FRED publishes the same numbers (there for every day, here for business days)."""

RATE_TYPE = "EFFR"
"""What the answers call the effective federal funds rate."""

FIRST_RATE_DAY = date(2000, 7, 3)
RATE_LOOK_BACK = timedelta(days=10)


class NewYorkFed(DataService):
    """Percent a year. A rate is published on the morning of the next business day and may be corrected that day.

    A corrected row has a ``revisionIndicator``. A correction that comes after the usual release time of the catalogue,
    or after the first value was read, is a revision: what counts is that the value is another one.
    """

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
        listed = [rate for rate in rates if isinstance(rate, dict)]
        effective = [rate for rate in listed if rate.get("type") == RATE_TYPE]
        if listed and not effective:
            raise UnusableAnswerError(f"rates of the type {quote_text(listed[0].get('type'))} instead of {RATE_TYPE}")
        _check_ranges(effective)
        series = (
            read_iso_series(ref, [(rate.get("effectiveDate"), rate.get(RATE_FIELDS[ref.id])) for rate in effective])
            for ref in request.refs
        )
        return require_rows(require_days_requested(one, request.address, "startDate", "endDate") for one in series)


def _check_ranges(rates: Iterable[dict[str, Any]]) -> None:
    """Raise ``UnusableAnswerError`` for a target range whose ends are in the wrong order."""
    for rate in rates:
        lower, upper = (parse_number(rate.get(name)) for name in ("targetRateFrom", "targetRateTo"))
        if lower is not None and upper is not None and lower > upper:
            day = quote_text(rate.get("effectiveDate"))
            raise UnusableAnswerError(f"a target range from {lower:g} to {upper:g} on {day}")
