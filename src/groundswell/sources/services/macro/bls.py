"""The Bureau of Labor Statistics' calendar of releases: the days of consumer prices and of the jobs report."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, timedelta
from types import MappingProxyType

from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import RELEASE_DAYS
from groundswell.model import SeriesRef
from groundswell.sources.services.base import DataService, Request, SeriesRows
from groundswell.sources.services.macro.release_calendar import read_release_days

TITLES = MappingProxyType(
    {
        RELEASE_DAYS.ref("cpi"): re.compile(r"Consumer Price Index(?: for .*)?"),
        RELEASE_DAYS.ref("jobs"): re.compile(r"(?:The )?Employment Situation(?: for .*)?"),
    }
)
"""The titles of the releases; others begin alike, such as that on the employment situation of veterans."""


class Bls(DataService):
    """The calendar lists the releases of about two years, past and to come, with their times in Washington."""

    name = "bls"
    title = "US Bureau of Labor Statistics: calendar of releases"
    terms = "Public domain; the bureau asks programs to name a contact."
    default_address = "https://www.bls.gov"
    priority = 34
    interval = timedelta(hours=12)
    required_settings = frozenset({"contact"})

    def offers(self, ref: SeriesRef) -> bool:
        return ref in TITLES

    def requests(self, refs: Collection[SeriesRef], stored: SeriesBook, today: date) -> tuple[Request, ...]:
        """Request the whole calendar: there is no part of it."""
        if not refs:
            return ()
        return (Request(f"{self.base_address}/schedule/news_release/bls.ics", tuple(sorted(refs))),)

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        return read_release_days(body, {ref: TITLES[ref] for ref in request.refs})
