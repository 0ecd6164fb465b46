"""Events by name: each list has a rule in words for readers, and knows nothing later than ``as_of``."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from groundswell.markets.events.fed_decisions import EARLY_CUTS, Decision, decisions
from groundswell.markets.events.market import MarketEvent
from groundswell.markets.series.book import NOTHING, SeriesBook

PolicyEvent = MarketEvent

QUIET_MEETINGS = 2
"""Scheduled meetings without a change after which a further cut is a resumption."""


def first_cuts(as_of: dt.date, book: SeriesBook = NOTHING) -> tuple[MarketEvent, ...]:
    """First cuts of easing cycles announced by ``as_of``: cuts whose preceding change was a rise."""
    return tuple(
        _event(change) for before, change in pairwise(_changes(as_of, book)) if before.change_bp > 0 > change.change_bp
    )


def first_cuts_with_early(as_of: dt.date, book: SeriesBook = NOTHING) -> tuple[MarketEvent, ...]:
    """``first_cuts`` and before them those of 1989 and 1990, whose days were established afterwards."""
    return (*(_event(cut) for cut in EARLY_CUTS if cut.announced <= as_of), *first_cuts(as_of, book))


def final_cuts(as_of: dt.date, book: SeriesBook = NOTHING) -> tuple[MarketEvent, ...]:
    """Last cuts of easing cycles, each known only from the day of the next rise."""
    return tuple(
        MarketEvent(change.announced, after.announced, change.scheduled)
        for change, after in pairwise(_changes(as_of, book))
        if change.change_bp < 0 < after.change_bp
    )


def first_rises(as_of: dt.date, book: SeriesBook = NOTHING) -> tuple[MarketEvent, ...]:
    """First rises of tightening cycles: rises whose preceding change was a cut."""
    return tuple(
        _event(change) for before, change in pairwise(_changes(as_of, book)) if before.change_bp < 0 < change.change_bp
    )


def resumed_cuts(as_of: dt.date, book: SeriesBook = NOTHING) -> tuple[MarketEvent, ...]:
    """Cuts within an easing cycle that follow at least ``QUIET_MEETINGS`` scheduled meetings without a change."""
    found, last, stalled = [], 0, 0
    for decision in decisions(as_of, book):
        if decision.change_bp < 0 and last < 0 and stalled >= QUIET_MEETINGS:
            found.append(_event(decision))
        last, stalled = (decision.change_bp, 0) if decision.change_bp else (last, stalled + decision.scheduled)
    return tuple(found)


def rise_pauses(as_of: dt.date, book: SeriesBook = NOTHING) -> tuple[MarketEvent, ...]:
    """Scheduled meetings without a change right after a rise."""
    return _pauses(as_of, book, 1)


def cut_pauses(as_of: dt.date, book: SeriesBook = NOTHING) -> tuple[MarketEvent, ...]:
    """Scheduled meetings without a change right after a cut."""
    return _pauses(as_of, book, -1)


def _pauses(as_of: dt.date, book: SeriesBook, side: int) -> tuple[MarketEvent, ...]:
    return tuple(
        _event(decision)
        for before, decision in pairwise(decisions(as_of, book))
        if decision.scheduled and not decision.change_bp and before.change_bp * side > 0
    )


def _event(decision: Decision) -> MarketEvent:
    return MarketEvent(decision.announced, decision.announced, decision.scheduled)


def _changes(as_of: dt.date, book: SeriesBook) -> list[Decision]:
    return [decision for decision in decisions(as_of, book) if decision.change_bp]
