"""Facts of companies' annual accounts, as tagged in their filings with the US Securities and Exchange Commission."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import COMPANY_ACCOUNTS, family_of
from groundswell.model import Measure, SeriesRef
from groundswell.sources.services.base import (
    Request,
    Row,
    SeriesRows,
    UnusableAnswerError,
    day_of,
    found,
    json_object,
    number,
    oldest_first,
)

TAGS = MappingProxyType(
    {
        "interest_expense": (
            "InterestExpense",
            "InterestExpenseNonoperating",
            "InterestExpenseOperating",
            "InterestExpenseDebt",
            "InterestAndDebtExpense",
        ),
        "operating_income": ("OperatingIncomeLoss",),
        "net_income": ("NetIncomeLoss",),
        "short_term_debt": ("DebtCurrent", "LongTermDebtCurrent", "LongTermDebtAndCapitalLeaseObligationsCurrent"),
        "long_term_debt": ("LongTermDebtNoncurrent", "LongTermDebtAndCapitalLeaseObligations"),
        "equity": ("StockholdersEquity",),
        "cash": ("CashAndCashEquivalentsAtCarryingValue",),
    }
)
"""What is read of each company, and the tags under which it stands, the first that has a year's value counting."""

ANNUAL = ("10-K", "10-K/A", "10-KT", "20-F", "40-F")
YEAR = (350, 380)
"""Days that the period of a year's flow may have: years of 52 and of 53 weeks among them."""

ACCEPTED = time(3)
"""Filings are taken until 22:00 in Washington: by this hour (UTC) of the next day all of a day are out."""


def facts_of(companies: Collection[int]) -> frozenset[SeriesRef]:
    """All that is read of these companies."""
    return frozenset(COMPANY_ACCOUNTS.ref(cik, item) for cik in companies for item in TAGS)


@dataclass(frozen=True, slots=True)
class Sec:
    """US dollars at (or over the year to) the end of each fiscal year; a restatement in a later filing is a revision.

    The SEC answers only programs that name whom to write to.
    """

    base: str = "https://data.sec.gov"
    contact: str = field(default="", repr=False)
    name: str = "sec"
    title: str = "SEC company facts"
    terms: str = "Public domain; at most ten requests a second, from programs that name a contact."
    minutes: int = 720

    @property
    def lacking(self) -> str:
        return "" if self.contact else "not asked: it answers only programs that name a contact, to be set as contact"

    def offers(self, ref: SeriesRef) -> bool:
        is_account = ref.measure is Measure.LEVEL and family_of(ref) is COMPANY_ACCOUNTS
        return is_account and COMPANY_ACCOUNTS.parts(ref.id)["item"] in TAGS

    def requests(self, refs: Collection[SeriesRef], held: SeriesBook, today: date) -> tuple[Request, ...]:
        """One a company, for all its facts stand in one answer."""
        by_company: dict[str, list[SeriesRef]] = {}
        for ref in oldest_first(refs, held):
            by_company.setdefault(COMPANY_ACCOUNTS.parts(ref.id)["company"], []).append(ref)
        return tuple(
            Request(f"{self.base}/api/xbrl/companyfacts/CIK{company}.json", tuple(wanted))
            for company, wanted in by_company.items()
        )

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read an answer. The year of a value is told by its days: ``fy`` and ``fp`` are those of the filing."""
        facts = json_object(body).get("facts")
        tagged = facts.get("us-gaap") if isinstance(facts, dict) else None
        if not isinstance(tagged, dict):
            raise UnusableAnswerError("JSON without facts by the tags of US accounts")
        return tuple(found(ref, _rows(tagged, TAGS[COMPANY_ACCOUNTS.parts(ref.id)["item"]])) for ref in request.refs)


def _rows(tagged: dict[str, Any], tags: Sequence[str]) -> Iterator[Row]:
    """Each value of each year with the instant by which its filing was out; one that a later filing repeats comes once.

    A company changes its tags over the years, so that each year has the first tag that tells it.
    """
    by_tag = [_annual(tagged.get(tag)) for tag in tags]
    for day in sorted({day for years in by_tag for day in years}):
        told = next(years[day] for years in by_tag if day in years)
        last: float | None = None
        for filed, value in sorted(told):
            if value != last:
                yield Row(day, value, datetime.combine(filed + timedelta(days=1), ACCEPTED, UTC))
            last = value


def _annual(concept: object) -> dict[date, list[tuple[date, float]]]:
    """The values of a tag in annual reports by the last day of their year, each with the day it was filed."""
    units = concept.get("units") if isinstance(concept, dict) else None
    listed = units.get("USD") if isinstance(units, dict) else None
    years: dict[date, list[tuple[date, float]]] = {}
    for fact in listed if isinstance(listed, list) else ():
        if not isinstance(fact, dict) or fact.get("form") not in ANNUAL:
            continue
        start, end, filed = (day_of(fact.get(name)) for name in ("start", "end", "filed"))
        value = number(fact.get("val"))
        whole = "start" not in fact or (start and end and YEAR[0] <= (end - start).days <= YEAR[1])
        if end and filed and value is not None and whole:
            years.setdefault(end, []).append((filed, value))
    return years
