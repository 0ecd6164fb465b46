"""Recorded evaluations of claims. Rows are added, never changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Select, func, select

from groundswell.model import Basis, Evaluation, Verdict, VerdictAt
from groundswell.storage.schema import evaluations

_BODY = TypeAdapter(Evaluation)


def add_evaluations(connection: Connection, new: Iterable[Evaluation], evaluated_at: datetime) -> int:
    """Record evaluations, unless one equals the last record of its claim and day; return how many were recorded."""
    added = 0
    for evaluation in new:
        body = _BODY.dump_python(evaluation, mode="json", exclude={"history"})
        last = connection.scalar(
            _select_records(evaluation.hub, evaluation.id).where(evaluations.c.as_of == evaluation.as_of)
        )
        if last == body:
            continue
        connection.execute(
            evaluations.insert().values(
                hub=evaluation.hub,
                claim=evaluation.id,
                as_of=evaluation.as_of,
                evaluated_at=evaluated_at,
                verdict=evaluation.verdict.value,
                basis=evaluation.basis.value,
                confirmed=evaluation.confirmed,
                body=body,
            )
        )
        added += 1
    return added


def read_latest(connection: Connection, hub: str) -> dict[str, Evaluation]:
    """Read the newest evaluation of each claim of a hub, by claim id."""
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
    return {evaluation.id: evaluation for evaluation in map(_read_body, bodies)}


def read_history(connection: Connection, hub: str, claim: str, until: date) -> tuple[VerdictAt, ...]:
    """Read the last verdict recorded for each day up to and including ``until``, oldest first."""
    rows = connection.execute(
        select(evaluations.c.as_of, evaluations.c.verdict, evaluations.c.basis, evaluations.c.confirmed)
        .where(evaluations.c.hub == hub, evaluations.c.claim == claim, evaluations.c.as_of <= until)
        .order_by(evaluations.c.as_of, evaluations.c.key)
    )
    by_day = {row.as_of: VerdictAt(row.as_of, Verdict(row.verdict), Basis(row.basis), row.confirmed) for row in rows}
    return tuple(by_day.values())


def read_evaluation(connection: Connection, hub: str, claim: str, day: date) -> Evaluation:
    """Read the last recorded evaluation of a claim as of a day; there must be one."""
    body = connection.scalar(_select_records(hub, claim).where(evaluations.c.as_of == day))
    return _read_body(body)


def has_evaluation_after(connection: Connection, day: date) -> bool:
    """Whether an evaluation is recorded as of a day later than ``day``."""
    return connection.scalar(select(evaluations.c.key).where(evaluations.c.as_of > day).limit(1)) is not None


def read_version(connection: Connection) -> int:
    """Return a number that grows with each record."""
    return connection.scalar(select(func.coalesce(func.max(evaluations.c.key), 0))) or 0


def _read_body(body: Any) -> Evaluation:
    """Read a stored evaluation; whether one of an earlier release was confirmed is not known."""
    return _BODY.validate_python({"confirmed": None, **body})


def _select_records(hub: str, claim: str) -> Select[tuple[Any]]:
    return (
        select(evaluations.c.body)
        .where(evaluations.c.hub == hub, evaluations.c.claim == claim)
        .order_by(evaluations.c.key.desc())
        .limit(1)
    )
