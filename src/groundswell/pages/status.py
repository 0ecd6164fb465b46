"""What the status page reports of the last day."""

from __future__ import annotations

from dataclasses import dataclass, field

from groundswell.fetch.stalled import Stall
from groundswell.model import UpstreamState
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
