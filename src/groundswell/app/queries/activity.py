"""The daily report: what the last 24 hours brought, which sources fail, and which have stalled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from groundswell.fetch.stalled import MAX_RECENT_ITEMS, find_stall
from groundswell.model import UpstreamKind, UpstreamState
from groundswell.model.upstreams import data_row
from groundswell.pages.status import DayReport, StalledSource, group_unreachable
from groundswell.storage.news import activity

REPORTED_SPAN = timedelta(days=1)
HISTORY_SPAN = timedelta(days=60)
"""A source that sent nothing for so long has no publishing frequency to compare with, and is not reported again."""


def read_day_report(connection: Connection, states: Sequence[UpstreamState], now: datetime) -> DayReport:
    """Read the report of the 24 hours up to ``now``.

    Disabled sources are left out, and a source that fails is not listed as stalled too.
    """
    enabled = [state for state in states if state.enabled]
    by_feed = activity.read_article_instants(connection, now - HISTORY_SPAN, MAX_RECENT_ITEMS)
    value_instants = activity.read_value_instants(connection, now - HISTORY_SPAN)
    by_service = {data_row(name): instants for name, instants in value_instants.items()}
    stalled = []
    for state in enabled:
        instants = by_feed.get(state.name) if state.kind is UpstreamKind.FEED else by_service.get(state.name)
        stall = None if state.outcome.failed or instants is None else find_stall(instants, now)
        stalled += [StalledSource(state, stall)] if stall else []
    failing = tuple(state for state in enabled if state.outcome.failed)
    return DayReport(
        activity.count_received(connection, now - REPORTED_SPAN), failing, tuple(stalled), group_unreachable(enabled)
    )
