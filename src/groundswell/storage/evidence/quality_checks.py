"""What checks of loaded series found wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, func, select

from groundswell.model import DataIssue, SeriesRef
from groundswell.storage.evidence import series
from groundswell.storage.schema import checks

_DEFECTS = TypeAdapter(tuple[DataIssue, ...])


def add(connection: Connection, found: Mapping[SeriesRef, tuple[DataIssue, ...]], at: datetime) -> None:
    """Keep what was found of each series in its newest load (nothing, too), unless its last check found the same."""
    before = dict(_newest(connection).values())
    keys = series.keys(connection)
    rows = []
    for ref, data_issues in found.items():
        body = _DEFECTS.dump_python(data_issues, mode="json")
        if before.get(ref, []) != body:
            rows.append({"series_key": keys[ref], "checked_at": at, "data_issues": body})
    if rows:
        connection.execute(checks.insert(), rows)


def load(connection: Connection) -> dict[SeriesRef, tuple[DataIssue, ...]]:
    """The defects of each series in its newest load, by its last check; those without any are left out."""
    return {ref: _DEFECTS.validate_python(body) for ref, body in _newest(connection).values() if body}


def version(connection: Connection) -> int:
    """Grows with each check that found something else."""
    return connection.scalar(select(func.coalesce(func.max(checks.c.key), 0))) or 0


def _newest(connection: Connection) -> dict[int, tuple[SeriesRef, list[object]]]:
    """The last check of the newest load of each series, by the key of that load."""
    refs = {key: ref for ref, key in series.keys(connection).items()}
    last = select(func.max(checks.c.key)).group_by(checks.c.series_key)
    rows = connection.execute(select(checks).where(checks.c.key.in_(last)))
    return {row.series_key: (refs[row.series_key], row.data_issues) for row in rows if row.series_key in refs}
