"""The bytes of a feed to its entries: RSS 0.9x, 1.0 and 2.0 and Atom through feedparser, JSON Feed by hand."""

from __future__ import annotations

import io
from typing import Any

import feedparser

from groundswell.feeds.parsing.encoding import characters
from groundswell.feeds.parsing.items import ParsedFeed, RawItem, collect
from groundswell.feeds.parsing.json_feed import parse_json_feed
from groundswell.feeds.parsing.xml_limits import ITEM_LIMIT, ShapeError, check_shape
from groundswell.feeds.parsing.xml_repair import RepairError, repaired
from groundswell.feeds.parsing.xml_salvage import read_fields
from groundswell.fetch.refresh_hints import hinted_minutes
from groundswell.model import FeedSpec

# Looked up in the plain dictionary: feedparser's own look-up has "published" stand in for "updated", and warns.
_DATES = ("published", "updated", "created")


def parse_feed(body: bytes, content_type: str, feed: FeedSpec) -> ParsedFeed:
    """Parse the body of ``feed`` (its slug, publisher and address are used) into clean entries.

    Never raises for what the body holds: a bad item is left out and told of in ``problems``, a body that is no feed
    has ``malformed`` set. At most 1,000 items are read. No address is ever opened and no entity expanded. Time and
    memory grow with the body's length alone: under half a second of processor time a megabyte in the worst cases known.
    """
    start = body[:100].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        return ParsedFeed(malformed="the body is empty")
    if start.startswith((b"{", b"[")):
        return parse_json_feed(body, feed)
    try:
        xml = repaired(characters(body, content_type))
    except RepairError as error:
        return ParsedFeed(malformed=str(error))
    try:
        check_shape(xml)
    except ShapeError as error:
        return _read_broken(xml, str(error), feed)
    return _read_sound(xml, feed)


def _read_broken(xml: str, fault: str, feed: FeedSpec) -> ParsedFeed:
    found = read_fields(xml, feed.url)
    if found is None:
        return _no_feed(xml)
    items, title = found
    return collect(items, feed, title, (f"the XML {fault}; its first items, at most {ITEM_LIMIT:,}, were read singly",))


def _read_sound(xml: str, feed: FeedSpec) -> ParsedFeed:
    # feedparser's own sanitising and address rewriting stay off: everything is stripped to plain text afterwards.
    document = feedparser.parse(
        io.BytesIO(xml.encode()),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": feed.url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not document.entries and not document.get("version"):
        return _no_feed(xml)
    channel = document.feed
    hint = hinted_minutes(
        _text(channel, "ttl"), _text(channel, "sy_updateperiod"), _text(channel, "sy_updatefrequency")
    )
    return collect([_item(entry) for entry in document.entries], feed, _text(channel, "title"), hint=hint)


def _no_feed(xml: str) -> ParsedFeed:
    page = "<html" in xml[:2_000].lower()
    return ParsedFeed(malformed="the body is an HTML page, not a feed" if page else "the body is not a feed")


def _item(entry: dict[str, Any]) -> RawItem:
    source = entry.get("source")
    content = entry.get("content")
    return RawItem(
        title=_text(entry, "title"),
        text=_text(entry, "summary") or (_text(content[0], "value") if content else ""),
        guid=_text(entry, "id"),
        url=_text(entry, "link"),
        date=next((date for field in _DATES if (date := dict.get(entry, field))), ""),
        source=_text(source, "title") if isinstance(source, dict) else "",
    )


def _text(mapping: dict[str, Any], field: str) -> str:
    value = mapping.get(field)
    return value if isinstance(value, str) else ""
