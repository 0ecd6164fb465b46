"""Yahoo's chart answers: daily closes of securities and indices, for personal use.

This program sends its own requests and does not use ``yfinance``, which connects past the checks on addresses and
passes itself off as a browser. Yahoo often refuses a program that gives its true name; the status page then says so.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import INDICES, SYMBOLS, family_of
from groundswell.markets.series.family import PRICED
from groundswell.model import Measure, SeriesRef
from groundswell.model.instants import EPOCH
from groundswell.sources.services.answers import parse_number, quote_message, read_json_object
from groundswell.sources.services.base import (
    DataService,
    Request,
    SeriesRows,
    UnusableAnswerError,
    group_by_symbol,
)
from groundswell.sources.services.prices.adjustments import check_splits, describe_missing_dividends
from groundswell.sources.services.rows import (
    MAX_SECONDS,
    quote_text,
    read_series,
    require_daily,
    require_days_requested,
    require_rows,
)

DAILY = "1d"

OTHER_ADDRESS = "https://query1.finance.yahoo.com"
"""Gives the same answers, and is asked where the first address does not."""

_ZONE_NAME = re.compile(r"[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*")


class Yahoo(DataService):
    """Prices are adjusted for splits, total returns for dividends too; an index has only prices."""

    name = "yahoo"
    title = "Yahoo charts"
    default_address = "https://query2.finance.yahoo.com"
    priority = 60
    interval = timedelta(hours=6)
    terms = (
        "For personal use alone; Yahoo gives no licence to programs. To switch it off, write enabled = false in "
        "[services.yahoo]."
    )

    def offers(self, ref: SeriesRef) -> bool:
        family = family_of(ref)
        return ref.measure in PRICED and (family is SYMBOLS or (family is INDICES and ref.measure is Measure.PRICE))

    def requests(self, refs: Collection[SeriesRef], stored: SeriesBook, today: date) -> tuple[Request, ...]:
        """Request one symbol each, from some days before its last stored one."""
        others = () if self.address else (OTHER_ADDRESS,)
        requests = []
        for symbol, first, group in group_by_symbol(refs, stored):
            parameters = {
                "period1": max(_seconds_since_epoch(first), 0),
                "period2": _seconds_since_epoch(today + timedelta(days=1)),
                "interval": DAILY,
                "events": "div,splits",
            }
            path = f"/v8/finance/chart/{quote(symbol, safe='')}?{urlencode(parameters)}"
            requests.append(Request(self.base_address + path, group, tuple(other + path for other in others)))
        return tuple(requests)

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read an answer. Bars without a close are left out; the day of a bar is that of the exchange."""
        result = _chart_result(read_json_object(body))
        _check_meta(result.get("meta"), request)
        try:
            zone = _read_zone(result["meta"])
            timestamps = result.get("timestamp") or []
            indicators = result["indicators"]
            closes = list(indicators["quote"][0].get("close") or [])
            adjusted_closes = list((indicators.get("adjclose") or [{}])[0].get("adjclose") or [])
            days = [(EPOCH + timedelta(seconds=seconds)).astimezone(zone).date() for seconds in timestamps]
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError):
            raise UnusableAnswerError("a chart of another shape") from None
        values = {Measure.PRICE: closes, Measure.TOTAL_RETURN: adjusted_closes}
        left_out = _check_adjustments(result.get("events"), zone, days, closes, adjusted_closes)
        series = (
            SeriesRows(ref, (), left_out)
            if left_out and ref.measure is Measure.TOTAL_RETURN
            else require_daily(_read_bars(ref, days, values[ref.measure]))
            for ref in request.refs
        )
        return require_rows(require_days_requested(one, request.address, "period1", "period2") for one in series)


def _read_bars(ref: SeriesRef, days: list[date], values: list[object]) -> SeriesRows:
    if values and len(values) != len(days):
        raise UnusableAnswerError(f"a chart with {len(days)} days and {len(values)} values")
    return read_series(ref, zip(days, values or [None] * len(days), strict=True), days)


def _check_adjustments(
    events: object, zone: tzinfo, days: list[date], closes: list[object], adjusted_closes: list[object]
) -> str:
    """Return what the adjusted closes leave out. Raises ``UnusableAnswerError`` for closes that show a split."""
    if not isinstance(events, dict):
        return ""
    prices = [parse_number(close) for close in closes] if len(closes) == len(days) else []
    returns = [parse_number(close) for close in adjusted_closes] if len(adjusted_closes) == len(days) else []
    splits, dividends = (_read_events(events.get(name), zone) for name in ("splits", "dividends"))
    if prices:
        check_splits(days, prices, splits)
    return describe_missing_dividends(days, prices, returns, dividends) if prices and returns else ""


def _read_events(listed: object, zone: tzinfo) -> dict[date, float]:
    """Return the amounts of dividends, or the ratios of splits, by their day; what cannot be read is left out."""
    found: dict[date, float] = {}
    for event in listed.values() if isinstance(listed, dict) else ():
        if not isinstance(event, dict):
            continue
        seconds, amount = parse_number(event.get("date")), parse_number(event.get("amount"))
        new, old = parse_number(event.get("numerator")), parse_number(event.get("denominator"))
        value = new / old if new and old else amount
        if seconds is not None and value is not None and 0 <= seconds < MAX_SECONDS:
            found[(EPOCH + timedelta(seconds=seconds)).astimezone(zone).date()] = value
    return found


def _read_zone(meta: dict[str, Any]) -> tzinfo:
    """Return the zone of the exchange. Its offset in an answer is that of today, which is wrong half of the year."""
    name = meta.get("exchangeTimezoneName")
    if isinstance(name, str) and _ZONE_NAME.fullmatch(name):
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            pass  # a zone that this computer does not know
    return timezone(timedelta(seconds=meta["gmtoffset"]))


def _check_meta(meta: object, request: Request) -> None:
    """Raise ``UnusableAnswerError`` if the answer does not say that it is of the symbol, or says it is not daily."""
    symbol, bars = (meta.get(name) if isinstance(meta, dict) else None for name in ("symbol", "dataGranularity"))
    wanted = request.refs[0].id
    if symbol is None:
        raise UnusableAnswerError("a chart that does not say of what it is")
    if str(symbol).casefold() != wanted.casefold():
        raise UnusableAnswerError(f"prices of {quote_text(symbol)} instead of {wanted}")
    if bars is not None and bars != DAILY:
        raise UnusableAnswerError(f"bars of {quote_text(bars)} instead of {DAILY}")


def _chart_result(answer: dict[str, Any]) -> dict[str, Any]:
    chart = answer.get("chart")
    if not isinstance(chart, dict):
        raise UnusableAnswerError("JSON without a chart")
    error, results = chart.get("error"), chart.get("result")
    if isinstance(error, dict):
        raise UnusableAnswerError(quote_message(error.get("description"), "an error without a reason"))
    if not isinstance(results, list) or not results or not isinstance(results[0], dict):
        raise UnusableAnswerError("a chart without a result")
    return results[0]


def _seconds_since_epoch(day: date) -> int:
    return int((datetime.combine(day, time(), UTC) - EPOCH).total_seconds())
