"""Annual accounts of small and large companies, from the lists of two funds and the SEC's frames."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from urllib.parse import urldefrag

import numpy as np

from groundswell.markets.indicators.fundamentals import (
    COMPANIES,
    FILED,
    GROUPS,
    LISTED,
    METRICS,
    STATISTICS,
    compute_metrics,
    summarise_group,
)
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import GROUP_ACCOUNTS, family_of
from groundswell.markets.series.family import ACCOUNTS_PUBLISHED_BY, EVENING
from groundswell.model import SeriesRef
from groundswell.ports import Retrieved
from groundswell.sources.services.accounts.frames import GROUP_ITEMS, Frame, compute_items, list_frames, read_frame
from groundswell.sources.services.accounts.tickers import read_company_numbers, simplify_ticker
from groundswell.sources.services.base import DataService, Request, Row, SeriesRows, UnusableAnswerError, sort_rows
from groundswell.sources.services.holdings.ishares import list_addresses, read_list

FUNDS = MappingProxyType({"small": "IWM", "large": "IVV"})
"""The fund whose list names the companies of each group; one that is on both lists is large."""

FINANCIALS = "Financials"
"""The sector of banks and insurers, for which interest is a cost of what they sell."""

YEARS = 10
"""So many fiscal years are read. The older one is, the fewer of the companies listed today had accounts then."""

TICKERS_ADDRESS, TICKERS_PATH = "https://www.sec.gov", "/files/company_tickers.json"
MIN_KNOWN_TICKERS = 0.8
"""The smallest share of a list's tickers that the SEC's list has; with fewer, one of both is not whole."""

EARLIER = " earlier"
"""Marks the batch of a year before the newest one: that its figures come only now does not make them new."""

_FRAME = re.compile(r"/frames/us-gaap/(\w+)/USD/(CY\d{4}(?:Q4I)?)\.json$")


@dataclass(frozen=True, slots=True)
class _Members:
    """The companies of a group by their numbers at the SEC, and how many the list has."""

    numbers: tuple[int, ...]
    listed: int


class SecFrames(DataService):
    """One frame a tag and year holds what every company filed last; the groups are those of the lists of today.

    The figures of a group take the lists of both funds, the SEC's tickers and all frames of a year, so that these
    answers are read together.
    """

    name = "secframes"
    title = "SEC frames"
    terms = "Public domain; at most ten requests a second, from programs that name a contact."
    default_address = "https://data.sec.gov"
    other_addresses = (TICKERS_ADDRESS, "https://www.blackrock.com", "https://www.ishares.com")
    priority = 81
    interval = timedelta(hours=24)
    required_settings = frozenset({"contact"})
    absent_statuses = frozenset({404})
    max_answer_bytes = 16_000_000

    def offers(self, ref: SeriesRef) -> bool:
        if family_of(ref) is not GROUP_ACCOUNTS or ref.measure is not GROUP_ACCOUNTS.measure:
            return False
        parts = GROUP_ACCOUNTS.parts(ref.id)
        known = (LISTED, FILED) if parts["metric"] == COMPANIES else STATISTICS if parts["metric"] in METRICS else ()
        return parts["group"] in GROUPS and parts["statistic"] in known

    def requests(self, refs: Collection[SeriesRef], stored: SeriesBook, today: date) -> tuple[Request, ...]:
        """Request the years without a value, the newest first, and last of all the newest year again."""
        wanted, newest = tuple(sorted(refs)), _find_newest_year(today)
        series = [found for ref in wanted if (found := stored.get(ref))]
        known = {day.year for one in series for day in one.dates.tolist()}
        missing = [year for year in range(newest, newest - YEARS, -1) if year not in known]
        years = missing if newest in missing else [*missing, newest]
        return tuple(
            request
            for year in years
            for request in self._build_batch(year, f"{year}" if year == newest else f"{year}{EARLIER}", wanted)
        )

    def _build_batch(self, year: int, name: str, refs: tuple[SeriesRef, ...]) -> list[Request]:
        lists = [list_addresses(fund, mirror=self.address) for fund in FUNDS.values()]
        frames = [(f"{self.base_address}{frame.path}",) for frame in list_frames(year)]
        addresses = [(f"{self.address or TICKERS_ADDRESS}{TICKERS_PATH}",), *lists, *frames]
        # The mark at the end of an address is not sent. It keeps the lists of one batch apart from those of another.
        marked = [[f"{address}#{year}" for address in each] for each in addresses]
        return [Request(first, refs, tuple(others), may_be_empty=True, batch=name) for first, *others in marked]

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Check one answer, which gives no figure without the others."""
        frame, fund = _find_frame(request), self._find_fund(request)
        if frame:
            read_frame(frame, body)
        elif fund:
            _read_tickers(fund, body)
        else:
            read_company_numbers(body)
        return ()

    def read_batch(self, answers: Sequence[tuple[Request, Retrieved]]) -> tuple[SeriesRows, ...]:
        """Compute the figures of a year. Raises ``UnusableAnswerError`` unless every answer is there."""
        batch, refs = answers[0][0].batch, answers[0][0].refs
        year = int(batch.removesuffix(EARLIER) or 0)
        amounts: dict[str, Mapping[int, float]] = {}
        tickers: dict[str, set[str]] = {}
        numbers: dict[str, int] = {}
        for request, retrieved in answers:
            frame, fund = _find_frame(request), self._find_fund(request)
            if frame and retrieved.status in self.absent_statuses:
                amounts[frame.tag] = {}  # no company has filed the tag for this period
                continue
            what = frame.tag if frame else f"the list of {fund}" if fund else "the list of tickers"
            if retrieved.outcome.failed:
                raise UnusableAnswerError(f"fiscal year {year}, {what}: {retrieved.detail}")
            try:
                if frame:
                    amounts[frame.tag] = read_frame(frame, retrieved.body)
                elif fund:
                    tickers[fund] = _read_tickers(fund, retrieved.body)
                else:
                    numbers = read_company_numbers(retrieved.body)
            except UnusableAnswerError as error:
                raise UnusableAnswerError(f"fiscal year {year}, {what}: {error}") from None
        if len(amounts) < len(list_frames(year)) or len(tickers) < len(FUNDS) or not numbers:
            raise UnusableAnswerError(f"fiscal year {year}: answers that are not all that give its figures")
        values = _compute_year(_find_members(tickers, numbers), amounts)
        day = date(year, 12, 31)
        released_at = _find_release(year) if batch.endswith(EARLIER) else None
        return tuple(sort_rows(ref, [Row(day, values[ref], released_at)] if ref in values else []) for ref in refs)

    def _find_fund(self, request: Request) -> str:
        """Return the fund whose list a request is for; empty for other requests."""
        address = urldefrag(request.address).url
        return next((fund for fund in FUNDS.values() if address in list_addresses(fund, mirror=self.address)), "")


def _find_newest_year(today: date) -> int:
    """Return the newest fiscal year whose accounts count."""
    return today.year - (1 if today > date(today.year, *ACCOUNTS_PUBLISHED_BY) else 2)


def _find_release(year: int) -> datetime:
    """Return when accounts of a year count as known."""
    return datetime.combine(date(year + 1, *ACCOUNTS_PUBLISHED_BY), EVENING, UTC)


def _find_frame(request: Request) -> Frame | None:
    found = _FRAME.search(urldefrag(request.address).url)
    return Frame(found[1], found[2]) if found else None


def _read_tickers(fund: str, body: bytes) -> set[str]:
    """Read the simplified tickers of a fund's list, without those of the financial sector."""
    equities = read_list(fund, body).equities
    if not any(holding.sector == FINANCIALS for holding in equities):
        raise UnusableAnswerError("no sectors by which to leave out banks and insurers")
    return {simplify_ticker(holding.ticker) for holding in equities if holding.sector != FINANCIALS} - {""}


def _find_members(tickers: Mapping[str, set[str]], number_of: Mapping[str, int]) -> dict[str, _Members]:
    """Return the companies of each group by the tickers of each fund.

    Several classes of shares are one company. A ticker without a number stands for a company of its own.
    """
    companies = {fund: {number_of.get(ticker, ticker) for ticker in listed} for fund, listed in tickers.items()}
    members: dict[str, _Members] = {}
    for group, fund in FUNDS.items():
        own = companies[fund] - (companies[FUNDS["large"]] if group == "small" else set())
        numbers = tuple(sorted(one for one in own if isinstance(one, int)))
        if len(numbers) < MIN_KNOWN_TICKERS * len(own) or not own:
            raise UnusableAnswerError(
                f"the SEC's list of tickers has only {len(numbers):,} of the {len(own):,} companies of {fund}"
            )
        members[group] = _Members(numbers, len(own))
    return members


def _compute_year(
    members: Mapping[str, _Members], amounts: Mapping[str, Mapping[int, float]]
) -> dict[SeriesRef, float]:
    """Compute every figure of both groups for a year; one without two companies is left out."""
    values: dict[SeriesRef, float] = {}
    for group, companies in members.items():
        items = [compute_items(amounts, number) for number in companies.numbers]
        columns = {name: np.array([one.get(name, np.nan) for one in items]) for name in GROUP_ITEMS}
        values[GROUP_ACCOUNTS.ref(group, COMPANIES, LISTED)] = float(companies.listed)
        values[GROUP_ACCOUNTS.ref(group, COMPANIES, FILED)] = float(sum(bool(one) for one in items))
        for metric, of_companies in compute_metrics(columns).items():
            statistics = summarise_group(of_companies)
            if statistics:
                for name in STATISTICS:
                    values[GROUP_ACCOUNTS.ref(group, metric, name)] = float(getattr(statistics, name))
    return values
