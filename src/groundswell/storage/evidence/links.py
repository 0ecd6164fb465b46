"""Links of the chain: each has the digest of one record and of the link before.

Links are numbered, and the number is the key of their table: of two writers at once, one fails.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, CursorResult, Integer, Row, Select, String, Table, Text, cast, select

from groundswell.model import Registration
from groundswell.storage.schema import evaluations, forecasts, links, registrations

FIRST = ""
"""What the first link has in the place of the digest of the link before."""

AnyRow = Row[tuple[Any, ...]]


@dataclass(frozen=True, eq=False)
class Record:
    """A kind of record, with the columns of its table that its digest is of, and the day that it is shown with.

    ``has_version`` says whether the digest is of a version of the claim as well, as it is registered. ``is_marked``
    says whether it is of the kind: evaluations were in the chain before other records were. ``since_chain``: the
    table is no older than the chain, so that every row has a link.
    """

    name: str
    table: Table
    columns: tuple[str, ...]
    day: str
    has_version: bool = True
    is_marked: bool = True
    since_chain: bool = False

    def select(self) -> Select[Any]:
        """Select rows, with everything but words and numbers as the very text that is stored."""
        columns = self.table.c
        content = (_as_stored(columns[name]).label(name) for name in self.columns)
        return select(columns.key.label("row_key"), cast(columns[self.day], Text).label("shown_day"), *content)


def _as_stored(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return column if isinstance(column.type, String | Integer) else cast(column, Text)


EVALUATION = Record(
    "evaluation",
    evaluations,
    ("hub", "claim", "as_of", "evaluated_at", "verdict", "basis", "confirmed", "body", "inputs", "version"),
    day="as_of",
    is_marked=False,
)
FORECAST = Record(
    "forecast",
    forecasts,
    ("hub", "claim", "day", "kind", "as_of", "recorded_at", "body", "inputs", "version"),
    day="day",
    since_chain=True,
)
REGISTRATION = Record(
    "registration",
    registrations,
    ("hub", "claim", "version", "digest", "canonical", "registered_at"),
    day="registered_at",
    has_version=False,
)
RECORDS = {record.name: record for record in (EVALUATION, FORECAST, REGISTRATION)}


def add_link(connection: Connection, record: Record, key: int, registration: Registration | None = None) -> None:
    """Link a row that was just added. Raises ``IntegrityError`` where another writer has taken the place."""
    last = connection.execute(select(links.c.place, links.c.digest).order_by(links.c.place.desc()).limit(1)).first()
    place, previous = (last.place + 1, last.digest) if last else (1, FIRST)
    row = connection.execute(record.select().where(record.table.c.key == key)).one()
    digest = compute_digest(record, row, previous, registration)
    connection.execute(links.insert().values(place=place, record=record.name, key=key, digest=digest))


def take_key(inserted: CursorResult[Any]) -> int:
    """Return the key of the one row that was inserted."""
    key = inserted.inserted_primary_key
    assert key is not None  # noqa: S101 - an insert of one row always has a key
    return int(key[0])


def compute_digest(record: Record, row: AnyRow, previous: str, registration: Registration | None) -> str:
    """Compute the digest of a row after the link with the digest ``previous``."""
    content = [previous, *([record.name] if record.is_marked else ()), *(row._mapping[name] for name in record.columns)]
    if record.has_version:
        content.append(registration.digest if registration else None)
        content.append(registration.registered_at.isoformat() if registration else None)
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
