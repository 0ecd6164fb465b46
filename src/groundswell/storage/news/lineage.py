"""Repairs of stories: articles move, and where they were on any past day stays known."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, func, or_, select

from groundswell.model import Lineage, Merge, Repair
from groundswell.storage.schema import articles, moves, repairs, tags


def apply(connection: Connection, due: Sequence[Repair], at: datetime) -> None:
    """Move the articles of repairs made one after the other at an instant, and record them.

    A repair that finds nothing to move is left out. All are worked out first and written at once: a mend may hold
    hundreds.
    """
    if not due:
        return
    members = _members(connection, {repair.source for repair in due})
    key = connection.scalar(select(func.coalesce(func.max(repairs.c.key), 0))) or 0
    made: list[dict[str, Any]] = []
    moved: list[dict[str, Any]] = []
    story_of: dict[int, str] = {}
    for repair in due:
        there = members.get(repair.source, {})
        leaving = list(there) if isinstance(repair, Merge) else [found for found in repair.articles if found in there]
        if not leaving:
            continue
        key += 1
        made.append({"key": key, "at": at} | _row(repair))
        for article_id in leaving:
            seq = members.setdefault(repair.target, {})[article_id] = there.pop(article_id)
            story_of[seq] = repair.target
            moved.append({"article_seq": seq, "repair_key": key, "at": at, "source": repair.source})
    if not made:
        return
    connection.execute(repairs.insert(), made)
    connection.execute(moves.insert(), moved)
    rows = [{"moved": seq, "target": story_id} for seq, story_id in story_of.items()]
    for table in (articles, tags):
        query = table.update().where(_seq(table) == bindparam("moved")).values(story_id=bindparam("target"))
        connection.execute(query, rows)


def _row(repair: Repair) -> dict[str, str]:
    kind = "merge" if isinstance(repair, Merge) else "split"
    return {"kind": kind, "source": repair.source, "target": repair.target, "reason": repair.reason}


def _members(connection: Connection, story_ids: Collection[str]) -> dict[str, dict[str, int]]:
    """The articles that are in each of the stories now: their numbers by id, in order of arrival."""
    query = select(articles.c.story_id, articles.c.id, articles.c.seq).where(articles.c.story_id.in_(story_ids))
    found: dict[str, dict[str, int]] = {}
    for row in connection.execute(query.order_by(articles.c.seq)):
        found.setdefault(row.story_id, {})[row.id] = row.seq
    return found


def place(table: Table, until: datetime | None) -> ColumnElement[str]:
    """The story that an article (or its tag) was in just before ``until``; the present one without it."""
    if until is None:
        return table.c.story_id
    later = (
        select(moves.c.source)
        .where(moves.c.article_seq == _seq(table), moves.c.at >= until)
        .order_by(moves.c.repair_key)
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(later, table.c.story_id)


def among(query: Select[Any], story_ids: Collection[str], until: datetime | None) -> Select[Any]:
    """Narrow a query over articles to those that were in one of the stories just before ``until``."""
    if until is None:
        return query.where(articles.c.story_id.in_(story_ids))
    passed_through = select(moves.c.article_seq).where(moves.c.source.in_(story_ids))
    candidates = or_(articles.c.story_id.in_(story_ids), articles.c.seq.in_(passed_through))
    return query.where(candidates, place(articles, until).in_(story_ids))


def successor(connection: Connection, story_id: str, until: datetime | None) -> str | None:
    """The story in which the founder of a story was just before ``until``: that one itself, unless it was merged.

    None where no article founded such a story. (A story's id is that of its founding article.)
    """
    return connection.scalar(select(place(articles, until)).where(articles.c.id == story_id))


def of_story(connection: Connection, story_id: str, until: datetime | None) -> tuple[Lineage, ...]:
    """The repairs that a story took part in, oldest first."""
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


def _seq(table: Table) -> ColumnElement[int]:
    return table.c.seq if table is articles else table.c.article_seq
