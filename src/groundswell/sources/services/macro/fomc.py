"""The Federal Reserve Board's calendar of FOMC meetings, and the target range in each statement."""

from __future__ import annotations

import html
import re
from calendar import monthrange
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from groundswell.markets.events.fed_decisions import LOWER, UPPER, list_decisions, table_ends
from groundswell.markets.indicators.policy_path import MEETING, list_meetings
from groundswell.markets.series.book import SeriesBook
from groundswell.model import Measure, SeriesRef
from groundswell.sources.services.answers import decode_answer
from groundswell.sources.services.base import (
    DataService,
    Request,
    Row,
    SeriesRows,
    UnusableAnswerError,
    sort_rows,
)
from groundswell.sources.services.macro.fomc_statements import DASHES, check_release_day, read_target_range
from groundswell.sources.services.rows import quote_text
from groundswell.text.months import MONTH_ABBREVIATIONS

TARGET_UPPER = SeriesRef("DFEDTARU", Measure.RATE)

SMALLEST_CHANGE = 0.01
"""Percentage points; a smaller difference of two ends of a range is one of rounding."""

STATEMENT_TIME = time(19)
"""Statements are released at 14:00 in Washington: by this hour (UTC), in winter as in summer."""

LONGEST_GAP = timedelta(days=7)
"""Between two days of the New York Fed's rates around a change, weekend and holidays included."""

_YEAR = re.compile(r"((?:19|20)\d\d)(?:</a>)?\s{0,20}FOMC Meetings")
_MEETING = re.compile(
    r"fomc-meeting__month[^>]{0,200}>\s{0,200}(?:<strong>)?([A-Za-z/]{3,30})(?:</strong>)?\s{0,200}</div>"
    r"\s{0,200}<div[^>]{0,200}fomc-meeting__date[^>]{0,200}>([^<]{1,60})<"
)
MEETING_MARK = "fomc-meeting__date"
_NO_MEETING = re.compile(r"\((?:notation vote|unscheduled|cancell?ed)\)", re.IGNORECASE)
_DAYS = re.compile(r"(?:\d{1,2}-)?(\d{1,2})\*?")
_STATEMENT = re.compile(r"monetary(\d{8})a\.htm")


class Fomc(DataService):
    """Meetings as the day of the month on which each decides, 0 for a month without; the range in percent.

    A moved meeting is thus a revision of its months.
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
        """Request the calendar, and each statement since the shipped table ends whose range is not stored.

        A meeting that is on no calendar is noticed by the change of the target range that it made.
        """
        upper = stored.get(UPPER)
        days_stored = set(upper.dates.tolist()) if upper else set()
        scheduled = list_meetings(table_ends(), today, stored, listed_by=today)
        ends = tuple(ref for ref in (LOWER, UPPER) if ref in refs)
        due = [(day,) for day in scheduled if day not in days_stored]
        requested = {*scheduled, *days_stored}
        unscheduled = [
            tuple(day for day in days if day not in requested) for days in find_unexplained_changes(stored, today)
        ]
        statements = (
            Request(self._statement(days[0]), ends, tuple(map(self._statement, days[1:])))
            for days in ((*due, *unscheduled) if ends else ())
            if days
        )
        calendar = Request(f"{self.base_address}/monetarypolicy/fomccalendars.htm", (MEETING,))
        return (*((calendar,) if MEETING in refs else ()), *statements)

    def _statement(self, day: date) -> str:
        return f"{self.base_address}/newsevents/pressreleases/monetary{day:%Y%m%d}a.htm"

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read the calendar or a statement, both web pages in UTF-8 that do not name their encoding."""
        page = DASHES.sub("-", decode_answer(body))
        if request.refs == (MEETING,):
            return (_read_calendar(page),)
        statement = _STATEMENT.search(request.address)
        assert statement is not None  # noqa: S101 - the addresses are built above
        day = datetime.strptime(statement[1], "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
        check_release_day(page, day)
        lower, upper = read_target_range(page)
        known_at = datetime.combine(day, STATEMENT_TIME, UTC)
        return tuple(sort_rows(ref, [Row(day, upper if ref == UPPER else lower, known_at)]) for ref in request.refs)


def _read_calendar(page: str) -> SeriesRows:
    """Read a row a month of each year that the calendar lists.

    A year with a meeting that cannot be read is left out, because its month would count as one without a meeting.
    Raises ``UnusableAnswerError`` where no year is left.
    """
    headings = list(_YEAR.finditer(page))
    section_ends = [*(heading.start() for heading in headings[1:]), len(page)]
    rows: list[Row] = []
    problems: list[str] = []
    for heading, end in zip(headings, section_ends, strict=False):  # without a heading there is one end all the same
        year, section = int(heading[1]), page[heading.end() : end]
        try:
            days = {day.month: day.day for day in _decision_days(year, section)}
        except UnusableAnswerError as error:
            problems.append(str(error))
            continue
        if days:
            rows += (Row(date(year, month, 1), float(days.get(month, 0))) for month in range(1, 13))
        else:
            problems.append(f"no meeting of {year} could be read, perhaps because of another layout")
    if not rows:
        raise UnusableAnswerError(problems[0] if problems else "a page without meetings")
    return replace(sort_rows(MEETING, rows), problem="; ".join(problems))


def _decision_days(year: int, section: str) -> Iterator[date]:
    """Yield the day on which each meeting ends; votes by notation and unscheduled meetings are left out.

    Raises ``UnusableAnswerError`` where a meeting cannot be read.
    """
    meetings = _MEETING.findall(section)
    if len(meetings) < section.count(MEETING_MARK):
        raise UnusableAnswerError(f"a calendar of which not all meetings of {year} can be read")
    for month_names, written in meetings:
        days = html.unescape(written).strip()
        if _NO_MEETING.search(days):
            continue
        name, last_day = month_names.rpartition("/")[2][:3].lower(), _DAYS.fullmatch(days)
        month = MONTH_ABBREVIATIONS.index(name) + 1 if name in MONTH_ABBREVIATIONS else 0
        if not month or not last_day or not 1 <= int(last_day[1]) <= monthrange(year, month)[1]:
            raise UnusableAnswerError(f"the meeting of {quote_text(f'{month_names} {days}')} in {year} is not a day")
        yield date(year, month, int(last_day[1]))


def find_unexplained_changes(stored: SeriesBook, today: date) -> tuple[tuple[date, ...], ...]:
    """Find the changes of the New York Fed's target range that no known decision explains.

    Returns for each the days on which it may have been announced, the likeliest first: a range takes effect on the
    business day after its announcement, now and then on the same day.
    """
    upper = stored.get(TARGET_UPPER)
    if upper is None:
        return ()
    known = [(decision.announced, decision.upper) for decision in list_decisions(today, stored)]
    rows = list(zip(upper.dates.tolist(), upper.values.tolist(), strict=True))
    found = []
    for (before, old), (day, new) in pairwise(rows):
        if day <= table_ends() or abs(new - old) < SMALLEST_CHANGE:
            continue
        first = max(before, day - LONGEST_GAP)
        if any(first <= announced <= day and abs(level - new) < SMALLEST_CHANGE for announced, level in known):
            continue
        days = [day - timedelta(days=back) for back in range((day - first).days + 1)]
        found.append((*days[1:2], *days[:1], *days[2:]))
    return tuple(found)
