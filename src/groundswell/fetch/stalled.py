"""Whether a source has fallen silent, measured by its own rhythm."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from groundswell.fetch.schedule import minutes_in_words

LAST = 50
"""The newest items of a source that tell its rhythm."""

FEW = 10
"""Items with instants of their own below which a source shows no rhythm."""

SHORTEST = timedelta(hours=6)
"""A silence shorter than this tells nothing, however many items came before."""


@dataclass(frozen=True, slots=True)
class Stall:
    """A silence without example: since when, and the longest pause between the items before."""

    since: datetime
    longest: timedelta

    @property
    def pause(self) -> str:
        """The longest pause in words."""
        return minutes_in_words(round(self.longest.total_seconds() / 60))


def silence(instants: Iterable[datetime], now: datetime) -> Stall | None:
    """Return the silence of a source whose last items came at ``instants`` (any order), or None where it keeps time.

    It counts once it is more than twice the longest pause among the last 50 items, nights and weekends among them.
    """
    dates = sorted({at for at in instants if at <= now})[-LAST:]
    if len(dates) < FEW:
        return None
    longest = max(later - earlier for earlier, later in pairwise(dates))
    return Stall(dates[-1], longest) if now - dates[-1] > max(2 * longest, SHORTEST) else None
