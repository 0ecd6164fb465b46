"""Lists of stories and articles: those that match a filter, page by page; and blocks in the order received."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from groundswell.markets.series.calendar import end_of_day
from groundswell.model import Article, Cursor, StoryFilter
from groundswell.storage.news import full_text, lineage
from groundswell.storage.news.articles import Visibility, restrict_tags, show_articles
from groundswell.storage.schema import articles, tags


def read_list_start(connection: Connection) -> Cursor:
    """Return the cursor at the start of a list of everything received so far."""
    return Cursor(connection.scalar(select(func.coalesce(func.max(articles.c.seq), 0))) or 0, 0)


def list_story_ids(
    connection: Connection, wanted: StoryFilter, visible: Visibility, cursor: Cursor, limit: int
) -> tuple[list[str], bool]:
    """List at most ``limit`` stories from the cursor on, and whether there are more.

    Stories are sorted by the time of their newest matching article, newest first; in a search for words or names, by
    when it was received. Names without a letter or digit match nothing.
    """
    if wanted.names and not any(map(full_text.split_phrases, wanted.names)):
        return [], False
    names = _compile_names(wanted.names)
    story_ids: dict[str, None] = {}
    with connection.execution_options(yield_per=500).execute(
        _select_matches(connection, wanted, visible, cursor)
    ) as rows:
        for story_id, title in rows:
            if names is None or names.search(title):
                story_ids[story_id] = None
            if len(story_ids) > cursor.skip + limit:
                break
    ids = list(story_ids)
    return ids[cursor.skip : cursor.skip + limit], len(ids) > cursor.skip + limit


def list_articles(
    connection: Connection, visible: Visibility, cursor: Cursor, limit: int
) -> tuple[list[tuple[Article, str]], bool]:
    """List at most ``limit`` articles from the cursor on with story ids, last received first; and if more follow."""
    query = select(articles, lineage.select_story_id(articles, visible.until).label("story_of")).where(
        articles.c.seq <= cursor.upto
    )
    query = visible.restrict(query, articles).order_by(articles.c.seq.desc()).offset(cursor.skip).limit(limit + 1)
    rows = connection.execute(query).all()
    shown = show_articles(connection, rows[:limit], visible.until)
    return [(article, row.story_of) for article, row in zip(shown, rows, strict=False)], len(rows) > limit


def list_founded_story_ids(
    connection: Connection, hub: str | None, visible: Visibility, span: tuple[int, int]
) -> list[str]:
    """List the stories (of a hub) founded by the articles from number ``span[0]`` to just before ``span[1]``, in order.

    A story that was merged into another is left out.
    """
    query = select(articles.c.id).where(articles.c.seq >= span[0], articles.c.seq < span[1])
    query = query.where(articles.c.id == articles.c.story_id).order_by(articles.c.seq)
    if hub is not None:
        tagged = select(1).where(tags.c.hub == hub, tags.c.story_id == articles.c.id)
        query = query.where(restrict_tags(tagged, visible.until).exists())
    return list(connection.scalars(visible.restrict(query, articles)))


def has_story_since(connection: Connection, visible: Visibility, since: datetime) -> bool:
    """Whether a visible story has only articles of the instant ``since`` or later."""
    earlier = articles.alias()
    began_earlier = select(1).where(earlier.c.story_id == articles.c.story_id, earlier.c.at < since).exists()
    query = select(articles.c.seq).where(articles.c.at >= since, ~began_earlier).limit(1)
    return connection.scalar(visible.restrict(query, articles)) is not None


def find_last_article_before(connection: Connection, hub: str | None, visible: Visibility, before: int) -> int | None:
    """Return the number of the last article (of a hub) numbered below ``before``; None if there is none."""
    table, seq = (articles, articles.c.seq) if hub is None else (tags, tags.c.article_seq)
    query = select(seq).where(seq < before).order_by(seq.desc()).limit(1)
    if hub is not None:
        query = query.where(tags.c.hub == hub)
    last: int | None = connection.scalar(visible.restrict(query, table))
    return last


def _select_matches(connection: Connection, wanted: StoryFilter, visible: Visibility, cursor: Cursor) -> Select[Any]:
    """Select story and headline of the articles that match the filter, except for its names, in the list's order."""
    query = select(lineage.select_story_id(articles, visible.until), articles.c.title).where(
        articles.c.seq <= cursor.upto
    )
    query = visible.restrict(query, articles)
    dialect = connection.dialect.name
    has_words = bool(full_text.split_phrases(wanted.words) or wanted.names)
    at: ColumnElement[Any] = articles.c.at
    publisher: ColumnElement[Any] = articles.c.publisher
    seq = articles.c.seq
    if wanted.hub is not None:
        query = query.where(tags.c.article_seq == articles.c.seq, tags.c.hub == wanted.hub)
        query = restrict_tags(query, visible.until)
        at, seq = tags.c.at, tags.c.article_seq
    if has_words and dialect == "sqlite":
        at, publisher = full_text.without_index(at), full_text.without_index(publisher)
    query = _restrict_to_shown(query, visible.until if has_words or wanted.publisher else None)
    if wanted.publisher:
        query = query.where(_match_publisher(publisher, wanted.publisher, dialect))
    if visible.until is not None:  # no article sorts after it was first seen: this one can use the index of ``at``
        query = query.where(at < visible.until)
    if wanted.since is not None:
        query = query.where(at >= datetime.combine(wanted.since, time(), UTC))
    if wanted.until is not None:
        query = query.where(at < end_of_day(wanted.until))
    if has_words:
        return full_text.match_headlines(query, wanted.words, wanted.names, dialect)
    return query.order_by(at.desc(), seq.desc())


def _restrict_to_shown(query: Select[Any], until: datetime | None) -> Select[Any]:
    """Leave out articles that were shown otherwise just before ``until``: the indexes have their present titles."""
    if until is None:
        return query
    return query.where(or_(articles.c.elected_at.is_(None), articles.c.elected_at < until))


def _match_publisher(column: ColumnElement[str], publisher: str, dialect: str) -> ColumnElement[bool]:
    """Compare publishers without regard to case (of ASCII letters in SQLite, whose index is sorted that way)."""
    if dialect == "sqlite":
        return column.collate("NOCASE") == publisher
    return func.lower(column) == func.lower(publisher)


def _compile_names(names: Sequence[str]) -> re.Pattern[str] | None:
    """Compile a pattern of any of ``names`` as whole words; a name in capitals must match their case."""
    if not names:
        return None
    parts = (re.escape(name) if name.isupper() else f"(?i:{re.escape(name)})" for name in names)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")
