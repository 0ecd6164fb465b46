"""Tags of stored articles, and how far they are those of a hub's present rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from groundswell.storage.schema import articles, taggings, tags


@dataclass(frozen=True, slots=True)
class Stored:
    """An article as tagging needs it."""

    seq: int
    title: str
    text: str


def pending(connection: Connection, hub: str, digest: str) -> int | None:
    """The last article already tagged by the rules of ``digest``, None where all are (new ones always are)."""
    row = connection.execute(select(taggings).where(taggings.c.hub == hub)).one_or_none()
    if row is None or row.digest != digest:
        return 0
    upto: int | None = row.upto_seq
    return upto


def after(connection: Connection, seq: int, limit: int) -> list[Stored]:
    """The next articles in order of arrival."""
    query = select(articles.c.seq, articles.c.title, articles.c.text).where(articles.c.seq > seq)
    return [
        Stored(row.seq, row.title, row.text) for row in connection.execute(query.order_by(articles.c.seq).limit(limit))
    ]


def replace(connection: Connection, hub: str, looked_at: list[int], reasons: Mapping[int, tuple[str, ...]]) -> None:
    """Replace the hub's tags of the articles looked at (by sequence) by ``reasons``."""
    connection.execute(delete(tags).where(tags.c.hub == hub, tags.c.article_seq.in_(looked_at)))
    rows = connection.execute(select(articles).where(articles.c.seq.in_(reasons))).all()
    if rows:
        connection.execute(tags.insert(), [_tag(row, hub, reasons[row.seq]) for row in rows])


def note(connection: Connection, hub: str, digest: str, upto: int | None) -> None:
    """Note that articles up to one (all, if None) carry the tags of the rules of ``digest``."""
    values = {"digest": digest, "upto_seq": upto}
    changed = connection.execute(taggings.update().where(taggings.c.hub == hub).values(values))
    if not changed.rowcount:
        connection.execute(taggings.insert().values(hub=hub, **values))


def _tag(row: Row[Any], hub: str, reasons: tuple[str, ...]) -> dict[str, Any]:
    return {
        "article_seq": row.seq,
        "hub": hub,
        "story_id": row.story_id,
        "at": row.at,
        "first_seen_at": row.first_seen_at,
        "origin": row.origin,
        "reasons": list(reasons),
    }
