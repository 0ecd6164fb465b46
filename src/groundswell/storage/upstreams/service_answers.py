"""The last answer of each data service for each series it was asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from sqlalchemy import Connection, select

from groundswell.model import Measure, Outcome, SeriesRef
from groundswell.model.service_answers import ServiceAnswer
from groundswell.storage.schema import service_answers

_FIELDS = [field.name for field in fields(ServiceAnswer) if field.name not in ("ref", "outcome")]


def save_answers(connection: Connection, answers: Iterable[ServiceAnswer]) -> None:
    """Store answers; each replaces the one of the same service and series."""
    table = service_answers
    for answer in answers:
        key = {"service": answer.service, "id": answer.ref.id, "measure": answer.ref.measure.value}
        row = {**{name: getattr(answer, name) for name in _FIELDS}, **key, "outcome": answer.outcome.value}
        is_same = (table.c[name] == value for name, value in key.items())
        changed = connection.execute(table.update().where(*is_same).values(row))
        if not changed.rowcount:
            connection.execute(table.insert().values(row))


def load_answers(connection: Connection) -> dict[tuple[str, SeriesRef], ServiceAnswer]:
    """Load the answers by the name of the service and the series."""
    loaded = (
        ServiceAnswer(
            ref=SeriesRef(row.id, Measure(row.measure)),
            outcome=Outcome(row.outcome),
            **{name: getattr(row, name) for name in _FIELDS},
        )
        for row in connection.execute(select(service_answers)).all()  # nothing stays open if one cannot be read
    )
    return {(answer.service, answer.ref): answer for answer in loaded}
