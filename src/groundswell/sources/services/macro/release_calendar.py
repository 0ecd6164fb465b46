"""Release days of statistics in an agency's calendar in the iCalendar format (RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from groundswell.model import SeriesRef
from groundswell.sources.services.answers import read_text
from groundswell.sources.services.base import Row, SeriesRows, UnusableAnswerError, sort_rows
from groundswell.sources.services.rows import quote_text, require_rows

if TYPE_CHECKING:
    from icalendar import Component

WASHINGTON = ZoneInfo("America/New_York")
FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Days of other years are a mistake."""

LONGEST_SPAN = timedelta(days=366 * 12)
"""The longest calendar that is read: agencies list about two years."""


def read_release_days(body: bytes, titles: Mapping[SeriesRef, re.Pattern[str]]) -> tuple[SeriesRows, ...]:
    """Read for each series the releases whose title matches its pattern in full.

    A series has 1 on each day of a release and 0 on the days in between, up to the last event of the whole calendar: a
    release that is moved is thus a revision of two days. Cancelled events count as none. A series without a release has
    a problem and no row. Raises ``UnusableAnswerError`` where the calendar is cut off, where it lists no release of any
    series, or where the day of one cannot be read, because that day would count as one without a release.
    """
    events = [(day, title) for day, title in _read_events(body, titles.values()) if day is not None]
    if not events:
        raise UnusableAnswerError("a calendar without events")
    last = max(day for day, _ in events)
    return require_rows(_find_days(ref, pattern, events, last) for ref, pattern in titles.items())


def _find_days(ref: SeriesRef, pattern: re.Pattern[str], events: list[tuple[date, str]], last: date) -> SeriesRows:
    days = {day for day, title in events if pattern.fullmatch(title)}
    return fill_days(ref, days, last) if days else SeriesRows(ref, (), f"a calendar without a release of {ref.id}")


def fill_days(ref: SeriesRef, days: Collection[date], last: date) -> SeriesRows:
    """Return 1 on the ``days`` and 0 on all others, from the first of them to ``last``."""
    first = min(days)
    if last - first > LONGEST_SPAN:
        raise UnusableAnswerError(f"a calendar from {first} to {last}")
    span = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return sort_rows(ref, [Row(day, float(day in days)) for day in span])


def _read_events(body: bytes, wanted: Collection[re.Pattern[str]]) -> Iterator[tuple[date | None, str]]:
    """Yield the day in Washington and the title of each event. None stands for a day of no interest that is unread."""
    # Loading the library takes longer than most commands do.
    from icalendar import Calendar  # noqa: PLC0415

    text = read_text(body)
    if not text.rstrip().endswith("END:VCALENDAR"):
        raise UnusableAnswerError("a calendar that is cut off" if "BEGIN:VCALENDAR" in text else "no calendar")
    try:
        components = Calendar.from_ical(text).walk("VEVENT")
    except Exception:  # whatever the library raises on input that is no calendar
        raise UnusableAnswerError("a calendar that cannot be read") from None
    for event in components:
        title = " ".join(str(event.get("SUMMARY", "")).split())
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        day = _read_day(event)
        if day is None and any(pattern.fullmatch(title) for pattern in wanted):
            raise UnusableAnswerError(f"the day of {quote_text(title)} cannot be read")
        yield day, title


def _read_day(event: Component) -> date | None:
    """Return the day on which an event begins in Washington; None where it cannot be read."""
    try:
        start = event.decoded("DTSTART")
    except Exception:  # whatever the library raises on a day that is none
        return None
    if isinstance(start, datetime):
        start = (start.astimezone(WASHINGTON) if start.tzinfo else start).date()
    return start if isinstance(start, date) and FIRST_YEAR <= start.year <= LAST_YEAR else None
