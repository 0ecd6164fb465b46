"""Answers that contradict what is stored, and the series that were loaded again because of them."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from groundswell.model import Measure, SeriesRef
from groundswell.model.contradictions import Contradiction, Reload
from groundswell.model.service_answers import ServiceAnswer
from groundswell.storage.schema import contradictions, reloads, service_answers, service_observations
from groundswell.storage.upstreams.service_answers import load_answers


def save_contradictions(connection: Connection, found: Iterable[Contradiction]) -> None:
    """Store contradictions; each replaces the one of the same service and series."""
    for one in found:
        clear_contradictions(connection, [(one.service, one.ref)])
        row = {
            "service": one.service,
            "id": one.ref.id,
            "measure": one.ref.measure.value,
            "since": one.since,
            "days": one.days,
            "last_on": one.last_on,
            "detail": one.detail,
            "sample": json.dumps([[str(day), value] for day, value in one.sample]),
        }
        connection.execute(contradictions.insert().values(row))


def clear_contradictions(connection: Connection, keys: Iterable[tuple[str, SeriesRef]]) -> None:
    """Remove the contradictions of services for series."""
    table = contradictions
    for service, ref in keys:
        is_same = (table.c.service == service, table.c.id == ref.id, table.c.measure == ref.measure.value)
        connection.execute(table.delete().where(*is_same))


def load_contradictions(connection: Connection) -> dict[tuple[str, SeriesRef], Contradiction]:
    """Load the contradictions by the name of the service and the series."""
    found = {}
    for row in connection.execute(select(contradictions)).all():
        ref = SeriesRef(row.id, Measure(row.measure))
        sample = tuple((date.fromisoformat(day), float(value)) for day, value in json.loads(row.sample))
        found[row.service, ref] = Contradiction(row.service, ref, row.since, row.days, row.last_on, row.detail, sample)
    return found


def add_reload(connection: Connection, ref: SeriesRef, service: str, at: datetime, detail: str) -> None:
    """Record that all observations of a series until now are earlier vintages, and clear its contradictions."""
    table = contradictions
    connection.execute(table.delete().where(table.c.id == ref.id, table.c.measure == ref.measure.value))
    last = connection.scalar(select(func.coalesce(func.max(service_observations.c.key), 0))) or 0
    row = {
        "id": ref.id,
        "measure": ref.measure.value,
        "service": service,
        "at": at,
        "after_key": last,
        "detail": detail,
    }
    connection.execute(reloads.insert().values(row))


def load_reloads(connection: Connection) -> dict[SeriesRef, Reload]:
    """Load the last reload of each series."""
    rows = connection.execute(select(reloads).order_by(reloads.c.key)).all()
    return {
        ref: Reload(ref, row.service, row.at, row.after_key, row.detail)
        for row in rows
        if (ref := SeriesRef(row.id, Measure(row.measure)))
    }


def load_record(
    connection: Connection,
) -> tuple[
    dict[tuple[str, SeriesRef], Contradiction], dict[tuple[str, SeriesRef], ServiceAnswer], dict[SeriesRef, Reload]
]:
    """Load the contradictions, the answers that may confirm the store, and the reloads."""
    return load_contradictions(connection), load_answers(connection), load_reloads(connection)


def read_version(connection: Connection) -> int:
    """Return a number that differs after each change of a contradiction, or of an answer for such a series."""
    table, answers = contradictions, service_answers
    rows = connection.execute(select(table).order_by(table.c.service, table.c.id, table.c.measure)).all()
    is_same = (answers.c.id == table.c.id) & (answers.c.measure == table.c.measure)
    columns = (answers.c.service, answers.c.id, answers.c.measure, answers.c.outcome, answers.c.ok_at)
    given = connection.execute(select(*columns).join(table, is_same).distinct().order_by(*columns[:3])).all()
    return zlib.crc32(repr([*map(tuple, rows), *map(tuple, given)]).encode()) if rows else 0
