"""Tags of stored articles, and up to which article they follow a hub's present rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from groundswell.storage.schema import articles, taggings, tags


@dataclass(frozen=True, slots=True)
class TaggableArticle:
    """The parts of a stored article that tagging needs."""

    seq: int
    title: str
    text: str


def read_progress(connection: Connection, hub: str, digest: str) -> int | None:
    """Return the number of the last article tagged by the rules of ``digest``; None if all are.

    New articles are always tagged by the present rules.
    """
    row = connection.execute(select(taggings).where(taggings.c.hub == hub)).one_or_none()
    if row is None or row.digest != digest:
        return 0
    upto: int | None = row.upto_seq
    return upto


def read_next_articles(connection: Connection, seq: int, limit: int) -> list[TaggableArticle]:
    """Read at most ``limit`` articles numbered above ``seq``, in order."""
    query = select(articles.c.seq, articles.c.title, articles.c.text).where(articles.c.seq > seq)
    rows = connection.execute(query.order_by(articles.c.seq).limit(limit))
    return [TaggableArticle(row.seq, row.title, row.text) for row in rows]


def replace_tags(connection: Connection, hub: str, seqs: list[int], reasons: Mapping[int, tuple[str, ...]]) -> None:
    """Replace the hub's tags of the articles numbered ``seqs``: those in ``reasons`` are tagged, the others are not."""
    connection.execute(delete(tags).where(tags.c.hub == hub, tags.c.article_seq.in_(seqs)))
    rows = connection.execute(select(articles).where(articles.c.seq.in_(reasons))).all()
    if rows:
        connection.execute(tags.insert(), [_tag_row(row, hub, reasons[row.seq]) for row in rows])


def save_progress(connection: Connection, hub: str, digest: str, upto: int | None) -> None:
    """Record that the articles up to a number (None: all) are tagged by the rules of ``digest``."""
    values = {"digest": digest, "upto_seq": upto}
    changed = connection.execute(taggings.update().where(taggings.c.hub == hub).values(values))
    if not changed.rowcount:
        connection.execute(taggings.insert().values(hub=hub, **values))


def _tag_row(row: Row[Any], hub: str, reasons: tuple[str, ...]) -> dict[str, Any]:
    return {
        "article_seq": row.seq,
        "hub": hub,
        "story_id": row.story_id,
        "at": row.at,
        "first_seen_at": row.first_seen_at,
        "origin": row.origin,
        "reasons": list(reasons),
    }
