"""Events by name: each list has a rule in words for readers, and knows nothing later than ``as_of``."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Protocol

from groundswell.markets import marketevents
from groundswell.markets.decisions import EARLY_CUTS, Decision, decisions
from groundswell.markets.marketevents import MarketEvent
from groundswell.markets.series import NOTHING, SeriesBook
from groundswell.types import SeriesRef

PolicyEvent = MarketEvent

QUIET_MEETINGS = 2
"""Scheduled meetings without a change after which a further cut is a resumption."""


class Finder(Protocol):
    def __call__(self, as_of: dt.date, book: SeriesBook, /) -> tuple[MarketEvent, ...]: ...


@dataclass(frozen=True, slots=True)
class EventList:
    """A named list of events: ``rule`` says in words how it is made, ``needs`` names the series it is made from."""

    name: str
    title: str
    rule: str
    finder: Finder
    needs: tuple[SeriesRef, ...] = ()

    def find(self, as_of: dt.date, book: SeriesBook = NOTHING) -> tuple[MarketEvent, ...]:
        """Make the list as of a day, oldest first, from a book that holds what was known by the end of that day.

        Empty where a series of ``needs`` is not in the book.
        """
        return () if any(book.get(ref) is None for ref in self.needs) else self.finder(as_of, book)


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
    found, last, quiet = [], 0, 0
    for decision in decisions(as_of, book):
        if decision.change_bp < 0 and last < 0 and quiet >= QUIET_MEETINGS:
            found.append(_event(decision))
        last, quiet = (decision.change_bp, 0) if decision.change_bp else (last, quiet + decision.scheduled)
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


EVENT_LISTS = MappingProxyType(
    {
        events.name: events
        for events in (
            EventList(
                "first_cuts",
                "First cuts of easing cycles since 1994",
                "A cut of the Federal Reserve's target rate whose preceding change was a rise, on the day it was "
                "announced. The list starts in 1994, when decisions began to be announced.",
                first_cuts,
            ),
            EventList(
                "first_cuts_with_early",
                "First cuts of easing cycles since 1989",
                "A cut of the Federal Reserve's target rate whose preceding change was a rise: those announced since "
                "1994, and the cuts of 1989-06-05 and 1990-07-13, which were not announced and are dated afterwards.",
                first_cuts_with_early,
            ),
            EventList(
                "final_cuts",
                "Last cuts of easing cycles since 1994",
                "The last cut of the Federal Reserve's target rate before the next rise, on the day it was announced. "
                "That it was the last is known only from the day of that rise; until then it is not in the list.",
                final_cuts,
            ),
            EventList(
                "first_rises",
                "First rises of tightening cycles since 1994",
                "A rise of the Federal Reserve's target rate whose preceding change was a cut, on the day it was "
                "announced.",
                first_rises,
            ),
            EventList(
                "resumed_cuts",
                "Resumed cuts since 1994",
                "A cut of the Federal Reserve's target rate whose preceding change was a cut too, after two or more "
                "scheduled meetings that changed nothing.",
                resumed_cuts,
            ),
            EventList(
                "rise_pauses",
                "Pauses after rises since 1994",
                "A scheduled meeting that left the target rate as it was, right after a meeting that raised it. "
                "Whether rises go on is not known on that day.",
                rise_pauses,
            ),
            EventList(
                "cut_pauses",
                "Pauses after cuts since 1994",
                "A scheduled meeting that left the target rate as it was, right after a decision that cut it. "
                "Whether cuts go on is not known on that day.",
                cut_pauses,
            ),
            EventList(
                "priced_in_pivots",
                "Days on which a cut came to be priced in, since 1994",
                "The 2-year Treasury yield has closed a quarter point or more below the middle of the target range on "
                "five days in a row, for the first time since rises began; the event is the day on which the fifth of "
                "these yields was published, one day after. There is one a tightening cycle, and none after a cut.",
                marketevents.priced_in_pivots,
                (marketevents.TWO_YEAR,),
            ),
            EventList(
                "priced_in_pivots_deep",
                "Days on which two cuts came to be priced in, since 1994",
                "As priced-in pivots, with the 2-year Treasury yield half a point or more below the middle of the "
                "target range.",
                marketevents.priced_in_pivots_deep,
                (marketevents.TWO_YEAR,),
            ),
            EventList(
                "spread_widenings",
                "Episodes in which credit spreads widened",
                "The high-yield option-adjusted spread stands a full point or more above its value 21 published days "
                "before; the event is the day on which that was published. The next episode begins no sooner than "
                "when the spread has stood below its value of 21 published days before.",
                marketevents.spread_widenings,
                (marketevents.SPREAD,),
            ),
            EventList(
                "corrections",
                "Falls of the S&P 500 by a tenth",
                "The first close of the S&P 500 a tenth or more below its highest close of the year (252 sessions) "
                "before; the next one counts after a new high of that kind.",
                marketevents.corrections,
                (marketevents.INDEX,),
            ),
            EventList(
                "vix_above_40",
                "Days on which the VIX first closed above 40",
                "The first close of the VIX above 40; the next one counts after 63 sessions at or below 40.",
                marketevents.vix_above_40,
                (marketevents.VIX,),
            ),
            EventList(
                "sell_off_days",
                "Sell-off days",
                "The S&P 500 fell by 3 % or more in a session and the VIX closed at 30 or above; the next one counts "
                "after 63 sessions without such a day. Breadth is left out: no record of members without survivorship "
                "bias is held.",
                marketevents.sell_off_days,
                (marketevents.INDEX, marketevents.VIX),
            ),
            EventList(
                "breadth_washouts",
                "Days on which hardly a large company stood above its mean",
                "Fewer than a tenth of the companies of the S&P 500 closed above the mean of their last 50 closes; the "
                "next one counts after more than half of them have. Members are those of one later list: companies "
                "that failed are missing, so that a day may have qualified that does not, or only later.",
                marketevents.breadth_washouts,
                (marketevents.LARGE_ABOVE,),
            ),
            EventList(
                "year_ends",
                "Ends of calendar years",
                "The last session of each calendar year since 1926, once the year is over.",
                marketevents.year_ends,
            ),
        )
    }
)
"""Every list of events that a claim can name."""
