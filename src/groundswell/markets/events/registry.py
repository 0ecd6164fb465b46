"""The event lists that a claim can be measured on, by name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from groundswell.markets.events import market
from groundswell.markets.events.fed import (
    cut_pauses,
    final_cuts,
    first_cuts,
    first_cuts_with_early,
    first_rises,
    resumed_cuts,
    rise_pauses,
)
from groundswell.markets.events.market import MarketEvent
from groundswell.markets.series.book import NOTHING, SeriesBook
from groundswell.model import SeriesRef


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
                market.priced_in_pivots,
                (market.TWO_YEAR,),
            ),
            EventList(
                "priced_in_pivots_deep",
                "Days on which two cuts came to be priced in, since 1994",
                "As priced-in pivots, with the 2-year Treasury yield half a point or more below the middle of the "
                "target range.",
                market.priced_in_pivots_deep,
                (market.TWO_YEAR,),
            ),
            EventList(
                "spread_widenings",
                "Episodes in which credit spreads widened",
                "The high-yield option-adjusted spread stands a full point or more above its value 21 published days "
                "before; the event is the day on which that was published. The next episode begins no sooner than "
                "when the spread has stood below its value of 21 published days before.",
                market.spread_widenings,
                (market.SPREAD,),
            ),
            EventList(
                "corrections",
                "Falls of the S&P 500 by a tenth",
                "The first close of the S&P 500 a tenth or more below its highest close of the year (252 sessions) "
                "before; the next one counts after a new high of that kind.",
                market.corrections,
                (market.INDEX,),
            ),
            EventList(
                "vix_above_40",
                "Days on which the VIX first closed above 40",
                "The first close of the VIX above 40; the next one counts after 63 sessions at or below 40.",
                market.vix_above_40,
                (market.VIX,),
            ),
            EventList(
                "sell_off_days",
                "Sell-off days",
                "The S&P 500 fell by 3 % or more in a session and the VIX closed at 30 or above; the next one counts "
                "after 63 sessions without such a day. Breadth is left out: no record of members without survivorship "
                "bias is held.",
                market.sell_off_days,
                (market.INDEX, market.VIX),
            ),
            EventList(
                "breadth_washouts",
                "Days on which hardly a large company stood above its mean",
                "Fewer than a tenth of the companies of the S&P 500 closed above the mean of their last 50 closes; the "
                "next one counts after more than half of them have. Members are those of one later list: companies "
                "that failed are missing, so that a day may have qualified that does not, or only later.",
                market.breadth_washouts,
                (market.LARGE_ABOVE,),
            ),
            EventList(
                "year_ends",
                "Ends of calendar years",
                "The last session of each calendar year since 1926, once the year is over.",
                market.year_ends,
            ),
        )
    }
)
"""Every list of events that a claim can name."""
