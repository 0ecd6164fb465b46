"""What the status page reports: the last 24 hours, stalled sources, and each stored series."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from groundswell.fetch.stalled import Stall
from groundswell.model import DataIssue, Measure, Outcome, UpstreamState
from groundswell.model.cycle_progress import CycleProgress
from groundswell.model.service_answers import ServiceAnswer
from groundswell.model.upstreams import Received


@dataclass(frozen=True, slots=True)
class StalledSource:
    """A source that answers but has published nothing for longer than its publishing frequency explains."""

    source: UpstreamState
    stall: Stall


@dataclass(frozen=True, slots=True)
class DayReport:
    """What was received in the 24 hours before the report, and the sources that are failing or stalled now."""

    received: Received = field(default_factory=Received)
    failing: tuple[UpstreamState, ...] = ()
    stalled: tuple[StalledSource, ...] = ()


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
