"""The keys by which articles are known: the id, and further ones that are learnt at later sightings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Connection, func, select

from groundswell.storage.schema import article_keys, articles

MAX_FURTHER_KEYS = 20
"""Further keys stored for one article, so that a feed that changes its guids every time does not fill the disk."""


MIN_KEYS_OF_NEW_FEED = 3
"""Keys stored beyond that bound for a feed that lists an article for the first time, so that any number of feeds may.

These are guid, text and one more."""


def find_articles(connection: Connection, digests: Collection[str]) -> dict[str, int | None]:
    """Return the number of the article that each of the stored keys and marks belongs to; None identifies nothing."""
    if not digests:
        return {}
    further = select(article_keys.c.key, article_keys.c.article_seq).where(article_keys.c.key.in_(digests))
    by_id = select(articles.c.id, articles.c.seq).where(articles.c.id.in_(digests))
    return {key: seq for query in (further, by_id) for key, seq in connection.execute(query)}


def add_keys(
    connection: Connection,
    learnt: Mapping[int, Iterable[str]],
    marks: Iterable[str],
    listed_by_new_feed: Collection[int] = (),
) -> None:
    """Store new keys of articles by their numbers, at most ``MAX_FURTHER_KEYS`` each, and new marks.

    Articles ``listed_by_new_feed`` have a few more for that feed.
    """
    counts = _count_keys(connection, learnt)
    rows: list[dict[str, str | int | None]] = [{"key": mark, "article_seq": None} for mark in dict.fromkeys(marks)]
    for seq, digests in learnt.items():
        at_least = MIN_KEYS_OF_NEW_FEED if seq in listed_by_new_feed else 0
        room = max(at_least, MAX_FURTHER_KEYS - counts.get(seq, 0))
        rows += [{"key": digest, "article_seq": seq} for digest in list(dict.fromkeys(digests))[:room]]
    if rows:
        connection.execute(article_keys.insert(), rows)


def _count_keys(connection: Connection, seqs: Collection[int]) -> dict[int, int]:
    query = select(article_keys.c.article_seq, func.count().label("number")).where(article_keys.c.article_seq.in_(seqs))
    rows = connection.execute(query.group_by(article_keys.c.article_seq)) if seqs else ()
    return {row.article_seq: row.number for row in rows}
