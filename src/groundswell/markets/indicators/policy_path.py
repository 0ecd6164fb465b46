"""The path of policy that federal funds futures price, meeting by meeting.

The table ``fomc_meetings.csv`` lists the decision days of scheduled meetings, with the day on which the Federal Reserve
Board published each schedule as tentative (federalreserve.gov, press releases of those days).
"""

from __future__ import annotations

import calendar
import csv
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from groundswell.markets.series.book import NOTHING, SeriesBook
from groundswell.markets.series.catalogue import FOMC_MEETINGS

Month = tuple[int, int]

MEETING = FOMC_MEETINGS.ref()
"""One value on the first of each month that a calendar lists: the day of the month of the decision, or 0 for none."""

PRICE_ROUNDING = 0.0025
RATE_ROUNDING = 0.005
"""Half a tick of 0.005 of a price, and half the last digit of the effective rate, in percentage points."""

FIRST_CONTRACT, LAST_CONTRACT = 2000, 2040


def list_contract_months() -> tuple[Month, ...]:
    """Return every month for which a contract may be loaded."""
    return tuple((year, month) for year in range(FIRST_CONTRACT, LAST_CONTRACT) for month in range(1, 13))


def list_meetings(
    as_of: dt.date, until: dt.date, book: SeriesBook = NOTHING, *, listed_by: dt.date | None = None
) -> tuple[dt.date, ...]:
    """Return the decision days of scheduled meetings after ``as_of`` and up to ``until``.

    The table counts with the schedules that were published by ``listed_by`` (``as_of`` by default). For months in the
    calendar of ``book``, that calendar replaces the table.
    """
    days = {(day.year, day.month): day for published, day in _table() if published <= (listed_by or as_of)}
    published_calendar = book.get(MEETING)
    if published_calendar is not None:
        for first, day in zip(published_calendar.dates.tolist(), published_calendar.values.tolist(), strict=True):
            days.pop((first.year, first.month), None)
            if day:
                days[first.year, first.month] = first.replace(day=int(day))
    return tuple(sorted(day for day in days.values() if as_of < day <= until))


@dataclass(frozen=True, slots=True)
class PricedMeeting:
    """The rate before and after a meeting that futures imply, in percent, and its error from rounding (``open_by``)."""

    decides: dt.date
    before: float
    after: float
    open_by: float


def compute_priced_path(
    averages: Mapping[Month, float], days: Sequence[dt.date], current: float
) -> tuple[PricedMeeting, ...]:
    """Compute the rate after each meeting from the averages of months that futures imply: the meeting-month method.

    Rates are in percent. A month without a meeting has one rate, so its average is the rate after the meeting of the
    month before. Otherwise the new rate applies from the day after the meeting, over the ``N`` days of the month:
    ``average * N = before * d + after * (N - d)``. The rate before is ``current`` for the first meeting, and the rate
    after the previous meeting for the others. ``days`` are all scheduled meetings. A month between two of them has no
    meeting unless one is listed; nothing is known about months after the last. The path ends at the first missing
    contract.
    """
    months = [(day.year, day.month) for day in days]
    path: list[PricedMeeting] = []
    for day, month in zip(days, months, strict=True):
        before, known_to = (path[-1].after, path[-1].open_by) if path else (current, RATE_ROUNDING)
        following = _next(day)
        length = calendar.monthrange(*month)[1]
        if following not in months and following < months[-1] and following in averages:
            path.append(PricedMeeting(day, before, averages[following], PRICE_ROUNDING))
        elif month in averages and (left := length - day.day):
            after = (averages[month] * length - before * day.day) / left
            path.append(PricedMeeting(day, before, after, (PRICE_ROUNDING * length + known_to * day.day) / left))
        else:
            break
    return tuple(path)


def _next(day: dt.date) -> Month:
    return (day.year + day.month // 12, day.month % 12 + 1)


@cache
def _table() -> tuple[tuple[dt.date, dt.date], ...]:
    with files("groundswell.markets.events").joinpath("fomc_meetings.csv").open(encoding="utf-8") as lines:
        return tuple(
            (dt.date.fromisoformat(row["published"]), dt.date.fromisoformat(row["decides"]))
            for row in csv.DictReader(lines)
        )
