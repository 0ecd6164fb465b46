"""Data issues that quality checks found in loaded series."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, func, select

from groundswell.model import DataIssue, SeriesRef
from groundswell.storage.evidence import series
from groundswell.storage.schema import checks

_ISSUES = TypeAdapter(tuple[DataIssue, ...])


def add_checks(connection: Connection, issues: Mapping[SeriesRef, tuple[DataIssue, ...]], at: datetime) -> None:
    """Store the issues of each series in its newest load, even if there are none; skip a result equal to the last."""
    before = dict(_read_newest(connection).values())
    keys = series.read_keys(connection)
    rows = []
    for ref, data_issues in issues.items():
        body = _ISSUES.dump_python(data_issues, mode="json")
        if before.get(ref, []) != body:
            rows.append({"series_key": keys[ref], "checked_at": at, "data_issues": body})
    if rows:
        connection.execute(checks.insert(), rows)


def load_issues(connection: Connection) -> dict[SeriesRef, tuple[DataIssue, ...]]:
    """Load the issues of each series in its newest load, by its last check; series without issues are left out."""
    return {ref: _ISSUES.validate_python(body) for ref, body in _read_newest(connection).values() if body}


def read_version(connection: Connection) -> int:
    """Return a number that grows with each stored check."""
    return connection.scalar(select(func.coalesce(func.max(checks.c.key), 0))) or 0


def _read_newest(connection: Connection) -> dict[int, tuple[SeriesRef, list[object]]]:
    """Read the last check of the newest load of each series, by the key of that load."""
    refs = {key: ref for ref, key in series.read_keys(connection).items()}
    last = select(func.max(checks.c.key)).group_by(checks.c.series_key)
    rows = connection.execute(select(checks).where(checks.c.key.in_(last)))
    return {row.series_key: (refs[row.series_key], row.data_issues) for row in rows if row.series_key in refs}
