"""The daily self-report: what came in the last 24 hours, which sources fail, and which have fallen silent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from groundswell.fetch.stalled import LAST, silence
from groundswell.model import UpstreamKind, UpstreamState
from groundswell.pages.status import DayReport, StalledSource
from groundswell.storage.news import activity

DAY = timedelta(days=1)
LOOKED_BACK = timedelta(days=60)
"""A source that brought nothing for so long has no rhythm any more: it is old news that it is silent."""


def read_day_report(connection: Connection, states: Sequence[UpstreamState], now: datetime) -> DayReport:
    """Read the report of the 24 hours up to ``now``.

    Disabled sources are left out, and a source that fails is not listed as stalled too.
    """
    on = [state for state in states if state.enabled]
    feeds = activity.read_article_instants(connection, now - LOOKED_BACK, LAST)
    services = activity.read_value_instants(connection, now - LOOKED_BACK)
    stalled = []
    for state in on:
        instants = feeds.get(state.name) if state.kind is UpstreamKind.FEED else services.get(state.title)
        found = None if state.outcome.failed or instants is None else silence(instants, now)
        stalled += [StalledSource(state, found)] if found else []
    failing = tuple(state for state in on if state.outcome.failed)
    return DayReport(activity.count_received(connection, now - DAY), failing, tuple(stalled))
