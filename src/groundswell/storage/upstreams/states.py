"""States of feeds and data services: the outcome of the last request, and when the next one is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from groundswell.model import Outcome, UpstreamKind, UpstreamState
from groundswell.storage.schema import upstreams

CLOCK_SLIP = timedelta(minutes=10)
"""How far in the future a last request may lie. Beyond it the clock was wrong then, and so is the next due time."""

_FIELDS = [field.name for field in fields(UpstreamState)]


def list_states(connection: Connection) -> list[UpstreamState]:
    """List the states of all feeds and data services, by kind and title."""
    return [
        _build_state(row) for row in connection.execute(select(upstreams).order_by(upstreams.c.kind, upstreams.c.title))
    ]


def list_due(connection: Connection, now: datetime, kind: UpstreamKind = UpstreamKind.FEED) -> list[UpstreamState]:
    """List the enabled states of a kind that are due, the longest overdue first; those never requested come first.

    One that waits for a contact is not due. A source last requested in the future, by a wrong clock, is due too;
    otherwise it would wait until then.
    """
    query = (
        select(upstreams)
        .where(upstreams.c.kind == kind, upstreams.c.enabled, upstreams.c.outcome != Outcome.WAITING.value)
        .where(
            upstreams.c.next_due_at.is_(None)
            | (upstreams.c.next_due_at <= now)
            | (upstreams.c.last_tried_at > now + CLOCK_SLIP)
        )
        .order_by(upstreams.c.next_due_at.is_not(None), upstreams.c.next_due_at, upstreams.c.name)
    )
    return [_build_state(row) for row in connection.execute(query)]


def save_states(connection: Connection, states: Iterable[UpstreamState]) -> None:
    """Store states; each replaces the one of the same name."""
    for state in states:
        row = {name: getattr(state, name) for name in _FIELDS}
        row |= {"kind": state.kind.value, "outcome": state.outcome.value}
        changed = connection.execute(upstreams.update().where(upstreams.c.name == state.name).values(row))
        if not changed.rowcount:
            connection.execute(upstreams.insert().values(row))


def remove_state(connection: Connection, name: str) -> None:
    """Remove the state of a source."""
    connection.execute(delete(upstreams).where(upstreams.c.name == name))


def _build_state(row: Row[Any]) -> UpstreamState:
    values = {name: getattr(row, name) for name in _FIELDS}
    return UpstreamState(**{**values, "kind": UpstreamKind(row.kind), "outcome": Outcome(row.outcome)})
