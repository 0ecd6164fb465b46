"""What a feed's bytes turned out to hold."""

from __future__ import annotations

from dataclasses import dataclass

from groundswell.feeds.parsing.dates import read_date
from groundswell.feeds.parsing.sanitize import TEXT_LIMIT, TITLE_LIMIT, plain_text
from groundswell.fetch.urls import address
from groundswell.model import Entry, FeedSpec

_STANDIN_LIMIT = 120


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """The good entries in the feed's order, and a line on each thing that was wrong.

    ``malformed`` is the one-line reason why the body is no feed at all, else empty; a feed may well hold no entries.
    ``hint`` is the publisher's wish for minutes between two tries, 0 where there is none.
    """

    entries: tuple[Entry, ...] = ()
    problems: tuple[str, ...] = ()
    malformed: str = ""
    hint: int = 0


@dataclass(frozen=True, slots=True)
class RawItem:
    """One item as the publisher wrote it, before cleaning: any field may be empty, hostile or nonsense."""

    title: str = ""
    text: str = ""
    guid: str = ""
    url: str = ""
    date: str = ""
    source: str = ""


def collect(
    items: list[RawItem], feed: FeedSpec, channel: str, problems: tuple[str, ...] = (), hint: int = 0
) -> ParsedFeed:
    """Clean each item into an entry; an item without any words is left out and told of.

    The publisher is the item's own source where it names one, else the feed's, else the channel's title.
    """
    entries: list[Entry] = []
    found = list(problems)
    for place, item in enumerate(items, start=1):
        entry = _entry(item, feed, channel)
        if entry is None:
            found.append(f"item {place} has neither title nor text and was left out")
        else:
            entries.append(entry)
    return ParsedFeed(tuple(entries), tuple(found), hint=hint)


def _entry(item: RawItem, feed: FeedSpec, channel: str) -> Entry | None:
    source = plain_text(item.source, TITLE_LIMIT)
    title = plain_text(item.title, TITLE_LIMIT)
    if source:
        title = title.removesuffix(f" - {source}")  # aggregators append the source to the headline
    text = plain_text(item.text, TEXT_LIMIT)
    title = title or plain_text(text, _STANDIN_LIMIT)
    if not title:
        return None
    when = read_date(item.date)
    return Entry(
        feed=feed.slug,
        guid=plain_text(item.guid, TITLE_LIMIT),
        title=title,
        text=text,
        publisher=source or feed.publisher or plain_text(channel, TITLE_LIMIT) or feed.slug,
        url=address(item.url),
        published_at=when.at if when else None,
        day_only=bool(when and when.day_only),
    )
