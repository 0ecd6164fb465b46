"""What an event list is: its rule in words, how its dates are found, and what it rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from groundswell.markets.series.book import NOTHING, SeriesBook, remember_by_book
from groundswell.model import SeriesRef, SeriesUse


@dataclass(frozen=True, slots=True)
class MarketEvent:
    """The date of an event, and the day from which it could be known that the date belongs to the list."""

    date: dt.date
    known: dt.date
    scheduled: bool = True


@dataclass(frozen=True, slots=True)
class ShippedTable:
    """A table of facts that ships with the program: its title, its source, and the date of its last known row.

    ``updates`` names the series that continue the table where the book has them.
    """

    title: str
    source: str
    last: Callable[[dt.date, SeriesBook], dt.date | None]
    updates: tuple[SeriesRef, ...] = ()

    def use(self, as_of: dt.date, book: SeriesBook) -> SeriesUse:
        """Name the table as a source, with the date of its last row known on ``as_of``."""
        return SeriesUse(self.title, self.source, self.last(as_of, book))


class Finder(Protocol):
    def __call__(self, as_of: dt.date, book: SeriesBook, /) -> tuple[MarketEvent, ...]: ...


@dataclass(frozen=True, slots=True)
class EventList:
    """A named list of events.

    ``rule`` describes the list to readers, ``finder`` finds its events, ``needs`` names the series without which it is
    empty, and ``rests_on`` the shipped table that it uses, which claims then name among their sources. ``hindsight``
    are the words for readers where some of the events were not known on their days: whether they were is found from
    ``MarketEvent.known``.
    """

    name: str
    title: str
    rule: str
    finder: Finder
    needs: tuple[SeriesRef, ...] = ()
    rests_on: ShippedTable | None = None
    hindsight: str = ""

    def find(self, as_of: dt.date, book: SeriesBook = NOTHING) -> tuple[MarketEvent, ...]:
        """Find the events as of a day, oldest first, in a book that holds what was known by the end of that day.

        Events that the list says were known only later are left out.

        Empty where a series of ``needs`` is not in the book.
        """
        return _find_events(book, self, as_of)

    def list_tables(self, as_of: dt.date, book: SeriesBook) -> tuple[SeriesUse, ...]:
        """List the shipped tables that the events rest on, as sources."""
        return () if self.rests_on is None else (self.rests_on.use(as_of, book),)


@remember_by_book
def _find_events(book: SeriesBook, listed: EventList, as_of: dt.date) -> tuple[MarketEvent, ...]:
    if any(book.get(ref) is None for ref in listed.needs):
        return ()
    return tuple(event for event in listed.finder(as_of, book) if event.known <= as_of)
