"""Tags of stored articles, and up to which article they follow a hub's present rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from groundswell.model import Article, Election, TagPeriod, list_elections
from groundswell.storage.news import sightings
from groundswell.storage.news.articles import build_article_from_row
from groundswell.storage.schema import articles, taggings, tags


@dataclass(frozen=True, slots=True)
class TaggableArticle:
    """A stored article with its number, and what was shown of it over time; empty if that was always the same."""

    seq: int
    article: Article
    elections: tuple[Election, ...]


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
    query = select(articles).where(articles.c.seq > seq)
    rows = connection.execute(query.order_by(articles.c.seq).limit(limit)).all()
    changed = sightings.read_sightings(connection, [row.seq for row in rows if row.elected_at is not None])
    return [
        TaggableArticle(row.seq, build_article_from_row(row), list_elections(changed.get(row.seq, ()))) for row in rows
    ]


def replace_tags(connection: Connection, periods: Mapping[int, Sequence[TagPeriod]], hub: str | None = None) -> None:
    """Replace the tags of articles by their numbers: all of them, or those of one hub."""
    query = delete(tags).where(tags.c.article_seq.in_(periods))
    connection.execute(query if hub is None else query.where(tags.c.hub == hub))
    tagged = [seq for seq, of_article in periods.items() if of_article]
    stored = connection.execute(select(articles).where(articles.c.seq.in_(tagged))).all()
    rows = [_tag_row(row, period) for row in stored for period in periods[row.seq]]
    if rows:
        connection.execute(tags.insert(), rows)


def save_progress(connection: Connection, hub: str, digest: str, upto: int | None) -> None:
    """Record that the articles up to a number (None: all) are tagged by the rules of ``digest``."""
    values = {"digest": digest, "upto_seq": upto}
    changed = connection.execute(taggings.update().where(taggings.c.hub == hub).values(values))
    if not changed.rowcount:
        connection.execute(taggings.insert().values(hub=hub, **values))


def _tag_row(row: Row[Any], period: TagPeriod) -> dict[str, Any]:
    return {
        "article_seq": row.seq,
        "hub": period.tag.hub,
        "story_id": row.story_id,
        "at": period.at,
        "first_seen_at": period.since,
        "dropped_at": period.dropped_at,
        "origin": row.origin,
        "reasons": list(period.tag.reasons),
    }
