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


def event_paths(events: Sequence[EventValue], long: Series, short: Series | None = None) -> Paths:
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


def join_paths(parts: Sequence[Paths]) -> Paths:
    """Join the paths of different events, in order of their days; the shorter ones end in NaN."""
    first = min(int(part.offsets[0]) for part in parts)
    offsets = np.arange(first, max(int(part.offsets[-1]) for part in parts) + 1)
    rows = []
    for part in parts:
        values = np.full((len(part.days), len(offsets)), np.nan)
        start = int(part.offsets[0]) - first
        values[:, start : start + len(part.offsets)] = part.values
        rows += list(zip(part.days, values, strict=True))
    rows.sort(key=lambda row: row[0])
    return Paths(tuple(day for day, _ in rows), offsets, np.array([values for _, values in rows]))


def difference_paths(events: Sequence[EventValue], long: Series, short: Series | None, horizon: int) -> Paths:
    """Follow the difference of ``before_after_study``: over as many sessions after the base as before it.

    The offset is the number of sessions on either side. The last value of each path is the value of the event.
    """
    bases = shift_sessions(as_days([event.start for event in events]), horizon)
    offsets = np.arange(horizon + 1)
    values = np.empty((len(events), len(offsets)))
    for at, offset in enumerate(offsets.tolist()):
        after = relative_returns(long, short, bases, shift_sessions(bases, offset))
        values[:, at] = after - relative_returns(long, short, shift_sessions(bases, -offset), bases)
    return Paths(tuple(event.date for event in events), offsets, values)
