"""iShares' lists of holdings, from which the concentration of a fund is computed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import sessions_between
from groundswell.model import SeriesRef
from groundswell.sources.services.answers import parse_day, parse_number, read_parameter, read_text
from groundswell.sources.services.base import (
    DataService,
    Request,
    SeriesRows,
    UnusableAnswerError,
    read_last_day,
)
from groundswell.sources.services.holdings.lists import (
    Holding,
    HoldingsList,
    build_list,
    fund_of,
    group_by_fund,
    read_gauges,
)
from groundswell.sources.services.rows import quote_text
from groundswell.sources.tables.faults import TableError
from groundswell.sources.tables.grid import split_rows

PRODUCT_NUMBERS = MappingProxyType({"IVV": "239726", "IWM": "239710"})
"""The number of each fund in the publisher's addresses."""

FUND_NAMES = MappingProxyType({"IVV": "iShares Core S&P 500 ETF", "IWM": "iShares Russell 2000 ETF"})
"""What each fund is called in the first line of its list."""

SITE = "https://www.ishares.com"
"""The page of each fund, whose file was the only one until 2026 and is now often a web page."""

MAX_SESSIONS = 10
"""So many past sessions without a list are requested again, the latest."""

LATEST_SESSIONS = timedelta(days=30)
DAY_LABEL = "fund holdings as of"
VALUE_COLUMN, CLASS_COLUMN, WEIGHT_COLUMN = "market value", "asset class", "weight (%)"


class IShares(DataService):
    """One list a fund and session. Weights come from market values: published weights are cut to 0.01 %."""

    name = "ishares"
    title = "iShares holdings"
    terms = "For personal, non-commercial use; not to be redistributed."
    default_address = "https://www.blackrock.com"
    priority = 70
    interval = timedelta(hours=12)

    def offers(self, ref: SeriesRef) -> bool:
        return fund_of(ref) in PRODUCT_NUMBERS

    def requests(self, refs: Collection[SeriesRef], stored: SeriesBook, today: date) -> tuple[Request, ...]:
        """Request the list of the last session before today of each fund, and those missed since the last stored."""
        return tuple(
            request
            for fund, group in group_by_fund(refs)
            for request in self._fund_requests(fund, group, stored, today)
        )

    def _fund_requests(self, fund: str, refs: tuple[SeriesRef, ...], stored: SeriesBook, today: date) -> list[Request]:
        yesterday = today - timedelta(days=1)
        last_days = [read_last_day(ref, stored) for ref in refs]
        known = min((day for day in last_days if day), default=None) if all(last_days) else None
        sessions = sessions_between(yesterday - LATEST_SESSIONS, yesterday).tolist()
        missed = [day for day in sessions[-MAX_SESSIONS:-1] if known and day > known]
        latest = list_addresses(fund, sessions[-1] if sessions else None, self.address)
        return [
            Request(latest[0], refs, latest[1:]),
            *(Request(list_addresses(fund, day, self.address)[0], refs) for day in missed),
        ]

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read a list of the requested day."""
        holdings = read_list(fund_of(request.refs[0]), body)
        wanted = read_parameter(request.address, "asOfDate")
        if wanted and wanted != f"{holdings.day:%Y%m%d}":
            raise UnusableAnswerError(f"the list of {holdings.day} instead of {wanted[:4]}-{wanted[4:6]}-{wanted[6:]}")
        return read_gauges(request, holdings)


def list_addresses(fund: str, day: date | None = None, mirror: str = "") -> tuple[str, ...]:
    """Return the addresses of a fund's list in the order in which to try them: that of a day, then the latest ones."""
    product = PRODUCT_NUMBERS[fund]
    document = (
        f"{mirror or IShares.default_address}/varnish-api/blk-one01-product-data/product-data/api/v1/get-fund-document"
        f"?appType=PRODUCT_PAGE&appSubType=ISHARES&targetSite=us-ishares&locale=en_US&portfolioId={product}"
        "&component=holdings&userType=individual"
    )
    page = (
        f"{mirror or SITE}/us/products/{product}/fund/1467271812596.ajax"
        f"?fileType=csv&fileName={fund}_holdings&dataType=fund"
    )
    return (*([f"{document}&asOfDate={day:%Y%m%d}"] if day else []), document, page)


def read_list(fund: str, body: bytes) -> HoldingsList:
    """Read a list: some lines on the fund, a blank one, the table, a blank one, and the publisher's conditions.

    Raises ``UnusableAnswerError`` for anything else, and for the list of another fund. The table has no column of days,
    by which the headings of other tables are found; its cells are split and read as theirs are.
    """
    lines = [line.strip(" \u00a0") for line in read_text(body).split("\n")]
    start = next((number for number, line in enumerate(lines) if line.startswith("Ticker,")), None)
    if start is None:
        raise UnusableAnswerError("a file without a table of holdings")
    if start == 0:
        raise UnusableAnswerError("a table of holdings that does not say of which fund and day it is")
    end = next((number for number in range(start, len(lines)) if not lines[number]), len(lines))
    _check_fund(lines[0], fund)
    day = _read_day(_split(lines[:start]))
    header, *cells = _split(lines[start:end])
    names = [name.strip().lower() for name in header]
    rows = [dict(zip(names, row, strict=False)) for row in cells]
    missing = {VALUE_COLUMN, CLASS_COLUMN} - set(rows[0] if rows else ())
    if rows and missing:
        raise UnusableAnswerError(f"a list without the column {min(missing)!r}")
    return build_list(fund, day, map(_read_holding, rows))


def _split(lines: Sequence[str]) -> list[list[str]]:
    try:
        return split_rows("\n".join(lines), ",").rows
    except TableError as error:
        raise UnusableAnswerError(f"a list that cannot be read: {error.text}") from None


def _read_holding(row: Mapping[str, str]) -> Holding:
    # Market values are dollars with thousands: a comma before three digits is no sign of decimals here.
    weight = parse_number(row.get(WEIGHT_COLUMN))
    asset_class = (row.get(CLASS_COLUMN) or "").strip()
    return Holding(
        ticker=(row.get("ticker") or "").strip(),
        name=(row.get("name") or "").strip(),
        sector=(row.get("sector") or "").strip(),
        asset_class=asset_class,
        market_value=parse_number(row.get(VALUE_COLUMN)),
        weight=None if weight is None else weight / 100,
        is_equity=asset_class == "Equity",
    )


def _check_fund(heading: str, fund: str) -> None:
    """Raise ``UnusableAnswerError`` if the first line of a list names another fund than the requested one."""
    if _simplify(heading) != _simplify(FUND_NAMES[fund]):
        named = heading.replace('"', "").strip(",")
        raise UnusableAnswerError(f"the list of {quote_text(named)} instead of {FUND_NAMES[fund]}")


def _simplify(name: str) -> str:
    """Leave case, quotes, commas and trade marks out of a fund's name."""
    return " ".join(re.findall(r"[a-z0-9&]+", name.casefold()))


def _read_day(rows: Sequence[Sequence[str]]) -> date | None:
    """Return the day of a list; None where it gives none, as for a day on which the fund was closed."""
    named = (cells[1] for cells in rows if len(cells) > 1 and cells[0].strip().lower() == DAY_LABEL)
    return parse_day(next(named, None))
