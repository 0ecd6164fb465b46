"""What the services of funds' lists of holdings share: which series they offer, and one request a fund."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection
from datetime import date
from typing import ClassVar

from groundswell.markets.series.book import SeriesBook
from groundswell.model import SeriesRef
from groundswell.sources.services.base import DataService, Request, SeriesRows
from groundswell.sources.services.holdings.lists import HoldingsList, fund_of, group_by_fund, read_gauges


class LatestListService(DataService):
    """A publisher that gives the latest list of each of its ``funds`` (symbols), and no earlier ones."""

    funds: ClassVar[Collection[str]]

    def offers(self, ref: SeriesRef) -> bool:
        return fund_of(ref) in self.funds

    def requests(self, refs: Collection[SeriesRef], stored: SeriesBook, today: date) -> tuple[Request, ...]:
        """Request the latest list of each fund."""
        return tuple(Request(self.list_address(fund), group) for fund, group in group_by_fund(refs))

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read a list of the requested fund."""
        return read_gauges(request, self.read_list(fund_of(request.refs[0]), body))

    @abstractmethod
    def list_address(self, fund: str) -> str:
        """Return the address of the latest list of a fund."""

    @abstractmethod
    def read_list(self, fund: str, body: bytes) -> HoldingsList:
        """Read a list. Raises ``UnusableAnswerError`` for anything else, and for the list of another fund."""
