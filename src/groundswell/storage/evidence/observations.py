"""What data services sent. Rows are added, never changed: a revision stands beside what it revises."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, func, select

from groundswell.model import Measure, Observation, SeriesRef
from groundswell.storage.schema import service_observations


def add(connection: Connection, arrived: Collection[Observation], kept_at: datetime) -> None:
    """Keep what arrived, in its order."""
    if arrived:
        connection.execute(
            service_observations.insert(),
            [
                {
                    "id": one.ref.id,
                    "measure": one.ref.measure.value,
                    "date": one.date,
                    "value": one.value,
                    "known_at": one.known_at,
                    "since": one.since,
                    "source": one.source,
                    "kept_at": kept_at,
                }
                for one in arrived
            ],
        )


def load(connection: Connection, refs: Collection[SeriesRef] | None = None) -> dict[SeriesRef, tuple[Observation, ...]]:
    """All that arrived of each series (of the ids of ``refs`` alone, if given), in the order in which it was kept."""
    query = select(service_observations).order_by(service_observations.c.key)
    if refs is not None:
        query = query.where(service_observations.c.id.in_(sorted({ref.id for ref in refs})))
    found: dict[SeriesRef, list[Observation]] = {}
    for row in connection.execute(query):
        ref = SeriesRef(row.id, Measure(row.measure))
        found.setdefault(ref, []).append(Observation(ref, row.date, row.value, row.known_at, row.source, row.since))
    return {ref: tuple(rows) for ref, rows in found.items()}


def version(connection: Connection) -> int:
    """Grows with each row."""
    return connection.scalar(select(func.coalesce(func.max(service_observations.c.key), 0))) or 0
