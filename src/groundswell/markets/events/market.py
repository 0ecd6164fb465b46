"""Event lists from prices and yields. Each rule looks back only, and dates an event by the day it was known."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.events.event_list import EventList, MarketEvent
from groundswell.markets.events.fed_decisions import FED_DECISIONS, list_decisions, target_middle
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import FIRST, MONTH, QUARTER, YEAR, on_or_after, on_or_before
from groundswell.markets.series.catalogue import INDEX_BREADTH
from groundswell.model import Measure, Series, SeriesRef

TWO_YEAR = SeriesRef("DGS2", Measure.RATE)
SPREAD = SeriesRef("BAMLH0A0HYM2", Measure.RATE)
INDEX = SeriesRef("^GSPC", Measure.PRICE)
VIX = SeriesRef("^VIX", Measure.PRICE)
LARGE_ABOVE = INDEX_BREADTH.ref("large", "above_50")

ONE_CUT, TWO_CUTS = 0.25, 0.50
"""Percentage points of the target rate."""

MIN_DAYS_PRICED_IN = 5

Flags = NDArray[np.bool_]


def find_priced_in_pivots(as_of: dt.date, book: SeriesBook) -> tuple[MarketEvent, ...]:
    """Find the days on which one cut was first priced in while the last change was a rise."""
    return _find_pivots(as_of, book, ONE_CUT)


def find_priced_in_pivots_deep(as_of: dt.date, book: SeriesBook) -> tuple[MarketEvent, ...]:
    """Find the days on which two cuts were first priced in while the last change was a rise."""
    return _find_pivots(as_of, book, TWO_CUTS)


def find_spread_widenings(_as_of: dt.date, book: SeriesBook) -> tuple[MarketEvent, ...]:
    """Find the days on which the high-yield spread had widened by a point in 21 published days, one per episode."""
    return _find_increases(book.by_ref[SPREAD], 1.0, MONTH)


def find_fast_rises(_as_of: dt.date, book: SeriesBook) -> tuple[MarketEvent, ...]:
    """Find the days on which the 2-year yield had risen by half a point in 63 published days, one per episode."""
    return _find_increases(book.by_ref[TWO_YEAR], 0.5, QUARTER)


def find_fast_rises_month(_as_of: dt.date, book: SeriesBook) -> tuple[MarketEvent, ...]:
    """Find the days on which the 2-year yield had risen by a quarter point in 21 published days, one per episode."""
    return _find_increases(book.by_ref[TWO_YEAR], 0.25, MONTH)


def find_corrections(_as_of: dt.date, book: SeriesBook) -> tuple[MarketEvent, ...]:
    """Find the first closes a tenth below the highest of the preceding year, at most one between two new highs."""
    index = book.by_ref[INDEX]
    if len(index) <= YEAR:
        return ()
    highest = np.lib.stride_tricks.sliding_window_view(index.values, YEAR + 1).max(axis=1)
    fall = np.zeros(len(index))
    fall[YEAR:] = np.round(index.values[YEAR:] / highest - 1.0, 6)
    new_high = np.arange(len(index)) >= YEAR
    return _date_events(index, _find_episodes(fall <= -0.10, new_high & (fall == 0.0)))


def find_vix_above_40(_as_of: dt.date, book: SeriesBook) -> tuple[MarketEvent, ...]:
    """Find the first closes of the VIX above 40 after a quarter without one."""
    vix = book.by_ref[VIX]
    return _date_events(vix, _find_after_gap(vix.values > 40.0))


def find_sell_off_days(_as_of: dt.date, book: SeriesBook) -> tuple[MarketEvent, ...]:
    """Find the falls of the S&P 500 by 3 % with the VIX at 30 or above, after a quarter without one."""
    index, vix = book.by_ref[INDEX], book.by_ref[VIX]
    dates, in_index, in_vix = np.intersect1d(index.dates, vix.dates, assume_unique=True, return_indices=True)
    fall = np.zeros(len(index))
    fall[1:] = index.values[1:] / index.values[:-1] - 1.0
    flags = np.zeros(len(index), dtype=bool)
    flags[in_index] = (np.round(fall[in_index], 6) <= -0.03) & (vix.values[in_vix] >= 30.0)
    return _date_events(index, _find_after_gap(flags)) if len(dates) else ()


def find_breadth_washouts(_as_of: dt.date, book: SeriesBook) -> tuple[MarketEvent, ...]:
    """Find the days with under a tenth of large companies above their mean, one until half of them are above again."""
    share = book.by_ref[LARGE_ABOVE]
    return _date_events(share, _find_episodes(share.values < 0.10, share.values > 0.50))


def find_year_ends(as_of: dt.date, _book: SeriesBook) -> tuple[MarketEvent, ...]:
    """Find the last session of each calendar year that is over."""
    years = np.arange(FIRST.year, as_of.year)
    if not len(years):
        return ()
    lasts = on_or_before(np.array([f"{year}-12-31" for year in years], dtype="datetime64[D]"))
    return tuple(MarketEvent(day, day) for day in lasts.tolist())  # the exchange publishes its calendar long before


def _find_pivots(as_of: dt.date, book: SeriesBook, depth: float) -> tuple[MarketEvent, ...]:
    yields = book.by_ref[TWO_YEAR]
    table = list_decisions(as_of, book)
    if not table:
        return ()
    announced = np.array([decision.announced for decision in table], dtype="datetime64[D]")
    latest = np.searchsorted(announced, yields.dates, side="right") - 1
    direction = _find_last_direction(np.array([decision.change_bp for decision in table]))
    within = latest >= 0
    below = within & (np.round(yields.values - target_middle(yields.dates, as_of, book), 6) <= -depth)
    run = _count_in_a_row(below)
    rising = within & (direction[latest] > 0)
    return _date_events(yields, _find_episodes((run >= MIN_DAYS_PRICED_IN) & rising, ~rising))


def _find_last_direction(changes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the sign of the last change up to each decision; 0 before the first."""
    rows = np.maximum.accumulate(np.where(changes != 0, np.arange(len(changes)), -1))
    return np.where(rows >= 0, np.sign(changes[rows]), 0)


def _count_in_a_row(flags: Flags) -> NDArray[np.int64]:
    """Count the consecutive true flags up to each one."""
    number = np.arange(len(flags))
    return number - np.maximum.accumulate(np.where(flags, -1, number))


def _find_increases(series: Series, points: float, rows: int) -> tuple[MarketEvent, ...]:
    """Find when a series stood ``points`` or more above its value ``rows`` rows before, again after it stood below."""
    change = np.full(len(series), np.nan)
    change[rows:] = series.values[rows:] - series.values[:-rows]
    # Rounded, because 4.15 - 3.15 is a hair below 1 in binary.
    return _date_events(series, _find_episodes(np.round(change, 6) >= points, change < 0.0))


def _find_episodes(begins: Flags, ends: Flags) -> list[int]:
    """Return the rows at which ``begins`` is true for the first time, and again after ``ends`` was true in between."""
    rows: list[int] = []
    is_over = True
    for row in np.flatnonzero(begins | ends).tolist():
        if begins[row] and is_over:
            rows.append(row)
            is_over = False
        elif ends[row]:
            is_over = True
    return rows


def _find_after_gap(flags: Flags) -> list[int]:
    """Return the rows at which ``flags`` is true after ``QUARTER`` rows in which it was not."""
    rows = np.flatnonzero(flags)
    is_apart = np.diff(rows, prepend=-QUARTER - 1) > QUARTER
    return [int(row) for row in rows[is_apart]]


def _date_events(series: Series, rows: list[int]) -> tuple[MarketEvent, ...]:
    """Return the events at rows of a series, each dated on the session on which its value was first known.

    Yields of a Friday count as published a day later: nobody could act before Monday.
    """
    days = on_or_after(series.known_at[rows].astype("datetime64[D]")).tolist()
    return tuple(MarketEvent(day, day) for day in days)


PRICED_IN_PIVOTS = EventList(
    "priced_in_pivots",
    "Days on which a cut was first priced in, since 1994",
    "The 2-year Treasury yield has closed a quarter point or more below the middle of the target range on "
    "five days in a row, for the first time since rises began; the event is the day on which the fifth of "
    "these yields was published, one day after, or the next session where that is none. There is one a "
    "tightening cycle, and none after a cut.",
    find_priced_in_pivots,
    (TWO_YEAR,),
    rests_on=FED_DECISIONS,
)

PRICED_IN_PIVOTS_DEEP = EventList(
    "priced_in_pivots_deep",
    "Days on which two cuts were first priced in, since 1994",
    "As priced-in pivots, with the 2-year Treasury yield half a point or more below the middle of the target range.",
    find_priced_in_pivots_deep,
    (TWO_YEAR,),
    rests_on=FED_DECISIONS,
)

SPREAD_WIDENINGS = EventList(
    "spread_widenings",
    "Episodes in which credit spreads widened",
    "The high-yield option-adjusted spread stands a full point or more above its value 21 published days "
    "before; the event is the day on which that was published, or the next session where that is none. The "
    "next episode begins no sooner than when the spread has stood below its value of 21 published days before.",
    find_spread_widenings,
    (SPREAD,),
)

FAST_RISES = EventList(
    "fast_rises",
    "Episodes in which interest rates rose fast",
    "The 2-year Treasury yield stands half a point or more above its value 63 published days before: two rises of the "
    "target rate within a quarter; the event is the day on which that was published, or the next session where that is "
    "none. The next episode begins no sooner than when the yield has stood below that of 63 published days before.",
    find_fast_rises,
    (TWO_YEAR,),
)

FAST_RISES_MONTH = EventList(
    "fast_rises_month",
    "Episodes in which interest rates rose fast within a month",
    "As fast rises, with the 2-year Treasury yield a quarter point or more above its value 21 published days before.",
    find_fast_rises_month,
    (TWO_YEAR,),
)

CORRECTIONS = EventList(
    "corrections",
    "Falls of the S&P 500 by a tenth",
    "The first close of the S&P 500 a tenth or more below its highest close of the year (252 sessions) "
    "before; the next one counts after a new high of that kind.",
    find_corrections,
    (INDEX,),
)

VIX_ABOVE_40 = EventList(
    "vix_above_40",
    "Days on which the VIX first closed above 40",
    "The first close of the VIX above 40; the next one counts after 63 sessions at or below 40.",
    find_vix_above_40,
    (VIX,),
)

SELL_OFF_DAYS = EventList(
    "sell_off_days",
    "Sell-off days",
    "The S&P 500 fell by 3 % or more in a session and the VIX closed at 30 or above; the next one counts "
    "after 63 sessions without such a day. Breadth is left out: no record of members without survivorship "
    "bias is available.",
    find_sell_off_days,
    (INDEX, VIX),
)

BREADTH_WASHOUTS = EventList(
    "breadth_washouts",
    "Days on which hardly any large company was above its mean",
    "Fewer than a tenth of the companies of the S&P 500 closed above the mean of their last 50 closes; the "
    "next one counts after more than half of them have. Members are those of one later list: companies "
    "that failed are missing, so that a day may have qualified that does not, or only later.",
    find_breadth_washouts,
    (LARGE_ABOVE,),
)

YEAR_ENDS = EventList(
    "year_ends",
    "Ends of calendar years",
    "The last session of each calendar year since 1926, once the year is over.",
    find_year_ends,
)
