"""The bytes of a feed to its entries: RSS 0.9x, 1.0 and 2.0 and Atom through feedparser, JSON Feed by hand."""

from __future__ import annotations

import io
from typing import Any
from xml.parsers import expat

import feedparser
from feedparser.encodings import convert_to_utf8

from groundswell.feeds.jsonfeed import parse_json_feed
from groundswell.feeds.parsed import ParsedFeed, RawItem, collect
from groundswell.feeds.repair import DeclarationError, repaired
from groundswell.types import FeedSpec

ITEM_LIMIT = 1_000
LENIENT_LIMIT = 1_000_000  # reading XML that is not well formed is slow


def parse_feed(body: bytes, content_type: str, feed: FeedSpec) -> ParsedFeed:
    """Parse the body of ``feed`` (its slug, publisher and address are used) into clean entries.

    Never raises for what the body holds: a bad item is left out and told of in ``problems``, a body that is no feed
    has ``malformed`` set. At most 1,000 items are read. No address is ever opened and no entity expanded.
    """
    start = body[:100].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        return ParsedFeed(malformed="the body is empty")
    if start.startswith((b"{", b"[")):
        return parse_json_feed(body, feed)
    try:
        document = _read_xml(body, content_type, feed.url)
    except DeclarationError as error:
        return ParsedFeed(malformed=str(error))
    if not document.entries and not document.get("version"):
        page = b"<html" in body[:2_000].lower()
        return ParsedFeed(malformed="the body is an HTML page, not a feed" if page else "the body is not a feed")
    problems = (
        ["the XML is not well formed and was read leniently, its first megabyte at most"] if document.bozo else []
    )
    if len(document.entries) > ITEM_LIMIT:
        problems.append(f"only the first {ITEM_LIMIT:,} of {len(document.entries):,} items were read")
    items = [_item(entry) for entry in document.entries[:ITEM_LIMIT]]
    return collect(items, feed, _text(document.feed, "title"), tuple(problems))


def _read_xml(body: bytes, content_type: str, url: str) -> feedparser.FeedParserDict:
    # feedparser's own sanitising and address rewriting stay off: everything is stripped to plain text afterwards. The
    # encoding is settled first, so that the repair sees the same characters as the parser.
    utf8 = convert_to_utf8({"content-type": content_type}, body, {"bozo": False})
    text = repaired(utf8.decode("utf-8", "replace"))
    if len(text) > LENIENT_LIMIT and not _well_formed(text):
        text = text[:LENIENT_LIMIT]
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    return feedparser.parse(
        io.BytesIO(text.encode()), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )


def _well_formed(text: str) -> bool:
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(text, True)
    except expat.ExpatError:
        return False
    return True


def _item(entry: dict[str, Any]) -> RawItem:
    source = entry.get("source")
    content = entry.get("content")
    return RawItem(
        title=_text(entry, "title"),
        text=_text(entry, "summary") or (_text(content[0], "value") if content else ""),
        guid=_text(entry, "id"),
        url=_text(entry, "link"),
        # "updated" must be asked for last: feedparser warns where it stands in for a missing "published"
        date=_text(entry, "published") or _text(entry, "updated") or _text(entry, "created"),
        source=_text(source, "title") if isinstance(source, dict) else "",
    )


def _text(mapping: dict[str, Any], field: str) -> str:
    value = mapping.get(field)
    return value if isinstance(value, str) else ""
