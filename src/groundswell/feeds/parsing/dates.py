"""Parse the dates of feeds, in their many formats, into aware UTC instants."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from groundswell.text.months import MONTH_ABBREVIATIONS

_ISO = re.compile(r"\d{4}-?\d{2}-?\d{2}(?!\d)")
_DAYS = tuple(
    re.compile(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?:T(?=\d))?",
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[ ,.-]{0,2}(?P<name>[a-z]{3,9})\.?,?[ -](?P<year>\d{4}|\d{2})(?!\d|:)",
        r"(?P<name>[a-z]{3,9})\.?[ -](?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})",
        r"(?P<name>[a-z]{3}) (?P<day>\d{1,2}) (?P<clock>\d{2}:\d{2}:\d{2})(?P<zone> [a-z]{1,5})? (?P<year>\d{4})$",
        r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})",
        r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})",
    )
)
_WEEKDAY = re.compile(r"[^\W\d]{2,12}\.?(?:, ?| )(?=\d|[A-Za-z]{3,9}\.? \d)")
_TIME = re.compile(
    r"[ ,T-]*(?:at )?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"(?: ?(?P<half>[ap])\.?m\b\.?)?",
    re.IGNORECASE | re.ASCII,
)
_OFFSET = re.compile(r"(?:GMT|UTC|Z)? ?([+-])(\d{1,2}):?(\d{2})?(?: ?\(.{0,40}\))?", re.IGNORECASE | re.ASCII)
_ZONE_NAME = re.compile(r"\(?([A-Za-z]{1,5})\.?\)?")
_EPOCH = re.compile(r"(\d{9,10})(\d{3})?", re.ASCII)

# Abbreviations that newswires use for one offset only. Other abbreviations count as UTC.
_FIXED_ZONES = {
    name: hours
    for hours, names in (
        *((-10, "hst"), (-9, "akst"), (-8, "pst akdt"), (-7, "mst pdt"), (-6, "cst mdt"), (-5, "est cdt")),
        *((-4, "edt ast"), (-3.5, "nst"), (-3, "adt"), (-2.5, "ndt"), (1, "bst west cet mez"), (2, "cest mesz eet")),
        *((3, "eest msk"), (8, "hkt sgt"), (9, "jst kst"), (10, "aest"), (11, "aedt")),
    )
    for name in names.split()
}
_CIVIL_ZONES = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}


class FeedDate(NamedTuple):
    """An instant, and whether the publisher gave only the day; the instant is then midnight UTC."""

    at: datetime
    day_only: bool


def parse_iso_date(text: str) -> FeedDate | None:
    """Parse an ISO 8601 instant or bare day, in UTC if it has no zone. Anything else gives ``None``."""
    if not _ISO.match(text):
        return None
    try:
        return FeedDate(_to_utc(datetime.fromisoformat(text)), len(text) <= len("2026-11-05"))
    except (ValueError, OverflowError):
        return None


def parse_date(text: str | None) -> FeedDate | None:
    """Parse a feed's date: ISO 8601, the RFC 822 family with zone names such as EDT, a house style, or Unix seconds.

    A date without a known zone is read as UTC. ``3/4/2026`` starts with the month unless that is impossible,
    ``3.4.2026`` and ``3-4-2026`` start with the day. Unreadable or impossible dates give ``None``.
    """
    text = " ".join((text or "")[:500].split())[:100]
    if not text:
        return None
    try:
        return parse_iso_date(text) or _parse_epoch(text) or _parse_free_form(text)
    except (ValueError, OverflowError):
        return None


def _parse_epoch(text: str) -> FeedDate | None:
    seconds = _EPOCH.fullmatch(text)
    return FeedDate(datetime.fromtimestamp(int(seconds[1]), UTC), False) if seconds else None


def _parse_free_form(text: str) -> FeedDate | None:
    """Parse a day with an optional time and zone. Raises ``ValueError`` for a day or time that does not exist."""
    starts = (0, weekday.end()) if (weekday := _WEEKDAY.match(text)) else (0,)
    for day in (pattern.match(text, start) for start in starts for pattern in _DAYS):
        month = _parse_month(day.groupdict()) if day else None
        if day and month:
            parts = day.groupdict()
            rest = f" {parts['clock']}{parts['zone'] or ''}" if parts.get("clock") else text[day.end() :]
            return _add_time(datetime(_parse_year(parts["year"]), month, int(parts["day"]), tzinfo=UTC), rest)
    return None


def _parse_month(parts: dict[str, str | None]) -> int | None:
    name = parts.get("name")
    if name:
        return MONTH_ABBREVIATIONS.index(name[:3].lower()) + 1 if name[:3].lower() in MONTH_ABBREVIATIONS else None
    number = int(parts["month"] or 0)
    return number if 1 <= number <= 12 else None


def _parse_year(text: str) -> int:
    """Return the year; two digits mean 1950 to 2049. Raises ``ValueError`` for 0026, whose century is unknown."""
    year = int(text)
    if len(text) == 2:
        return year + (2000 if year < 50 else 1900)
    if year < 1000:
        raise ValueError("the year has no century")
    return year


def _add_time(day: datetime, rest: str) -> FeedDate:
    clock = _TIME.match(rest)
    if not clock:
        return FeedDate(day, True)
    hour, minute, second = (int(clock[name] or 0) for name in ("hour", "minute", "second"))
    if clock["half"] and hour <= 12:  # some feeds write 13:55 pm
        hour = hour % 12 + (12 if clock["half"].lower() == "p" else 0)
    late = timedelta(days=1) if (hour, minute, second) == (24, 0, 0) else timedelta(0)
    moment = day.replace(hour=hour % 24 if late else hour, minute=minute, second=min(second, 59)) + late
    return FeedDate(_to_utc(moment.replace(tzinfo=_parse_zone(rest[clock.end() :].strip()))), False)


def _parse_zone(text: str) -> tzinfo:
    """Return the zone at the end of a date. Raises ``ValueError`` for an offset that no place has."""
    if offset := _OFFSET.match(text):
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        if minutes > 14 * 60:
            raise ValueError("no place has this offset")
        return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    name = zone[1].lower() if (zone := _ZONE_NAME.match(text)) else ""
    if name in _CIVIL_ZONES:
        return ZoneInfo(_CIVIL_ZONES[name])
    return timezone(timedelta(hours=_FIXED_ZONES.get(name, 0)))


def _to_utc(moment: datetime) -> datetime:
    if moment.tzinfo is UTC:
        return moment
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
