"""Facts of companies' annual accounts, as tagged in their filings with the US Securities and Exchange Commission."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations, product
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
from groundswell.sources.services.rows import require_rows


@dataclass(frozen=True, slots=True)
class AccountItem:
    """An item of the accounts: the tags that may hold it, the first one with a value counts; or the parts of its sum.

    Each part is again a list of tags of which the first one counts. Parts are added up for years without a total.
    """

    totals: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        return (*self.totals, *(tag for part in self.parts for tag in part))


ACCOUNT_ITEMS = MappingProxyType(
    {
        "interest_expense": AccountItem(
            (
                "InterestExpense",
                "InterestExpenseNonoperating",
                "InterestExpenseOperating",
                "InterestExpenseDebt",
                "InterestAndDebtExpense",
            )
        ),
        "operating_income": AccountItem(("OperatingIncomeLoss",)),
        "net_income": AccountItem(("NetIncomeLoss",)),
        "short_term_debt": AccountItem(
            ("DebtCurrent",),
            (
                ("LongTermDebtCurrent", "LongTermDebtAndCapitalLeaseObligationsCurrent"),
                ("ShortTermBorrowings", "CommercialPaper"),
            ),
        ),
        "long_term_debt": AccountItem(("LongTermDebtNoncurrent", "LongTermDebtAndCapitalLeaseObligations")),
        "equity": AccountItem(("StockholdersEquity",)),
        "cash": AccountItem(("CashAndCashEquivalentsAtCarryingValue",)),
    }
)
"""The items read for each company. Short-term debt is what falls due of long-term debt, and what was borrowed short."""

ANNUAL_FORMS = ("10-K", "10-K/A", "10-KT", "20-F", "40-F")
FISCAL_YEAR_DAYS = (350, 380)
"""Shortest and longest period of a year's flow: fiscal years of 52 and of 53 weeks lie within."""

YEARS_APART = timedelta(days=400)
"""An item whose last year ends longer than this before the company's last year has ended."""

FILINGS_OUT = time(3)
"""Filings are accepted until 22:00 in Washington: by this hour (UTC) of the next day all of a day are out."""


AnnualValues = dict[date, list[tuple[date, float]]]
"""By the last day of a year, the values of a tag with the day on which each was filed."""


def account_refs(companies: Collection[int]) -> frozenset[SeriesRef]:
    """Return every series that is read for these companies, given by their numbers at the SEC."""
    return frozenset(COMPANY_ACCOUNTS.ref(company, item) for company in companies for item in ACCOUNT_ITEMS)


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
        return is_account and COMPANY_ACCOUNTS.parts(ref.id)["item"] in ACCOUNT_ITEMS

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
        answer = read_json_object(body)
        _check_company(answer.get("cik"), request.refs[0])
        facts = answer.get("facts")
        concepts = facts.get("us-gaap") if isinstance(facts, dict) else None
        if not isinstance(concepts, dict):
            raise UnusableAnswerError("JSON without facts by the tags of US accounts")
        by_tag = {tag: _annual_values(concepts.get(tag)) for item in ACCOUNT_ITEMS.values() for tag in item.tags}
        last_year = max((day for years in by_tag.values() for day in years), default=None)
        return require_rows(_read_series(ref, by_tag, last_year) for ref in request.refs)


def _check_company(answered: object, ref: SeriesRef) -> None:
    """Raise ``UnusableAnswerError`` if the answer says that it is of another company than the requested one."""
    number = parse_number(answered)
    if number is not None and number != float(COMPANY_ACCOUNTS.parts(ref.id)["company"]):
        raise UnusableAnswerError(f"the accounts of company {number:.0f} instead of {ref.id}")


def _read_series(ref: SeriesRef, by_tag: Mapping[str, AnnualValues], last_year: date | None) -> SeriesRows:
    series = sort_rows(ref, _read_rows(by_tag, ACCOUNT_ITEMS[COMPANY_ACCOUNTS.parts(ref.id)["item"]]))
    if not series.rows:
        return replace(series, problem="no value under any known tag")
    last = series.rows[-1].date
    if last_year is not None and last_year - last > YEARS_APART:
        return replace(series, problem=f"ends with {last}: no later report has it under a known tag")
    return series


def _read_rows(by_tag: Mapping[str, AnnualValues], item: AccountItem) -> Iterator[Row]:
    """Yield the value of each year as each filing left it, with the time the filing was out; a repeated one comes once.

    A company changes its tags over the years. What a filing says of a year therefore counts from that filing on,
    whatever tag it used, until a later one says otherwise.
    """
    repeated = _find_repeated_tags(by_tag, item)
    for day in sorted({day for tag in item.tags for day in by_tag[tag]}):
        filings: dict[date, dict[str, float]] = {}
        for tag in item.tags:
            for filed, value in by_tag[tag].get(day, ()):
                filings.setdefault(filed, {})[tag] = value
        known: dict[str, float] = {}
        last: float | None = None
        for filed, values in sorted(filings.items()):
            known |= values
            value = _add_up(known, item, repeated)
            if value != last:
                yield Row(day, value, datetime.combine(filed + timedelta(days=1), FILINGS_OUT, UTC))
            last = value


def _add_up(known: Mapping[str, float], item: AccountItem, repeated: Collection[tuple[str, str]]) -> float:
    """Return the value of an item for a year, of which at least one of its tags is known."""
    for tag in item.totals:
        if tag in known:
            return known[tag]
    found = [tag for part in item.parts for tag in [tag for tag in part if tag in known][:1]]
    return sum(known[tag] for tag in found if not any((earlier, tag) in repeated for earlier in found))


def _find_repeated_tags(by_tag: Mapping[str, AnnualValues], item: AccountItem) -> frozenset[tuple[str, str]]:
    """Return pairs of tags of different parts under which the company files one amount twice.

    It does if every filing that has both has one value for them.
    """
    pairs = [pair for part, later in combinations(item.parts, 2) for pair in product(part, later)]
    return frozenset(pair for pair in pairs if _are_same_amount(*(by_tag[tag] for tag in pair)))


def _are_same_amount(years: AnnualValues, other_years: AnnualValues) -> bool:
    shared = [
        (value, other_value)
        for day in years.keys() & other_years.keys()
        for filed, value in years[day]
        for other_filed, other_value in other_years[day]
        if filed == other_filed and (value or other_value)
    ]
    return bool(shared) and all(value == other_value for value, other_value in shared)


def _annual_values(concept: object) -> AnnualValues:
    """Return the values of a tag in annual reports by the last day of their year, each with the day it was filed."""
    units = concept.get("units") if isinstance(concept, dict) else None
    facts = units.get("USD") if isinstance(units, dict) else None
    years: AnnualValues = {}
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
