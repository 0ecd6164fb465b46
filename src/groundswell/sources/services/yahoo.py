"""Yahoo's chart answers: daily closes of securities and indices, for personal use.

The answers are asked for by this program itself and not through ``yfinance``, which makes connections of its own past
the checks on addresses and passes itself off as a browser. A program that gives its true name is often refused; the
status page then says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import INDICES, SYMBOLS, family_of
from groundswell.markets.series.family import PRICED
from groundswell.model import Measure, SeriesRef
from groundswell.sources.services.base import (
    Request,
    Row,
    SeriesRows,
    UnusableAnswerError,
    by_symbol,
    found,
    json_object,
    number,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Yahoo:
    """Prices are adjusted for splits, total returns for dividends too; of an index there are prices alone."""

    base: str = "https://query1.finance.yahoo.com"
    name: str = "yahoo"
    title: str = "Yahoo charts"
    terms: str = "For personal use alone; Yahoo gives no licence to programs. Leave it out of sources to switch it off."
    minutes: int = 360
    lacking: str = ""

    def offers(self, ref: SeriesRef) -> bool:
        family = family_of(ref)
        return ref.measure in PRICED and (family is SYMBOLS or (family is INDICES and ref.measure is Measure.PRICE))

    def requests(self, refs: Collection[SeriesRef], held: SeriesBook, today: date) -> tuple[Request, ...]:
        """One a symbol, from some days before the last one held."""
        return tuple(
            Request(
                f"{self.base}/v8/finance/chart/{quote(symbol, safe='')}?"
                + urlencode(
                    {
                        "period1": max(_seconds(first), 0),
                        "period2": _seconds(today + timedelta(days=1)),
                        "interval": "1d",
                        "events": "div,splits",
                    }
                ),
                wanted,
            )
            for symbol, first, wanted in by_symbol(refs, held)
        )

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read an answer. Bars without a close are left out; the day of a bar is that of the exchange."""
        result = _result(json_object(body))
        try:
            offset = timedelta(seconds=result["meta"]["gmtoffset"])
            stamps = result.get("timestamp") or []
            indicators = result["indicators"]
            closes = indicators["quote"][0].get("close") or []
            adjusted = (indicators.get("adjclose") or [{}])[0].get("adjclose") or []
            days = [(EPOCH + timedelta(seconds=stamp) + offset).date() for stamp in stamps]
        except (KeyError, IndexError, TypeError, AttributeError, OverflowError):
            raise UnusableAnswerError("a chart of another shape") from None
        values = {Measure.PRICE: closes, Measure.TOTAL_RETURN: adjusted}
        return tuple(found(ref, _rows(days, values[ref.measure])) for ref in request.refs)


def _result(answer: dict[str, Any]) -> dict[str, Any]:
    chart = answer.get("chart")
    if not isinstance(chart, dict):
        raise UnusableAnswerError("JSON without a chart")
    error, results = chart.get("error"), chart.get("result")
    if isinstance(error, dict):
        raise UnusableAnswerError(str(error.get("description") or "an error without a reason")[:120])
    if not isinstance(results, list) or not results or not isinstance(results[0], dict):
        raise UnusableAnswerError("a chart without a result")
    return results[0]


def _rows(days: list[date], values: list[object]) -> Iterator[Row]:
    for day, value in zip(days, values, strict=False):
        close = number(value)
        if close is not None:
            yield Row(day, close)


def _seconds(day: date) -> int:
    return int((datetime.combine(day, time(), UTC) - EPOCH).total_seconds())
