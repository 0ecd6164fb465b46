"""The Federal Reserve Board's calendar of FOMC meetings, and the target range in each statement."""

from __future__ import annotations

import html
import re
from calendar import monthrange
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta

from groundswell.markets.events.fed_decisions import LOWER, UPPER, table_ends
from groundswell.markets.indicators.policy_path import MEETING, list_meetings
from groundswell.markets.series.book import SeriesBook
from groundswell.model import SeriesRef
from groundswell.sources.services.base import (
    DataService,
    Request,
    Row,
    SeriesRows,
    UnusableAnswerError,
    sort_rows,
)
from groundswell.text.months import MONTH_ABBREVIATIONS

STATEMENT_TIME = time(19)
"""Statements are released at 14:00 in Washington: by this hour (UTC), in winter as in summer."""

MAX_RANGE_WIDTH = 0.5
"""Percentage points between the ends of a target range; numbers further apart are not a range."""

_YEAR = re.compile(r"((?:19|20)\d\d)(?:</a>)?\s{0,20}FOMC Meetings")
_MEETING = re.compile(
    r"fomc-meeting__month[^>]{0,200}>\s{0,200}(?:<strong>)?([A-Za-z/]{3,30})(?:</strong>)?\s{0,200}</div>"
    r"\s{0,200}<div[^>]{0,200}fomc-meeting__date[^>]{0,200}>([^<]{1,60})<"
)
_DAYS = re.compile(r"(?:\d{1,2}-)?(\d{1,2})\*?")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_NUMBER = r"(\d{1,2}(?:[- ]\d/\d)?|\d/\d)"
_DECISION = re.compile(
    r"(?:decided (?:today )?to|today decided to|will) "
    r"(?:maintain|keep|leave|raise|lower|increase|reduce|establish) (?:the|its|a) target range "
    rf"for the federal funds rate(?: by [\d/ -]{{1,12}} percentage points?)?,?(?: unchanged)?,? (?:at|to|of) "
    rf"{_NUMBER} to {_NUMBER} percent"
)
_STATEMENT = re.compile(r"monetary(\d{8})a\.htm")


class Fomc(DataService):
    """Meetings as the day of the month on which each decides, 0 for a month without; the range in percent.

    A moved meeting is thus a revision of its months. Decisions between scheduled meetings are on no calendar.
    """

    name = "fomc"
    title = "Federal Reserve Board: FOMC calendar and statements"
    terms = "Public domain."
    default_address = "https://www.federalreserve.gov"
    priority = 30
    interval = timedelta(hours=6)

    def offers(self, ref: SeriesRef) -> bool:
        return ref in (MEETING, LOWER, UPPER)

    def requests(self, refs: Collection[SeriesRef], stored: SeriesBook, today: date) -> tuple[Request, ...]:
        """Request the calendar, and each statement since the shipped table ends whose range is not stored."""
        upper = stored.get(UPPER)
        days_stored = set(upper.dates.tolist()) if upper else set()
        scheduled = list_meetings(table_ends(), today, stored, listed_by=today)
        ends = tuple(ref for ref in (LOWER, UPPER) if ref in refs)
        statements = (
            Request(f"{self.base_address}/newsevents/pressreleases/monetary{day:%Y%m%d}a.htm", ends)
            for day in (scheduled if ends else ())
            if day not in days_stored
        )
        calendar = Request(f"{self.base_address}/monetarypolicy/fomccalendars.htm", (MEETING,))
        return (*((calendar,) if MEETING in refs else ()), *statements)

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read the calendar or a statement, both web pages in UTF-8 that do not name their encoding."""
        page = _DASHES.sub("-", body.decode("utf-8-sig", errors="replace"))
        if request.refs == (MEETING,):
            return (sort_rows(MEETING, _read_calendar(page)),)
        statement = _STATEMENT.search(request.address)
        assert statement is not None  # noqa: S101 - the addresses are built above
        day = datetime.strptime(statement[1], "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
        lower, upper = _read_range(page)
        known_at = datetime.combine(day, STATEMENT_TIME, UTC)
        return tuple(sort_rows(ref, [Row(day, upper if ref == UPPER else lower, known_at)]) for ref in request.refs)


def _read_calendar(page: str) -> list[Row]:
    """Return a row a month of each year that the calendar lists. Raises ``UnusableAnswerError`` where it lists none."""
    headings = list(_YEAR.finditer(page))
    section_ends = [*(heading.start() for heading in headings[1:]), len(page)]
    rows: list[Row] = []
    for heading, end in zip(headings, section_ends, strict=False):  # without a heading there is one end all the same
        year = int(heading[1])
        days = {day.month: day.day for day in _decision_days(year, page[heading.end() : end])}
        if days:
            rows += (Row(date(year, month, 1), float(days.get(month, 0))) for month in range(1, 13))
    if not rows:
        raise UnusableAnswerError("a page without meetings")
    return rows


def _decision_days(year: int, section: str) -> Iterator[date]:
    """Yield the day on which each meeting ends; votes by notation and unscheduled meetings are left out."""
    for month_names, days in _MEETING.findall(section):
        name = month_names.rpartition("/")[2][:3].lower()
        last_day = _DAYS.fullmatch(html.unescape(days).strip())
        if name in MONTH_ABBREVIATIONS and last_day:
            month, day = MONTH_ABBREVIATIONS.index(name) + 1, int(last_day[1])
            if 1 <= day <= monthrange(year, month)[1]:
                yield date(year, month, day)


def _read_range(page: str) -> tuple[float, float]:
    """Return the target range of a statement. Raises ``UnusableAnswerError`` where it has no plausible one."""
    text = " ".join(html.unescape(re.sub(r"<[^>]{0,2000}>", " ", page)).split())
    decision = _DECISION.search(_DASHES.sub("-", text))
    if decision is None:
        raise UnusableAnswerError("a page without a decision on the target range")
    lower, upper = map(_parse_percent, decision.groups())
    if not 0 < upper - lower <= MAX_RANGE_WIDTH:
        raise UnusableAnswerError(f"a statement with the range {decision[1]} to {decision[2]}")
    return lower, upper


def _parse_percent(text: str) -> float:
    """Return a number written as ``4``, ``3-1/2`` or ``1/4``. Raises ``UnusableAnswerError`` for a division by 0."""
    whole, _, fraction = text.replace(" ", "-").rpartition("-")
    numerator, _, denominator = fraction.partition("/")
    if denominator and not int(denominator):
        raise UnusableAnswerError("a page without a decision on the target range")
    return float(whole or 0) + float(numerator) / float(denominator or 1)
