"""Lists of stories and articles: by what is asked for, newest first, page by page; and by arrival, for archives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select

from groundswell.model import Article, Cursor, StoryFilter
from groundswell.storage.news import full_text, lineage
from groundswell.storage.news.articles import Known, article_of
from groundswell.storage.schema import articles, tags


def start(connection: Connection) -> Cursor:
    """The place at which a list of what has arrived by now begins."""
    return Cursor(connection.scalar(select(func.coalesce(func.max(articles.c.seq), 0))) or 0, 0)


def story_ids(
    connection: Connection, wanted: StoryFilter, known: Known, place: Cursor, limit: int
) -> tuple[list[str], bool]:
    """Ids of at most ``limit`` stories from ``place`` on, and whether there are more.

    Newest first by the time of the newest article that meets what is wanted; where words are wanted, by its arrival.
    """
    names = _name_pattern(wanted.names)
    found: dict[str, None] = {}
    with connection.execution_options(yield_per=500).execute(_query(connection, wanted, known, place)) as rows:
        for story_id, title in rows:
            if names is None or names.search(title):
                found[story_id] = None
            if len(found) > place.skip + limit:
                break
    ids = list(found)
    return ids[place.skip : place.skip + limit], len(ids) > place.skip + limit


def articles_at(
    connection: Connection, known: Known, place: Cursor, limit: int
) -> tuple[list[tuple[Article, str]], bool]:
    """At most ``limit`` articles from ``place`` on with their stories' ids, last arrivals first; whether more come."""
    query = select(articles, lineage.place(articles, known.until).label("story_of")).where(articles.c.seq <= place.upto)
    query = known.narrow(query, articles).order_by(articles.c.seq.desc()).offset(place.skip).limit(limit + 1)
    rows = connection.execute(query).all()
    return [(article_of(row), row.story_of) for row in rows[:limit]], len(rows) > limit


def begun(connection: Connection, hub: str | None, known: Known, span: tuple[int, int]) -> list[str]:
    """Ids of the stories (of a hub) whose first article arrived as number ``span[0]`` or later and before ``span[1]``,
    in order of arrival. A story that was merged into another is not one of its own."""
    query = select(articles.c.id).where(articles.c.seq >= span[0], articles.c.seq < span[1])
    query = query.where(articles.c.id == articles.c.story_id).order_by(articles.c.seq)
    if hub is not None:
        member = articles.alias()
        joined = member.join(tags, tags.c.article_seq == member.c.seq)
        tagged = select(1).select_from(joined).where(member.c.story_id == articles.c.id, tags.c.hub == hub)
        query = query.where(tagged.exists())
    return list(connection.scalars(known.narrow(query, articles)))


def last_before(connection: Connection, hub: str | None, known: Known, before: int) -> int | None:
    """The number of the last article (of a hub) that arrived before the one numbered ``before``; None without any."""
    table, seq = (articles, articles.c.seq) if hub is None else (tags, tags.c.article_seq)
    query = select(seq).where(seq < before).order_by(seq.desc()).limit(1)
    if hub is not None:
        query = query.where(tags.c.hub == hub)
    found: int | None = connection.scalar(known.narrow(query, table))
    return found


def _query(connection: Connection, wanted: StoryFilter, known: Known, place: Cursor) -> Select[Any]:
    """Story and headline of each article that meets what is wanted, apart from names, in the order of the list."""
    query = select(lineage.place(articles, known.until), articles.c.title).where(articles.c.seq <= place.upto)
    query = known.narrow(query, articles)
    at, seq = articles.c.at, articles.c.seq
    if wanted.hub is not None:
        query = query.where(tags.c.article_seq == articles.c.seq, tags.c.hub == wanted.hub)
        at, seq = tags.c.at, tags.c.article_seq
    if wanted.publisher:
        query = query.where(func.lower(articles.c.publisher) == wanted.publisher.lower())
    if wanted.since is not None:
        query = query.where(at >= datetime.combine(wanted.since, time(), UTC))
    if wanted.until is not None:
        query = query.where(at < datetime.combine(wanted.until, time(), UTC) + timedelta(days=1))
    if full_text.phrases(wanted.words):
        return full_text.holding(query, wanted.words, connection.dialect.name)
    return query.order_by(at.desc(), seq.desc())


def _name_pattern(names: Sequence[str]) -> re.Pattern[str] | None:
    """Finds any of ``names`` as whole words: one in capitals as it stands, any other in either case."""
    if not names:
        return None
    parts = (re.escape(name) if name.isupper() else f"(?i:{re.escape(name)})" for name in names)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")
