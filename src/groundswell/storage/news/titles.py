"""Later titles of articles. The first one stays with the article; each that its feed gave it since is a row here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from groundswell.model import Article, TitleVersion
from groundswell.storage.schema import articles, title_versions

MOST = 20
"""Titles kept of one article beside its first: a feed that makes up a new one at every try fills no disk."""


def add(connection: Connection, offered: Sequence[Article]) -> int:
    """Keep the titles among ``offered`` that are other than those held of these articles; answers how many.

    Only the feed that brought an article can give it another title: others that carry it have their own wording. What
    was seen no later than the title held says nothing new.
    """
    by_id = {article.id: article for article in reversed(offered)}  # of two alike the first counts
    held_of = (articles.c[name] for name in ("seq", "id", "feed", "title", "first_seen_at"))
    query = (
        select(*held_of, title_versions.c.title.label("later"), title_versions.c.at)
        .outerjoin(title_versions, title_versions.c.article_seq == articles.c.seq)
        .where(articles.c.id.in_(by_id))
        .order_by(title_versions.c.at)
    )
    held = {row.id: row for row in connection.execute(query)}  # the newest title comes last
    rows = [
        {"article_seq": row.seq, "at": by_id[ident].first_seen_at, "title": by_id[ident].title}
        for ident, row in held.items()
        if row.feed == by_id[ident].feed
        and (row.later or row.title) != by_id[ident].title
        and (row.at or row.first_seen_at) < by_id[ident].first_seen_at
    ]
    full = _full(connection, [row["article_seq"] for row in rows])
    kept = [row for row in rows if row["article_seq"] not in full]
    if kept:
        connection.execute(title_versions.insert(), kept)
    return len(kept)


def of(connection: Connection, seqs: Collection[int], until: datetime | None) -> dict[int, list[TitleVersion]]:
    """The later titles of articles, by their numbers, oldest first; those seen from ``until`` on are left out."""
    query = select(title_versions).where(title_versions.c.article_seq.in_(seqs)).order_by(title_versions.c.at)
    if until is not None:
        query = query.where(title_versions.c.at < until)
    found: dict[int, list[TitleVersion]] = {}
    for row in connection.execute(query):
        found.setdefault(row.article_seq, []).append(TitleVersion(row.title, row.at))
    return found


def _full(connection: Connection, seqs: Collection[int]) -> set[int]:
    """Those of the articles of which no more titles are kept."""
    query = (
        select(title_versions.c.article_seq)
        .where(title_versions.c.article_seq.in_(seqs))
        .group_by(title_versions.c.article_seq)
    )
    return set(connection.scalars(query.having(func.count() >= MOST))) if seqs else set()
