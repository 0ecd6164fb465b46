"""Facts of companies' annual accounts, as tagged in their filings with the US Securities and Exchange Commission."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations, product

from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import COMPANY_ACCOUNTS, family_of
from groundswell.model import Measure, SeriesRef
from groundswell.sources.services.accounts.facts import (
    AnnualFacts,
    AnnualValues,
    find_other_currency,
    read_annual_facts,
)
from groundswell.sources.services.accounts.items import ACCOUNT_ITEMS, AccountItem
from groundswell.sources.services.answers import parse_number, read_json_object
from groundswell.sources.services.base import (
    DataService,
    Request,
    Row,
    SeriesRows,
    UnusableAnswerError,
    sort_by_last_value,
    sort_rows,
)

YEARS_APART = timedelta(days=300)
"""An item whose last year ends longer than this before the company's last year has ended."""

FILINGS_OUT = time(3)
"""Filings are accepted until 22:00 in Washington: by this hour (UTC) of the next day all of a day are out."""

IFRS = "ifrs-full"


def account_refs(companies: Collection[int]) -> frozenset[SeriesRef]:
    """Return every series that is read for these companies, given by their numbers at the SEC."""
    return frozenset(COMPANY_ACCOUNTS.ref(company, item) for company in companies for item in ACCOUNT_ITEMS)


class Sec(DataService):
    """US dollars at (or over the year to) the end of each fiscal year; a restatement in a later filing is a revision.

    The SEC answers only programs that name a contact. The facts of a large company take about 10 MB.
    """

    name = "sec"
    title = "SEC company facts"
    terms = "Public domain; at most ten requests a second, from programs that name a contact."
    default_address = "https://data.sec.gov"
    priority = 80
    interval = timedelta(hours=12)
    required_settings = frozenset({"contact"})
    absent_statuses = frozenset({404})
    max_answer_bytes = 32_000_000

    def offers(self, ref: SeriesRef) -> bool:
        is_account = ref.measure is Measure.LEVEL and family_of(ref) is COMPANY_ACCOUNTS
        return is_account and COMPANY_ACCOUNTS.parts(ref.id)["item"] in ACCOUNT_ITEMS

    def requests(self, refs: Collection[SeriesRef], stored: SeriesBook, today: date) -> tuple[Request, ...]:
        """Request one company each: one answer holds all its facts."""
        by_company: dict[str, list[SeriesRef]] = {}
        for ref in sort_by_last_value(refs, stored):
            by_company.setdefault(COMPANY_ACCOUNTS.parts(ref.id)["company"], []).append(ref)
        return tuple(
            Request(f"{self.base_address}/api/xbrl/companyfacts/CIK{company}.json", tuple(group), may_be_empty=True)
            for company, group in by_company.items()
        )

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read an answer. A company that files no accounts by US rules in US dollars has no rows, with the reason."""
        answer = read_json_object(body)
        _check_company(answer.get("cik"), request.refs[0])
        facts = answer.get("facts")
        concepts = facts.get("us-gaap") if isinstance(facts, dict) else None
        if isinstance(facts, dict) and IFRS in facts and not isinstance(concepts, dict):
            return _skip(request.refs, "not read: the company reports under IFRS, and only US accounts are read")
        if not isinstance(concepts, dict):
            raise UnusableAnswerError("JSON without facts by the tags of US accounts")
        if currency := find_other_currency(concepts):
            return _skip(request.refs, f"not read: the company reports in {currency}, and only US dollars are read")
        read = read_annual_facts(concepts)
        return tuple(_read_series(ref, read) for ref in request.refs)


def _check_company(answered: object, ref: SeriesRef) -> None:
    """Raise ``UnusableAnswerError`` if the answer says that it is of another company than the requested one."""
    number = parse_number(answered)
    if number is not None and number != float(COMPANY_ACCOUNTS.parts(ref.id)["company"]):
        raise UnusableAnswerError(f"the accounts of company {number:.0f} instead of {ref.id}")


def _skip(refs: Collection[SeriesRef], reason: str) -> tuple[SeriesRows, ...]:
    """Return series without rows, the first one with the reason, which is that of all."""
    return tuple(SeriesRows(ref, (), "" if place else reason) for place, ref in enumerate(refs))


def _read_series(ref: SeriesRef, facts: AnnualFacts) -> SeriesRows:
    series = sort_rows(ref, _read_rows(facts.by_tag, ACCOUNT_ITEMS[COMPANY_ACCOUNTS.parts(ref.id)["item"]]))
    if not series.rows:
        return replace(series, problem="no value under any known tag")
    last = series.rows[-1].date
    if facts.changed and facts.changed - last < YEARS_APART:
        changed = f"the months to {facts.changed} are no year: the company has changed the end of its fiscal year"
        return replace(series, problem=f"last filed for the fiscal year ending {last}; {changed}")
    if facts.last_year is not None and facts.last_year - last > YEARS_APART:
        return replace(series, problem=_describe_end(last, facts.last_year))
    return series


def _describe_end(last: date, last_year: date) -> str:
    gone = "the company no longer reports this item under any known tag"
    return f"ends with {last}, the last fiscal year filed: {gone} (its accounts go on to {last_year})"


def _read_rows(by_tag: Mapping[str, AnnualValues], item: AccountItem) -> Iterator[Row]:
    """Yield the value of each year as each filing left it, with the time the filing was out; a repeated one comes once.

    A company changes its tags over the years. What a filing says of a year therefore counts from that filing on,
    whatever tag it used, until a later one says otherwise.
    """
    repeated = _find_repeated_tags(by_tag, item)
    tags = (*item.tags, *item.less, *item.overlaps)
    for day in sorted({day for tag in item.tags for day in by_tag[tag]}):
        filings: dict[date, dict[str, float]] = {}
        for tag in tags:
            for filed, value in by_tag[tag].get(day, ()):
                filings.setdefault(filed, {})[tag] = value
        known: dict[str, float] = {}
        last: float | None = None
        for filed, values in sorted(filings.items()):
            known |= values
            amount = item.compute(known, repeated)
            if amount is not None and amount != last:
                yield Row(day, amount, datetime.combine(filed + timedelta(days=1), FILINGS_OUT, UTC))
                last = amount


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
