"""Observations that data services sent. Rows are added, never changed: a revision is a further row."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, func, select

from groundswell.model import Measure, Observation, SeriesRef
from groundswell.storage.schema import service_observations


def add_observations(connection: Connection, new: Collection[Observation], received_at: datetime) -> None:
    """Store observations, in order."""
    if new:
        connection.execute(
            service_observations.insert(),
            [
                {
                    "id": observation.ref.id,
                    "measure": observation.ref.measure.value,
                    "date": observation.date,
                    "value": observation.value,
                    "known_at": observation.known_at,
                    "since": observation.since,
                    "source": observation.source,
                    "received_at": received_at,
                }
                for observation in new
            ],
        )


def load_observations(
    connection: Connection, refs: Collection[SeriesRef] | None = None
) -> dict[SeriesRef, tuple[Observation, ...]]:
    """Load the observations of each series, in the order stored; with ``refs``, of series with these ids only."""
    query = select(service_observations).order_by(service_observations.c.key)
    if refs is not None:
        query = query.where(service_observations.c.id.in_(sorted({ref.id for ref in refs})))
    loaded: dict[SeriesRef, list[Observation]] = {}
    for row in connection.execute(query):
        ref = SeriesRef(row.id, Measure(row.measure))
        loaded.setdefault(ref, []).append(Observation(ref, row.date, row.value, row.known_at, row.source, row.since))
    return {ref: tuple(rows) for ref, rows in loaded.items()}


def read_version(connection: Connection) -> int:
    """Return a number that grows with each row."""
    return connection.scalar(select(func.coalesce(func.max(service_observations.c.key), 0))) or 0
