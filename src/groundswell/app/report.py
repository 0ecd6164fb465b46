"""The daily self-report: what came in the last 24 hours, which sources fail, and which have fallen silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from groundswell.feeds.quiet import LAST, Silence, silence
from groundswell.storage import recent
from groundswell.storage.recent import Came
from groundswell.types import UpstreamKind, UpstreamState

DAY = timedelta(days=1)
LOOKED_BACK = timedelta(days=60)
"""A source that brought nothing for so long has no rhythm any more: it is old news that it is silent."""


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


def report(connection: Connection, states: Sequence[UpstreamState], now: datetime) -> DayReport:
    """Make the report. Sources that are off are left out; one that fails is told as failing alone."""
    on = [state for state in states if state.enabled]
    feeds = recent.by_feed(connection, now - LOOKED_BACK, LAST)
    services = recent.by_service(connection, now - LOOKED_BACK)
    quiet = []
    for state in on:
        instants = feeds.get(state.name) if state.kind is UpstreamKind.FEED else services.get(state.title)
        found = None if state.outcome.failed or instants is None else silence(instants, now)
        quiet += [Quiet(state, found)] if found else []
    failing = tuple(state for state in on if state.outcome.failed)
    return DayReport(recent.came(connection, now - DAY), failing, tuple(quiet))
