"""The state of a hub: its gauges as of a day, and what changed since last week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from groundswell.claims.verdict_changes import find_changes
from groundswell.hubs.gauges.gauge import Gauge, MissingGauge, add_data_issues, read_gauge
from groundswell.hubs.spec import HubSpec
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import WEEK, as_days, on_or_before, shift_sessions
from groundswell.model import DataIssue, Evaluation
from groundswell.wording.dates import write_day
from groundswell.wording.figures import write_level
from groundswell.wording.verdicts import write_state, write_votes

MIN_RANK_OF_MOVE = 0.8
"""A move within a week is listed as a change if it is larger than this share of earlier ones."""

MAX_MOVES = 3
MAX_EVALUATION_GAP = dt.timedelta(days=31)
"""If the evaluation before is older, the verdict may have changed long before the week."""


@dataclass(frozen=True, slots=True)
class StateChange:
    """A change since last week, in a sentence; ``claim_id`` is given for a verdict."""

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
        """The gauges whose last value is stale."""
        return tuple(gauge for gauge in self.gauges if gauge.age is not None)


def read_gauges(
    hub: HubSpec,
    book: SeriesBook,
    day: dt.date,
    data_issues: Mapping[str, Collection[DataIssue]] = MappingProxyType({}),
) -> tuple[Gauge | MissingGauge, ...]:
    """Read every gauge of a hub at the end of ``day``; ``book`` contains only what was known by then.

    ``data_issues`` are by the name of their series.
    """
    return tuple(add_data_issues(read_gauge(spec, book, day, hub.names), data_issues, day) for spec in hub.gauges)


def build_state(read: Sequence[Gauge | MissingGauge], evaluations: Iterable[Evaluation], day: dt.date) -> HubState:
    """Build the state of a hub from its gauges, read at the end of ``day``, and its evaluations."""
    gauges = tuple(gauge for gauge in read if isinstance(gauge, Gauge))
    since = week_before(day)
    fresh = [gauge for gauge in gauges if gauge.age is None]
    return HubState(
        day=day,
        since=since,
        gauges=gauges,
        missing=tuple(gauge for gauge in read if isinstance(gauge, MissingGauge)),
        changes=(*_list_verdict_changes(evaluations, since, day), *_list_gauge_changes(fresh)),
    )


def week_before(day: dt.date) -> dt.date:
    """Return the session five sessions before the last session up to ``day``."""
    before: dt.date = shift_sessions(on_or_before(as_days(day)), -WEEK)[0].item()
    return before


def _list_verdict_changes(evaluations: Iterable[Evaluation], since: dt.date, day: dt.date) -> Iterator[StateChange]:
    for evaluation in evaluations:
        for before, after in find_changes(evaluation.history):
            if since < after.as_of <= day:
                now, then = (write_state(each.verdict, each.confirmed) for each in (after, before))
                text = f"{evaluation.id} is {now}, no longer {then}, as of {write_day(after.as_of)}"
                if after.as_of - before.as_of > MAX_EVALUATION_GAP:
                    text += f"; the evaluation before was as of {write_day(before.as_of)}"
                if votes := write_votes(evaluation.readings_judged):
                    text += f"; {votes}"
                yield StateChange(f"{text}.", evaluation.id)


def _list_gauge_changes(gauges: Sequence[Gauge]) -> Iterator[StateChange]:
    """Yield the phases that changed, and the largest of the moves that are large against their own history."""
    large = [gauge for gauge in gauges if gauge.week is not None and gauge.week[1] > MIN_RANK_OF_MOVE]
    largest = sorted(large, key=lambda gauge: -gauge.week[1] if gauge.week else 0.0)[:MAX_MOVES]
    changed = [gauge for gauge in gauges if gauge.phase_before and gauge.phase != gauge.phase_before]
    for gauge in dict.fromkeys((*changed, *largest)):
        parts = [f"{gauge.phase}, no longer {gauge.phase_before}"] if gauge in changed else []
        if gauge in largest:
            parts.append(_describe_move(gauge))
        yield StateChange(f"{gauge.spec.title}: {'; '.join(parts)}.")


def _describe_move(gauge: Gauge) -> str:
    assert gauge.week is not None  # noqa: S101 - only gauges with a move are described
    (before, rank), main = gauge.week, gauge.main
    over = f" over {main.name}" if gauge.spec.kind == "relative" else ""
    others = "any other" if rank == 1 else f"{int(100 * rank)} % of those"
    return (
        f"from {write_level(before, main.unit)} to {write_level(main.value, main.unit)}{over}, "
        f"a larger move in five sessions than {others} since {main.first.year}"
    )
