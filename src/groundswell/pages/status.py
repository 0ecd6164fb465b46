"""What the status page reports of the last day."""

from __future__ import annotations

from dataclasses import dataclass, field

from groundswell.fetch.stalled import Silence
from groundswell.model import UpstreamState
from groundswell.model.upstreams import Came


@dataclass(frozen=True, slots=True)
class Quiet:
    """A source that answers but brings nothing new, against its own rhythm."""

    source: UpstreamState
    silence: Silence


@dataclass(frozen=True, slots=True)
class DayReport:
    """What came in the 24 hours up to the moment of the report; sources that fail now, and those fallen silent."""

    came: Came = field(default_factory=Came)
    failing: tuple[UpstreamState, ...] = ()
    quiet: tuple[Quiet, ...] = ()
