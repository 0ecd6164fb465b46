"""Facts of companies' annual accounts, as tagged in their filings with the US Securities and Exchange Commission."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import COMPANY_ACCOUNTS, family_of
from groundswell.model import Measure, SeriesRef
from groundswell.sources.services.answers import parse_day_or_none, parse_number, read_json_object
from groundswell.sources.services.base import (
    DataService,
    Request,
    Row,
    SeriesRows,
    UnusableAnswerError,
    sort_by_last_value,
    sort_rows,
)

XBRL_TAGS = MappingProxyType(
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
"""The items read for each company, and the tags that may hold each; the first tag with a value for a year counts."""

ANNUAL_FORMS = ("10-K", "10-K/A", "10-KT", "20-F", "40-F")
FISCAL_YEAR_DAYS = (350, 380)
"""Shortest and longest period of a year's flow: fiscal years of 52 and of 53 weeks lie within."""

FILINGS_OUT = time(3)
"""Filings are accepted until 22:00 in Washington: by this hour (UTC) of the next day all of a day are out."""


def account_refs(companies: Collection[int]) -> frozenset[SeriesRef]:
    """Return every series that is read for these companies, given by their numbers at the SEC."""
    return frozenset(COMPANY_ACCOUNTS.ref(company, item) for company in companies for item in XBRL_TAGS)


class Sec(DataService):
    """US dollars at (or over the year to) the end of each fiscal year; a restatement in a later filing is a revision.

    The SEC answers only programs that name a contact.
    """

    name = "sec"
    title = "SEC company facts"
    terms = "Public domain; at most ten requests a second, from programs that name a contact."
    default_address = "https://data.sec.gov"
    priority = 80
    interval = timedelta(hours=12)
    required_settings = frozenset({"contact"})

    def offers(self, ref: SeriesRef) -> bool:
        is_account = ref.measure is Measure.LEVEL and family_of(ref) is COMPANY_ACCOUNTS
        return is_account and COMPANY_ACCOUNTS.parts(ref.id)["item"] in XBRL_TAGS

    def requests(self, refs: Collection[SeriesRef], stored: SeriesBook, today: date) -> tuple[Request, ...]:
        """Request one company each: one answer holds all its facts."""
        by_company: dict[str, list[SeriesRef]] = {}
        for ref in sort_by_last_value(refs, stored):
            by_company.setdefault(COMPANY_ACCOUNTS.parts(ref.id)["company"], []).append(ref)
        return tuple(
            Request(f"{self.base_address}/api/xbrl/companyfacts/CIK{company}.json", tuple(group))
            for company, group in by_company.items()
        )

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read an answer. A value's own days give its year: ``fy`` and ``fp`` are those of the filing."""
        facts = read_json_object(body).get("facts")
        concepts = facts.get("us-gaap") if isinstance(facts, dict) else None
        if not isinstance(concepts, dict):
            raise UnusableAnswerError("JSON without facts by the tags of US accounts")
        return tuple(
            sort_rows(ref, _read_rows(concepts, XBRL_TAGS[COMPANY_ACCOUNTS.parts(ref.id)["item"]]))
            for ref in request.refs
        )


def _read_rows(concepts: dict[str, Any], tags: Sequence[str]) -> Iterator[Row]:
    """Yield each value of each year with the time its filing was out; a value that a later filing repeats comes once.

    A company changes its tags over the years, so each year takes the first tag that has a value for it.
    """
    years_by_tag = [_annual_values(concepts.get(tag)) for tag in tags]
    for day in sorted({day for years in years_by_tag for day in years}):
        filings = next(years[day] for years in years_by_tag if day in years)
        last: float | None = None
        for filed, value in sorted(filings):
            if value != last:
                yield Row(day, value, datetime.combine(filed + timedelta(days=1), FILINGS_OUT, UTC))
            last = value


def _annual_values(concept: object) -> dict[date, list[tuple[date, float]]]:
    """Return the values of a tag in annual reports by the last day of their year, each with the day it was filed."""
    units = concept.get("units") if isinstance(concept, dict) else None
    facts = units.get("USD") if isinstance(units, dict) else None
    years: dict[date, list[tuple[date, float]]] = {}
    for fact in facts if isinstance(facts, list) else ():
        if not isinstance(fact, dict) or fact.get("form") not in ANNUAL_FORMS:
            continue
        start, end, filed = (parse_day_or_none(fact.get(name)) for name in ("start", "end", "filed"))
        value = parse_number(fact.get("val"))
        if end and filed and filed < date.max and value is not None and _is_annual(fact, start, end):
            years.setdefault(end, []).append((filed, value))
    return years


def _is_annual(fact: dict[str, Any], start: date | None, end: date) -> bool:
    """Whether a fact is the amount at a day, or a flow over about a year."""
    if "start" not in fact:
        return True
    shortest, longest = FISCAL_YEAR_DAYS
    return start is not None and shortest <= (end - start).days <= longest
