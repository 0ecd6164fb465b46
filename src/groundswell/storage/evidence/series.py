"""Series as loaded from files. A load that differs from the last one is added as a new version; none is overwritten."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, String, func, select, type_coerce

from groundswell.model import Frequency, Measure, Series, SeriesRef
from groundswell.storage.schema import observations, series


def add_series(connection: Connection, loaded: Collection[Series], loaded_at: datetime) -> int:
    """Store each series unless its newest stored load is the same; return how many were new."""
    newest = {(row.id, row.measure): row.digest for row in connection.execute(_select_newest())}
    added = 0
    for item in loaded:
        digest = _hash_content(item)
        if newest.get((item.ref.id, item.ref.measure.value)) == digest:
            continue
        row = {
            "id": item.ref.id,
            "measure": item.ref.measure.value,
            "frequency": item.frequency.value,
            "source": item.source,
            "revised": item.revised,
            "digest": digest,
            "loaded_at": loaded_at,
        }
        key = connection.execute(series.insert().values(row)).inserted_primary_key
        assert key is not None  # noqa: S101 - an insert of one row always has a key
        connection.execute(observations.insert(), _observation_rows(key[0], item))
        added += 1
    return added


def load_series(connection: Connection) -> tuple[Series, ...]:
    """Load the newest version of every series."""
    return tuple(_load_one(connection, row) for row in connection.execute(_select_newest()).all())


def read_keys(connection: Connection) -> dict[SeriesRef, int]:
    """Read the key of the newest load of every series."""
    return {SeriesRef(row.id, Measure(row.measure)): row.key for row in connection.execute(_select_newest())}


def read_version(connection: Connection) -> int:
    """Return a number that grows with each stored load."""
    return connection.scalar(select(func.coalesce(func.max(series.c.key), 0))) or 0


def _select_newest() -> Any:
    latest = select(func.max(series.c.key)).group_by(series.c.id, series.c.measure)
    return select(series).where(series.c.key.in_(latest)).order_by(series.c.id, series.c.measure)


def _load_one(connection: Connection, row: Row[Any]) -> Series:
    # Dates are read in the database's own form: numpy parses SQLite's texts far faster than SQLAlchemy makes dates.
    raw = (type_coerce(column, String) for column in (observations.c.date, observations.c.known_at))
    query = select(observations.c.value, *raw).where(observations.c.series_key == row.key).order_by(observations.c.date)
    rows = connection.execute(query).all()
    values, dates, known_at = zip(*rows, strict=True) if rows else ((), (), ())
    return Series(
        ref=SeriesRef(row.id, Measure(row.measure)),
        frequency=Frequency(row.frequency),
        source=row.source,
        dates=np.array(dates, dtype="datetime64[D]"),
        values=np.array(values, dtype=np.float64),
        known_at=np.array([_remove_zone(instant) for instant in known_at], dtype="datetime64[s]"),
        revised=row.revised,
    )


def _remove_zone(instant: str | datetime) -> str | datetime:
    """Remove the zone, which numpy cannot read. SQLite returns a text without one, other databases a datetime."""
    return instant if isinstance(instant, str) else instant.replace(tzinfo=None)


def _observation_rows(key: int, item: Series) -> list[dict[str, Any]]:
    return [
        {"series_key": key, "date": day, "value": value, "known_at": known_at.replace(tzinfo=UTC)}
        for day, value, known_at in zip(
            item.dates.tolist(), item.values.tolist(), item.known_at.astype("datetime64[us]").tolist(), strict=True
        )
    ]


def _hash_content(item: Series) -> str:
    content = hashlib.blake2b(digest_size=16)
    for part in (item.dates.astype("datetime64[D]"), item.values, item.known_at.astype("datetime64[s]")):
        content.update(np.ascontiguousarray(part).tobytes())
    content.update(item.source.encode())
    return content.hexdigest()
