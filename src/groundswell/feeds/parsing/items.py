"""Clean the items of a feed into entries."""

from __future__ import annotations

from dataclasses import dataclass

from groundswell.feeds.parsing.dates import parse_date
from groundswell.feeds.parsing.sanitize import MAX_ENTRY_TEXT_CHARACTERS, MAX_ENTRY_TITLE_CHARACTERS, to_plain_text
from groundswell.fetch.urls import safe_address
from groundswell.model import Entry, FeedSpec

_MAX_SUBSTITUTE_TITLE_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """The usable entries in the feed's order, and a line about each problem.

    ``malformed`` is the one-line reason why the body is not a feed, or empty; a feed may have no entries. ``hint`` is
    the number of minutes between requests that the publisher asks for, or 0.
    """

    entries: tuple[Entry, ...] = ()
    problems: tuple[str, ...] = ()
    malformed: str = ""
    hint: int = 0


@dataclass(frozen=True, slots=True)
class RawItem:
    """An item as the publisher wrote it, before cleaning: any field may be empty, hostile or nonsense.

    ``original_url`` is the article's own address where ``url`` leads through a counter of clicks. ``source`` and
    ``source_url`` name who published the item elsewhere.
    """

    title: str = ""
    text: str = ""
    guid: str = ""
    url: str = ""
    date: str = ""
    source: str = ""
    source_url: str = ""
    original_url: str = ""


def build_parsed_feed(
    items: list[RawItem], feed: FeedSpec, channel: str, problems: tuple[str, ...] = (), hint: int = 0
) -> ParsedFeed:
    """Clean each item into an entry; an item without any text is left out and reported as a problem.

    The publisher is the feed's, or the channel's title. The address is the article's own, where the feed says it.
    """
    entries: list[Entry] = []
    all_problems = list(problems)
    for number, item in enumerate(items, start=1):
        entry = _build_entry(item, feed, channel)
        if entry is None:
            all_problems.append(f"item {number} has neither title nor text and was left out")
        else:
            entries.append(entry)
    return ParsedFeed(tuple(entries), tuple(all_problems), hint=hint)


def _build_entry(item: RawItem, feed: FeedSpec, channel: str) -> Entry | None:
    source = to_plain_text(item.source, MAX_ENTRY_TITLE_CHARACTERS)
    title = to_plain_text(item.title, MAX_ENTRY_TITLE_CHARACTERS)
    if source:
        title = title.removesuffix(f" - {source}")  # aggregators append the source to the headline
    text = to_plain_text(item.text, MAX_ENTRY_TEXT_CHARACTERS)
    title = title or to_plain_text(text, _MAX_SUBSTITUTE_TITLE_CHARACTERS)
    if not title:
        return None
    published = parse_date(item.date)
    return Entry(
        feed=feed.slug,
        guid=to_plain_text(item.guid, MAX_ENTRY_TITLE_CHARACTERS),
        title=title,
        text=text,
        publisher=feed.publisher or to_plain_text(channel, MAX_ENTRY_TITLE_CHARACTERS) or feed.slug,
        url=safe_address(item.original_url) or safe_address(item.url),
        published_at=published.at if published else None,
        day_only=bool(published and published.day_only),
        source=source,
        source_url=safe_address(item.source_url),
    )
