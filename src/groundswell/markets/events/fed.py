"""Event lists of the Fed's decisions on its target rate. Nothing later than ``as_of`` is used."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from groundswell.markets.events.event_list import EventList, MarketEvent
from groundswell.markets.events.fed_decisions import (
    EARLY_CUTS,
    EARLY_CUTS_KNOWN,
    FED_DECISIONS,
    LAST_CHANGE_BEFORE,
    Decision,
    list_decisions,
)
from groundswell.markets.series.book import NOTHING, SeriesBook

MIN_UNCHANGED_MEETINGS = 2
"""The number of scheduled meetings without a change after which a further cut is a resumption."""


def find_first_cuts(as_of: dt.date, book: SeriesBook = NOTHING) -> tuple[MarketEvent, ...]:
    """Find the first cuts of easing cycles announced by ``as_of``: cuts whose preceding change was a rise."""
    return tuple(
        _date_event(change)
        for before, change in pairwise(_list_changes(as_of, book))
        if before.change_bp > 0 > change.change_bp
    )


def find_first_cuts_with_early(as_of: dt.date, book: SeriesBook = NOTHING) -> tuple[MarketEvent, ...]:
    """Find the first cuts, with those of 1989 and 1990, whose days were established afterwards."""
    early = zip(EARLY_CUTS, EARLY_CUTS_KNOWN, strict=True)
    return (*(MarketEvent(cut.announced, known, cut.scheduled) for cut, known in early), *find_first_cuts(as_of, book))


def find_final_cuts(as_of: dt.date, book: SeriesBook = NOTHING) -> tuple[MarketEvent, ...]:
    """Find the last cuts of easing cycles, each known only from the day of the next rise."""
    return tuple(
        MarketEvent(change.announced, after.announced, change.scheduled)
        for change, after in pairwise(_list_changes(as_of, book))
        if change.change_bp < 0 < after.change_bp
    )


def find_first_rises(as_of: dt.date, book: SeriesBook = NOTHING) -> tuple[MarketEvent, ...]:
    """Find the first rises of tightening cycles: rises whose preceding change was a cut.

    That of 1994-02-04, the first row of the table, follows the cut of 1992-09-04.
    """
    return tuple(
        _date_event(change)
        for before, change in pairwise((LAST_CHANGE_BEFORE, *_list_changes(as_of, book)))
        if before.change_bp < 0 < change.change_bp
    )


def find_resumed_cuts(as_of: dt.date, book: SeriesBook = NOTHING) -> tuple[MarketEvent, ...]:
    """Find the cuts of easing cycles after ``MIN_UNCHANGED_MEETINGS`` or more scheduled meetings without a change."""
    events, last, unchanged = [], 0, 0
    for decision in list_decisions(as_of, book):
        if decision.change_bp < 0 and last < 0 and unchanged >= MIN_UNCHANGED_MEETINGS:
            events.append(_date_event(decision))
        last, unchanged = (decision.change_bp, 0) if decision.change_bp else (last, unchanged + decision.scheduled)
    return tuple(events)


def find_rise_pauses(as_of: dt.date, book: SeriesBook = NOTHING) -> tuple[MarketEvent, ...]:
    """Find the scheduled meetings without a change right after a rise."""
    return _find_pauses(as_of, book, 1)


def find_cut_pauses(as_of: dt.date, book: SeriesBook = NOTHING) -> tuple[MarketEvent, ...]:
    """Find the scheduled meetings without a change right after a cut."""
    return _find_pauses(as_of, book, -1)


def _find_pauses(as_of: dt.date, book: SeriesBook, side: int) -> tuple[MarketEvent, ...]:
    return tuple(
        _date_event(decision)
        for before, decision in pairwise(list_decisions(as_of, book))
        if decision.scheduled and not decision.change_bp and before.change_bp * side > 0
    )


def _date_event(decision: Decision) -> MarketEvent:
    return MarketEvent(decision.announced, decision.announced, decision.scheduled)


def _list_changes(as_of: dt.date, book: SeriesBook) -> list[Decision]:
    return [decision for decision in list_decisions(as_of, book) if decision.change_bp]


FIRST_CUTS = EventList(
    "first_cuts",
    "First cuts of easing cycles since 1994",
    "A cut of the Federal Reserve's target rate whose preceding change was a rise, on the day it was "
    "announced. The list starts in 1994, when decisions began to be announced.",
    find_first_cuts,
    rests_on=FED_DECISIONS,
)

FIRST_CUTS_WITH_EARLY = EventList(
    "first_cuts_with_early",
    "First cuts of easing cycles since 1989",
    "A cut of the Federal Reserve's target rate whose preceding change was a rise: those announced since "
    "1994, and the cuts of 1989-06-05 and 1990-07-13, which were not announced and are dated afterwards.",
    find_first_cuts_with_early,
    rests_on=FED_DECISIONS,
    hindsight="The cuts of 1989 and 1990 were not announced: their days were established afterwards.",
)

FINAL_CUTS = EventList(
    "final_cuts",
    "Last cuts of easing cycles since 1994",
    "The last cut of the Federal Reserve's target rate before the next rise, on the day it was announced. "
    "It is known to be the last only from the day of that rise; until then it is not in the list.",
    find_final_cuts,
    rests_on=FED_DECISIONS,
    hindsight="That a cut was the last is known only from the day of the next rise: nobody could trade this list.",
)

FIRST_RISES = EventList(
    "first_rises",
    "First rises of tightening cycles since 1994",
    "A rise of the Federal Reserve's target rate whose preceding change was a cut, on the day it was announced. "
    "The first is that of 1994-02-04, after the cut of 1992-09-04.",
    find_first_rises,
    rests_on=FED_DECISIONS,
)

RESUMED_CUTS = EventList(
    "resumed_cuts",
    "Resumed cuts since 1994",
    "A cut of the Federal Reserve's target rate whose preceding change was a cut too, after two or more "
    "scheduled meetings that changed nothing.",
    find_resumed_cuts,
    rests_on=FED_DECISIONS,
)

RISE_PAUSES = EventList(
    "rise_pauses",
    "Pauses after rises since 1994",
    "A scheduled meeting that left the target rate unchanged, right after a meeting that raised it. "
    "Whether rises go on is not known on that day.",
    find_rise_pauses,
    rests_on=FED_DECISIONS,
)

CUT_PAUSES = EventList(
    "cut_pauses",
    "Pauses after cuts since 1994",
    "A scheduled meeting that left the target rate unchanged, right after a decision that cut it. "
    "Whether cuts go on is not known on that day.",
    find_cut_pauses,
    rests_on=FED_DECISIONS,
)
