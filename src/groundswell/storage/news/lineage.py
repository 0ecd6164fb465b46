"""Repairs of stories: articles move between stories, and where they were on any past day stays on record."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, func, or_, select

from groundswell.model import Lineage, Merge, Repair
from groundswell.storage.schema import articles, moves, repairs, tags


def apply_repairs(connection: Connection, due: Sequence[Repair], at: datetime) -> None:
    """Move the articles of repairs, one repair after the other, and record them as made at ``at``.

    A repair that moves nothing is not recorded. All moves are worked out first and written in bulk, because there may
    be hundreds.
    """
    if not due:
        return
    members = _read_numbers(connection, {repair.source for repair in due})
    key = connection.scalar(select(func.coalesce(func.max(repairs.c.key), 0))) or 0
    repair_rows: list[dict[str, Any]] = []
    move_rows: list[dict[str, Any]] = []
    story_of: dict[int, str] = {}
    for repair in due:
        source = members.get(repair.source, {})
        leaving = list(source) if isinstance(repair, Merge) else [name for name in repair.articles if name in source]
        if not leaving:
            continue
        key += 1
        repair_rows.append({"key": key, "at": at} | _repair_row(repair))
        for article_id in leaving:
            seq = members.setdefault(repair.target, {})[article_id] = source.pop(article_id)
            story_of[seq] = repair.target
            move_rows.append({"article_seq": seq, "repair_key": key, "at": at, "source": repair.source})
    if not repair_rows:
        return
    connection.execute(repairs.insert(), repair_rows)
    connection.execute(moves.insert(), move_rows)
    rows = [{"moved": seq, "target": story_id} for seq, story_id in story_of.items()]
    for table in (articles, tags):
        query = table.update().where(_select_seq(table) == bindparam("moved")).values(story_id=bindparam("target"))
        connection.execute(query, rows)


def read_member_ids(connection: Connection, story_id: str) -> list[str]:
    """Read the ids of the present articles of a story, oldest first."""
    query = select(articles.c.id).where(articles.c.story_id == story_id)
    return list(connection.scalars(query.order_by(articles.c.at, articles.c.seq)))


def select_story_id(table: Table, until: datetime | None) -> ColumnElement[str]:
    """Select the story that an article (or its tag) was in just before ``until``; with None, the present one."""
    if until is None:
        return table.c.story_id
    left_later = (
        select(moves.c.source)
        .where(moves.c.article_seq == _select_seq(table), moves.c.at >= until)
        .order_by(moves.c.repair_key)
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(left_later, table.c.story_id)


def restrict_to_stories(query: Select[Any], story_ids: Collection[str], until: datetime | None) -> Select[Any]:
    """Restrict a query over articles to those that were in one of the stories just before ``until``."""
    if until is None:
        return query.where(articles.c.story_id.in_(story_ids))
    passed_through = select(moves.c.article_seq).where(moves.c.source.in_(story_ids))
    candidates = or_(articles.c.story_id.in_(story_ids), articles.c.seq.in_(passed_through))
    return query.where(candidates, select_story_id(articles, until).in_(story_ids))


def find_successor(connection: Connection, story_id: str, until: datetime | None) -> str | None:
    """Find the story that contained a story's founding article just before ``until``.

    It is the story itself unless it was merged. Returns None if no article founded such a story. (A story has the id
    of its founding article.)
    """
    return connection.scalar(select(select_story_id(articles, until)).where(articles.c.id == story_id))


def read_lineage(connection: Connection, story_id: str, until: datetime | None) -> tuple[Lineage, ...]:
    """Read the repairs that a story took part in before ``until``, oldest first."""
    query = (
        select(repairs, func.count(moves.c.article_seq).label("articles"))
        .join(moves, moves.c.repair_key == repairs.c.key)
        .where(or_(repairs.c.source == story_id, repairs.c.target == story_id))
        .group_by(repairs.c.key)
        .order_by(repairs.c.key)
    )
    if until is not None:
        query = query.where(repairs.c.at < until)
    return tuple(
        Lineage(row.at, row.kind, row.source, row.target, row.articles, row.reason) for row in connection.execute(query)
    )


def _repair_row(repair: Repair) -> dict[str, str]:
    kind = "merge" if isinstance(repair, Merge) else "split"
    return {"kind": kind, "source": repair.source, "target": repair.target, "reason": repair.reason}


def _read_numbers(connection: Connection, story_ids: Collection[str]) -> dict[str, dict[str, int]]:
    """Read the present articles of each story: their numbers by id, in the order received."""
    query = select(articles.c.story_id, articles.c.id, articles.c.seq).where(articles.c.story_id.in_(story_ids))
    numbers: dict[str, dict[str, int]] = {}
    for row in connection.execute(query.order_by(articles.c.seq)):
        numbers.setdefault(row.story_id, {})[row.id] = row.seq
    return numbers


def _select_seq(table: Table) -> ColumnElement[int]:
    return table.c.seq if table is articles else table.c.article_seq
