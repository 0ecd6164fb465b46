"""iShares' lists of holdings, of which the concentration of a fund is made."""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

import numpy as np

from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import FUND_CONCENTRATION, family_of
from groundswell.model import SeriesRef
from groundswell.sources.derived.concentration import gauges
from groundswell.sources.services.base import Request, Row, SeriesRows, UnusableAnswerError, found, number, text

PRODUCTS = MappingProxyType({"IVV": "239726", "IWM": "239710"})
"""The number of each fund in the publisher's addresses."""

AS_OF = "fund holdings as of"
VALUE = "market value"


@dataclass(frozen=True, slots=True)
class IShares:
    """One list a fund, of the last session. Weights are made from market values: published ones are cut to 0.01 %."""

    base: str = "https://www.ishares.com"
    name: str = "ishares"
    title: str = "iShares holdings"
    terms: str = "For personal, non-commercial use; not to be redistributed."
    minutes: int = 720
    lacking: str = ""

    def offers(self, ref: SeriesRef) -> bool:
        return family_of(ref) is FUND_CONCENTRATION and _fund(ref) in PRODUCTS

    def requests(self, refs: Collection[SeriesRef], held: SeriesBook, today: date) -> tuple[Request, ...]:
        """The latest list of each fund."""
        funds = sorted({_fund(ref) for ref in refs})
        return tuple(
            Request(
                f"{self.base}/us/products/{PRODUCTS[fund]}/fund/1467271812596.ajax"
                f"?fileType=csv&fileName={fund}_holdings&dataType=fund",
                tuple(sorted(ref for ref in refs if _fund(ref) == fund)),
            )
            for fund in funds
        )

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read a list: some lines on the fund, a blank one, the table, a blank one, and the publisher's conditions."""
        lines = [line.strip(" \u00a0") for line in text(body).splitlines()]
        start = next((place for place, line in enumerate(lines) if line.startswith("Ticker,")), None)
        if start is None:
            raise UnusableAnswerError("a file without a table of holdings")
        end = next((place for place in range(start, len(lines)) if not lines[place]), len(lines))
        day = _as_of(lines[:start])
        values = _equities(lines[start:end])
        if day is None or not values:
            raise UnusableAnswerError("a list without a day or without equities")
        weights = np.array(values) / sum(values)
        fund = _fund(request.refs[0])
        made = dict(gauges(fund, weights))
        return tuple(found(ref, [Row(day, made[ref])]) for ref in request.refs if ref in made)


def _fund(ref: SeriesRef) -> str:
    return FUND_CONCENTRATION.parts(ref.id)["fund"]


def _as_of(lines: list[str]) -> date | None:
    for cells in csv.reader(lines):
        if len(cells) > 1 and cells[0].strip().lower() == AS_OF:
            try:
                return datetime.strptime(cells[1].strip(), "%b %d, %Y").date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                return None
    return None


def _equities(table: list[str]) -> list[float]:
    """The positive market values of the equities in a table with its header."""
    rows = csv.DictReader(table)
    named = [{(name or "").strip().lower(): cell for name, cell in row.items()} for row in rows]
    values = (number(row.get(VALUE)) for row in named if row.get("asset class") == "Equity")
    return [value for value in values if value is not None and value > 0]
