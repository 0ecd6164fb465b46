"""Values that data services sent, one a row, never changed once kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from groundswell.types.evidence import SeriesRef


@dataclass(frozen=True, slots=True)
class Arrival:
    """A value of a day as a service told it, and the instant (UTC) by which it was known.

    A revision is a further arrival of the same day. Where the scale of a series is arbitrary (prices and total returns
    of securities), ``value`` is the growth since the day ``since``: sources rescale the past with each payout, the
    growth between two days stays.
    """

    ref: SeriesRef
    date: dt.date
    value: float
    known_at: dt.datetime
    source: str
    since: dt.date | None = None
