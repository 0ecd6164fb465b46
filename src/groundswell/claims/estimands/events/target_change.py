"""The estimand ``target-change``: after how many events of a list the Federal Reserve moved its target so far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field, model_validator

from groundswell.claims.estimand import (
    Estimand,
    Measurement,
    Missing,
    Span,
    list_revised,
    list_sources,
    select_series,
)
from groundswell.claims.estimands.events._hindsight import explain_hindsight
from groundswell.claims.estimands.events._sample import (
    MAX_EVENTS_IN_NOTE,
    SAME,
    describe_sample,
    list_where_few,
    name_events,
    name_length,
    separate_overlapping,
    write_window,
)
from groundswell.claims.inference.share_law import share_law
from groundswell.claims.spec import Frozen
from groundswell.markets.events.fed_decisions import FED_DECISIONS, decided_until, list_decisions, target_middle
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import YEAR, Days, as_days, on_or_after, sessions_between, shift_sessions
from groundswell.markets.studies.event_study import EveryWindow, Window
from groundswell.model import Absence, EventValue
from groundswell.wording.figures import write_value
from groundswell.wording.plurals import write_count

UNIT = "percentage points"


class TargetChangeArguments(Frozen):
    """The event list, how far the target must move ``by`` (below zero: down), and within which window."""

    model_config = ConfigDict(strict=True)

    events: str = "first_cuts"
    by: float = Field(ge=-20.0, le=20.0)
    horizon: int = Field(default=YEAR, ge=1, le=5 * YEAR)
    base: int = Field(default=0, ge=-20, le=20)
    when: Literal["within", "at the end"] = "within"
    emergency: bool = True

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.events not in EVENT_LISTS:
            raise ValueError(f"events: there is no list {self.events!r}; there are {', '.join(EVENT_LISTS)}")
        if not self.by:
            raise ValueError("by: a change of zero is none; below zero is down, above it up")
        return self

    @property
    def window(self) -> Window:
        return Window(self.horizon, base=self.base)

    @property
    def move(self) -> str:
        """What is counted, in words."""
        size = write_value(abs(self.by), UNIT).lstrip("+")
        still = " at its end" if self.when == "at the end" else ""
        return f"{'lower' if self.by < 0 else 'higher'} by {size} or more{still}"


@dataclass(frozen=True, eq=False)
class _Moves:
    """How far the target moved from each session on: ``moves`` in percentage points, by base and end of the window."""

    bases: Days
    ends: Days
    moves: NDArray[np.float64]


def measure(arguments: TargetChangeArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing:
    """Count the events after which the target moved so far, on the sessions whose decisions are known."""
    listed = EVENT_LISTS[arguments.events]
    series = select_series(book, listed.needs)
    if isinstance(series, Missing):
        return series
    found = [event for event in listed.find(as_of, book) if event.scheduled or arguments.emergency]
    every = _follow_target(arguments, book, as_of)
    moves, absent = _measure_events(arguments, [event.date for event in found], every, decided_until(as_of, book))
    moves, overlapping = separate_overlapping(moves)
    hits = _mark(arguments, every.moves)
    usual = float(hits.mean()) if len(hits) else None
    values = tuple(
        EventValue(event.date, float(_mark(arguments, np.array([event.value]))[0]), event.start, event.end)
        for event in moves
    )
    tables = (FED_DECISIONS.use(as_of, book), *listed.list_tables(as_of, book))
    return Measurement(
        values=values,
        absent=tuple(sorted((*absent, *overlapping), key=lambda absence: absence.date)),
        others=lambda: EveryWindow(every.bases, hits),
        span=arguments.horizon,
        sources=tuple(dict.fromkeys((*list_sources(series), *tables))),
        revised=list_revised(series),
        notes=(*_list_moves(arguments, moves, values), *_write_usual(arguments, usual, len(hits))),
        hindsight=explain_hindsight(listed, found, {event.date: event.start for event in values}),
        law=share_law(usual),
    )


def _follow_target(arguments: TargetChangeArguments, book: SeriesBook, as_of: dt.date) -> _Moves:
    """Follow the middle of the target range over every window that ends before the next decision is unknown."""
    decisions = list_decisions(as_of, book)
    none = as_days([])
    if not decisions:
        return _Moves(none, none, np.empty(0))
    sessions = sessions_between(decisions[0].announced, decided_until(as_of, book))
    if len(sessions) <= arguments.horizon:
        return _Moves(none, none, np.empty(0))
    target = target_middle(sessions, as_of, book)
    windows = np.lib.stride_tricks.sliding_window_view(target, arguments.horizon + 1)
    later = windows[:, 1:] if arguments.when == "within" else windows[:, -1:]
    furthest = later.min(axis=1) if arguments.by < 0 else later.max(axis=1)
    return _Moves(sessions[: -arguments.horizon], sessions[arguments.horizon :], furthest - windows[:, 0])


def _mark(arguments: TargetChangeArguments, moves: NDArray[np.float64]) -> NDArray[np.float64]:
    """Say of each move, by one or zero, whether it reaches so far."""
    side = -1.0 if arguments.by < 0 else 1.0
    return (side * moves >= abs(arguments.by) - SAME).astype(np.float64)


def _measure_events(
    arguments: TargetChangeArguments, days: Sequence[dt.date], every: _Moves, known: dt.date
) -> tuple[tuple[EventValue, ...], tuple[Absence, ...]]:
    """Find the move after each event; one whose window is not complete, or begins before the table, has none."""
    if not days:
        return (), ()
    bases = shift_sessions(on_or_after(as_days(days)), arguments.base)
    ends = shift_sessions(bases, arguments.horizon)
    measured: list[EventValue] = []
    absent: list[Absence] = []
    for day, base, end in zip(days, bases.tolist(), ends.tolist(), strict=True):
        at = int(np.searchsorted(every.bases, np.datetime64(base)))
        if end > known:
            absent.append(Absence(day, f"window ends {end}, and decisions are known up to {known}", end))
        elif at == len(every.bases) or every.bases[at] != np.datetime64(base):
            absent.append(Absence(day, "no decision is known from before it"))
        else:
            measured.append(EventValue(day, float(every.moves[at]), base, end))
    return tuple(measured), tuple(absent)


def _list_moves(
    arguments: TargetChangeArguments, moves: Sequence[EventValue], values: Sequence[EventValue]
) -> Iterator[str]:
    """Say after how many events the target moved so far, and list the moves where they are few."""
    if not moves:
        return
    hits = int(sum(event.value for event in values))
    count = f"After {hits} of {write_count(len(moves), 'event')} the target was {arguments.move}"
    furthest = "its change" if arguments.when == "at the end" else "the furthest change within the window"
    yield list_where_few(f"{count}; {furthest}" if len(moves) <= MAX_EVENTS_IN_NOTE else count, moves, UNIT)


def _write_usual(arguments: TargetChangeArguments, usual: float | None, count: int) -> Iterator[str]:
    if usual is not None:
        yield (
            f"After {write_value(usual, 'share')} of all {count:,} windows of the same length the target was "
            f"{arguments.move}; the p-value is exact against that share."
        )


def describe_events(arguments: TargetChangeArguments) -> str:
    """Describe the events by their rule, and the values."""
    rule = describe_sample(arguments.events, arguments.emergency)
    return f"{rule} The share of events after which the target was {arguments.move}; each row is 100 % or 0 %."


TARGET_CHANGE = Estimand(
    name="target-change",
    title="How often the Federal Reserve moves its target so far after events",
    text=(
        "For each event, whether the middle of the Federal Reserve's target range moved so far within a window after "
        "it, by the decisions as announced; the estimate is the share of the events, with an exact interval. The share "
        "of all windows of the same length stands next to it. An event without a complete window is left out and "
        "named with the reason."
    ),
    unit="share",
    arguments=TargetChangeArguments,
    needs=lambda arguments: frozenset(EVENT_LISTS[arguments.events].needs),
    window=lambda arguments: write_window(arguments.window),
    events=describe_events,
    measure=measure,
    span=lambda arguments: Span(events=arguments.events),
    says=lambda arguments: (
        f"the share of {name_events(arguments.events)} after which the Federal Reserve's target was "
        f"{arguments.move}{'' if arguments.when == 'at the end' else ' at some time'} within "
        f"{name_length(arguments.window)}"
    ),
    rank=22,
)
