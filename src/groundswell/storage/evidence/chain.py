"""The chain of evaluations: each row has the hash of its own content and of the row before.

A row that was changed, added between others or removed breaks the chain there. Rows that earlier releases recorded come
before the first link and have none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, Row, Select, Text, cast, select

from groundswell.model import BrokenLink, ChainReport, Registration
from groundswell.storage.evidence.registrations import read_versions
from groundswell.storage.schema import evaluations

FIRST = ""
"""What the first row of a chain has in the place of the digest of the row before."""

BATCH = 500

Versions = Mapping[tuple[str, str, int], Registration]


def link_row(connection: Connection, key: int, registration: Registration | None) -> None:
    """Write the digests of the row just added, which must be the last one."""
    last = select(evaluations.c.digest).where(evaluations.c.key < key).order_by(evaluations.c.key.desc()).limit(1)
    previous = connection.scalar(last) or FIRST
    row = connection.execute(_select_rows().where(evaluations.c.key == key)).one()
    digest = _compute_digest(row, previous, registration)
    connection.execute(evaluations.update().where(evaluations.c.key == key).values(previous=previous, digest=digest))


def check_chain(connection: Connection, hub: str | None = None) -> ChainReport:
    """Check every row on record, or only those of a hub; stop at the first that does not hold."""
    versions = read_versions(connection)
    checked, unchained, head = 0, 0, FIRST
    rows = connection.execution_options(yield_per=BATCH).execute(_select_rows().order_by(evaluations.c.key))
    for row in rows:
        if row.digest is None and head == FIRST:
            unchained += hub in (None, row.hub)
            continue
        if hub in (None, row.hub):
            if reason := _find_fault(row, head, versions):
                rows.close()
                return ChainReport(checked, unchained, head, BrokenLink(row.key, row.hub, row.claim, row.day, reason))
            checked += 1
        head = row.digest or head
    return ChainReport(checked, unchained, head)


def _find_fault(row: Row[tuple[object, ...]], head: str, versions: Versions) -> str:
    """Say what is wrong with a row; empty where nothing is."""
    if row.digest is None:
        return "the row has no digest, although the rows before it have"
    if (row.previous or FIRST) != head:
        return "the row before it is not the one that it was written after"
    registration = versions.get((row.hub, row.claim, row.version)) if row.version is not None else None
    if row.version is not None and registration is None:
        return f"version {row.version} of the claim is not on record"
    if registration and hashlib.sha256(registration.canonical.encode()).hexdigest() != registration.digest:
        return f"the specification of version {row.version} of the claim is not the one that was registered"
    try:
        digest = _compute_digest(row, head, registration)
    except (TypeError, ValueError, AttributeError):
        digest = ""
    return "" if digest == row.digest else "its content, or the registration of its claim, is not what was written"


def _select_rows() -> Select[tuple[object, ...]]:
    """Select rows with their JSON as the very text that is stored."""
    columns = evaluations.c
    texts = (cast(columns.body, Text).label("body_text"), cast(columns.inputs, Text).label("inputs_text"))
    day = cast(columns.as_of, Text).label("day")
    names = ("key", "hub", "claim", "verdict", "basis", "version", "previous", "digest")
    more = (cast(columns.evaluated_at, Text).label("at"), cast(columns.confirmed, Text).label("confirmed_text"))
    return select(*(columns[name] for name in names), day, *more, *texts)


def _compute_digest(row: Row[tuple[object, ...]], previous: str, registration: Registration | None) -> str:
    content = [
        previous,
        row.hub,
        row.claim,
        row.day,
        row.at,
        row.verdict,
        row.basis,
        row.confirmed_text,
        row.body_text,
        row.inputs_text,
        row.version,
        registration.digest if registration else None,
        _write_instant(registration.registered_at) if registration else None,
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _write_instant(at: datetime) -> str:
    return at.isoformat()
