"""Tiingo's end-of-day prices, with a key of the owner's."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote, urlencode

from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import SYMBOLS, family_of
from groundswell.model import Measure, SeriesRef
from groundswell.sources.services.base import (
    Request,
    Row,
    SeriesRows,
    UnusableAnswerError,
    by_symbol,
    day_of,
    found,
    number,
    text,
)

FIELDS = {Measure.TOTAL_RETURN: "adjClose"}
"""Adjusted for splits and dividends; the plain closes are as they were traded, so that a split would show as a fall."""


@dataclass(frozen=True, slots=True)
class Tiingo:
    """Total returns of securities. Corrections come until the evening; each is taken up when it is asked for again."""

    base: str = "https://api.tiingo.com"
    key: str = field(default="", repr=False)
    name: str = "tiingo"
    title: str = "Tiingo end-of-day prices"
    terms: str = "For the holder of the key alone; not to be redistributed."
    minutes: int = 360

    @property
    def lacking(self) -> str:
        return "" if self.key else "not asked: it needs a key, to be set as tiingo_key"

    def offers(self, ref: SeriesRef) -> bool:
        return ref.measure in FIELDS and family_of(ref) is SYMBOLS

    def requests(self, refs: Collection[SeriesRef], held: SeriesBook, today: date) -> tuple[Request, ...]:
        """One a symbol, from some days before the last one held."""
        return tuple(
            Request(
                f"{self.base}/tiingo/daily/{quote(symbol, safe='')}/prices?"
                + urlencode({"startDate": first, "endDate": today, "token": self.key}),
                wanted,
            )
            for symbol, first, wanted in by_symbol(refs, held)
        )

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read an answer: a list of days, or an object that says what is wrong."""
        try:
            listed = json.loads(text(body))
        except ValueError:
            raise UnusableAnswerError("an answer that is not JSON") from None
        if not isinstance(listed, list):
            said = listed.get("detail") if isinstance(listed, dict) else None
            raise UnusableAnswerError(str(said or "JSON of another shape")[:120])
        days = [one for one in listed if isinstance(one, dict)]
        return tuple(
            found(
                ref,
                (
                    Row(day, value)
                    for one in days
                    if (day := day_of(one.get("date"))) and (value := number(one.get(FIELDS[ref.measure]))) is not None
                ),
            )
            for ref in request.refs
        )
