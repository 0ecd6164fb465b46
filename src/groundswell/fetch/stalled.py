"""Whether a source has stopped publishing, judged by its own publishing frequency."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from groundswell.fetch.schedule import write_minutes

MAX_RECENT_ITEMS = 50
"""The newest items of a source, which show its publishing frequency."""

MIN_ITEMS = 10
"""A source with fewer items at times of their own shows no publishing frequency."""

MIN_STALL = timedelta(hours=6)
"""A shorter gap means nothing, however many items there were before it."""


@dataclass(frozen=True, slots=True)
class Stall:
    """A gap longer than any before: since when it lasts, and the longest gap between earlier items."""

    since: datetime
    longest: timedelta

    @property
    def pause(self) -> str:
        """The longest earlier gap in words."""
        return write_minutes(round(self.longest.total_seconds() / 60))


def find_stall(instants: Iterable[datetime], now: datetime) -> Stall | None:
    """Return the stall of a source that published at ``instants`` (in any order), or None if it is on time.

    A gap is a stall when it is more than twice the longest among the last 50 items, which nights and weekends count
    into, and longer than six hours.
    """
    dates = sorted({instant for instant in instants if instant <= now})[-MAX_RECENT_ITEMS:]
    if len(dates) < MIN_ITEMS:
        return None
    longest = max(later - earlier for earlier, later in pairwise(dates))
    return Stall(dates[-1], longest) if now - dates[-1] > max(2 * longest, MIN_STALL) else None
