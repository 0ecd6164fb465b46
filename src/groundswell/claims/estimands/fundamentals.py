"""The estimands ``fundamentals`` and ``fundamentals-turn``: accounts of small companies against those of large ones."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Self

from pydantic import ConfigDict, Field, model_validator

from groundswell.claims.estimand import Estimand, EstimandKind, Measurement, Missing, list_sources, select_series
from groundswell.claims.inference import Summary, coefficient
from groundswell.claims.spec import Frozen
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.indicators.fundamentals import (
    BINARY_METRICS,
    GROUPS,
    METRICS,
    STATISTICS,
    GroupStatistics,
    compare_means,
    read_group_statistics,
)
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import GROUP_ACCOUNTS
from groundswell.markets.series.family import ACCOUNTS_PUBLISHED_BY
from groundswell.model import Absence, EventValue, Series, SeriesRef
from groundswell.wording.figures import DIFFERENCE, write_value
from groundswell.wording.plurals import write_count

BIAS = (
    "Groups follow lists of one later day, so that companies that failed or were bought before it are missing; "
    "accounts are held as restated; banks and insurers are left out."
)


class FundamentalsArguments(Frozen):
    """Which metric of the accounts."""

    model_config = ConfigDict(strict=True)

    metric: str = "short_debt_share"

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.metric not in METRICS:
            raise ValueError(f"metric: there is no metric {self.metric!r}; there are {', '.join(METRICS)}")
        return self

    @property
    def refs(self) -> tuple[SeriesRef, ...]:
        return tuple(GROUP_ACCOUNTS.ref(group, self.metric, one) for group in GROUPS for one in STATISTICS)


class TurnArguments(FundamentalsArguments):
    """Which metric, around which events, and how many fiscal years before and after that of the event."""

    metric: str = "interest_rate"
    events: str = "first_cuts"
    before: int = Field(default=1, ge=1, le=3)
    after: int = Field(default=1, ge=0, le=3)

    @model_validator(mode="after")
    def _listed(self) -> Self:
        if self.events not in EVENT_LISTS:
            raise ValueError(f"events: there is no list {self.events!r}; there are {', '.join(EVENT_LISTS)}")
        return self


def measure(arguments: FundamentalsArguments, book: SeriesBook, _as_of: dt.date) -> Measurement | Missing:
    """Compare the means of both groups in the newest fiscal year known, with one row for each year."""
    found = select_series(book, arguments.refs)
    if isinstance(found, Missing):
        return found
    small, large = (read_group_statistics(book, group, arguments.metric) for group in GROUPS)
    years = sorted(small.keys() & large.keys())
    values = tuple(_year(year, small[year].mean - large[year].mean) for year in years)
    newest = (small[years[-1]], large[years[-1]]) if years else None
    told = _in_words(years[-1], *newest, arguments.metric) if newest else ()
    return Measurement(
        values=values,
        absent=(),
        sources=list_sources(_means(found)),
        revised=tuple(one.ref for one in _means(found) if one.revised),
        summary=_difference(*newest, arguments.metric)
        if newest
        else Summary(0, None, None, None, None, None, "company"),
        notes=(*told, BIAS),
    )


def measure_turn(arguments: TurnArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing:
    """Measure for each event how the metric of small companies changed, less how that of large ones did."""
    found = select_series(book, (*arguments.refs, *EVENT_LISTS[arguments.events].needs))
    if isinstance(found, Missing):
        return found
    small, large = (read_group_statistics(book, group, arguments.metric) for group in GROUPS)
    known = small.keys() & large.keys()
    values: list[EventValue] = []
    absent: list[Absence] = []
    for event in EVENT_LISTS[arguments.events].find(as_of, book):
        first, last = event.date.year - arguments.before, event.date.year + arguments.after
        lacking = [str(year) for year in (first, last) if year not in known]
        if lacking:
            absent.append(Absence(event.date, f"no accounts of fiscal year {' and '.join(lacking)} are known"))
            continue
        change = (small[last].mean - small[first].mean) - (large[last].mean - large[first].mean)
        values.append(EventValue(event.date, change, dt.date(first, 12, 31), dt.date(last, 12, 31)))
    return Measurement(
        values=tuple(values),
        absent=tuple(absent),
        sources=list_sources(_means(found)),
        revised=tuple(one.ref for one in _means(found) if one.revised),
        notes=(BIAS,),
    )


def _year(year: int, value: float) -> EventValue:
    return EventValue(dt.date(year, 12, 31), value, dt.date(year, 1, 1), dt.date(year, 12, 31))


def _difference(small: GroupStatistics, large: GroupStatistics, metric: str) -> Summary:
    value, error, freedom = compare_means(small, large)
    n = small.n + large.n
    found = coefficient(value, error, n, max(int(freedom), 1), counted="company", named="difference of means")
    return found if metric in BINARY_METRICS else replace(found, median=small.median - large.median)


def _in_words(year: int, small: GroupStatistics, large: GroupStatistics, metric: str) -> tuple[str, ...]:
    """The means, and what the companies in the middle have: a few far out can turn a mean round."""
    means = (
        f"Fiscal year {year}: {write_value(small.mean, 'share')} on average over {small.n:,} small "
        f"and {write_value(large.mean, 'share')} over {large.n:,} large companies."
    )
    if metric in BINARY_METRICS:
        return (means,)
    middle = f"The company in the middle has {write_value(small.median, 'share')} of the small and "
    middle += f"{write_value(large.median, 'share')} of the large ones"
    if (small.mean - large.mean) * (small.median - large.median) < 0:
        middle += ": the other way round than the means, which a few companies far out decide"
    return (means, f"{middle}.")


def _means(found: tuple[Series, ...]) -> tuple[Series, ...]:
    return tuple(series for series in found if GROUP_ACCOUNTS.parts(series.ref.id)["statistic"] == "mean")


def turn_window(arguments: TurnArguments) -> str:
    """The fiscal years in words."""
    before, after = (write_count(count, "year") for count in (arguments.before, arguments.after))
    return f"from the fiscal year {before} before that of the event to the one {after} after it"


PUBLISHED = f"accounts published by {ACCOUNTS_PUBLISHED_BY[1]} June of the next year"

FUNDAMENTALS = Estimand(
    name="fundamentals",
    title="Accounts of small against large companies",
    text=(
        "The mean over small companies less that over large ones, in the newest fiscal year whose accounts are out. "
        "The interval is Welch's for two means of unequal variance."
    ),
    unit=DIFFERENCE,
    arguments=FundamentalsArguments,
    needs=lambda arguments: frozenset(arguments.refs),
    window=lambda _arguments: f"the newest fiscal year known; {PUBLISHED}",
    events=lambda arguments: f"{METRICS[arguments.metric]}; each row is the difference in a fiscal year.",
    measure=measure,
    minimum=100,
    kind=EstimandKind.METRIC,
    rank=110,
)

FUNDAMENTALS_TURN = Estimand(
    name="fundamentals-turn",
    title="Accounts of small against large companies around turns of policy",
    text=(
        "For each event, how the mean over small companies changed, less how that over large ones did; the estimate is "
        "the mean over the events."
    ),
    unit=DIFFERENCE,
    arguments=TurnArguments,
    needs=lambda arguments: frozenset((*arguments.refs, *EVENT_LISTS[arguments.events].needs)),
    window=lambda arguments: f"{turn_window(arguments)}; {PUBLISHED}",
    events=lambda arguments: f"{METRICS[arguments.metric]}. {EVENT_LISTS[arguments.events].rule}",
    measure=measure_turn,
    rank=120,
)
