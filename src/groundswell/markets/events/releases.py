"""Release days of statistics of the United States, and the event lists of those that are past.

The tables ``us_…_releases.csv`` list the first release of each month or quarter, with the day on which the agency
published the date beforehand, where its source says so, and the key of that source. ``release_sources.csv`` has the
address of each source at the agency, the public copy from which the rows were read, and the day of that copy. Later
days are in the series ``RELEASE_DAYS`` of a book, which replace the table on each day that they have.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from groundswell.markets.events.event_list import EventList, MarketEvent, ShippedTable
from groundswell.markets.series.book import NOTHING, SeriesBook
from groundswell.markets.series.catalogue import RELEASE_DAYS

BLS = "US Bureau of Labor Statistics"
BEA = "US Bureau of Economic Analysis"


@dataclass(frozen=True, slots=True)
class ReleaseDay:
    """The day of a release.

    ``period`` is the month or quarter that is reported, such as 2026-09 or 2026Q3, empty where the source does not say.
    ``published`` is the day from which the date can be known: that of the release where the source gives no earlier
    one. ``is_planned`` marks a day that its source names from before it; the release may have been moved since.
    """

    day: dt.date
    period: str
    published: dt.date
    source: str
    is_planned: bool


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from: the agency's address, the public copy that was read, and the day of that copy."""

    address: str
    copied: dt.date
    copy: str


def list_release_days(statistic: str, as_of: dt.date, book: SeriesBook = NOTHING) -> tuple[ReleaseDay, ...]:
    """List the releases of ``cpi``, ``jobs`` or ``gdp`` known at the end of ``as_of``, past and to come, oldest first.

    The book holds what was known by the end of that day.
    """
    series = book.get(RELEASE_DAYS.ref(statistic))
    if series is None:
        return _list_shipped(statistic, as_of)
    days = series.dates.tolist()
    shipped = _list_shipped(statistic, as_of)
    periods = {listed.day: listed.period for listed in shipped}
    live = [
        ReleaseDay(day, periods.get(day, ""), min(day, as_of), series.source, is_planned=day > as_of)
        for day, flag in zip(days, series.values.tolist(), strict=True)
        if flag
    ]
    covered = set(days)
    others = [listed for listed in shipped if listed.day not in covered]
    return tuple(sorted((*others, *live), key=lambda listed: listed.day))


def list_sources() -> MappingProxyType[str, Source]:
    """Return the sources of the shipped tables by their keys."""
    return _read_sources()


def _list_shipped(statistic: str, as_of: dt.date) -> tuple[ReleaseDay, ...]:
    return tuple(listed for listed in _read_table(statistic) if listed.published <= as_of)


@cache
def _read_table(statistic: str) -> tuple[ReleaseDay, ...]:
    return tuple(
        ReleaseDay(
            day := dt.date.fromisoformat(row["released"]),
            row["period"],
            dt.date.fromisoformat(row["published"]) if row["published"] else day,
            row["source"],
            is_planned=day > _read_sources()[row["source"]].copied,
        )
        for row in _read_rows(f"us_{statistic}_releases.csv")
    )


@cache
def _read_sources() -> MappingProxyType[str, Source]:
    return MappingProxyType(
        {
            row["key"]: Source(row["address"], dt.date.fromisoformat(row["copied"]), row["copy"])
            for row in _read_rows("release_sources.csv")
        }
    )


def _read_rows(name: str) -> Iterator[dict[str, str]]:
    with files("groundswell.markets.events").joinpath(name).open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def _list_past(statistic: str, as_of: dt.date, book: SeriesBook) -> list[dt.date]:
    return [
        listed.day
        for listed in list_release_days(statistic, as_of, book)
        if listed.day <= as_of and not listed.is_planned
    ]


def _build_list(statistic: str, name: str, title: str, rule: str, agency: str) -> EventList:
    def find_releases(as_of: dt.date, book: SeriesBook = NOTHING) -> tuple[MarketEvent, ...]:
        return tuple(MarketEvent(day, day) for day in _list_past(statistic, as_of, book))

    def find_last(as_of: dt.date, book: SeriesBook) -> dt.date | None:
        return max(_list_past(statistic, as_of, book), default=None)

    table = ShippedTable(
        title, f"{agency}: archives and calendars of its releases", find_last, (RELEASE_DAYS.ref(statistic),)
    )
    return EventList(name, title, rule, find_releases, rests_on=table)


CPI_RELEASES = _build_list(
    "cpi",
    "cpi_releases",
    "Releases of consumer prices since 1994",
    "A release of the Consumer Price Index by the Bureau of Labor Statistics, usually at 8:30 in Washington.",
    BLS,
)

JOBS_RELEASES = _build_list(
    "jobs",
    "jobs_releases",
    "Releases of the jobs report since 1994",
    "A release of the Employment Situation by the Bureau of Labor Statistics, usually at 8:30 in Washington.",
    BLS,
)

GDP_RELEASES = _build_list(
    "gdp",
    "gdp_releases",
    "First estimates of GDP since 1996",
    "A release of the first estimate of a quarter's gross domestic product by the Bureau of Economic Analysis, "
    "usually at 8:30 in Washington; later estimates of the quarter do not count.",
    BEA,
)
