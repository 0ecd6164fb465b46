"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from typing import Any

from groundswell.feeds.parsing.items import ParsedFeed, RawItem, collect
from groundswell.feeds.parsing.xml_limits import ITEM_LIMIT
from groundswell.fetch.urls import absolute
from groundswell.model import FeedSpec


def parse_json_feed(body: bytes, feed: FeedSpec) -> ParsedFeed:
    """Parse a JSON Feed; items that are not objects are left out and told of."""
    try:
        document = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return ParsedFeed(malformed="the body starts like JSON but is not valid JSON")
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in _text(document, "version"):
        return ParsedFeed(malformed="the body is JSON but not a JSON Feed")
    problems = [
        f"item {place} is not an object"
        for place, item in enumerate(items[:ITEM_LIMIT], 1)
        if not isinstance(item, dict)
    ]
    if len(items) > ITEM_LIMIT:
        problems.insert(0, f"only the first {ITEM_LIMIT:,} of {len(items):,} items were read")
    raw = [_item(item, feed.url) for item in items[:ITEM_LIMIT] if isinstance(item, dict)]
    return collect(raw, feed, _text(document, "title"), tuple(problems))


def _item(item: dict[str, Any], base: str) -> RawItem:
    return RawItem(
        title=_text(item, "title"),
        text=_text(item, "summary") or _text(item, "content_text") or _text(item, "content_html"),
        guid=_text(item, "id"),
        url=absolute(base, _text(item, "url") or _text(item, "external_url")),
        date=_text(item, "date_published") or _text(item, "date_modified"),
    )


def _text(mapping: dict[str, Any], field: str) -> str:
    value = mapping.get(field)
    return str(value) if isinstance(value, str | int) else ""
