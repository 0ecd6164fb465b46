"""What the status page reports: the last 24 hours, stalled sources, and each stored series."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from groundswell.fetch.stalled import Stall
from groundswell.model import DataIssue, Measure, UpstreamState
from groundswell.model.cycle_progress import CycleProgress
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
