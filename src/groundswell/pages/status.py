"""What the status page reports: the last 24 hours, stalled sources, and each stored series."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from groundswell.fetch.stalled import Stall
from groundswell.model import DataIssue, Measure, Outcome, UpstreamKind, UpstreamState
from groundswell.model.cycle_progress import CycleProgress
from groundswell.model.service_answers import ServiceAnswer
from groundswell.model.upstreams import Received
from groundswell.wording.plurals import write_count

MIN_GROUPED = 4
"""From so many on, sources of a kind that cannot be reached are named together."""


@dataclass(frozen=True, slots=True)
class StalledSource:
    """A source that answers but has published nothing for longer than its publishing frequency explains."""

    source: UpstreamState
    stall: Stall


@dataclass(frozen=True, slots=True)
class UnreachableSources:
    """Sources of a kind that could not be reached, of so many that were requested.

    ``has_network`` is whether any source answered since the first of them failed.
    """

    kind: UpstreamKind
    sources: tuple[UpstreamState, ...]
    requested: int
    has_network: bool

    @property
    def text(self) -> str:
        """Say it in a line, such as "10 of 10 feeds unreachable: no network"."""
        noun = "feed" if self.kind is UpstreamKind.FEED else "data service"
        cause = "" if self.has_network else ": no network"
        return f"{len(self.sources):,} of {write_count(self.requested, noun)} unreachable{cause}"


@dataclass(frozen=True, slots=True)
class DayReport:
    """What was received in the 24 hours before the report, and the sources that are failing or stalled now.

    Failing sources are in ``unreachable`` too where many of their kind could not be reached.
    """

    received: Received = field(default_factory=Received)
    failing: tuple[UpstreamState, ...] = ()
    stalled: tuple[StalledSource, ...] = ()
    unreachable: tuple[UnreachableSources, ...] = ()

    @property
    def failing_singly(self) -> tuple[UpstreamState, ...]:
        """The failing sources that are not in ``unreachable``."""
        grouped = {source.name for group in self.unreachable for source in group.sources}
        return tuple(source for source in self.failing if source.name not in grouped)


def group_unreachable(states: Iterable[UpstreamState]) -> tuple[UnreachableSources, ...]:
    """Group the enabled sources that could not be reached by kind, where there are ``MIN_GROUPED`` or more.

    Numbers that ship with the program have a row, but no web address: they say nothing about the network.
    """
    enabled = [state for state in states if state.enabled and "://" in state.address]
    groups = []
    for kind in UpstreamKind:
        requested = [state for state in enabled if state.kind is kind and state.last_tried_at]
        lost = tuple(state for state in requested if state.outcome is Outcome.UNREACHABLE)
        if len(lost) >= MIN_GROUPED:
            since = min(state.last_tried_at for state in lost if state.last_tried_at)
            has_network = any(
                state.last_tried_at and state.last_tried_at >= since and state.outcome is not Outcome.UNREACHABLE
                for state in enabled
            )
            groups.append(UnreachableSources(kind, lost, len(requested), has_network))
    return tuple(groups)


@dataclass(frozen=True, slots=True)
class CycleStatus:
    """How the cycles go, and whether none has been complete for too long."""

    progress: CycleProgress = field(default_factory=CycleProgress)
    overdue: bool = False

    @property
    def expected(self) -> bool:
        """Whether there are cycles at all."""
        return self.progress.started_at is not None

    @property
    def ready(self) -> bool:
        """Whether cycles are complete in time, and no step is stuck."""
        return not self.overdue and not self.progress.stuck


@dataclass(frozen=True, slots=True)
class CalendarStatus:
    """A calendar: its next day, and the day up to which it is known; None where it lists none."""

    name: str
    title: str
    agency: str
    next: date | None
    known_until: date | None


@dataclass(frozen=True, slots=True)
class ChainLink:
    """A service in the chain of a series, with its last answer. One that is off, or without its key, is passed over.

    ``serves`` is whether the values that are added now are those of this service.
    """

    service: str
    title: str
    is_on: bool
    serves: bool
    answer: ServiceAnswer | None


@dataclass(frozen=True, slots=True)
class SeriesChain:
    """The services that have a series, in the order in which they are asked for it."""

    id: str
    measure: Measure
    links: tuple[ChainLink, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The titles of the services."""
        return tuple(link.title for link in self.links)

    @property
    def failed(self) -> tuple[ChainLink, ...]:
        """The services whose last answer was not what was asked for in full."""
        return tuple(link for link in self.links if link.is_on and link.answer and not link.answer.suffices)


@dataclass(frozen=True, slots=True)
class SeriesStatus:
    """A stored series in brief. ``known`` is the time from the day of a value to its release.

    ``stale`` says that newer values should be available; ``staleness.STORED_SERIES`` gives the limits.
    """

    id: str
    title: str
    unit: str
    measure: Measure
    source: str
    frequency: str
    first: date
    last: date
    observations: int
    known: str
    revised: bool
    stale: bool
    data_issues: tuple[DataIssue, ...]


@dataclass(frozen=True, slots=True)
class ServiceProbe:
    """The result of trying a data service: the series, the number of values, their first and last day, and the time.

    A service that was not asked has the outcome ``NOT_TRIED``, and says why.
    """

    service: str
    title: str
    series: tuple[str, ...]
    outcome: Outcome
    detail: str
    values: int = 0
    first: date | None = None
    last: date | None = None
    seconds: float = 0.0
