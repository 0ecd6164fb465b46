"""Funds' quarterly reports of their holdings to the SEC (form N-PORT), public some sixty days after their day."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from urllib.parse import urldefrag
from xml.etree import ElementTree as ET

from groundswell.markets.series.book import SeriesBook
from groundswell.model import SeriesRef
from groundswell.sources.services.answers import parse_day, parse_number, read_text
from groundswell.sources.services.base import DataService, Request, SeriesRows, UnusableAnswerError
from groundswell.sources.services.holdings.lists import (
    Holding,
    HoldingsList,
    build_list,
    fund_of,
    group_by_fund,
    read_gauges,
)
from groundswell.sources.services.rows import quote_text

FUND_SERIES = MappingProxyType({"RSP": ("1209466", "S000060812")})
"""The numbers of the trust and of the fund at the SEC."""

FORM = "NPORT-P"
FILED_BY = time(23)
"""Filings of a day are public by this hour (UTC), for a fund's list that is weeks old."""

_HREF = re.compile(r"/Archives/edgar/data/(\d{1,10})/(\d{18})/")
_FILED = "filed="


class NPort(DataService):
    """The last published report: the index of the fund's filings first, then the report that it names."""

    name = "nport"
    title = "SEC N-PORT reports"
    terms = "Public domain. Requests name your contact, and are ten a second at most."
    default_address = "https://www.sec.gov"
    priority = 73
    interval = timedelta(hours=24)
    required_settings = frozenset({"contact"})

    def offers(self, ref: SeriesRef) -> bool:
        return fund_of(ref) in FUND_SERIES

    def requests(self, refs: Collection[SeriesRef], stored: SeriesBook, today: date) -> tuple[Request, ...]:
        """Request the index of each fund's reports, which has no values itself."""
        return tuple(
            Request(
                f"{self.base_address}/cgi-bin/browse-edgar?action=getcompany&CIK={FUND_SERIES[fund][1]}&type={FORM}"
                "&dateb=&owner=include&count=10&output=atom",
                group,
                may_be_empty=True,
            )
            for fund, group in group_by_fund(refs)
        )

    def follow_up(self, request: Request, body: bytes) -> tuple[Request, ...]:
        """Request the latest report of an index."""
        if _is_report(request):
            return ()
        trust, _ = FUND_SERIES[fund_of(request.refs[0])]
        filed, accession = _find_latest(body, trust)
        address = f"{self.base_address}/Archives/edgar/data/{trust}/{accession}/primary_doc.xml#{_FILED}{filed}"
        return (Request(address, request.refs),)

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read an index, which gives nothing, or a report; its values are known from the day of its filing."""
        fund = fund_of(request.refs[0])
        if not _is_report(request):
            _find_latest(body, FUND_SERIES[fund][0])
            return ()
        filed = parse_day(urldefrag(request.address).fragment.removeprefix(_FILED))
        known_at = datetime.combine(filed, FILED_BY, UTC) if filed else None
        if known_at is None:
            raise UnusableAnswerError("a report without a day of filing")
        return read_gauges(request, read_list(fund, body), known_at)


def read_list(fund: str, body: bytes) -> HoldingsList:
    """Read a report. Raises ``UnusableAnswerError`` for anything else, and for the report of another fund."""
    root = _parse(body)
    series = _find_text(root, "seriesId")
    if series != FUND_SERIES[fund][1]:
        raise UnusableAnswerError(f"the report of {quote_text(series)} instead of {FUND_SERIES[fund][1]} ({fund})")
    day = parse_day(_find_text(root, "repPdDate"))
    return build_list(fund, day, [_read_holding(entry) for entry in root.iterfind(".//{*}invstOrSec")])


def _read_holding(entry: ET.Element) -> Holding:
    weight = parse_number(_find_text(entry, "pctVal"))
    kind = _find_text(entry, "assetCat")
    return Holding(
        ticker="",  # reports name companies by CUSIP
        name=_find_text(entry, "name"),
        asset_class=kind,
        market_value=parse_number(_find_text(entry, "valUSD")),
        weight=None if weight is None else weight / 100,
        is_equity=kind in ("EC", "EP") and _find_text(entry, "payoffProfile") in ("", "Long"),
    )


def _find_latest(body: bytes, trust: str) -> tuple[str, str]:
    """Return the day of filing and the number of the latest report in an index."""
    filings = []
    for entry in _parse(body).iterfind(".//{*}entry"):
        form, filed = _find_text(entry, "filing-type"), _find_text(entry, "filing-date")
        found = _HREF.search(_find_text(entry, "filing-href"))
        if form == FORM and found and found[1] == trust and parse_day(filed):
            filings.append((filed, found[2]))
    if not filings:
        raise UnusableAnswerError(f"an index without a report of the form {FORM}")
    return max(filings)


def _is_report(request: Request) -> bool:
    return "/Archives/" in request.address


def _find_text(element: ET.Element, name: str) -> str:
    return (element.findtext(f".//{{*}}{name}") or "").strip()


def _parse(body: bytes) -> ET.Element:
    read_text(body)  # says so where it is a web page, or empty
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise UnusableAnswerError("XML that declares entities")
    try:
        return ET.fromstring(body)  # noqa: S314 - without declarations of entities
    except (ET.ParseError, ValueError, LookupError):
        raise UnusableAnswerError("an answer that is not XML") from None
