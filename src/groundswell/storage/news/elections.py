"""What is shown of stored articles: read before an election, and stored after it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from groundswell.model import Article
from groundswell.storage.news.articles import build_article_from_row
from groundswell.storage.schema import articles

_ELECTED = ("feed", "title", "text", "publisher", "url", "published_at", "day_only", "domain")


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as stored: its number, its present story, how often its feeds said something new, and itself."""

    seq: int
    story_id: str
    sightings: int
    article: Article


def read_stored(connection: Connection, seqs: Collection[int]) -> dict[int, StoredArticle]:
    """Read articles by their numbers."""
    rows = connection.execute(select(articles).where(articles.c.seq.in_(seqs))) if seqs else ()
    return {row.seq: StoredArticle(row.seq, row.story_id, row.sightings, build_article_from_row(row)) for row in rows}


def save_elected(connection: Connection, seq: int, article: Article, elected_at: datetime) -> None:
    """Store what is shown of an article from ``elected_at`` on."""
    values = {name: getattr(article, name) for name in (*_ELECTED, "at")} | {"elected_at": elected_at}
    connection.execute(articles.update().where(articles.c.seq == seq).values(values))


def count_sightings(connection: Connection, numbers: Mapping[int, int]) -> None:
    """Store the number of sightings of articles by their numbers."""
    rows = [{"counted": seq, "number": number} for seq, number in numbers.items()]
    if rows:
        query = articles.update().where(articles.c.seq == bindparam("counted"))
        connection.execute(query.values(sightings=bindparam("number")), rows)
