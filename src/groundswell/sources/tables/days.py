"""A column of cells as days. The order of day and month is decided by the whole column, and the reason reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.calendar import Days
from groundswell.sources.tables.day_forms import (
    NUMERIC_ORDERS,
    Order,
    WrittenDay,
    order_numbers,
    read_day,
    to_market_day,
)
from groundswell.sources.tables.faults import quote
from groundswell.sources.tables.rhythm import has_rhythm, is_in_order, is_on_weekdays

MAX_MISTYPED_SHARE = 0.02
"""Up to this share of days that fit the other order alone are mistakes, if all others are in order."""

MIN_MIDNIGHT_SHARE = 0.9
"""Midnights in UTC are days without a time, not the evening before in New York."""

LAST_MONTH, MIN_SWAPPED = 12, 3

EITHER_ORDER = "both orders give the same days"
USE_ISO = "write dates as YYYY-MM-DD"


@dataclass(frozen=True, eq=False)
class DayColumn:
    """The day of each cell (``datetime64[D]``), NaT for one that is no day.

    ``order`` and ``why`` say in words how days were read. ``refused`` says why no order could be decided: then all
    days written in numbers are NaT.
    """

    days: Days
    order: str
    why: str
    refused: str = ""

    @property
    def is_bad(self) -> NDArray[np.bool_]:
        """Which cells are no days."""
        return np.isnat(self.days)


def parse_day_column(cells: Sequence[str], latest: dt.date, usual: Order | None = None) -> DayColumn:
    """Parse cells as days; ``latest`` is the last day that values can have, by which short years are completed.

    Instants in UTC become days of New York, unless they are midnights; those with another offset, and times without
    one, keep the day that is written. ``usual`` is the order in which the writer of the column is known to write: it
    counts where all days exist in more than one order. Never raises.
    """
    latest_year = latest.year
    written = {cell: read_day(cell, latest_year) for cell in dict.fromkeys(cells)}
    numeric = [one for one in (written[cell] for cell in cells) if one and one.numbers]
    order, why, refused = _decide_order(numeric, latest, usual) if numeric else (Order.YEAR_FIRST, "", "")
    clear = sum(1 for cell in cells if (one := written[cell]) and not one.numbers)
    is_minority = clear >= len(numeric)  # single days in another form cost no file
    if swapped := _find_swapped([one for one in written.values() if one]):
        refused, is_minority = swapped, False
    at_midnight = [one.minutes == 0 for one in written.values() if one and one.offset == 0]
    midnights_are_days = bool(at_midnight) and sum(at_midnight) >= MIN_MIDNIGHT_SHARE * len(at_midnight)
    days: dict[str, dt.date | None] = {}
    for cell, one in written.items():
        if one is None or (one.numbers and refused):
            days[cell] = None
            continue
        day = order_numbers(one, order, latest_year)
        if day and one.offset == 0 and one.minutes is not None and not (midnights_are_days and one.minutes == 0):
            day = to_market_day(day, one.minutes, 0)
        days[cell] = day
    parsed = np.array([days[cell] for cell in cells], dtype="datetime64[D]")
    forms = dict.fromkeys(one.form for one in written.values() if one and not one.numbers)
    words = [order.value] * bool(numeric) + list(forms)
    zone = (
        ""
        if not at_midnight
        else "; "
        + (
            "midnights in UTC are taken as days"
            if midnights_are_days
            else "instants in UTC are taken as days of New York"
        )
    )
    return DayColumn(parsed, " and ".join(words), f"{why}{zone}".removeprefix("; "), "" if is_minority else refused)


def find_first_day(cells: Iterable[str], latest_year: int = 2100) -> int | None:
    """Return the index of the first cell that is a day in some form; None where none is."""
    return next((index for index, cell in enumerate(cells) if read_day(cell, latest_year)), None)


def _decide_order(numeric: Sequence[WrittenDay], latest: dt.date, usual: Order | None) -> tuple[Order, str, str]:
    """Return the order of numbers, the reason for it, and the reason why none could be decided."""
    candidates = {order: _Reading(numeric, order, latest) for order in NUMERIC_ORDERS}
    candidates = {order: reading for order, reading in candidates.items() if reading.fits.any()}
    some = next(iter(numeric))
    if not candidates:
        return Order.MONTH_FIRST, "", f"{_write(some)} is no day in any order; {USE_ISO}"
    best = max(int(reading.fits.sum()) for reading in candidates.values())
    left = {order: reading for order, reading in candidates.items() if reading.fits.sum() == best}
    mistyped = len(numeric) - best
    if mistyped and (mistyped > MAX_MISTYPED_SHARE * len(numeric) or not all(one.in_order for one in left.values())):
        return _refuse_mixed(numeric, candidates)
    if len(left) == 1:
        (order,) = left
        reading = left[order]
        proof = next((one for index, one in enumerate(numeric) if _excludes_others(index, order, candidates)), some)
        if some.has_short_year and order is not usual and not (reading.in_order or reading.rhythmic):
            return order, "", f"two-digit years and days out of order leave {_write(some)} unclear; {USE_ISO}"
        return order, f"{_write(proof)} can be nothing else", ""
    if usual in left:
        return usual, f"its writer writes days {usual.value}", ""
    return _decide_by_rhythm(left, some)


def _decide_by_rhythm(left: Mapping[Order, _Reading], some: WrittenDay) -> tuple[Order, str, str]:
    """Decide between orders in which all days exist: by how the days follow each other, and by weekdays."""
    if len({reading.key for reading in left.values()}) == 1:
        return next(iter(left)), EITHER_ORDER, ""
    in_the_past = {order: reading for order, reading in left.items() if not reading.reaches_future}
    rhythmic = [order for order, reading in in_the_past.items() if reading.rhythmic]
    if len(rhythmic) == 1:
        return rhythmic[0], "only in this order the days follow each other as those of data do", ""
    on_weekdays = [order for order, reading in in_the_past.items() if is_on_weekdays(reading.days)]
    if not rhythmic and len(on_weekdays) == 1:
        return on_weekdays[0], "only in this order no day is on a weekend", ""
    return (
        Order.MONTH_FIRST,
        "",
        f"{_write(some)} can be month first or day first, and no other row decides it; "
        f"{USE_ISO}, or add rows with a day after the 12th",
    )


def _find_swapped(written: Sequence[WrittenDay]) -> str:
    """Return the reason to refuse days of which a spreadsheet has swapped those up to the 12th; empty for others.

    A program set to day first reads 01/03/2024 as a day in March, and leaves 01/13/2024 as it is, as a text.
    """
    days = [one.day for one in written if one.day is not None and not one.numbers]
    texts = [one for one in written if one.numbers]
    are_halves = all(day.day <= LAST_MONTH for day in days) and all(
        max(one.numbers[:2]) > LAST_MONTH for one in texts if one.numbers
    )
    if min(len(days), len(texts)) < MIN_SWAPPED or not are_halves or len({day.day for day in days}) < MIN_SWAPPED:
        return ""
    return (
        f"a spreadsheet has swapped day and month up to the 12th: {days[0]} is a date and {_write(texts[0])} a text; "
        "import the original with its own order of dates"
    )


def _refuse_mixed(numeric: Sequence[WrittenDay], candidates: Mapping[Order, _Reading]) -> tuple[Order, str, str]:
    """Name one day that fits the first order alone, and one that fits another alone."""
    proofs = [
        _write(one)
        for order in candidates
        for one in [next((one for i, one in enumerate(numeric) if _excludes_others(i, order, candidates)), None)]
        if one is not None
    ]
    no_day = next((_write(one) for i, one in enumerate(numeric) if not any(c.fits[i] for c in candidates.values())), "")
    named = " and ".join(proofs[:2]) if len(proofs) > 1 else no_day or proofs[0]
    return Order.MONTH_FIRST, "", f"no one order of day and month fits all rows ({named}); {USE_ISO}"


def _excludes_others(index: int, order: Order, candidates: Mapping[Order, _Reading]) -> bool:
    return all(reading.fits[index] == (other is order) for other, reading in candidates.items())


def _write(one: WrittenDay) -> str:
    a, b, c = one.numbers or (0, 0, 0)
    return quote(f"{a:02}/{b:02}/{c:02}" if one.has_short_year else f"{a:02}/{b:02}/{c}")


class _Reading:
    """All days of a column read in one order: which of them exist, and how they follow each other."""

    def __init__(self, numeric: Sequence[WrittenDay], order: Order, latest: dt.date) -> None:
        days = np.array([order_numbers(one, order, latest.year) for one in numeric], dtype="datetime64[D]")
        self.fits: NDArray[np.bool_] = ~np.isnat(days)
        self.days: Days = days[self.fits]
        self.key = self.days.tobytes()
        self.in_order = is_in_order(self.days)
        self.rhythmic = has_rhythm(self.days)
        self.reaches_future = bool(len(self.days)) and bool(self.days.max() > np.datetime64(latest, "D"))
