"""The annual amounts in a company's facts, as the SEC gives them: one list a tag, of all its filings.

A fact's own days give its year: ``fy`` and ``fp`` are those of the filing that repeats it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from groundswell.sources.services.accounts.items import READ_TAGS
from groundswell.sources.services.answers import parse_day, parse_number

ANNUAL_FORMS = frozenset({"10-K", "10-K/A", "10-KT", "10-KT/A", "20-F", "20-F/A", "40-F", "40-F/A"})
TRANSITION_FORMS = frozenset({"10-KT", "10-KT/A"})
"""Reports on the months between two fiscal years of which one ends in another month."""

FISCAL_YEAR_DAYS = (350, 380)
"""Shortest and longest period of a year's flow: fiscal years of 52 and of 53 weeks lie within."""

SAME_YEAR_END = timedelta(days=10)
"""Two last days of a fiscal year at most so far apart are one: some filings round it to the end of the month."""

CURRENCY = "USD"

AnnualValues = dict[date, list[tuple[date, float]]]
"""By the last day of a year, the amounts of a tag with the day on which each was filed."""


@dataclass(frozen=True, slots=True)
class Fact:
    """An amount in an annual report: of the day ``end``, or of the days from ``start`` to it."""

    start: date | None
    end: date
    filed: date
    value: float
    form: str

    @property
    def is_year(self) -> bool:
        """Whether it is a flow over about a year."""
        shortest, longest = FISCAL_YEAR_DAYS
        return self.start is not None and shortest <= (self.end - self.start).days <= longest


@dataclass(frozen=True, slots=True)
class AnnualFacts:
    """The annual amounts of a company by tag, and the last day of the last year that it has reported on.

    ``changed`` is the end of the months between two fiscal years, where the last report is on these.
    """

    by_tag: Mapping[str, AnnualValues]
    last_year: date | None
    changed: date | None


def read_annual_facts(concepts: Mapping[str, object]) -> AnnualFacts:
    """Read the annual amounts under the tags of ``ACCOUNT_ITEMS`` from the facts by US tags, in US dollars.

    An amount of a day counts only where a fiscal year ends on it. Annual reports also give amounts of other days, such
    as that of a takeover, or of the ends of quarters. In a filing without annual flows every day counts. Facts of an
    unknown form are left out.
    """
    by_tag = {tag: list(_list_facts(concept)) for tag, concept in concepts.items()}
    periods = [fact for facts in by_tag.values() for fact in facts if fact.start is not None]
    ends = _find_year_ends(periods)
    says_years = {fact.filed for fact in periods if fact.is_year}
    values: dict[str, AnnualValues] = {}
    for tag in READ_TAGS:
        years: AnnualValues = {}
        for fact in by_tag.get(tag, ()):
            end = _find_near(fact.end, ends)
            if end is None and fact.start is None and fact.filed not in says_years:
                end = fact.end
            if end is not None and (fact.start is None or fact.is_year):
                years.setdefault(end, []).append((fact.filed, fact.value))
        values[tag] = years
    last_year = max((day for years in values.values() for day in years), default=None)
    return AnnualFacts(values, last_year, _find_change(periods))


def find_other_currency(concepts: Mapping[str, object]) -> str:
    """Return the currency in which a company reports, if it is not the US dollar; empty otherwise.

    Some foreign companies add an amount in US dollars for the convenience of readers to the newest year alone.
    """
    counted: Counter[str] = Counter()
    for tag in READ_TAGS:
        units = _read_units(concepts.get(tag))
        counted.update({unit: len(facts) for unit, facts in units.items() if isinstance(facts, list)})
    most = counted.most_common(1)
    return "" if not most or counted[CURRENCY] == most[0][1] else str(most[0][0])


def _find_year_ends(periods: Sequence[Fact]) -> tuple[date, ...]:
    """Return the last days of fiscal years, of days that are close to each other the one filed first.

    They are the ends of annual flows, the days before these begin, and the ends of what transition reports cover.
    """
    years = [fact for fact in periods if fact.is_year]
    ends = [(fact.filed, fact.end) for fact in (*years, *_list_transitions(periods))]
    ends += [(fact.filed, fact.start - timedelta(days=1)) for fact in years if fact.start and fact.start > date.min]
    kept: list[date] = []
    for _, day in sorted(ends):
        if _find_near(day, kept) is None:
            kept.append(day)
    return tuple(kept)


def _find_near(day: date, ends: Iterable[date]) -> date | None:
    return next((end for end in ends if abs(end - day) <= SAME_YEAR_END), None)


def _list_transitions(periods: Iterable[Fact]) -> list[Fact]:
    """Return the latest flow of each transition report."""
    last: dict[date, Fact] = {}
    for fact in periods:
        if fact.form in TRANSITION_FORMS and (fact.filed not in last or fact.end > last[fact.filed].end):
            last[fact.filed] = fact
    return list(last.values())


def _find_change(periods: Sequence[Fact]) -> date | None:
    """Return the end of the months between two fiscal years, where no annual flow has ended since."""
    last = max((fact.end for fact in _list_transitions(periods)), default=None)
    return last if last and last > max((fact.end for fact in periods if fact.is_year), default=date.min) else None


def _list_facts(concept: object) -> Iterator[Fact]:
    facts = _read_units(concept).get(CURRENCY)
    for fact in facts if isinstance(facts, list) else ():
        form = fact.get("form") if isinstance(fact, dict) else None
        if not isinstance(form, str) or form not in ANNUAL_FORMS:
            continue
        start, end, filed = (parse_day(fact.get(name)) for name in ("start", "end", "filed"))
        value = parse_number(fact.get("val"))
        is_dated = end is not None and filed is not None and (start is not None or "start" not in fact)
        if is_dated and end and filed and filed < date.max and value is not None:
            yield Fact(start, end, filed, value, form)


def _read_units(concept: object) -> Mapping[str, object]:
    units = concept.get("units") if isinstance(concept, dict) else None
    return units if isinstance(units, dict) else {}
