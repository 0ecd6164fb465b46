"""Later titles of articles. The first title is stored with the article; every change by its feed is a row here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from groundswell.model import Article, TitleVersion
from groundswell.storage.schema import articles, title_versions

MAX_LATER_TITLES = 20
"""Later titles stored for one article, so that a feed that changes a title at every request does not fill the disk."""


def add_titles(connection: Connection, offered: Sequence[Article]) -> int:
    """Store the titles among ``offered`` that differ from the latest stored ones; return how many.

    Only the feed that first brought an article can change its title: other feeds have their own wording. A title seen
    no later than the stored one is ignored, and so is an address, which stands where a feed gives no title.
    """
    by_id = {article.id: article for article in reversed(offered)}  # the first of two with the same id counts
    columns = (articles.c[name] for name in ("seq", "id", "feed", "title", "first_seen_at"))
    query = (
        select(*columns, title_versions.c.title.label("later"), title_versions.c.at)
        .outerjoin(title_versions, title_versions.c.article_seq == articles.c.seq)
        .where(articles.c.id.in_(by_id))
        .order_by(title_versions.c.at)
    )
    latest = {row.id: row for row in connection.execute(query)}  # the latest title of each article comes last
    rows = [
        {"article_seq": row.seq, "at": by_id[article_id].first_seen_at, "title": by_id[article_id].title}
        for article_id, row in latest.items()
        if row.feed == by_id[article_id].feed
        and by_id[article_id].title not in (row.later or row.title, by_id[article_id].url)
        and (row.at or row.first_seen_at) < by_id[article_id].first_seen_at
    ]
    full = _find_full(connection, [row["article_seq"] for row in rows])
    rows = [row for row in rows if row["article_seq"] not in full]
    if rows:
        connection.execute(title_versions.insert(), rows)
    return len(rows)


def read_later_titles(
    connection: Connection, seqs: Collection[int], until: datetime | None
) -> dict[int, list[TitleVersion]]:
    """Read the later titles of articles by their numbers, oldest first; only those seen before ``until``, if given."""
    query = select(title_versions).where(title_versions.c.article_seq.in_(seqs)).order_by(title_versions.c.at)
    if until is not None:
        query = query.where(title_versions.c.at < until)
    versions: dict[int, list[TitleVersion]] = {}
    for row in connection.execute(query):
        versions.setdefault(row.article_seq, []).append(TitleVersion(row.title, row.at))
    return versions


def _find_full(connection: Connection, seqs: Collection[int]) -> set[int]:
    """Return those of the articles that have the maximum number of later titles."""
    query = (
        select(title_versions.c.article_seq)
        .where(title_versions.c.article_seq.in_(seqs))
        .group_by(title_versions.c.article_seq)
    )
    return set(connection.scalars(query.having(func.count() >= MAX_LATER_TITLES))) if seqs else set()
