"""Prices around a story: what the instruments of its hubs did on the day of its first report, and since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from groundswell.hubs.spec import HubSpec, Instrument
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import FIRST, LAST, QUARTER, WEEK, YEAR, as_days, on_or_after, shift
from groundswell.markets.series.returns import window_returns
from groundswell.model import Measure, Series, SeriesRef, Story

NEW_YORK = ZoneInfo("America/New_York")
CLOSE = dt.time(16)
MAX_INSTRUMENTS_PER_HUB = 6
"""Instruments of a hub that are looked at, in the order of its file."""
MIN_PAST_MOVES = QUARTER
"""Sessions before the day, among which the size of its move is placed; with fewer values it is not placed."""


@dataclass(frozen=True, slots=True)
class PriceMove:
    """What one instrument did from the close before the first session of a story; returns are fractions.

    ``day`` is over that session, ``week`` over five; ``since`` up to ``last``, the last day that its prices tell.
    ``rank`` is the share of the 252 daily moves before that were smaller in size. None is what is not (yet) known.
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
    """Moves around ``session``, the first session that could answer; ``missing`` are symbols without a price then."""

    session: dt.date
    moves: tuple[PriceMove, ...]
    missing: tuple[str, ...]


def measure_price_reaction(story: Story, hubs: Iterable[HubSpec], book: SeriesBook) -> PriceReaction | None:
    """The prices around the first report of a story, from a book that holds what was known at the moment of the page.

    ``hubs`` are those that it belongs to. None where they follow no instruments or no calendar reaches that day.
    """
    instruments = {one.symbol: one for hub in hubs for one in hub.instruments[:MAX_INSTRUMENTS_PER_HUB]}
    session = find_first_session(story)
    if session is None or not instruments:
        return None
    found = {symbol: _move(one, session, book) for symbol, one in instruments.items()}
    moves = tuple(move for move in found.values() if move is not None)
    return PriceReaction(session, moves, tuple(symbol for symbol, move in found.items() if move is None))


def find_first_session(story: Story) -> dt.date | None:
    """The session in which the market could first answer: after 16:00 in New York the next one, as on days without.

    A story of which only the day is known counts as known during that day.
    """
    first = story.members[0].article
    local = first.at if first.day_only else first.at.astimezone(NEW_YORK)
    day = local.date() + dt.timedelta(days=0 if first.day_only or local.time() < CLOSE else 1)
    # A past to compare with must lie within the calendar too.
    return on_or_after(as_days(day))[0].item() if FIRST.year + 2 <= day.year < LAST.year else None


def _move(instrument: Instrument, session: dt.date, book: SeriesBook) -> PriceMove | None:
    series = next(_held(instrument.symbol, book), None)
    if series is None or series.last is None:
        return None
    day = as_days(session)
    before, after = shift(day, -1), shift(day, WEEK - 1)
    gained = _known(series, before, day)
    if gained is None:
        return None
    return PriceMove(
        symbol=instrument.symbol,
        name=instrument.name,
        series=str(series.ref),
        source=series.source,
        day=gained,
        rank=_rank(series, session, abs(gained)),
        week=_known(series, before, after),
        since=_known(series, before, as_days(series.last)) if series.last > session else None,
        last=series.last,
    )


def _held(symbol: str, book: SeriesBook) -> Iterator[Series]:
    """Its total return, or else its price."""
    for measure in (Measure.TOTAL_RETURN, Measure.PRICE):
        if (series := book.get(SeriesRef(symbol, measure))) is not None:
            yield series


def _known(series: Series, start: np.ndarray, end: np.ndarray) -> float | None:
    value = float(window_returns(series, start, end)[0])
    return value if np.isfinite(value) else None


def _rank(series: Series, session: dt.date, size: float) -> float | None:
    """The share of the daily moves of the year before that were smaller."""
    ends = np.concatenate([shift(as_days(session), -back) for back in range(YEAR, 0, -1)])
    past = np.abs(window_returns(series, ends[:-1], ends[1:]))
    past = past[np.isfinite(past)]
    return float((past < size).mean()) if len(past) >= MIN_PAST_MOVES else None
