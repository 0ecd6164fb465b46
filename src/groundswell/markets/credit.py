"""Gauges of credit: the high-yield spread, and high-yield bonds against Treasury bonds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from groundswell.markets.marketevents import MONTH, QUARTER, SPREAD
from groundswell.markets.returns import relative_returns, why_missing
from groundswell.markets.series import SeriesBook
from groundswell.markets.sessions import as_days, on_or_before, shift
from groundswell.types import Measure, Series, SeriesRef

HIGH_YIELD = SeriesRef("HYG", Measure.TOTAL_RETURN)
TREASURIES = SeriesRef("IEF", Measure.TOTAL_RETURN)
FIVE_YEARS = 1260


@dataclass(frozen=True, slots=True)
class CreditGauge:
    """One gauge: its value (None with the reason in ``window`` where it has none), over which days, and its source."""

    name: str
    title: str
    value: float | None
    unit: str
    window: str
    last: dt.date | None
    source: str


def credit_gauges(book: SeriesBook, as_of: dt.date) -> tuple[CreditGauge, ...]:
    """Every gauge of credit from a book that holds what was known by the end of ``as_of``.

    The level of the high-yield option-adjusted spread, its change over 21 published days and its rank among the last
    1,260 (the share of them that it is at or above); the total return of HYG less that of IEF over the 21 and the 63
    sessions to the last that both have. Gauges of series that are not in the book are left out.
    """
    return (*_spread(book.get(SPREAD)), *_bonds(book.get(HIGH_YIELD), book.get(TREASURIES), as_of))


def _spread(spread: Series | None) -> Iterator[CreditGauge]:
    if spread is None:
        return
    values, days = spread.values, spread.dates
    newest, unit = float(values[-1]), "percentage points"

    def gauge(name: str, title: str, value: float | None, unit: str, window: str) -> CreditGauge:
        return CreditGauge(name, title, value, unit, window, spread.last, spread.source)

    yield gauge("spread", "High-yield option-adjusted spread", newest, unit, f"on {days[-1]}")
    enough = len(values) > MONTH
    change = newest - float(values[-1 - MONTH]) if enough else None
    since = f"{days[-1 - MONTH]} to {days[-1]}" if enough else f"fewer than {MONTH + 1} days are held"
    yield gauge("spread change", f"Its change over {MONTH} published days", change, unit, since)
    past = values[-FIVE_YEARS:]
    rank = float((past <= newest).mean()) if len(past) == FIVE_YEARS else None
    span = f"{days[-len(past)]} to {days[-1]}" if rank is not None else f"fewer than {FIVE_YEARS} days are held"
    yield gauge("spread rank", "Share of the last five years' days on which it was no wider", rank, "share", span)


def _bonds(long: Series | None, short: Series | None, as_of: dt.date) -> Iterator[CreditGauge]:
    if long is None or short is None:
        return
    last = on_or_before(np.minimum(as_days(min(long.dates[-1], short.dates[-1])), np.datetime64(as_of, "D")))
    for count in (MONTH, QUARTER):
        start = shift(last, -count)
        days = start[0].item(), last[0].item()
        reason = why_missing(long, *days) or why_missing(short, *days)
        value = None if reason else float(relative_returns(long, short, start, last)[0])
        title = f"High-yield bonds less medium Treasury bonds, {count} sessions"
        window = reason or f"{days[0]} to {days[1]}"
        yield CreditGauge(f"HYG-IEF {count}", title, value, "return", window, days[1], long.source)
