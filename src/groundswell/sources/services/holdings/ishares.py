"""iShares' lists of holdings, from which the concentration of a fund is computed."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection
from datetime import date, datetime, timedelta
from types import MappingProxyType

import numpy as np

from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import FUND_CONCENTRATION, family_of
from groundswell.model import SeriesRef
from groundswell.sources.derived.concentration import compute_gauges
from groundswell.sources.services.answers import parse_number, read_text
from groundswell.sources.services.base import (
    DataService,
    Request,
    Row,
    SeriesRows,
    UnusableAnswerError,
    sort_rows,
)
from groundswell.sources.services.rows import quote_text

PRODUCT_NUMBERS = MappingProxyType({"IVV": "239726", "IWM": "239710"})
"""The number of each fund in the publisher's addresses."""

FUND_NAMES = MappingProxyType({"IVV": "iShares Core S&P 500 ETF", "IWM": "iShares Russell 2000 ETF"})
"""What each fund is called in the first line of its list."""

DAY_LABEL = "fund holdings as of"
VALUE_COLUMN = "market value"
CLASS_COLUMN = "asset class"


class IShares(DataService):
    """One list a fund, of the last session. Weights come from market values: published weights are cut to 0.01 %."""

    name = "ishares"
    title = "iShares holdings"
    terms = "For personal, non-commercial use; not to be redistributed."
    default_address = "https://www.ishares.com"
    priority = 70
    interval = timedelta(hours=12)

    def offers(self, ref: SeriesRef) -> bool:
        return family_of(ref) is FUND_CONCENTRATION and _fund(ref) in PRODUCT_NUMBERS

    def requests(self, refs: Collection[SeriesRef], stored: SeriesBook, today: date) -> tuple[Request, ...]:
        """Request the latest list of each fund."""
        funds = sorted({_fund(ref) for ref in refs})
        return tuple(
            Request(
                f"{self.base_address}/us/products/{PRODUCT_NUMBERS[fund]}/fund/1467271812596.ajax"
                f"?fileType=csv&fileName={fund}_holdings&dataType=fund",
                tuple(sorted(ref for ref in refs if _fund(ref) == fund)),
            )
            for fund in funds
        )

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read a list: some lines on the fund, a blank one, the table, a blank one, and the publisher's conditions."""
        lines = [line.strip(" \u00a0") for line in read_text(body).splitlines()]
        start = next((number for number, line in enumerate(lines) if line.startswith("Ticker,")), None)
        if start is None:
            raise UnusableAnswerError("a file without a table of holdings")
        end = next((number for number in range(start, len(lines)) if not lines[number]), len(lines))
        _check_fund(lines[0], _fund(request.refs[0]))
        try:
            day, market_values = _list_day(lines[:start]), _equity_values(lines[start:end])
        except csv.Error:
            raise UnusableAnswerError("a file that is not CSV") from None
        if day is None or not market_values:
            raise UnusableAnswerError("a list without a day or without equities")
        weights = np.array(market_values) / sum(market_values)
        values = dict(compute_gauges(_fund(request.refs[0]), weights))
        return tuple(sort_rows(ref, [Row(day, values[ref])]) for ref in request.refs if ref in values)


def _check_fund(heading: str, fund: str) -> None:
    """Raise ``UnusableAnswerError`` if the first line of a list names another fund than the requested one."""
    if _simplify(heading) != _simplify(FUND_NAMES[fund]):
        named = heading.replace('"', "").strip(",")
        raise UnusableAnswerError(f"the list of {quote_text(named)} instead of {FUND_NAMES[fund]}")


def _simplify(name: str) -> str:
    """Leave case, quotes, commas and trade marks out of a fund's name."""
    return " ".join(re.findall(r"[a-z0-9&]+", name.casefold()))


def _fund(ref: SeriesRef) -> str:
    return FUND_CONCENTRATION.parts(ref.id)["fund"]


def _list_day(lines: list[str]) -> date | None:
    for cells in csv.reader(lines):
        if len(cells) > 1 and cells[0].strip().lower() == DAY_LABEL:
            try:
                return datetime.strptime(cells[1].strip(), "%b %d, %Y").date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                return None
    return None


def _equity_values(table: list[str]) -> list[float]:
    """Return the positive market values of the equities in a table with its header."""
    rows = [{(name or "").strip().lower(): cell for name, cell in row.items()} for row in csv.DictReader(table)]
    values = (parse_number(row.get(VALUE_COLUMN)) for row in rows if row.get(CLASS_COLUMN) == "Equity")
    return [value for value in values if value is not None and value > 0]
