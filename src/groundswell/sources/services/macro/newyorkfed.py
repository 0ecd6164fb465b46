"""The New York Fed's reference rates: the effective federal funds rate with the target range, SOFR and OBFR."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from types import MappingProxyType
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
from groundswell.sources.services.rows import (
    quote_text,
    read_written_series,
    require_daily,
    require_days_requested,
    require_rows,
)

RATE_FIELDS = MappingProxyType(
    {
        "DFF": ("EFFR", "percentRate"),
        "DFEDTARL": ("EFFR", "targetRateFrom"),
        "DFEDTARU": ("EFFR", "targetRateTo"),
        "SOFR": ("SOFR", "percentRate"),
        "OBFR": ("OBFR", "percentRate"),
    }
)
"""The type of rate and the field, by the names under which FRED publishes the same numbers.

FRED has the funds rate and the target range for every day, the New York Fed for business days: FRED's weekends are not
read, so that one can stand in for the other.
"""

RATE_PATHS = MappingProxyType({"EFFR": "unsecured/effr", "SOFR": "secured/sofr", "OBFR": "unsecured/obfr"})
FIRST_RATE_DAYS = MappingProxyType({"EFFR": date(2000, 7, 3), "SOFR": date(2018, 4, 2), "OBFR": date(2016, 3, 1)})
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
        """Request each type of rate since the last day that all of its ``refs`` have, and ten days before it."""
        kinds = sorted({_rate_type(ref) for ref in refs})
        return tuple(
            self._request(kind, [ref for ref in refs if _rate_type(ref) == kind], stored, today) for kind in kinds
        )

    def _request(self, kind: str, refs: Collection[SeriesRef], stored: SeriesBook, today: date) -> Request:
        last_days = [read_last_day(ref, stored) for ref in refs]
        first = min(last - RATE_LOOK_BACK if last else FIRST_RATE_DAYS[kind] for last in last_days)
        address = f"{self.base_address}/api/rates/{RATE_PATHS[kind]}/search.json?startDate={first}&endDate={today}"
        return Request(address, tuple(sorted(refs)))

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read an answer. Only rows of the effective federal funds rate have the target range."""
        rates = read_json_object(body).get("refRates")
        if not isinstance(rates, list):
            raise UnusableAnswerError("JSON without refRates")
        listed = [rate for rate in rates if isinstance(rate, dict)]
        kind = _rate_type(request.refs[0])
        own = [rate for rate in listed if rate.get("type") == kind]
        if listed and not own:
            raise UnusableAnswerError(f"rates of the type {quote_text(listed[0].get('type'))} instead of {kind}")
        _check_ranges(own)
        series = (
            read_written_series(ref, [(rate.get("effectiveDate"), rate.get(RATE_FIELDS[ref.id][1])) for rate in own])
            for ref in request.refs
        )
        daily = map(require_daily, series)
        return require_rows(require_days_requested(one, request.address, "startDate", "endDate") for one in daily)


def _rate_type(ref: SeriesRef) -> str:
    return RATE_FIELDS[ref.id][0]


def _check_ranges(rates: Iterable[dict[str, Any]]) -> None:
    """Raise ``UnusableAnswerError`` for a target range whose ends are in the wrong order."""
    for rate in rates:
        lower, upper = (parse_number(rate.get(name)) for name in ("targetRateFrom", "targetRateTo"))
        if lower is not None and upper is not None and lower > upper:
            day = quote_text(rate.get("effectiveDate"))
            raise UnusableAnswerError(f"a target range from {lower:g} to {upper:g} on {day}")
