"""Events by name: each list has a rule in words for readers, and knows nothing later than ``as_of``."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from groundswell.markets.events.event_list import EventList, MarketEvent
from groundswell.markets.events.fed_decisions import EARLY_CUTS, FED_DECISIONS, Decision, decisions
from groundswell.markets.series.book import NOTHING, SeriesBook

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


FIRST_CUTS = EventList(
    "first_cuts",
    "First cuts of easing cycles since 1994",
    "A cut of the Federal Reserve's target rate whose preceding change was a rise, on the day it was "
    "announced. The list starts in 1994, when decisions began to be announced.",
    first_cuts,
    rests_on=FED_DECISIONS,
)

FIRST_CUTS_WITH_EARLY = EventList(
    "first_cuts_with_early",
    "First cuts of easing cycles since 1989",
    "A cut of the Federal Reserve's target rate whose preceding change was a rise: those announced since "
    "1994, and the cuts of 1989-06-05 and 1990-07-13, which were not announced and are dated afterwards.",
    first_cuts_with_early,
    rests_on=FED_DECISIONS,
)

FINAL_CUTS = EventList(
    "final_cuts",
    "Last cuts of easing cycles since 1994",
    "The last cut of the Federal Reserve's target rate before the next rise, on the day it was announced. "
    "That it was the last is known only from the day of that rise; until then it is not in the list.",
    final_cuts,
    rests_on=FED_DECISIONS,
)

FIRST_RISES = EventList(
    "first_rises",
    "First rises of tightening cycles since 1994",
    "A rise of the Federal Reserve's target rate whose preceding change was a cut, on the day it was announced.",
    first_rises,
    rests_on=FED_DECISIONS,
)

RESUMED_CUTS = EventList(
    "resumed_cuts",
    "Resumed cuts since 1994",
    "A cut of the Federal Reserve's target rate whose preceding change was a cut too, after two or more "
    "scheduled meetings that changed nothing.",
    resumed_cuts,
    rests_on=FED_DECISIONS,
)

RISE_PAUSES = EventList(
    "rise_pauses",
    "Pauses after rises since 1994",
    "A scheduled meeting that left the target rate as it was, right after a meeting that raised it. "
    "Whether rises go on is not known on that day.",
    rise_pauses,
    rests_on=FED_DECISIONS,
)

CUT_PAUSES = EventList(
    "cut_pauses",
    "Pauses after cuts since 1994",
    "A scheduled meeting that left the target rate as it was, right after a decision that cut it. "
    "Whether cuts go on is not known on that day.",
    cut_pauses,
    rests_on=FED_DECISIONS,
)
