"""Clean the items of a feed into entries."""

from __future__ import annotations

from dataclasses import dataclass

from groundswell.feeds.parsing.dates import parse_date
from groundswell.feeds.parsing.forms import Form
from groundswell.feeds.parsing.publisher_suffix import strip_publisher_suffix
from groundswell.feeds.parsing.sanitize import MAX_ENTRY_TEXT_CHARACTERS, MAX_ENTRY_TITLE_CHARACTERS, cut, to_plain_text
from groundswell.feeds.parsing.titles import clean_title
from groundswell.fetch.domains import is_tracker
from groundswell.fetch.urls import safe_address
from groundswell.model import Entry, FeedSpec

MAX_PROBLEMS_SHOWN = 3  # of one feed, on the status page and after a probe
_MAX_SUBSTITUTE_TITLE_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """The usable entries in the feed's order, and a line about each problem.

    ``malformed`` is the one-line reason why the body is not a feed, or why the program failed on it (then
    ``is_program_error``), or empty; a feed may have no entries. ``hint`` is the number of minutes between requests that
    the publisher asks for, or 0. ``words`` are the feed's own, about itself: where there are no entries they may say
    why.
    """

    entries: tuple[Entry, ...] = ()
    problems: tuple[str, ...] = ()
    malformed: str = ""
    hint: int = 0
    words: str = ""
    is_program_error: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """What its owner is shown: the first problems, and of a feed without items its own words."""
        words = f"the feed says of itself: {self.words}" if self.words and not self.entries else ""
        return (*((words,) if words else ()), *self.problems[:MAX_PROBLEMS_SHOWN])


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
    title_form: Form = Form.UNSURE
    text_form: Form = Form.MARKUP
    source_form: Form = Form.UNSURE


def build_parsed_feed(
    items: list[RawItem],
    feed: FeedSpec,
    channel: str,
    problems: tuple[str, ...] = (),
    *,
    hint: int = 0,
    words: str = "",
) -> ParsedFeed:
    """Clean each item into an entry; an item without title, text and link is left out and reported as a problem.

    The publisher is the feed's, or ``channel``, the cleaned title of the channel. The address is the article's own,
    where the feed says it.
    """
    entries: list[Entry] = []
    all_problems = list(problems)
    publisher = feed.publisher or channel or feed.slug
    for number, item in enumerate(items, start=1):
        entry = _build_entry(item, feed.slug, publisher)
        if entry is None:
            all_problems.append(f"item {number} has no title, text or link and was left out")
        else:
            entries.append(entry)
    return ParsedFeed(tuple(entries), tuple(all_problems), hint=hint, words=words)


def _build_entry(item: RawItem, feed: str, publisher: str) -> Entry | None:
    source = clean_title(item.source, item.source_form)
    title = clean_title(item.title, item.title_form)
    text = _clean_text(item)
    url, source_url = _choose_address(item), safe_address(item.source_url)
    title = strip_publisher_suffix(title, (source, publisher), (url, source_url))
    title = title or cut(text, _MAX_SUBSTITUTE_TITLE_CHARACTERS) or cut(url or "", MAX_ENTRY_TITLE_CHARACTERS)
    if not title:
        return None
    published = parse_date(item.date)
    return Entry(
        feed=feed,
        guid=to_plain_text(item.guid, MAX_ENTRY_TITLE_CHARACTERS),
        title=title,
        text=text,
        publisher=publisher,
        url=url,
        published_at=published.at if published else None,
        day_only=bool(published and published.day_only),
        source=source,
        source_url=source_url,
    )


def _choose_address(item: RawItem) -> str | None:
    """Return the article's own address, where the feed says it: as such, or as the guid of an item behind a tracker."""
    url = safe_address(item.original_url) or safe_address(item.url)
    if url is not None and is_tracker(url):
        guid = safe_address(item.guid)
        return url if guid is None or is_tracker(guid) else guid
    return url


def _clean_text(item: RawItem) -> str:
    if item.text_form is Form.MARKUP:
        return to_plain_text(item.text, MAX_ENTRY_TEXT_CHARACTERS)
    return clean_title(item.text, item.text_form, MAX_ENTRY_TEXT_CHARACTERS)
