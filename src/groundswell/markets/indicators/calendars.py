"""Calendars: the days of FOMC decisions and of releases of consumer prices, jobs and GDP, past and to come.

A date is visible from the day on which it was published. Where that day is unknown, it is visible once it has happened.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from groundswell.markets.events.fed_decisions import list_decisions
from groundswell.markets.events.releases import BEA, BLS, list_release_days
from groundswell.markets.indicators.policy_path import list_meetings
from groundswell.markets.series.book import NOTHING, SeriesBook

WASHINGTON = "America/New_York"
"""The time zone of the agencies."""

FOMC_SOURCE = "Federal Reserve Board"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of a calendar.

    ``period`` is the month or quarter that is reported, empty where it is unknown. ``source`` is a key of
    ``events.releases.list_sources``, the name of the data service that sent the day, or the agency.
    """

    day: dt.date
    period: str
    source: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar of an agency. ``time`` is the usual one in ``zone``; ``address`` is where the agency publishes it."""

    name: str
    title: str
    agency: str
    address: str
    time: dt.time
    lister: Callable[[dt.date, SeriesBook], Iterator[CalendarDay]]
    zone: str = WASHINGTON

    def list_dates(
        self, as_of: dt.date, until: dt.date, book: SeriesBook = NOTHING, *, since: dt.date | None = None
    ) -> tuple[CalendarDay, ...]:
        """List the days known at the end of ``as_of``, from ``since`` (the day after) to ``until``, oldest first.

        The book holds what was known by the end of that day.
        """
        first = since or as_of + dt.timedelta(days=1)
        return tuple(listed for listed in self.lister(as_of, book) if first <= listed.day <= until)

    def known_until(self, as_of: dt.date, book: SeriesBook = NOTHING) -> dt.date | None:
        """Return the day up to which the calendar is known at the end of ``as_of``: the last it lists; None if none."""
        return max((listed.day for listed in self.lister(as_of, book)), default=None)


def _list_fomc(as_of: dt.date, book: SeriesBook) -> Iterator[CalendarDay]:
    decided = [decision.announced for decision in list_decisions(as_of, book) if decision.scheduled]
    last = decided[-1] if decided else dt.date.min
    for day in (*decided, *list_meetings(last, dt.date.max, book, listed_by=as_of)):
        yield CalendarDay(day, "", FOMC_SOURCE)


def _list_releases(statistic: str, as_of: dt.date, book: SeriesBook) -> Iterator[CalendarDay]:
    for listed in list_release_days(statistic, as_of, book):
        yield CalendarDay(listed.day, listed.period, listed.source)


_MORNING = dt.time(8, 30)
_BLS_CALENDAR = "https://www.bls.gov/schedule/news_release/bls.ics"

CALENDARS = MappingProxyType(
    {
        calendar.name: calendar
        for calendar in (
            Calendar(
                "fomc",
                "Decisions of the FOMC",
                FOMC_SOURCE,
                "https://www.federalreserve.gov/monetarypolicy/fomccalendars.htm",
                dt.time(14),
                _list_fomc,
            ),
            Calendar("us-cpi", "Consumer prices", BLS, _BLS_CALENDAR, _MORNING, partial(_list_releases, "cpi")),
            Calendar("us-jobs", "Jobs report", BLS, _BLS_CALENDAR, _MORNING, partial(_list_releases, "jobs")),
            Calendar(
                "us-gdp",
                "First estimate of GDP",
                BEA,
                "https://www.bea.gov/news/schedule",
                _MORNING,
                partial(_list_releases, "gdp"),
            ),
        )
    }
)
