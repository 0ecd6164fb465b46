"""The Bureau of Economic Analysis' calendar of releases: the days of the first estimates of GDP."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, timedelta

from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import RELEASE_DAYS
from groundswell.model import SeriesRef
from groundswell.sources.services.base import DataService, Request, SeriesRows
from groundswell.sources.services.macro.release_calendar import read_release_days

GDP = RELEASE_DAYS.ref("gdp")
FIRST_ESTIMATE = re.compile(
    r"(?:GDP|Gross Domestic Product)(?! by | for ).*\((?:Advance|Initial) Estimate\).*", re.IGNORECASE
)
"""The title of a first estimate. After a closure of the government an initial one took the place of the advance one."""


class Bea(DataService):
    """The calendar for subscribers, which unlike the bureau's list of dates says which estimate is released."""

    name = "bea"
    title = "US Bureau of Economic Analysis: calendar of releases"
    terms = "Public domain."
    default_address = "https://www.bea.gov"
    priority = 36
    interval = timedelta(hours=12)

    def offers(self, ref: SeriesRef) -> bool:
        return ref == GDP

    def requests(self, refs: Collection[SeriesRef], stored: SeriesBook, today: date) -> tuple[Request, ...]:
        """Request the whole calendar: there is no part of it."""
        if GDP not in refs:
            return ()
        return (Request(f"{self.base_address}/news/schedule/ics/online-calendar-subscription.ics", (GDP,)),)

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        return read_release_days(body, {GDP: FIRST_ESTIMATE})
