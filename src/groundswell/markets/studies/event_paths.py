"""Paths around events: how the measured value developed by session, from before the window to its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.calendar import MONTH, as_days, sessions_between, shift_sessions
from groundswell.markets.series.returns import relative_returns
from groundswell.model import EventValue, Series

SESSIONS_BEFORE_EVENT = MONTH


@dataclass(frozen=True, eq=False)
class Paths:
    """``values[i, j]`` is the value of event ``days[i]`` from its window's start to ``offsets[j]`` sessions after it.

    Negative offsets are before the start. NaN stands for a missing price, and for sessions after the window's end.
    """

    days: tuple[date, ...]
    offsets: NDArray[np.int64]
    values: NDArray[np.float64]


def event_paths(events: Sequence[EventValue], long: Series, short: Series | None) -> Paths:
    """Follow ``long`` less ``short`` (returns as fractions, rates as differences) through the windows of ``events``.

    The last value of each path is the value of the event. Nothing after a window's end is used.
    """
    starts, ends = as_days([event.start for event in events]), as_days([event.end for event in events])
    lengths = [len(sessions_between(event.start, event.end)) - 1 for event in events]
    offsets = np.arange(-SESSIONS_BEFORE_EVENT, max(lengths) + 1)
    values = np.full((len(events), len(offsets)), np.nan)
    for at, offset in enumerate(offsets.tolist()):
        days = shift_sessions(starts, offset)
        within = days <= ends
        values[within, at] = relative_returns(long, short, starts[within], days[within])
    return Paths(tuple(event.date for event in events), offsets, values)
