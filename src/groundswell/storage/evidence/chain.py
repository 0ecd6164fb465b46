"""The check of the chain over registrations, evaluations and forecasts.

A record that was changed, added between others or removed breaks the chain there. Records that earlier releases wrote
come before the first link of their kind and have none.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection, Text, cast, func, select

from groundswell.model import BrokenLink, ChainReport, Registration
from groundswell.storage.evidence.links import EVALUATION, FIRST, RECORDS, AnyRow, Record, compute_digest
from groundswell.storage.schema import evaluations, links, registrations

BATCH = 500

Versions = Mapping[tuple[str, str, int], Registration]


def check_chain(connection: Connection, hub: str | None = None, noted: str = FIRST) -> ChainReport:
    """Check every link, or only those of a hub; stop at the first that does not hold.

    A digest that was ``noted`` before must be among them: without it, links were removed from the end, or all were
    written again.
    """
    versions = _read_versions(connection)
    checked, head, is_found = 0, FIRST, noted == FIRST
    unchained = _count_unchained(connection, hub)
    for row in _list_links(connection):
        if row.row_key is None or hub in (None, row.hub):
            record = RECORDS[row.record]
            if reason := _find_fault(record, row, head, versions):
                return ChainReport(checked, unchained, head, _describe(record, row, reason))
            checked += 1
        head = row.link_digest
        is_found = is_found or head == noted
    for record in RECORDS.values():
        if (unlinked := _find_unlinked(connection, record, hub)) is not None:
            broken = _describe(record, unlinked, "it is on record without a place in the chain")
            return ChainReport(checked, unchained, head, broken)
    if not is_found:
        reason = f"the digest {noted} is not in it: its end was removed, or it was written again"
        return ChainReport(checked, unchained, head, BrokenLink("chain", 0, "", "", "", reason))
    return ChainReport(checked, unchained, head)


def _read_versions(connection: Connection) -> dict[tuple[str, str, int], Registration]:
    """Read every version of every claim; one whose time is no time is read as well, so that it is found."""
    columns = registrations.c
    names = (columns.hub, columns.claim, columns.version, columns.digest, columns.canonical)
    rows = connection.execute(select(*names, cast(columns.registered_at, Text).label("at")).order_by(columns.key))
    return {
        (row.hub, row.claim, row.version): Registration(
            row.hub, row.claim, row.version, row.digest, row.canonical, _read_instant(row.at)
        )
        for row in rows
    }


def _read_instant(stored: str) -> datetime:
    try:
        instant = datetime.fromisoformat(stored)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)


def _list_links(connection: Connection) -> Iterator[AnyRow]:
    """List the links in their order, each with its row, of which every column is null where it was removed."""
    streams = []
    for record in RECORDS.values():
        rows = record.select().subquery()
        query = (
            select(links.c.place, links.c.record, links.c.key, links.c.digest.label("link_digest"), rows)
            .join_from(links, rows, links.c.key == rows.c.row_key, isouter=True)
            .where(links.c.record == record.name)
            .order_by(links.c.place)
        )
        streams.append(connection.execution_options(yield_per=BATCH).execute(query))
    try:
        yield from heapq.merge(*streams, key=lambda row: row.place)
    finally:
        for stream in streams:
            stream.close()


def _describe(record: Record, row: AnyRow, reason: str) -> BrokenLink:
    if row.row_key is None:
        return BrokenLink(record.name, row.key, "", "", "", reason)
    return BrokenLink(record.name, row.row_key, row.hub, row.claim, row.shown_day, reason)


def _find_fault(record: Record, row: AnyRow, head: str, versions: Versions) -> str:
    """Say what is wrong with a link; empty where nothing is."""
    if row.row_key is None:
        return "it was removed"
    version = row.version if record.has_version else None
    registration = versions.get((row.hub, row.claim, version)) if version is not None else None
    if version is not None and registration is None:
        return f"version {version} of the claim is not on record"
    if registration and hashlib.sha256(registration.canonical.encode()).hexdigest() != registration.digest:
        return f"the specification of version {version} of the claim is not the one that was registered"
    try:
        digest = compute_digest(record, row, head, registration)
    except (TypeError, ValueError, AttributeError):
        digest = ""
    if digest == row.link_digest:
        return ""
    return "its content or its place, or the registration of its claim, is not what was written"


def _count_unchained(connection: Connection, hub: str | None) -> int:
    """Count the evaluations from before the first that has a link."""
    first = select(func.min(links.c.key)).where(links.c.record == EVALUATION.name).scalar_subquery()
    query = select(func.count()).select_from(evaluations).where((evaluations.c.key < first) | first.is_(None))
    return connection.scalar(query if hub is None else query.where(evaluations.c.hub == hub)) or 0


def _find_unlinked(connection: Connection, record: Record, hub: str | None) -> AnyRow | None:
    """Find the first row that ought to have a link and has none."""
    linked, key = select(links.c.key).where(links.c.record == record.name), record.table.c.key
    query = record.select().where(key.not_in(linked)).order_by(key).limit(1)
    if not record.since_chain:
        query = query.where(key > select(func.min(linked.subquery().c.key)).scalar_subquery())
    return connection.execute(query if hub is None else query.where(record.table.c.hub == hub)).first()
