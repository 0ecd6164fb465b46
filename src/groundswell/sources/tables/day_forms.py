"""The forms in which one cell may write a day, and what the numbers in it can stand for."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from zoneinfo import ZoneInfo

from groundswell.text.months import MONTH_ABBREVIATIONS


class Order(Enum):
    """The order of the numbers of a day, in words for a report."""

    YEAR_FIRST = "year first"
    MONTH_FIRST = "month first"
    DAY_FIRST = "day first"


NUMERIC_ORDERS = (Order.MONTH_FIRST, Order.DAY_FIRST, Order.YEAR_FIRST)
MARKET_ZONE = ZoneInfo("America/New_York")

_TIME = (
    r"(?:[T ,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[EC][SD]T)?)?"
)
_YEAR_FIRST = re.compile(rf"(?P<y>\d{{4}})(?P<sign>[-/.])(?P<m>\d{{1,2}})(?P=sign)(?P<d>\d{{1,2}}){_TIME}")
_COMPACT = re.compile(rf"(?P<y>\d{{4}})(?P<m>\d{{2}})(?P<d>\d{{2}}){_TIME}")
_NUMERIC = re.compile(rf"(?P<a>\d{{1,2}})(?P<sign>[-/. ])(?P<b>\d{{1,2}})(?P=sign)(?P<c>\d{{4}}|\d{{2}}){_TIME}")
_WEEKDAY = r"(?:[^\W\d]+\.?,?\s+)?"
_NAME = r"(?P<name>[^\W\d]{3,})\.?"
_DAY_NAMED = re.compile(
    rf"{_WEEKDAY}(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?[-/ ]*{_NAME}[-/, ]*(?P<y>\d{{4}}|\d{{2}}){_TIME}"
)
_MONTH_NAMED = re.compile(rf"{_WEEKDAY}{_NAME}[-/ ]+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[-/, ]+(?P<y>\d{{4}}){_TIME}")
_YEAR_NAMED = re.compile(rf"(?P<y>\d{{4}})[-/ ](?P<name>[^\W\d]{{3,}})[-/ ](?P<d>\d{{1,2}}){_TIME}")
_MONTH = re.compile(r"(?P<y>\d{4})[-/](?P<m>\d{2})")
_QUARTER = re.compile(r"(?P<y>\d{4})[- :]?[Qq](?P<q>[1-4])")
_EPOCH = re.compile(r"(\d{10})(?:\d{3}|\d{6}|\d{9})?(?:\.0*)?")

FIRST_YEAR = 1700
"""No market data are older than this; 1024 for 2024 would put a price first that belongs elsewhere."""

CACHED_CELLS = 30_000
"""All files of a folder have much the same days, written in much the same way."""

OFFSETS = {"EST": -300, "EDT": -240, "CST": -360, "CDT": -300}
"""Minutes from UTC of the names of American zones."""

MONTH_NAMES = {
    "january": 1, "february": 2, "march": 3, "april": 4, "june": 6, "july": 7, "august": 8, "september": 9, "sept": 9,
    "october": 10, "november": 11, "december": 12,
    "januar": 1, "februar": 2, "marz": 3, "maerz": 3, "mrz": 3, "mai": 5, "juni": 6, "juli": 7, "okt": 10,
    "oktober": 10, "dez": 12, "dezember": 12,
    "janv": 1, "janvier": 1, "fev": 2, "fevr": 2, "fevrier": 2, "mars": 3, "avr": 4, "avril": 4, "juin": 6, "juil": 7,
    "juillet": 7, "aout": 8, "septembre": 9, "octobre": 10, "novembre": 11, "decembre": 12,
    "ene": 1, "enero": 1, "febrero": 2, "marzo": 3, "abr": 4, "abril": 4, "mayo": 5, "junio": 6, "julio": 7, "ago": 8,
    "agosto": 8, "septiembre": 9, "octubre": 10, "noviembre": 11, "dic": 12, "diciembre": 12,
    **{name: number for number, name in enumerate(MONTH_ABBREVIATIONS, 1)},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WrittenDay:
    """A cell as a day: ``day`` where its form is clear, else ``numbers`` with the width of the last one.

    ``minutes`` after midnight and ``offset`` in minutes from UTC are None where no time or zone is written.
    ``is_written_out`` is whether the cell has the day, the month and the year; the first day of a month or quarter,
    the day of a number of seconds, and the century of a short year are conventions.
    """

    form: str
    day: dt.date | None = None
    numbers: tuple[int, int, int] | None = None
    has_short_year: bool = False
    minutes: int | None = None
    offset: int | None = None
    is_written_out: bool = True


@lru_cache(maxsize=CACHED_CELLS)
def read_day(cell: str, latest_year: int) -> WrittenDay | None:
    """Read a cell as a day in any known form; None for anything else. Two-digit years end at ``latest_year``."""
    text = cell.strip().strip("'\"").replace("\u00a0", " ")
    for pattern, form in ((_YEAR_FIRST, "YYYY-MM-DD"), (_COMPACT, "YYYYMMDD")):
        if match := pattern.fullmatch(text):
            return _build(form, match, _to_day(int(match["y"]), int(match["m"]), int(match["d"])))
    if match := _NUMERIC.fullmatch(text):
        numbers = (int(match["a"]), int(match["b"]), int(match["c"]))
        minutes, offset = _read_time(match)
        is_short = len(match["c"]) == 2
        return WrittenDay("numbers", None, numbers, has_short_year=is_short, minutes=minutes, offset=offset)
    return _read_named(text, latest_year) or _read_period(text)


def _read_named(text: str, latest_year: int) -> WrittenDay | None:
    """Read a day with the name of its month."""
    for pattern in (_DAY_NAMED, _MONTH_NAMED, _YEAR_NAMED):
        if (match := pattern.fullmatch(text)) and (month := _find_month(match["name"])):
            year = int(match["y"])
            full_year = year if len(match["y"]) == 4 else complete_year(year, latest_year)
            day = _to_day(full_year, month, int(match["d"]))
            return _build("with the name of the month", match, day, is_written_out=len(match["y"]) == 4)
    return None


def _read_period(text: str) -> WrittenDay | None:
    """Read a month, a quarter or seconds since 1970."""
    if match := _MONTH.fullmatch(text):
        day = _to_day(int(match["y"]), int(match["m"]), 1)
        form = "YYYY-MM, taken as the first of the month"
        return WrittenDay(form, day, is_written_out=False) if day else None
    if match := _QUARTER.fullmatch(text):
        day = _to_day(int(match["y"]), int(match["q"]) * 3 - 2, 1)
        return WrittenDay("quarters, taken as their first day", day, is_written_out=False)
    if match := _EPOCH.fullmatch(text):
        at = dt.datetime.fromtimestamp(int(match[1]), dt.UTC)
        minutes = at.hour * 60 + at.minute
        return WrittenDay("seconds since 1970", at.date(), minutes=minutes, offset=0, is_written_out=False)
    return None


def complete_year(short: int, latest_year: int) -> int:
    """Return the year that a two-digit one stands for, the latest that is not after ``latest_year``."""
    century = latest_year // 100 * 100
    return century + short if century + short <= latest_year else century - 100 + short


def order_numbers(written: WrittenDay, order: Order, latest_year: int) -> dt.date | None:
    """Return the day of three numbers in an order; None where there is no such day."""
    if written.numbers is None:
        return written.day
    a, b, c = written.numbers
    year, month, day = {
        Order.MONTH_FIRST: (c, a, b),
        Order.DAY_FIRST: (c, b, a),
        Order.YEAR_FIRST: (a, b, c),
    }[order]
    if order is Order.YEAR_FIRST and not written.has_short_year:
        return None
    return _to_day(complete_year(year, latest_year) if written.has_short_year else year, month, day)


def to_market_day(day: dt.date, minutes: int, offset: int) -> dt.date:
    """Return the day in New York of an instant, given by its day, its minutes and its offset from UTC."""
    try:
        instant = dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(minutes=minutes - offset)
        return instant.astimezone(MARKET_ZONE).date()
    except OverflowError:  # within hours of the first or the last day of the calendar
        return day


def _build(form: str, match: re.Match[str], day: dt.date | None, *, is_written_out: bool = True) -> WrittenDay | None:
    minutes, offset = _read_time(match)
    if day is None:
        return None
    return WrittenDay(form, day, minutes=minutes, offset=offset, is_written_out=is_written_out)


def _read_time(match: re.Match[str]) -> tuple[int | None, int | None]:
    if match["hour"] is None:
        return None, None
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].lower().startswith("p") else 0)
    return hour * 60 + int(match["minute"]), _read_offset(match["zone"])


def _read_offset(zone: str | None) -> int | None:
    if zone is None:
        return None
    if zone in ("Z", "UTC", "GMT"):
        return 0
    if zone in OFFSETS:
        return OFFSETS[zone]
    digits = zone[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return -minutes if zone[0] == "-" else minutes


def _find_month(name: str) -> int | None:
    folded = unicodedata.normalize("NFKD", name.casefold())
    return MONTH_NAMES.get("".join(sign for sign in folded if sign.isalnum()))


def _to_day(year: int, month: int, day: int) -> dt.date | None:
    if year < FIRST_YEAR:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
