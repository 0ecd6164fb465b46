"""What the status page reports: the last 24 hours, stalled sources, and each stored series."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from groundswell.fetch.stalled import Stall
from groundswell.model import DataIssue, UpstreamState
from groundswell.model.upstreams import Received


@dataclass(frozen=True, slots=True)
class StalledSource:
    """A source that answers but brings nothing new, against its own rhythm."""

    source: UpstreamState
    silence: Stall


@dataclass(frozen=True, slots=True)
class DayReport:
    """What came in the 24 hours up to the moment of the report; sources that fail now, and those fallen silent."""

    received: Received = field(default_factory=Received)
    failing: tuple[UpstreamState, ...] = ()
    stalled: tuple[StalledSource, ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesStatus:
    """A stored series in brief. ``known`` says how long after its day a value becomes known.

    ``stale`` is whether newer values should be there: the last one is more than five sessions old for a daily series,
    three weeks for a weekly one, a hundred days for a monthly one.
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
