"""The ledger of claims: every evaluation ever recorded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Select, func, select

from groundswell.model import Evaluation, Verdict, VerdictAt
from groundswell.storage.schema import evaluations

_BODY = TypeAdapter(Evaluation)


def add(connection: Connection, found: Iterable[Evaluation], evaluated_at: datetime) -> int:
    """Record evaluations; one that says the same as the last record of its claim and day is not recorded twice."""
    added = 0
    for evaluation in found:
        body = _BODY.dump_python(evaluation, mode="json", exclude={"history"})
        last = connection.scalar(_records(evaluation.hub, evaluation.id).where(evaluations.c.as_of == evaluation.as_of))
        if last == body:
            continue
        connection.execute(
            evaluations.insert().values(
                hub=evaluation.hub,
                claim=evaluation.id,
                as_of=evaluation.as_of,
                evaluated_at=evaluated_at,
                verdict=evaluation.verdict.value,
                body=body,
            )
        )
        added += 1
    return added


def latest(connection: Connection, hub: str) -> dict[str, Evaluation]:
    """The newest evaluation of each claim of a hub, by claim id."""
    newest = (
        select(
            evaluations.c.body,
            func.row_number()
            .over(partition_by=evaluations.c.claim, order_by=(evaluations.c.as_of.desc(), evaluations.c.key.desc()))
            .label("place"),
        )
        .where(evaluations.c.hub == hub)
        .subquery()
    )
    bodies = connection.scalars(select(newest.c.body).where(newest.c.place == 1))
    return {found.id: found for found in map(_BODY.validate_python, bodies)}


def history(connection: Connection, hub: str, claim: str, until: date) -> tuple[VerdictAt, ...]:
    """The last verdict recorded for each day up to ``until``, oldest first."""
    rows = connection.execute(
        select(evaluations.c.as_of, evaluations.c.verdict)
        .where(evaluations.c.hub == hub, evaluations.c.claim == claim, evaluations.c.as_of <= until)
        .order_by(evaluations.c.as_of, evaluations.c.key)
    )
    by_day = {row.as_of: Verdict(row.verdict) for row in rows}
    return tuple(VerdictAt(day, verdict) for day, verdict in by_day.items())


def at(connection: Connection, hub: str, claim: str, day: date) -> Evaluation:
    """The evaluation recorded last of a claim as of a day that has one."""
    body = connection.scalar(_records(hub, claim).where(evaluations.c.as_of == day))
    return _BODY.validate_python(body)


def any_after(connection: Connection, day: date) -> bool:
    """Whether an evaluation is recorded as of a later day."""
    return connection.scalar(select(evaluations.c.key).where(evaluations.c.as_of > day).limit(1)) is not None


def version(connection: Connection) -> int:
    """Grows with each record."""
    return connection.scalar(select(func.coalesce(func.max(evaluations.c.key), 0))) or 0


def _records(hub: str, claim: str) -> Select[tuple[Any]]:
    return (
        select(evaluations.c.body)
        .where(evaluations.c.hub == hub, evaluations.c.claim == claim)
        .order_by(evaluations.c.key.desc())
        .limit(1)
    )
