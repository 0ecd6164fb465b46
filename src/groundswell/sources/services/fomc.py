"""The Federal Reserve Board's calendar of FOMC meetings, and the target range that each statement tells."""

from __future__ import annotations

import html
import re
from calendar import monthrange
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from groundswell.markets.events.fed_decisions import LOWER, UPPER, table_ends
from groundswell.markets.indicators.policy_path import MEETING, list_meetings
from groundswell.markets.series.book import SeriesBook
from groundswell.model import SeriesRef
from groundswell.sources.services.base import Request, Row, SeriesRows, UnusableAnswerError, found

RELEASED = time(19)
"""Statements come out at 14:00 in Washington: by this hour (UTC), in winter as in summer."""

WIDEST = 0.5
"""Percentage points between the ends of a target range beyond which the numbers read are not one."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = re.compile(r"((?:19|20)\d\d)(?:</a>)?\s{0,20}FOMC Meetings")
_MEETING = re.compile(
    r"fomc-meeting__month[^>]{0,200}>\s{0,200}(?:<strong>)?([A-Za-z/]{3,30})(?:</strong>)?\s{0,200}</div>"
    r"\s{0,200}<div[^>]{0,200}fomc-meeting__date[^>]{0,200}>([^<]{1,60})<"
)
_DAYS = re.compile(r"(?:\d{1,2}-)?(\d{1,2})\*?")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_NUMBER = r"(\d{1,2}(?:[- ]\d/\d)?|\d/\d)"
_DECISION = re.compile(
    r"decided to (?:maintain|keep|raise|lower|increase|reduce) the target range for the federal funds rate"
    rf"(?: by [\d/ -]{{1,12}} percentage points?)?,? (?:at|to) {_NUMBER} to {_NUMBER} percent"
)
_STATEMENT = re.compile(r"monetary(\d{8})a\.htm")


@dataclass(frozen=True, slots=True)
class Fomc:
    """Meetings as the day of the month on which each decides, 0 for a month without; the range in percent.

    A moved meeting is thus a revision of its months. Decisions between scheduled meetings are on no calendar.
    """

    base: str = "https://www.federalreserve.gov"
    name: str = "fomc"
    title: str = "Federal Reserve Board: FOMC calendar and statements"
    terms: str = "Public domain."
    minutes: int = 360
    lacking: str = ""

    def offers(self, ref: SeriesRef) -> bool:
        return ref in (MEETING, LOWER, UPPER)

    def requests(self, refs: Collection[SeriesRef], held: SeriesBook, today: date) -> tuple[Request, ...]:
        """The calendar, and the statement of each meeting since the shipped table ends whose range is not held."""
        told = held.get(UPPER)
        known = set(told.dates.tolist()) if told else set()
        since = table_ends()
        days = [day for day in list_meetings(since, today, held, listed_by=today) if day not in known]
        ranges = tuple(ref for ref in (LOWER, UPPER) if ref in refs)
        statements = (
            Request(f"{self.base}/newsevents/pressreleases/monetary{day:%Y%m%d}a.htm", ranges)
            for day in (days if ranges else ())
        )
        calendar = Request(f"{self.base}/monetarypolicy/fomccalendars.htm", (MEETING,))
        return (*((calendar,) if MEETING in refs else ()), *statements)

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read the calendar or a statement, both web pages without a word on their encoding: it is UTF-8."""
        page = _DASHES.sub("-", body.decode("utf-8-sig", errors="replace"))
        if request.refs == (MEETING,):
            return (found(MEETING, _scheduled(page)),)
        named = _STATEMENT.search(request.address)
        assert named is not None  # noqa: S101 - the addresses are made above
        day = datetime.strptime(named[1], "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
        ends = _range(page)
        known = datetime.combine(day, RELEASED, UTC)
        return tuple(found(ref, [Row(day, ends[ref == UPPER], known)]) for ref in request.refs)


def _scheduled(page: str) -> list[Row]:
    """A row a month of each year that the calendar lists. Raises ``UnusableAnswerError`` for a page without any."""
    years = list(_YEAR.finditer(page))
    rows: list[Row] = []
    ends = [*(after.start() for after in years[1:]), len(page)]
    for found_year, end in zip(years, ends, strict=False):  # without a year there is but one end
        year = int(found_year[1])
        decided = {day.month: day.day for day in _decided(year, page[found_year.end() : end])}
        if decided:
            rows += (Row(date(year, month, 1), float(decided.get(month, 0))) for month in range(1, 13))
    if not rows:
        raise UnusableAnswerError("a page without meetings")
    return rows


def _decided(year: int, panel: str) -> Iterator[date]:
    """The day on which each meeting ends; votes by notation and unscheduled meetings are left out."""
    for names, days in _MEETING.findall(panel):
        month = names.rpartition("/")[2][:3].lower()
        last = _DAYS.fullmatch(html.unescape(days).strip())
        if month in _MONTHS and last and 1 <= int(last[1]) <= monthrange(year, _MONTHS.index(month) + 1)[1]:
            yield date(year, _MONTHS.index(month) + 1, int(last[1]))


def _range(page: str) -> tuple[float, float]:
    """The target range that a statement tells. Raises ``UnusableAnswerError`` where it tells none, or an odd one."""
    words = " ".join(html.unescape(re.sub(r"<[^>]{0,2000}>", " ", page)).split())
    told = _DECISION.search(_DASHES.sub("-", words))
    if told is None:
        raise UnusableAnswerError("a page without a decision on the target range")
    lower, upper = map(_percent, told.groups())
    if not 0 < upper - lower <= WIDEST:
        raise UnusableAnswerError(f"a statement with the range {told[1]} to {told[2]}")
    return lower, upper


def _percent(text: str) -> float:
    """A number such as ``4``, ``3-1/2`` or ``1/4``."""
    whole, _, part = text.replace(" ", "-").rpartition("-")
    numerator, _, denominator = part.partition("/")
    return float(whole or 0) + float(numerator) / float(denominator or 1)
