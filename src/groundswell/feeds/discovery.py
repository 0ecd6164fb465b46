"""Find the feeds that a web page names, for owners who give a site's address instead of its feed's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

from groundswell.feeds.parsing.encoding import decode_feed
from groundswell.feeds.parsing.sanitize import MAX_ENTRY_TITLE_CHARACTERS, to_plain_text
from groundswell.fetch.urls import resolve_link, safe_address
from groundswell.ports import Retrieved
from groundswell.redaction import redact_address

MAX_PAGE_CHARACTERS = 1_000_000
MAX_TAGS = 200
"""How many links of a page are looked at."""

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_VAGUE_TYPES = ("application/xml", "text/xml", "application/json")  # of feeds, but of much else too
_FEED_WORD = re.compile(r"feed|rss|atom", re.IGNORECASE)
_COMMENTS = re.compile(r"\b(?:comments?|replies|kommentare?|commentaires?|coment[aá]rios?|commenti)\b", re.IGNORECASE)
# Python's parser of HTML takes quadratic time for hostile pages. It is given single tags of bounded length alone.
_TAG = re.compile(r"<(?:link|base)\s[^<>]{1,1000}>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NamedFeed:
    """A feed that a page names: its address, safe to request, and its title, which may be empty."""

    url: str
    title: str


def find_feeds_named_by(retrieved: Retrieved, address: str) -> tuple[NamedFeed, ...]:
    """Return the feeds that a page names, requested at ``address``; relative ones start from where it answered."""
    return find_named_feeds(retrieved.body, retrieved.content_type, retrieved.answered_at or address)


def find_named_feeds(body: bytes, content_type: str, address: str) -> tuple[NamedFeed, ...]:
    """Return the feeds that the web page at ``address`` names, each once, the likeliest first.

    A page names a feed by a ``link`` of relation "alternate" with the media type of a feed. Feeds of comments are left
    out. A feed below the page's own path, such as that of a category, comes before the feed of the whole site. Time
    grows linearly with the page.
    """
    page = _drop_comments(decode_feed(body, content_type)[:MAX_PAGE_CHARACTERS])
    base = address
    found: dict[str, tuple[NamedFeed, str]] = {}
    for tag, attributes in _read_tags(page):
        if tag == "base":
            base = resolve_link(address, attributes.get("href", "")) or base
        elif kind := _read_feed_type(attributes):
            url = safe_address(resolve_link(base, attributes.get("href", "")))
            title = to_plain_text(attributes.get("title", ""), MAX_ENTRY_TITLE_CHARACTERS)
            if url and not _COMMENTS.search(f"{title} {urlsplit(url).path}"):
                found.setdefault(url, (NamedFeed(url, title), kind))
    path = urlsplit(address).path.rstrip("/")

    def rank(entry: tuple[NamedFeed, str]) -> tuple[bool, bool]:
        feed, kind = entry
        is_below = bool(path) and urlsplit(feed.url).path.startswith(f"{path}/")
        return kind not in _FEED_TYPES, not is_below

    return tuple(feed for feed, _ in sorted(found.values(), key=rank))


def describe_page(malformed: str, named: Sequence[NamedFeed]) -> str:
    """Say that a body is no feed and which feed it names; every reader may see it.

    A feed that has become a page is not replaced by what the page names: that may be another feed altogether.
    """
    return f"{malformed}; it names the feed {redact_address(named[0].url)}" if named else malformed


def _drop_comments(page: str) -> str:
    first, *rest = page.split("<!--")
    return first + "".join(piece.partition("-->")[2] for piece in rest)


def _read_tags(page: str) -> Iterator[tuple[str, dict[str, str]]]:
    for number, found in enumerate(_TAG.finditer(page)):
        if number >= MAX_TAGS:
            return
        reader = _TagReader()
        reader.feed(found[0])
        yield reader.tag, reader.attributes


def _read_feed_type(attributes: dict[str, str]) -> str:
    """Return the media type of the feed that a ``link`` names, or "" if it names none."""
    kind = attributes.get("type", "").partition(";")[0].strip().lower()
    relations = attributes.get("rel", "").lower().split()
    if not {"alternate", "feed"} & set(relations) or "stylesheet" in relations:
        return ""
    says_feed = _FEED_WORD.search(f"{attributes.get('title', '')} {attributes.get('href', '')}")
    return kind if kind in _FEED_TYPES or (kind in _VAGUE_TYPES and says_feed) else ""


class _TagReader(HTMLParser):
    """Reads one tag."""

    def __init__(self) -> None:
        super().__init__()
        self.tag = ""
        self.attributes: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tag = tag
        for name, value in attrs:
            self.attributes.setdefault(name, value or "")
