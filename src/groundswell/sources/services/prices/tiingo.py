"""Tiingo's end-of-day prices, with a key of the owner's."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import SYMBOLS, family_of
from groundswell.markets.series.family import PRICED
from groundswell.model import Measure, SeriesRef
from groundswell.sources.services.answers import parse_day, parse_number, quote_message, read_json
from groundswell.sources.services.base import (
    DataService,
    Request,
    SeriesRows,
    UnusableAnswerError,
    group_by_symbol,
)
from groundswell.sources.services.prices.adjustments import describe_missing_dividends
from groundswell.sources.services.rows import (
    quote_text,
    read_written_series,
    require_daily,
    require_days_requested,
    require_rows,
)


class Tiingo(DataService):
    """Prices adjusted for splits, and total returns. Corrections arrive until the evening, and are seen later."""

    name = "tiingo"
    title = "Tiingo end-of-day prices"
    terms = "For the holder of the key alone; not to be redistributed."
    default_address = "https://api.tiingo.com"
    priority = 50
    interval = timedelta(hours=6)
    required_settings = frozenset({"key"})
    has_free_key = True  # "All accounts are free": www.tiingo.com/documentation/general, 1.1.2

    def offers(self, ref: SeriesRef) -> bool:
        return ref.measure in PRICED and family_of(ref) is SYMBOLS

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
            _read_prices(ref, entries) if ref.measure is Measure.PRICE else _read_returns(ref, entries)
            for ref in request.refs
        )
        daily = map(require_daily, series)
        return require_rows(require_days_requested(one, request.address, "startDate", "endDate") for one in daily)


def _read_returns(ref: SeriesRef, entries: Sequence[dict[str, Any]]) -> SeriesRows:
    days = [parse_day(entry.get("date")) for entry in entries]
    dated = sorted((day, place) for place, day in enumerate(days) if day is not None)
    closes, returns, dividends = (
        [parse_number(entries[place].get(name)) for _, place in dated] for name in ("close", "adjClose", "divCash")
    )
    # The closes of a day with a split are in other shares than those of the day before.
    whole = [parse_number(entries[place].get("splitFactor")) == 1 for _, place in dated]
    paid = {day: paid for (day, _), paid, is_whole in zip(dated, dividends, whole, strict=True) if paid and is_whole}
    if left_out := describe_missing_dividends([day for day, _ in dated], closes, returns, paid):
        return SeriesRows(ref, (), left_out)
    return read_written_series(ref, [(entry.get("date"), entry.get("adjClose")) for entry in entries])


def _read_prices(ref: SeriesRef, entries: Sequence[dict[str, Any]]) -> SeriesRows:
    """Adjust the closes, which are as traded, for the splits that followed: each is in its day's ``splitFactor``.

    There is no price where a day has no factor, because a split would then look like a fall.
    """
    prices: list[tuple[object, object]] = []
    following = 1.0
    for entry in sorted(entries, key=lambda entry: str(entry.get("date")), reverse=True):
        close, factor = parse_number(entry.get("close")), parse_number(entry.get("splitFactor"))
        if factor is None or factor <= 0:
            return SeriesRows(ref, (), f"no split factor on {quote_text(entry.get('date'))}")
        prices.append((entry.get("date"), entry.get("close") if close is None else close / following))
        following *= factor
    return read_written_series(ref, prices)
