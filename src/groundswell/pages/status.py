"""What the status page reports: the last 24 hours, stalled sources, and each stored series."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from groundswell.fetch.stalled import Stall
from groundswell.model import DataIssue, UpstreamState
from groundswell.model.upstreams import Received


@dataclass(frozen=True, slots=True)
class StalledSource:
    """A source that answers, but has sent nothing new for longer than its publishing frequency explains."""

    source: UpstreamState
    stall: Stall


@dataclass(frozen=True, slots=True)
class DayReport:
    """What was received in the 24 hours up to the report, and the sources that now fail or have stalled."""

    received: Received = field(default_factory=Received)
    failing: tuple[UpstreamState, ...] = ()
    stalled: tuple[StalledSource, ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesStatus:
    """A summary of a stored series. ``known`` says in words how long after its day a value becomes known.

    ``stale`` is whether newer values should be available: the last one is more than five sessions old for a daily
    series, three weeks for a weekly one, a hundred days for a monthly one.
    """

    series: str
    source: str
    frequency: str
    first: date
    last: date
    rows: int
    known: str
    revised: bool
    stale: bool
    data_issues: tuple[DataIssue, ...]
