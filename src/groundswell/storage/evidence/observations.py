"""Observations that data services sent. Rows are added, never changed: a revision is a further row."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, func, select

from groundswell.model import Measure, Observation, SeriesRef
from groundswell.storage.schema import reloads, service_observations


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
    """Load the observations of each series, in the order stored; with ``refs``, of series with these ids only.

    Of a series that was loaded again the earlier vintages are left out: they stay in the store.
    """
    table = service_observations
    columns = (table.c.key, table.c.id, table.c.measure, table.c.date, table.c.value, table.c.known_at, table.c.source)
    query = select(*columns, table.c.since).order_by(table.c.key)
    if refs is not None:
        query = query.where(table.c.id.in_(sorted({ref.id for ref in refs})))
    after = {
        (row.id, row.measure): row.after_key for row in connection.execute(select(reloads).order_by(reloads.c.key))
    }
    # A store has hundreds of thousands of rows: what is the same for all rows of a series is made once.
    series: dict[tuple[str, str], tuple[SeriesRef, int, list[Observation]]] = {}
    for key, name, measure, date, value, known_at, source, since in connection.execute(query):
        own = series.get((name, measure))
        if own is None:
            own = series[name, measure] = (SeriesRef(name, Measure(measure)), after.get((name, measure), 0), [])
        ref, after_key, rows = own
        if key > after_key:
            rows.append(Observation(ref, date, value, known_at, source, since))
    return {ref: tuple(rows) for ref, _, rows in series.values() if rows}


def read_version(connection: Connection) -> int:
    """Return a number that grows with each row, and with each series that is loaded again."""
    last = connection.scalar(select(func.coalesce(func.max(service_observations.c.key), 0))) or 0
    return last + (connection.scalar(select(func.count()).select_from(reloads)) or 0)
