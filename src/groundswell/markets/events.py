"""Policy events by name: each list has a rule in words for readers, and knows nothing later than ``as_of``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from groundswell.markets.decisions import EARLY_CUTS, Decision, decisions


@dataclass(frozen=True, slots=True)
class PolicyEvent:
    """A decision that is an event, and the day from which one could know that it is."""

    date: dt.date
    known: dt.date
    scheduled: bool


@dataclass(frozen=True, slots=True)
class EventList:
    """A named list of events: ``rule`` says in words how it is made, ``find`` makes it as of a day, oldest first."""

    name: str
    title: str
    rule: str
    find: Callable[[dt.date], tuple[PolicyEvent, ...]]


def first_cuts(as_of: dt.date) -> tuple[PolicyEvent, ...]:
    """First cuts of easing cycles announced by ``as_of``: cuts whose preceding change was a rise."""
    return tuple(
        PolicyEvent(change.announced, change.announced, change.scheduled)
        for before, change in pairwise(_changes(as_of))
        if before.change_bp > 0 > change.change_bp
    )


def first_cuts_with_early(as_of: dt.date) -> tuple[PolicyEvent, ...]:
    """``first_cuts`` and before them those of 1989 and 1990, whose days were established afterwards."""
    early = (PolicyEvent(cut.announced, cut.announced, cut.scheduled) for cut in EARLY_CUTS if cut.announced <= as_of)
    return (*early, *first_cuts(as_of))


def final_cuts(as_of: dt.date) -> tuple[PolicyEvent, ...]:
    """Last cuts of easing cycles, each known only from the day of the next rise."""
    return tuple(
        PolicyEvent(change.announced, after.announced, change.scheduled)
        for change, after in pairwise(_changes(as_of))
        if change.change_bp < 0 < after.change_bp
    )


def _changes(as_of: dt.date) -> list[Decision]:
    return [decision for decision in decisions(as_of) if decision.change_bp]


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
        )
    }
)
"""Every list of events that a claim can name."""
