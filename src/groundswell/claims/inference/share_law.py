"""How the estimate of a frequency follows from its events: a share with its exact interval."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundswell.claims.inference.shares import share_interval, share_intervals, share_p
from groundswell.claims.inference.summary import EventLaw, Summary
from groundswell.model import EventValue

Array = NDArray[np.float64]

COIN = 0.5
"""What the interval of a frequency must exclude for support; no interval of a share lies below zero."""


def share_law(usual: float | None, *, compares: bool = False, doubtful: frozenset[dt.date] = frozenset()) -> EventLaw:
    """Make the law of a share with its exact interval; it holds for any of the events, whose values are ones and zeros.

    ``usual`` is the share of all windows, None where there is none. Where it ``compares``, the values and the estimate
    are less that share. ``doubtful`` are the days of events whose outcome could be another: they count against the
    share in one bound, and for it in the other.
    """
    less = usual if compares else 0.0
    named = "difference" if compares else "share"

    def summarise(events: Sequence[EventValue], _side: int) -> Summary:
        n = len(events)
        if not n or less is None:  # without any complete window there is nothing usual
            return Summary(n, None, None, None, None, None, named=named)
        hits = [_is_hit(event.value, less) for event in events]
        is_doubtful = [event.date in doubtful for event in events]
        lost = sum(hit and doubt for hit, doubt in zip(hits, is_doubtful, strict=True))
        won = sum(is_doubtful) - lost
        low, high = share_interval(sum(hits) - lost, n)[0], share_interval(sum(hits) + won, n)[1]
        p = share_p(sum(hits), n, usual) if usual is not None else None
        null = 0.0 if compares else COIN
        return Summary(n, sum(hits) / n - less, None, low - less, high - less, None, named=named, p=p, null=null)

    def find_intervals(values: Array) -> tuple[Array, Array]:
        low, high = share_intervals(_is_hit(values, less or 0.0).sum(axis=0), len(values))
        return low - (less or 0.0), high - (less or 0.0)

    return EventLaw(summarise, find_intervals, lowest=-(less or 0.0), doubtful=doubtful)


def _is_hit(value: Any, less: float) -> Any:
    """Whether a value, or each of an array, is one and not zero, before what is usual was subtracted."""
    return value + less > COIN
