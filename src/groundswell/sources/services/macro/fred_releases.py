"""Release days by FRED: those listed for a release, and of these the days that brought the first value of a period.

Two answers give them together. The list of a release has the days to come, but also days with revisions alone,
and does not say which is which: https://fred.stlouisfed.org/docs/api/fred/release_dates.html. The days on which a month
or quarter had its first value are in the initial vintages of the headline series (``output_type=4``):
https://fred.stlouisfed.org/docs/api/fred/series_observations.html.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode, urlsplit

from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import RELEASE_DAYS
from groundswell.model import SeriesRef
from groundswell.ports import Retrieved
from groundswell.sources.services.answers import (
    parse_day,
    parse_number,
    quote_message,
    read_json_object,
    read_parameter,
)
from groundswell.sources.services.base import DataService, Request, SeriesRows, UnusableAnswerError
from groundswell.sources.services.macro.fred import API_ADDRESS
from groundswell.sources.services.macro.release_calendar import fill_days
from groundswell.sources.services.rows import quote_text, read_requested_day

LOOK_BACK = timedelta(days=400)
"""How far back days are requested: the shipped tables have the years before."""

DATES_PATH = "/fred/release/dates"
VALUES_PATH = "/fred/series/observations"


@dataclass(frozen=True, slots=True)
class _Release:
    """A release by its number at FRED, and the series whose first values tell a report from a revision.

    ``monthly`` is whether a month has one report: a single day listed for a month to come is then that of the report.
    FRED lists three estimates of GDP a quarter alike, so that its days to come are left to others.
    """

    number: int
    series: str
    monthly: bool = True


RELEASES = MappingProxyType(
    {
        RELEASE_DAYS.ref("cpi"): _Release(10, "CPIAUCSL"),
        RELEASE_DAYS.ref("jobs"): _Release(50, "PAYEMS"),
        RELEASE_DAYS.ref("gdp"): _Release(53, "GDP", monthly=False),
    }
)


class FredReleases(DataService):
    """What is known of the releases of the agencies where their own calendars cannot be had."""

    name = "fredreleases"
    settings_table = "fred"
    title = "FRED release dates"
    terms = "This product uses the FRED API but is not endorsed or certified by the Federal Reserve Bank of St. Louis."
    default_address = API_ADDRESS
    priority = 38
    interval = timedelta(hours=12)
    required_settings = frozenset({"key"})

    def offers(self, ref: SeriesRef) -> bool:
        return ref in RELEASES

    def requests(self, refs: Collection[SeriesRef], stored: SeriesBook, today: date) -> tuple[Request, ...]:
        """Request the days since a year ago and those to come, in a batch for each statistic."""
        return tuple(request for ref in sorted(refs) for request in self._build_batch(ref, today))

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Check one answer, which gives no day without the other."""
        if _is_list(request):
            _read_listed(request, body)
        else:
            _read_first_values(request, body)
        return ()

    def read_batch(self, answers: Sequence[tuple[Request, Retrieved]]) -> tuple[SeriesRows, ...]:
        """Read the days of a release: 1 on each of them and 0 on the days in between, as an agency's calendar.

        Up to the day before the request, days of first values count, and none else. Of the days to come those count
        that are alone in their month. What is known ends before the first month with several.
        """
        listed, first_values = set[date](), set[date]()
        for request, retrieved in answers:
            if retrieved.outcome.failed:
                raise UnusableAnswerError(retrieved.detail)
            if _is_list(request):
                listed |= _read_listed(request, retrieved.body)
            else:
                first_values |= _read_first_values(request, retrieved.body)
        (ref,) = answers[0][0].refs
        release = RELEASES[ref]
        if not first_values:
            raise UnusableAnswerError(f"no first value of {release.series} in {LOOK_BACK.days} days")
        if unlisted := sorted(first_values - listed):
            raise UnusableAnswerError(f"a first value of {release.series} on {unlisted[-1]}, when no release is listed")
        last = max(first_values)
        if not release.monthly:
            return (fill_days(ref, first_values, last),)
        today = _find_start(answers[0][0]) + LOOK_BACK
        count = Counter((day.year, day.month) for day in listed)
        to_come = [day for day in sorted(listed) if day >= today and day > last]
        unclear = next((day for day in to_come if count[day.year, day.month] > 1), None)
        reports = [day for day in to_come if unclear is None or day < unclear]
        end = unclear - timedelta(days=1) if unclear else max([last, *reports])
        return (fill_days(ref, {*first_values, *reports}, end),)

    def _build_batch(self, ref: SeriesRef, today: date) -> list[Request]:
        release, start = RELEASES[ref], str(today - LOOK_BACK)
        common = {"api_key": self.key, "file_type": "json", "realtime_start": start, "realtime_end": "9999-12-31"}
        dates = {"release_id": release.number, "include_release_dates_with_no_data": "true", "sort_order": "asc"}
        # Periods before the first day requested had their first value before it.
        values = {"series_id": release.series, "output_type": 4, "observation_start": start}
        return [
            Request(f"{self.base_address}{path}?{urlencode(own | common)}", (ref,), may_be_empty=True, batch=ref.id)
            for path, own in ((DATES_PATH, dates), (VALUES_PATH, values))
        ]


def _is_list(request: Request) -> bool:
    return urlsplit(request.address).path.endswith(DATES_PATH)


def _find_start(request: Request) -> date:
    return read_requested_day(request.address, "realtime_start") or date.min


def _read_listed(request: Request, body: bytes) -> set[date]:
    """Return the days listed for the release that was asked for."""
    rows = _list_rows(read_json_object(body), "release_dates")
    number = read_parameter(request.address, "release_id")
    if others := [row.get("release_id") for row in rows if str(row.get("release_id")) != number]:
        raise UnusableAnswerError(f"days of the release {quote_text(others[0])} instead of {number}")
    return {_read_day(row.get("date")) for row in rows}


def _read_first_values(request: Request, body: bytes) -> set[date]:
    """Return the days on which a period had its first value, after the first day of the request."""
    rows = _list_rows(read_json_object(body), "observations")
    days = {_read_day(row.get("realtime_start")) for row in rows if parse_number(row.get("value")) is not None}
    return {day for day in days if day > _find_start(request)}


def _list_rows(answer: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the rows of an answer that has all of them. Raises ``UnusableAnswerError`` for any other."""
    rows = answer.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UnusableAnswerError(quote_message(answer.get("error_message"), f"JSON without {name}"))
    count = parse_number(answer.get("count"))
    if count is not None and count > len(rows):
        raise UnusableAnswerError(f"{len(rows)} of {count:g} {name}")
    return rows


def _read_day(written: object) -> date:
    day = parse_day(written)
    if day is None:
        raise UnusableAnswerError(f"the day {quote_text(written)} cannot be read")
    return day
