"""Repairs of stories: articles move, and where they were on any past day stays known."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, func, or_, select

from groundswell.storage.schema import articles, moves, repairs, tags
from groundswell.types import Lineage, Merge, Repair


def apply(connection: Connection, repair: Repair, at: datetime) -> int:
    """Move the articles of a repair made at an instant, and record it; answers how many moved."""
    moved = select(articles.c.seq).where(articles.c.story_id == repair.source)
    if not isinstance(repair, Merge):
        moved = moved.where(articles.c.id.in_(repair.articles))
    sequence = list(connection.scalars(moved))
    if not sequence:
        return 0
    made = connection.execute(
        repairs.insert().values(
            at=at,
            kind="merge" if isinstance(repair, Merge) else "split",
            source=repair.source,
            target=repair.target,
            reason=repair.reason,
        )
    )
    key = made.inserted_primary_key[0] if made.inserted_primary_key else None
    rows = [{"article_seq": seq, "repair_key": key, "at": at, "source": repair.source} for seq in sequence]
    connection.execute(moves.insert(), rows)
    for table, column in ((articles, articles.c.seq), (tags, tags.c.article_seq)):
        connection.execute(table.update().where(column.in_(sequence)).values(story_id=repair.target))
    return len(sequence)


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
