"""The price reaction to a story: the moves of its hubs' instruments on the day of its first report, and since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from groundswell.hubs.spec import HubSpec, Instrument
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import FIRST, LAST, QUARTER, WEEK, YEAR, as_days, on_or_after, shift_sessions
from groundswell.markets.series.returns import window_returns
from groundswell.model import Measure, Series, SeriesRef, Story

NEW_YORK = ZoneInfo("America/New_York")
CLOSE = dt.time(16)
MAX_INSTRUMENTS_PER_HUB = 6
"""Instruments of a hub that are measured, in the order of its file."""

MIN_PAST_MOVES = QUARTER
"""Moves of the year before that are needed to rank the move of the day."""


@dataclass(frozen=True, slots=True)
class PriceMove:
    """The returns of an instrument from the close before the first session of a story, as fractions.

    ``day`` is the return over that session, ``week`` over five sessions, and ``since`` up to ``last``, the last day
    with a price. ``rank`` is the share of the 252 daily moves before that were smaller in size. None means unknown.
    """

    symbol: str
    name: str
    series: str
    source: str
    day: float
    rank: float | None
    week: float | None
    since: float | None
    last: dt.date


@dataclass(frozen=True, slots=True)
class PriceReaction:
    """Moves around ``session``, the first session that could react; ``missing`` are symbols without a price then."""

    session: dt.date
    moves: tuple[PriceMove, ...]
    missing: tuple[str, ...]


def measure_price_reaction(story: Story, hubs: Iterable[HubSpec], book: SeriesBook) -> PriceReaction | None:
    """Measure the moves around the first report of a story, from a book of what was known at the time of the page.

    ``hubs`` are those that the story belongs to. Return None if they have no instruments, or if the day is outside the
    calendar.
    """
    instruments = {
        instrument.symbol: instrument for hub in hubs for instrument in hub.instruments[:MAX_INSTRUMENTS_PER_HUB]
    }
    session = find_first_session(story)
    if session is None or not instruments:
        return None
    by_symbol = {symbol: _measure_move(instrument, session, book) for symbol, instrument in instruments.items()}
    moves = tuple(move for move in by_symbol.values() if move is not None)
    return PriceReaction(session, moves, tuple(symbol for symbol, move in by_symbol.items() if move is None))


def find_first_session(story: Story) -> dt.date | None:
    """Return the session in which the market could first react: the next one after 16:00 in New York.

    A story with only a day counts as known during that day. Return None outside the calendar.
    """
    first = story.members[0].article
    local = first.at if first.day_only else first.at.astimezone(NEW_YORK)
    day = local.date() + dt.timedelta(days=0 if first.day_only or local.time() < CLOSE else 1)
    # The year before, which the move is compared with, must lie within the calendar too.
    return on_or_after(as_days(day))[0].item() if FIRST.year + 2 <= day.year < LAST.year else None


def _measure_move(instrument: Instrument, session: dt.date, book: SeriesBook) -> PriceMove | None:
    series = next(_series_of(instrument.symbol, book), None)
    if series is None or series.last is None:
        return None
    day = as_days(session)
    before, after = shift_sessions(day, -1), shift_sessions(day, WEEK - 1)
    day_return = _return_over(series, before, day)
    if day_return is None:
        return None
    return PriceMove(
        symbol=instrument.symbol,
        name=instrument.name,
        series=str(series.ref),
        source=series.source,
        day=day_return,
        rank=_rank_move(series, session, abs(day_return)),
        week=_return_over(series, before, after),
        since=_return_over(series, before, as_days(series.last)) if series.last > session else None,
        last=series.last,
    )


def _series_of(symbol: str, book: SeriesBook) -> Iterator[Series]:
    """Yield the total return of a symbol, then its price."""
    for measure in (Measure.TOTAL_RETURN, Measure.PRICE):
        if (series := book.get(SeriesRef(symbol, measure))) is not None:
            yield series


def _return_over(series: Series, start: np.ndarray, end: np.ndarray) -> float | None:
    value = float(window_returns(series, start, end)[0])
    return value if np.isfinite(value) else None


def _rank_move(series: Series, session: dt.date, size: float) -> float | None:
    """Return the share of the daily moves of the year before that were smaller; None if there are too few."""
    ends = np.concatenate([shift_sessions(as_days(session), -back) for back in range(YEAR, 0, -1)])
    past = np.abs(window_returns(series, ends[:-1], ends[1:]))
    past = past[np.isfinite(past)]
    return float((past < size).mean()) if len(past) >= MIN_PAST_MOVES else None
