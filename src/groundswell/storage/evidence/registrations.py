"""Registered specifications of claims. Rows are added, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, Row, select

from groundswell.model import Registration
from groundswell.storage.evidence.links import REGISTRATION, add_link, take_key
from groundswell.storage.schema import registrations


def register(
    connection: Connection, hub: str, specifications: Mapping[str, tuple[str, str]], registered_at: datetime
) -> dict[str, Registration]:
    """Register each claim whose specification is not that of its newest version; return the newest of each.

    ``specifications`` maps claims to the text of their specification and its digest.
    """
    newest = read_registrations(connection, hub)
    for claim, (canonical, digest) in specifications.items():
        last = newest.get(claim)
        if last is not None and last.digest == digest:
            continue
        version = last.version + 1 if last else 1
        newest[claim] = Registration(hub, claim, version, digest, canonical, registered_at)
        inserted = connection.execute(
            registrations.insert().values(
                hub=hub,
                claim=claim,
                version=version,
                digest=digest,
                canonical=canonical,
                registered_at=registered_at,
            )
        )
        add_link(connection, REGISTRATION, take_key(inserted))
    return newest


def read_registrations(connection: Connection, hub: str) -> dict[str, Registration]:
    """Read the newest version of each claim of a hub."""
    query = select(registrations).where(registrations.c.hub == hub).order_by(registrations.c.key)
    return {row.claim: _build(row) for row in connection.execute(query)}


def read_versions(connection: Connection) -> dict[tuple[str, str, int], Registration]:
    """Read every version of every claim, by hub, claim and version."""
    query = select(registrations).order_by(registrations.c.key)
    return {(row.hub, row.claim, row.version): _build(row) for row in connection.execute(query)}


def _build(row: Row[tuple[object, ...]]) -> Registration:
    return Registration(row.hub, row.claim, row.version, row.digest, row.canonical, row.registered_at)
