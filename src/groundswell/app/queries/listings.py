"""Lists over all that is stored: stories and articles page by page, series, event lists, and blocks for archives."""

from __future__ import annotations

import re
from datetime import date, timedelta

from groundswell.app.queries.common import PageSource, compose_stories
from groundswell.errors import NotFoundError, suggest
from groundswell.markets.events.event_list import EventList, MarketEvent
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.series.calendar import end_of_day
from groundswell.model import ArchiveBlock, ArticleResults, Cursor, Series, Story, StoryFilter, StoryResults
from groundswell.storage.news import articles, full_text, queries

MAX_RECENT_STORIES = 1000
REAL_ARTICLES = articles.Visibility(until=None, demonstration=False)
_INSTRUMENT_KIND = re.compile(r"\s+(?:fund|index|ETF)?\s*(?:\([^)]*\))?$")  # the end of "Russell 2000 fund (IWM)"


def search_stories(
    source: PageSource, wanted: StoryFilter, as_of: date | None, cursor: Cursor | None, limit: int
) -> StoryResults:
    """Read the stories with an article that matches the filter, newest first, from the cursor on.

    Words without a letter or digit match nothing. Raises ``NotFoundError`` for an unknown hub, and ``UsageError``.
    """
    if wanted.hub is not None:
        source.find_hub(wanted.hub)
    until = source.resolve_instant(as_of)
    with source.store.read() as connection:
        cursor = cursor or queries.read_list_start(connection)
        if wanted.words.strip() and not full_text.split_phrases(wanted.words):
            return StoryResults((), None)
        visible = articles.show_real(until)
        ids, more = queries.list_story_ids(connection, wanted, visible, cursor, limit)
        stories = compose_stories(connection, ids, visible, wanted.hub)
    return StoryResults(stories, Cursor(cursor.upto, cursor.skip + limit) if more else None)


def read_instrument_names(source: PageSource, slug: str, symbol: str) -> tuple[str, ...]:
    """Return the symbol of a hub's instrument and its name in headlines. Raises ``NotFoundError`` if unknown."""
    instruments = {instrument.symbol: instrument for instrument in source.find_hub(slug).instruments}
    if symbol not in instruments:
        raise NotFoundError(f"the hub {slug} has no instrument {symbol!r}; {suggest(symbol, instruments)}")
    return symbol, _INSTRUMENT_KIND.sub("", instruments[symbol].name)


def list_articles(source: PageSource, as_of: date | None, cursor: Cursor | None, limit: int) -> ArticleResults:
    """Read articles, last received first, from the cursor on. Raises ``UsageError``."""
    until = source.resolve_instant(as_of)
    with source.store.read() as connection:
        cursor = cursor or queries.read_list_start(connection)
        visible = articles.show_real(until)
        rows, more = queries.list_articles(connection, visible, cursor, limit)
    return ArticleResults(tuple(rows), Cursor(cursor.upto, cursor.skip + limit) if more else None)


def read_last_article_number(source: PageSource) -> int:
    """Return the number of the article stored last; 0 in an empty store."""
    with source.store.read() as connection:
        return queries.read_list_start(connection).upto


def read_archive_block(source: PageSource, slug: str | None, first: int, before: int, size: int) -> ArchiveBlock:
    """Read the stories (of a hub) founded by the articles numbered from ``first`` to just before ``before``.

    ``size`` is the number of articles of the older blocks, which end at its multiples. Raises ``NotFoundError``.
    """
    if slug is not None:
        source.find_hub(slug)
    with source.store.read() as connection:
        visible = articles.show_real(None)
        ids = queries.list_founded_story_ids(connection, slug, visible, (first, before))
        last = queries.find_last_article_before(connection, slug, visible, first)
        older = None if last is None else (last // size + 1) * size
        return ArchiveBlock(compose_stories(connection, ids, visible, slug), older)


def read_recent_stories(source: PageSource) -> tuple[Story, ...]:
    """Read the stories that began yesterday or today, among the 1000 reported last, newest first; no demonstrations."""
    since = source.today() - timedelta(days=1)
    stories = search_stories(source, StoryFilter(since=since), None, None, MAX_RECENT_STORIES).stories
    return tuple(story for story in stories if story.first_at.date() >= since and not story.demonstration)


def has_recent_stories(source: PageSource) -> bool:
    """Whether any story began yesterday or today; no demonstrations."""
    since = end_of_day(source.today() - timedelta(days=2))
    with source.store.read() as connection:
        return queries.has_story_since(connection, REAL_ARTICLES, since)


def read_founded_story_ids(source: PageSource, first: int, before: int) -> list[str]:
    """Read the ids of the stories founded by the articles of these numbers, oldest first; no demonstrations."""
    with source.store.read() as connection:
        return queries.list_founded_story_ids(connection, None, REAL_ARTICLES, (first, before))


def list_series(source: PageSource, as_of: date | None) -> tuple[Series, ...]:
    """Return every series as it was known at the end of a day, sorted by reference. Raises ``UsageError``."""
    book = source.evidence.book().known_by(end_of_day(source.resolve_day(as_of)))
    return tuple(sorted(book, key=lambda series: series.ref))


def find_series(source: PageSource, series_id: str, measure: str, as_of: date | None) -> Series:
    """Return one series as it was known at the end of a day. Raises ``NotFoundError`` and ``UsageError``."""
    book = source.evidence.book().known_by(end_of_day(source.resolve_day(as_of)))
    refs = sorted(series.ref for series in book if series.ref.id == series_id)
    ref = next((ref for ref in refs if ref.measure == measure), None)
    series = None if ref is None else book.get(ref)
    if series is None:
        measures = ", ".join(ref.measure for ref in refs)
        hint = f"it is available as {measures}" if measures else "see the list of series for those available"
        raise NotFoundError(f"there is no series {series_id[:80]} ({measure[:20]}); {hint}")
    return series


def read_event_list(source: PageSource, name: str, as_of: date | None) -> tuple[EventList, tuple[MarketEvent, ...]]:
    """Return an event list and its events as they were known at the end of a day.

    Raises ``NotFoundError`` and ``UsageError``.
    """
    if name not in EVENT_LISTS:
        raise NotFoundError(f"there is no event list {name[:80]!r}; {suggest(name, EVENT_LISTS)}")
    day = source.resolve_day(as_of)
    return EVENT_LISTS[name], EVENT_LISTS[name].find(day, source.evidence.book().known_by(end_of_day(day)))
