"""State Street's daily lists of holdings, one Excel workbook a fund."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from groundswell.sources.services.answers import parse_day, parse_number, read_text
from groundswell.sources.services.base import UnusableAnswerError
from groundswell.sources.services.holdings.lists import Holding, HoldingsList, build_list
from groundswell.sources.services.holdings.service import LatestListService
from groundswell.sources.services.holdings.workbook import read_sheet
from groundswell.sources.services.rows import quote_text

FUNDS = frozenset({"SPY", "XBI", "KRE"})
HEADER_ROWS = 20
"""The table begins within so many rows."""

_DAY = re.compile(r"As of (\d{1,2}-[A-Z][a-z]{2}-\d{4})")
_NO_COMPANY = re.compile(
    r"^US DOLLAR$|^CASH\b|\bMONEY MARKET\b|\bLIQUID RESERVES\b|\bFUTURES?\b|\bE-?MINI\b", re.IGNORECASE
)


class StateStreet(LatestListService):
    """The list of the last session of each fund, with weights to a millionth of a percent."""

    name = "ssga"
    title = "State Street holdings"
    terms = "The terms of State Street apply; to be safe, for personal use alone and not to be redistributed."
    default_address = "https://www.ssga.com"
    priority = 71
    interval = timedelta(hours=12)

    funds = FUNDS

    def list_address(self, fund: str) -> str:
        return (
            f"{self.base_address}/us/en/individual/etfs/library-content/products/fund-data/etfs/us/"
            f"holdings-daily-us-en-{fund.lower()}.xlsx"
        )

    def read_list(self, fund: str, body: bytes) -> HoldingsList:
        return read_list(fund, body)


def read_list(fund: str, body: bytes) -> HoldingsList:
    """Read a workbook: the fund, its ticker and the day in the first rows, the table, and the publisher's conditions.

    Raises ``UnusableAnswerError`` for anything else, and for the list of another fund.
    """
    if not body.startswith(b"PK"):
        read_text(body)  # says so where it is a web page
    rows = read_sheet(body)
    facts = {row[0].strip().rstrip(":").lower(): row[1].strip() for row in rows[:HEADER_ROWS] if len(row) > 1}
    named = facts.get("ticker symbol", "")
    if named.upper() != fund:
        raise UnusableAnswerError(f"the list of {quote_text(named or facts.get('fund name', ''))} instead of {fund}")
    start = next((number for number, row in enumerate(rows[:HEADER_ROWS]) if "Ticker" in row and "Weight" in row), None)
    if start is None:
        raise UnusableAnswerError("a workbook without the columns Ticker and Weight")
    columns = {name.strip().lower(): column for column, name in enumerate(rows[start])}
    return build_list(fund, _read_day(facts.get("holdings", "")), _read_table(rows[start + 1 :], columns))


def _read_table(rows: Sequence[Sequence[str]], columns: dict[str, int]) -> list[Holding]:
    """Read the rows up to the first without a weight, below which stand the conditions."""
    holdings = []
    for row in rows:
        cells = {name: row[column].strip() if column < len(row) else "" for name, column in columns.items()}
        if not cells["weight"]:
            break
        weight = parse_number(cells["weight"])
        if weight is None:
            raise UnusableAnswerError(f"the weight {quote_text(cells['weight'])}, which is no number")
        ticker, name = cells["ticker"], cells.get("name", "")
        is_equity = ticker not in ("", "-") and not _NO_COMPANY.search(name)
        holdings.append(Holding(ticker, name, cells.get("sector", ""), "", None, weight / 100, is_equity))
    return holdings


def _read_day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    return parse_day(found[1]) if found else None
