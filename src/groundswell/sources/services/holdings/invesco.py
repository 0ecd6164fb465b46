"""Invesco's lists of holdings, as JSON by the CUSIP of the fund."""

from __future__ import annotations

import re
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from groundswell.sources.services.answers import parse_day, parse_number, read_json_object
from groundswell.sources.services.base import UnusableAnswerError
from groundswell.sources.services.holdings.lists import Holding, HoldingsList, build_list
from groundswell.sources.services.holdings.service import LatestListService
from groundswell.sources.services.rows import quote_text

CUSIPS = MappingProxyType({"RSP": "46137V357"})
_EQUITY = re.compile(
    r"common stock|depos[ia]tory receipt|depositary receipt|\breit|real estate|limited partner", re.IGNORECASE
)


class Invesco(LatestListService):
    """The list of the last session of each fund, with published weights."""

    name = "invesco"
    title = "Invesco holdings"
    terms = "The terms of Invesco apply; to be safe, for personal use alone and not to be redistributed."
    default_address = "https://dng-api.invesco.com"
    priority = 72
    interval = timedelta(hours=12)

    funds = frozenset(CUSIPS)

    def list_address(self, fund: str) -> str:
        return (
            f"{self.base_address}/cache/v1/accounts/en_US/shareclasses/{CUSIPS[fund]}/holdings/fund"
            "?idType=cusip&productType=ETF"
        )

    def read_list(self, fund: str, body: bytes) -> HoldingsList:
        return read_list(fund, body)


def read_list(fund: str, body: bytes) -> HoldingsList:
    """Read a list. Raises ``UnusableAnswerError`` for anything else, for another fund, and for a part of a list."""
    answer = read_json_object(body)
    listed = answer.get("holdings")
    if not isinstance(listed, list):
        raise UnusableAnswerError("JSON without holdings")
    if answer.get("cusip") != CUSIPS[fund]:
        raise UnusableAnswerError(f"the list of {quote_text(answer.get('cusip'))} instead of {CUSIPS[fund]} ({fund})")
    total = parse_number(answer.get("totalNumberOfHoldings"))
    if total is not None and total > len(listed):
        raise UnusableAnswerError(f"a list of {len(listed)} of {total:.0f} holdings")
    day = parse_day(answer.get("effectiveBusinessDate") or answer.get("effectiveDate"))
    return build_list(fund, day, [_read_holding(entry) for entry in listed if isinstance(entry, dict)])


def _read_holding(entry: dict[str, Any]) -> Holding:
    weight, kind = parse_number(entry.get("percentageOfTotalNetAssets")), str(entry.get("securityTypeName") or "")
    return Holding(
        ticker=str(entry.get("ticker") or "").strip(),
        name=str(entry.get("issuerName") or "").strip(),
        asset_class=kind,
        market_value=None,  # published next to the weights in some answers only
        weight=None if weight is None else weight / 100,
        is_equity=_EQUITY.search(kind) is not None,
    )
