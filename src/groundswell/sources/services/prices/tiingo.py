"""Tiingo's end-of-day prices, with a key of the owner's."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from urllib.parse import quote, urlencode

from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import SYMBOLS, family_of
from groundswell.model import Measure, SeriesRef
from groundswell.sources.services.answers import quote_message, read_json
from groundswell.sources.services.base import (
    DataService,
    Request,
    SeriesRows,
    UnusableAnswerError,
    group_by_symbol,
)
from groundswell.sources.services.rows import (
    read_iso_series,
    require_daily,
    require_days_requested,
    require_rows,
)

PRICE_FIELDS = {Measure.TOTAL_RETURN: "adjClose"}
"""Adjusted for splits and dividends. The plain closes are as traded, so that a split would look like a fall."""


class Tiingo(DataService):
    """Total returns of securities. Corrections arrive until the evening, and are seen at the next request."""

    name = "tiingo"
    title = "Tiingo end-of-day prices"
    terms = "For the holder of the key alone; not to be redistributed."
    default_address = "https://api.tiingo.com"
    priority = 50
    interval = timedelta(hours=6)
    required_settings = frozenset({"key"})

    def offers(self, ref: SeriesRef) -> bool:
        return ref.measure in PRICE_FIELDS and family_of(ref) is SYMBOLS

    def requests(self, refs: Collection[SeriesRef], stored: SeriesBook, today: date) -> tuple[Request, ...]:
        """Request one symbol each, from some days before its last stored one."""
        return tuple(
            Request(
                f"{self.base_address}/tiingo/daily/{quote(symbol, safe='')}/prices?"
                + urlencode({"startDate": first, "endDate": today, "token": self.key}),
                group,
            )
            for symbol, first, group in group_by_symbol(refs, stored)
        )

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read an answer: a list of days, or an object that says what is wrong. It does not name its symbol."""
        days = read_json(body)
        if not isinstance(days, list):
            message = days.get("detail") if isinstance(days, dict) else None
            raise UnusableAnswerError(quote_message(message, "JSON of another shape"))
        entries = [entry for entry in days if isinstance(entry, dict)]
        series = (
            read_iso_series(ref, [(entry.get("date"), entry.get(PRICE_FIELDS[ref.measure])) for entry in entries])
            for ref in request.refs
        )
        daily = map(require_daily, series)
        return require_rows(require_days_requested(one, request.address, "startDate", "endDate") for one in daily)
