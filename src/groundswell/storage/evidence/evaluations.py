"""Recorded evaluations of claims. Rows are added, never changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Select, func, select

from groundswell.model import NO_VOTES, Basis, Evaluation, Registration, Verdict, VerdictAt, Votes
from groundswell.storage.evidence.links import EVALUATION, add_link, take_key
from groundswell.storage.schema import evaluations

_BODY = TypeAdapter(Evaluation)

_NOT_IN_BODY = {"history", "version", "registered", "since_registered"}
"""What is on record elsewhere: in other rows, and in the registrations."""


def add_evaluations(
    connection: Connection,
    new: Iterable[Evaluation],
    evaluated_at: datetime,
    registrations: Mapping[tuple[str, str], Registration] | None = None,
    hash_inputs: Callable[[Evaluation], Mapping[str, str]] = lambda _evaluation: {},
) -> int:
    """Record evaluations, unless one equals the last record of its claim and day; return how many were recorded.

    Each row is linked to the row before it. ``registrations`` are the specifications by hub and claim, and
    ``hash_inputs`` gives the hash of each series that an evaluation rests on; it is called for new rows only.
    """
    added = 0
    for evaluation in new:
        registration = (registrations or {}).get((evaluation.hub, evaluation.id))
        version = registration.version if registration else None
        body = _BODY.dump_python(evaluation, mode="json", exclude=_NOT_IN_BODY)
        last = connection.execute(
            _select_records(evaluation.hub, evaluation.id).where(evaluations.c.as_of == evaluation.as_of)
        ).first()
        if last is not None and last.body == body and last.version in (None, version):
            continue
        inserted = connection.execute(
            evaluations.insert().values(
                hub=evaluation.hub,
                claim=evaluation.id,
                as_of=evaluation.as_of,
                evaluated_at=evaluated_at,
                verdict=evaluation.verdict.value,
                basis=evaluation.basis.value,
                confirmed=evaluation.confirmed,
                body=body,
                version=version,
                inputs=dict(hash_inputs(evaluation)),
                votes=_list_votes(evaluation.readings_judged),
            )
        )
        add_link(connection, EVALUATION, take_key(inserted), registration)
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
        select(
            evaluations.c.as_of,
            evaluations.c.verdict,
            evaluations.c.basis,
            evaluations.c.confirmed,
            evaluations.c.version,
            evaluations.c.votes,
        )
        .where(evaluations.c.hub == hub, evaluations.c.claim == claim, evaluations.c.as_of <= until)
        .order_by(evaluations.c.as_of, evaluations.c.key)
    )
    by_day = {
        row.as_of: VerdictAt(
            as_of=row.as_of,
            verdict=Verdict(row.verdict),
            basis=Basis(row.basis),
            confirmed=row.confirmed,
            version=row.version,
            readings_judged=Votes(*row.votes) if row.votes else NO_VOTES,
        )
        for row in rows
    }
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


def _list_votes(votes: Votes) -> list[int] | None:
    return [votes.support, votes.refute, votes.open] if votes.judged else None


def _read_body(body: Any) -> Evaluation:
    """Read a stored evaluation; whether one of an earlier release was confirmed is not known."""
    return _BODY.validate_python({"confirmed": None, **body})


def _select_records(hub: str, claim: str) -> Select[tuple[Any]]:
    return (
        select(evaluations.c.body, evaluations.c.version)
        .where(evaluations.c.hub == hub, evaluations.c.claim == claim)
        .order_by(evaluations.c.key.desc())
        .limit(1)
    )
