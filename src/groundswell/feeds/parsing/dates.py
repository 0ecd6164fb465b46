"""Parse the dates of feeds, in their many formats and languages, into aware UTC instants."""

from __future__ import annotations

import csv
import re
import unicodedata
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from groundswell.feeds.parsing.zones import split_zone
from groundswell.text.months import MONTH_ABBREVIATIONS

_ISO = re.compile(r"\d{4}-?\d{2}-?\d{2}(?!\d)|\d{4}-?W\d{2}", re.ASCII)
_SHORT_ISO = tuple(
    re.compile(rf"{pattern}(?P<rest>T.+)?", re.ASCII)
    for pattern in (
        r"(?P<year>\d{4})(?:-(?P<month>\d{2}))?",
        r"(?P<year>\d{4})-?(?P<ordinal>\d{3})",
        r"(?P<year>\d{2})(?P<ordinal>\d{3})",
        r"(?P<year>\d{2})(?P<month>\d{2})(?P<day>\d{2})",
        r"-(?P<year>\d{2})-?(?P<month>\d{2})",
        r"-?(?P<year>\d{2})-(?P<month>\d{2})-(?P<day>\d{2})",
    )
)
_EPOCH = re.compile(r"(\d{9,10})(\d{3})?", re.ASCII)
_TIME = re.compile(
    r"(?:\b(?P<before>[ap])m ?)?(?<![\d:])(?P<hour>\d{1,2})[:h](?P<minute>\d{1,2})(?::(?P<second>\d{1,2}))?"
    r"(?:[.,:]\d+)?(?: ?(?P<after>[ap])\.? ?m\b\.?)?",
    re.ASCII,
)
_YEAR_FIRST = re.compile(r"(?<!\d)(?P<year>\d{4}) ?[-/.] ?(?P<month>\d{1,2}) ?[-/.] ?(?P<day>\d{1,2})(?!\d)", re.ASCII)
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2}) ?([-/.]) ?(\d{1,2}) ?\2 ?(\d{4}|\d{2})(?!\d)", re.ASCII)
_WORD = re.compile(r"[^\W\d_]{2,}")
_NUMBER = re.compile(r"\d+", re.ASCII)

# Chinese, Japanese and Korean write units after the numbers, Vietnamese the word for month before its number.
_EASTERN_DAY = re.compile(r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日号號일]?")
_EASTERN_TIME = re.compile(r"(\d{1,2}) ?[時时点點시] ?(\d{1,2}) ?[分분](?: ?(\d{1,2}) ?[秒초])?")
_EASTERN_HALF = re.compile(r"(午前|上午|오전)|午後|下午|오후")
_VIETNAMESE_MONTH = re.compile(r"\b(?:thang|thg|th)\.? ?(\d{1,2})\b", re.ASCII)
_KOREAN = re.compile("[년월일시분전후]")
_KOREAN_ZONE = " +0900"

_LAST_DAY = 31
_MAX_HOUR = 47


class FeedDate(NamedTuple):
    """An instant, and whether the publisher gave only the day; the instant is then midnight UTC."""

    at: datetime
    day_only: bool


class _Clock(NamedTuple):
    time: timedelta
    zone: tzinfo


def parse_iso_date(text: str) -> FeedDate | None:
    """Parse an ISO 8601 instant or bare day, in UTC if it has no zone. Anything else gives ``None``."""
    if not _ISO.match(text):
        return None
    try:
        return FeedDate(_to_utc(datetime.fromisoformat(text)), len(text) <= len("2026-11-05"))
    except (ValueError, OverflowError):
        return None


def parse_date(text: str | None) -> FeedDate | None:
    """Parse a feed's date: any form of ISO 8601, the RFC 822 family, a house style, or Unix seconds.

    Months may be named in the languages of ``month_names.csv``. A date without a known zone is read as UTC.
    ``3/4/2026`` starts with the month unless that is impossible, ``3.4.2026`` and ``3-4-2026`` start with the day, and
    ``26-08-17`` with the year, as in ISO 8601. A year or a month stands for its first day. A clock or calendar that
    counts on (31 June, 25:14, 10:61) means the time that much later. Unreadable or impossible dates give ``None``.
    """
    text = " ".join((text or "")[:500].split())[:100]
    if not text:
        return None
    try:
        return parse_iso_date(text) or _parse_epoch(text) or _parse_short_iso(text) or _parse_free_form(text)
    except (ValueError, OverflowError):
        return None


def _parse_epoch(text: str) -> FeedDate | None:
    seconds = _EPOCH.fullmatch(text)
    return FeedDate(datetime.fromtimestamp(int(seconds[1]), UTC), False) if seconds else None


def _parse_short_iso(text: str) -> FeedDate | None:
    """Parse the forms of ISO 8601 that Python does not: a year, a month, the day of the year, years of two digits."""
    for pattern in _SHORT_ISO:
        if short := pattern.fullmatch(text):
            parts = short.groupdict()
            number = parts.get("ordinal") or parts.get("day") or "1"
            last = 366 if "ordinal" in parts else _LAST_DAY
            day = _find_day(_read_year(parts["year"]), int(parts.get("month") or 1), int(number), last)
            return _join(day, _split_clock(_fold(parts["rest"] or ""))[0])
    return None


def _parse_free_form(text: str) -> FeedDate | None:
    """Parse a day with an optional time and zone, in any order. Raises ``ValueError`` for what cannot be."""
    clock, rest = _split_clock(_VIETNAMESE_MONTH.sub(_name_month, _fold(text)))
    day = _read_named_month(rest) or _read_numbers(rest)
    return _join(day, clock) if day else None


def _fold(text: str) -> str:
    """Return the date in lower case, with units as signs, Western digits, and letters without marks."""
    if text.isascii():
        return text.lower()
    is_korean = bool(_KOREAN.search(text))
    text = _EASTERN_TIME.sub(_write_colons, _EASTERN_DAY.sub(r" \1-\2-\3 ", text))
    text = _EASTERN_HALF.sub(lambda half: " am " if half[1] else " pm ", text)
    text += _KOREAN_ZONE if is_korean and ":" in text else ""
    folded = "".join(
        str(unicodedata.digit(character)) if character.isdecimal() else character
        for character in unicodedata.normalize("NFKD", text.casefold())
        if unicodedata.category(character) not in ("Mn", "Cf")
    )
    return " ".join(folded.split())


def _write_colons(time: re.Match[str]) -> str:
    return ":".join(part for part in time.groups() if part)


def _name_month(vietnamese: re.Match[str]) -> str:
    number = int(vietnamese[1])
    return MONTH_ABBREVIATIONS[number - 1] if 1 <= number <= len(MONTH_ABBREVIATIONS) else ""


def _split_clock(text: str) -> tuple[_Clock | None, str]:
    """Return the time of day with its zone, if the text has one, and the text without them."""
    found = _TIME.search(text)
    if not found:
        return None, text
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    half = found["before"] or found["after"]
    if half and hour <= 12:  # some feeds write 13:55 pm
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > _MAX_HOUR:
        raise ValueError("no clock shows this hour")
    zone, rest = split_zone(text[found.end() :])
    return _Clock(timedelta(hours=hour, minutes=minute, seconds=second), zone), f"{text[: found.start()]} {rest}"


def _read_named_month(text: str) -> datetime | None:
    """Read a day whose month is named. Of two names the last counts: in some languages a weekday is named like one."""
    names = _load_month_names()
    months = [names[word] for word in _WORD.findall(text) if word in names]
    numbers: list[str] = _NUMBER.findall(text)
    years = [number for number in numbers if len(number) == 4]
    short = [number for number in numbers if len(number) <= 2]
    if not months or len(years) + len(short) < len(numbers) or not (years or len(short) > 1):
        return None
    year = years[0] if years else short.pop(0 if int(short[0]) > _LAST_DAY else 1)
    return _find_day(_read_year(year), months[-1], int(short[0]) if short else 1)


def _read_numbers(text: str) -> datetime | None:
    """Read a day that is written in numbers."""
    if found := _YEAR_FIRST.search(text):
        return _find_day(_read_year(found["year"]), int(found["month"]), int(found["day"]))
    if not (found := _YEAR_LAST.search(text)):
        return None
    first, second = int(found[1]), int(found[3])
    if first > 12 or (found[2] != "/" and second <= 12):
        first, second = second, first
    return _find_day(_read_year(found[4]), first, second)


def _find_day(year: int, month: int, day: int, last: int = _LAST_DAY) -> datetime:
    if not 1 <= day <= last:
        raise ValueError("no month has this day")
    return datetime(year, month, 1, tzinfo=UTC) + timedelta(days=day - 1)


def _read_year(text: str) -> int:
    """Return the year; two digits mean 1950 to 2049. Raises ``ValueError`` for 0026, whose century is unknown."""
    year = int(text)
    if len(text) == 2:
        return year + (2000 if year < 50 else 1900)
    if year < 1000:
        raise ValueError("the year has no century")
    return year


def _join(day: datetime, clock: _Clock | None) -> FeedDate:
    if clock is None:
        return FeedDate(day, True)
    return FeedDate(_to_utc((day + clock.time).replace(tzinfo=clock.zone)), False)


def _to_utc(moment: datetime) -> datetime:
    if moment.tzinfo is UTC:
        return moment
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


@lru_cache(maxsize=1)
def _load_month_names() -> dict[str, int]:
    """Return the number of the month, 1 to 12, by its folded name; ``tools/month_names.py`` wrote the table."""
    with files("groundswell.feeds.parsing").joinpath("month_names.csv").open(encoding="utf-8") as file:
        return {name: int(row["month"]) for row in csv.DictReader(file) for name in row["names"].split()}
