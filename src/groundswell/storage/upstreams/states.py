"""Feeds and data sources with what came of the last try."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from groundswell.model import Outcome, UpstreamKind, UpstreamState
from groundswell.storage.schema import upstreams

CLOCK_SLIP = timedelta(minutes=10)
"""How far ahead a last try may lie; beyond it a clock was wrong, and with it the time of the next try."""

_FIELDS = [field.name for field in fields(UpstreamState)]


def all_states(connection: Connection) -> list[UpstreamState]:
    """Every feed and data source, by kind and title."""
    return [_state(row) for row in connection.execute(select(upstreams).order_by(upstreams.c.kind, upstreams.c.title))]


def due(connection: Connection, now: datetime, kind: UpstreamKind = UpstreamKind.FEED) -> list[UpstreamState]:
    """Upstreams of a kind that are on and due, the longest overdue first; those never tried come before all others.

    One that was tried in the future, by a wrong clock, is due too: it would else wait until that time comes again.
    """
    query = (
        select(upstreams)
        .where(upstreams.c.kind == kind, upstreams.c.enabled)
        .where(
            upstreams.c.next_due_at.is_(None)
            | (upstreams.c.next_due_at <= now)
            | (upstreams.c.last_tried_at > now + CLOCK_SLIP)
        )
        .order_by(upstreams.c.next_due_at.is_not(None), upstreams.c.next_due_at, upstreams.c.name)
    )
    return [_state(row) for row in connection.execute(query)]


def put(connection: Connection, states: Iterable[UpstreamState]) -> None:
    """Store the states, each in place of the one of the same name."""
    for state in states:
        row = {name: getattr(state, name) for name in _FIELDS}
        row |= {"kind": state.kind.value, "outcome": state.outcome.value}
        changed = connection.execute(upstreams.update().where(upstreams.c.name == state.name).values(row))
        if not changed.rowcount:
            connection.execute(upstreams.insert().values(row))


def remove(connection: Connection, name: str) -> None:
    connection.execute(delete(upstreams).where(upstreams.c.name == name))


def _state(row: Row[Any]) -> UpstreamState:
    values = {name: getattr(row, name) for name in _FIELDS}
    return UpstreamState(**{**values, "kind": UpstreamKind(row.kind), "outcome": Outcome(row.outcome)})
