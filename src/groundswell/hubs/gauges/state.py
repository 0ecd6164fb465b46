"""The state of the trade: the gauges of a hub as of a day, and what changed since last week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from groundswell.hubs.gauges.gauge import Gauge, MissingGauge, add_data_issues, read_gauge
from groundswell.hubs.spec import HubSpec
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import WEEK, as_days, on_or_before, shift
from groundswell.model import DataIssue, Evaluation
from groundswell.wording.dates import write_day
from groundswell.wording.figures import write_level

LARGE = 0.8
"""A week's move counts as a change where it is larger than this share of earlier ones."""
LONG_AGO = dt.timedelta(days=31)
"""A verdict as old as this may have changed well before the week."""
MOST_MOVES = 3


@dataclass(frozen=True, slots=True)
class StateChange:
    """Something that changed since last week, in a sentence; ``claim_id`` where it is a verdict."""

    text: str
    claim_id: str = ""


@dataclass(frozen=True, eq=False)
class HubState:
    """The gauges in the order of the hub file, and what changed in the five sessions since ``since``."""

    day: dt.date
    since: dt.date
    gauges: tuple[Gauge, ...]
    missing: tuple[MissingGauge, ...]
    changes: tuple[StateChange, ...]

    @property
    def stale(self) -> tuple[Gauge, ...]:
        return tuple(gauge for gauge in self.gauges if gauge.age is not None)


def read_gauges(
    hub: HubSpec,
    book: SeriesBook,
    day: dt.date,
    data_issues: Mapping[str, Collection[DataIssue]] = MappingProxyType({}),
) -> tuple[Gauge | MissingGauge, ...]:
    """Read every gauge of a hub at the end of ``day``; ``book`` holds what was known by then, and nothing later.

    ``data_issues`` of the data are by the name of their series.
    """
    return tuple(add_data_issues(read_gauge(spec, book, day), data_issues, day) for spec in hub.gauges)


def build_state(read: Sequence[Gauge | MissingGauge], evaluations: Iterable[Evaluation], day: dt.date) -> HubState:
    """Put the state of a hub together from its gauges, read at the end of ``day``, and its evaluations."""
    gauges = tuple(one for one in read if isinstance(one, Gauge))
    since = week_before(day)
    fresh = [gauge for gauge in gauges if gauge.age is None]
    return HubState(
        day=day,
        since=since,
        gauges=gauges,
        missing=tuple(one for one in read if isinstance(one, MissingGauge)),
        changes=(*_verdicts(evaluations, since, day), *_gauges(fresh)),
    )


def week_before(day: dt.date) -> dt.date:
    """The session five sessions before the last one up to ``day``."""
    before: dt.date = shift(on_or_before(as_days(day)), -WEEK)[0].item()
    return before


def _verdicts(evaluations: Iterable[Evaluation], since: dt.date, day: dt.date) -> Iterator[StateChange]:
    for evaluation in evaluations:
        for before, after in pairwise(evaluation.history):
            if since < after.as_of <= day and before.verdict is not after.verdict:
                turn = f"{evaluation.id} is {after.verdict}, no longer {before.verdict}, as of {write_day(after.as_of)}"
                long_ago = after.as_of - before.as_of > LONG_AGO
                told = f"; it was last judged as of {write_day(before.as_of)}" if long_ago else ""
                yield StateChange(f"{turn}{told}.", evaluation.id)


def _gauges(gauges: Sequence[Gauge]) -> Iterator[StateChange]:
    """Phases that changed, and the largest of the moves that were large against their own history."""
    large = [gauge for gauge in gauges if gauge.week is not None and gauge.week[1] > LARGE]
    largest = sorted(large, key=lambda gauge: -gauge.week[1] if gauge.week else 0.0)[:MOST_MOVES]
    turned = [gauge for gauge in gauges if gauge.phase_before and gauge.phase != gauge.phase_before]
    for gauge in dict.fromkeys((*turned, *largest)):
        told = [f"{gauge.phase}, no longer {gauge.phase_before}"] if gauge in turned else []
        if gauge in largest:
            told.append(_move(gauge))
        yield StateChange(f"{gauge.spec.title}: {'; '.join(told)}.")


def _move(gauge: Gauge) -> str:
    assert gauge.week is not None  # noqa: S101 - only gauges that moved are told of
    (before, rank), main = gauge.week, gauge.main
    over = f" over {main.name}" if gauge.spec.kind == "relative" else ""
    others = "any other" if rank == 1 else f"{int(100 * rank)} % of those"
    return (
        f"from {write_level(before, main.unit)} to {write_level(main.value, main.unit)}{over}, "
        f"a larger move in five sessions than {others} since {main.first.year}"
    )
