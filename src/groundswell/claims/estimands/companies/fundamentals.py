"""The estimands ``fundamentals`` and ``fundamentals-turn``: accounts of small compared with large companies."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Self

from pydantic import ConfigDict, Field, model_validator

from groundswell.claims.estimand import (
    Estimand,
    EstimandKind,
    Measurement,
    Missing,
    list_revised,
    list_sources,
    select_series,
)
from groundswell.claims.estimands.events._hindsight import explain_hindsight
from groundswell.claims.inference.summary import Summary, summarise_coefficient
from groundswell.claims.spec import Frozen
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.indicators.fundamentals import (
    BINARY_METRICS,
    GROUPS,
    METRICS,
    STATISTICS,
    Coverage,
    GroupStatistics,
    compare_means,
    coverage_refs,
    read_coverage,
    read_group_statistics,
)
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import GROUP_ACCOUNTS
from groundswell.markets.series.family import ACCOUNTS_PUBLISHED_BY
from groundswell.model import Absence, EventValue, Series, SeriesRef
from groundswell.wording.figures import DIFFERENCE, write_value
from groundswell.wording.plurals import write_count

INTEREST_METRICS = frozenset(("cover_below_one", "interest_rate"))
BIAS_NOTE = (
    "Groups follow lists of one later day, so that companies that failed or were bought before it are missing; "
    "accounts are stored as restated; banks and insurers are left out."
)


class FundamentalsArguments(Frozen):
    """The metric of the accounts."""

    model_config = ConfigDict(strict=True)

    metric: str = "short_debt_share"

    @model_validator(mode="after")
    def _check_metric(self) -> Self:
        if self.metric not in METRICS:
            raise ValueError(f"metric: there is no metric {self.metric!r}; there are {', '.join(METRICS)}")
        return self

    @property
    def refs(self) -> tuple[SeriesRef, ...]:
        return tuple(GROUP_ACCOUNTS.ref(group, self.metric, name) for group in GROUPS for name in STATISTICS)


class TurnArguments(FundamentalsArguments):
    """The metric, the event list, and the numbers of fiscal years before and after that of the event."""

    metric: str = "interest_rate"
    events: str = "first_cuts"
    before: int = Field(default=1, ge=1, le=3)
    after: int = Field(default=1, ge=0, le=3)

    @model_validator(mode="after")
    def _check_event_list(self) -> Self:
        if self.events not in EVENT_LISTS:
            raise ValueError(f"events: there is no list {self.events!r}; there are {', '.join(EVENT_LISTS)}")
        return self


@dataclass(frozen=True, slots=True)
class _Years:
    """The statistics of both groups by fiscal year, for years in which enough companies of both have accounts.

    ``too_few`` has the other years, each with the reason; ``coverage`` the years in which the companies are counted.
    """

    small: dict[int, GroupStatistics]
    large: dict[int, GroupStatistics]
    too_few: dict[int, str]
    coverage: dict[int, tuple[Coverage, Coverage]]


def measure(arguments: FundamentalsArguments, book: SeriesBook, _as_of: dt.date) -> Measurement | Missing:
    """Compare the means of both groups in the newest known fiscal year, with one row for each year."""
    series = select_series(book, arguments.refs)
    if isinstance(series, Missing):
        return series
    found = _read_years(book, arguments.metric)
    years = sorted(found.small.keys() & found.large.keys())
    values = tuple(_make_row(year, found.small[year].mean - found.large[year].mean) for year in years)
    newest = (found.small[years[-1]], found.large[years[-1]]) if years else None
    means = _note_means(years[-1], *newest, arguments.metric) if newest else ()
    coverage = _note_coverage(years[-1], found, arguments.metric) if years else ()
    return Measurement(
        values=values,
        absent=tuple(Absence(dt.date(year, 12, 31), why) for year, why in sorted(found.too_few.items())),
        sources=list_sources(_select_means(series)),
        revised=list_revised(_select_means(series)),
        summary=_summarise_difference(*newest, arguments.metric)
        if newest
        else Summary(0, None, None, None, None, None, "company"),
        notes=(*means, *coverage, BIAS_NOTE),
    )


def measure_turn(arguments: TurnArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing:
    """Measure for each event the change of the metric of small companies, less that of large ones."""
    series = select_series(book, (*arguments.refs, *EVENT_LISTS[arguments.events].needs))
    if isinstance(series, Missing):
        return series
    found = _read_years(book, arguments.metric)
    small, large = found.small, found.large
    known = small.keys() & large.keys()
    values: list[EventValue] = []
    absent: list[Absence] = []
    events = EVENT_LISTS[arguments.events]
    listed = events.find(as_of, book)
    for event in listed:
        first, last = event.date.year - arguments.before, event.date.year + arguments.after
        missing = [year for year in (first, last) if year not in known]
        if missing:
            absent.append(Absence(event.date, _explain_missing(missing, found)))
            continue
        change = (small[last].mean - small[first].mean) - (large[last].mean - large[first].mean)
        values.append(EventValue(event.date, change, dt.date(first, 12, 31), dt.date(last, 12, 31)))
    newest = max((value.end.year for value in values), default=None)
    return Measurement(
        values=tuple(values),
        absent=tuple(absent),
        sources=list_sources(_select_means(series)),
        revised=list_revised(_select_means(series)),
        notes=(*(_note_coverage(newest, found, arguments.metric) if newest else ()), BIAS_NOTE),
        # Accounts are of whole years: what was known by the end of the event's was known in time.
        hindsight=explain_hindsight(events, listed, {each.date: dt.date(each.date.year, 12, 31) for each in values}),
    )


def _read_years(book: SeriesBook, metric: str) -> _Years:
    coverages = {group: read_coverage(book, group) for group in GROUPS}
    too_few: dict[int, list[str]] = {}
    for group, by_year in coverages.items():
        for year, one in by_year.items():
            if not one.is_enough:
                counts = f"accounts of {one.filed:,} of {one.listed:,} listed {group} companies"
                too_few.setdefault(year, []).append(counts)
    by_group = (read_group_statistics(book, group, metric) for group in GROUPS)
    small, large = ({year: one for year, one in years.items() if year not in too_few} for years in by_group)
    reasons = {year: f"{' and '.join(counts)}: fewer than half" for year, counts in too_few.items()}
    counted = coverages["small"].keys() & coverages["large"].keys()
    return _Years(
        small, large, reasons, {year: (coverages["small"][year], coverages["large"][year]) for year in counted}
    )


def _explain_missing(years: list[int], found: _Years) -> str:
    if all(year in found.too_few for year in years):
        return "; ".join(f"fiscal year {year}: {found.too_few[year]}" for year in years)
    return f"no accounts of fiscal year {' and '.join(map(str, years))} are known"


def _note_coverage(year: int, found: _Years, metric: str) -> tuple[str, ...]:
    """Note how many of the listed companies have accounts, where that is known: for accounts from the SEC."""
    if year not in found.coverage:
        return ()
    small, large = found.coverage[year]
    note = (
        f"For fiscal year {year}, {small.filed:,} of {small.listed:,} listed small and {large.filed:,} of "
        f"{large.listed:,} large companies have accounts at the SEC, as last filed."
    )
    return (f"{note} Interest is counted before interest income." if metric in INTEREST_METRICS else note,)


def _make_row(year: int, value: float) -> EventValue:
    return EventValue(dt.date(year, 12, 31), value, dt.date(year, 1, 1), dt.date(year, 12, 31))


def _summarise_difference(small: GroupStatistics, large: GroupStatistics, metric: str) -> Summary:
    value, error, freedom = compare_means(small, large)
    n = small.n + large.n
    summary = summarise_coefficient(
        value, error, n, max(int(freedom), 1), counted="company", named="difference of means"
    )
    return summary if metric in BINARY_METRICS else replace(summary, median=small.median - large.median)


def _note_means(year: int, small: GroupStatistics, large: GroupStatistics, metric: str) -> tuple[str, ...]:
    """Note the means and the medians: a few extreme companies can reverse a difference of means."""
    means = (
        f"Fiscal year {year}: {write_value(small.mean, 'share')} on average over {small.n:,} small "
        f"and {write_value(large.mean, 'share')} over {large.n:,} large companies."
    )
    if metric in BINARY_METRICS:
        return (means,)
    medians = f"The median is {write_value(small.median, 'share')} for the small and "
    medians += f"{write_value(large.median, 'share')} for the large companies"
    if (small.mean - large.mean) * (small.median - large.median) < 0:
        medians += ": the opposite of the means, which a few extreme companies decide"
    return (means, f"{medians}.")


def _select_means(series: tuple[Series, ...]) -> tuple[Series, ...]:
    return tuple(each for each in series if GROUP_ACCOUNTS.parts(each.ref.id)["statistic"] == "mean")


def describe_years(arguments: TurnArguments) -> str:
    """Describe the fiscal years."""
    before, after = (write_count(count, "year") for count in (arguments.before, arguments.after))
    return f"from the fiscal year {before} before that of the event to the one {after} after it"


PUBLICATION = f"accounts published by {ACCOUNTS_PUBLISHED_BY[1]} June of the next year"

FUNDAMENTALS = Estimand(
    name="fundamentals",
    title="Accounts of small compared with large companies",
    text=(
        "The mean over small companies less that over large ones, in the newest fiscal year whose accounts are out. "
        "The interval is Welch's for two means of unequal variance."
    ),
    unit=DIFFERENCE,
    arguments=FundamentalsArguments,
    needs=lambda arguments: frozenset((*arguments.refs, *coverage_refs(arguments.refs))),
    window=lambda _arguments: f"the newest fiscal year known; {PUBLICATION}",
    events=lambda arguments: f"{METRICS[arguments.metric]}; each row is the difference in a fiscal year.",
    measure=measure,
    minimum=100,
    kind=EstimandKind.METRIC,
    rank=110,
    moving=True,
)

FUNDAMENTALS_TURN = Estimand(
    name="fundamentals-turn",
    title="Accounts of small compared with large companies around turns of policy",
    text=(
        "For each event, the change of the mean over small companies, less that of the mean over large ones; the "
        "estimate is the mean over the events."
    ),
    unit=DIFFERENCE,
    arguments=TurnArguments,
    needs=lambda arguments: frozenset(
        (*arguments.refs, *coverage_refs(arguments.refs), *EVENT_LISTS[arguments.events].needs)
    ),
    window=lambda arguments: f"{describe_years(arguments)}; {PUBLICATION}",
    events=lambda arguments: f"{METRICS[arguments.metric]}. {EVENT_LISTS[arguments.events].rule}",
    measure=measure_turn,
    rank=120,
)
