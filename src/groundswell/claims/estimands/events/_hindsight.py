"""Whether events were known in time: from when each was known, and not from what its list says of itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from groundswell.markets.events.event_list import EventList, MarketEvent
from groundswell.wording.plurals import choose_verb, write_count


def explain_hindsight(listed: EventList, events: Iterable[MarketEvent], bases: Mapping[dt.date, dt.date]) -> str:
    """Say that events were known only after the base of their window; empty where each was known by then.

    ``bases`` has the day from which the value of each measured event counts, by the event's date. Where some were known
    after their own day, the words are those of the list, if it has any.
    """
    late = [event for event in events if event.date in bases and event.known > bases[event.date]]
    if not late:
        return ""
    if listed.hindsight and any(event.known > event.date for event in late):
        return listed.hindsight
    count, verb = write_count(len(late), "event"), choose_verb(len(late), "was", "were")
    first = late[0]
    return (
        f"{count} of {len(bases)} {verb} known only after the window began, such as that of {first.date}, known on "
        f"{first.known}, over a window from {bases[first.date]}: nobody could have acted on it then."
    )
