"""Parse JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from typing import Any

from groundswell.feeds.parsing.items import ParsedFeed, RawItem, build_parsed_feed
from groundswell.feeds.parsing.xml_limits import MAX_ITEMS
from groundswell.fetch.urls import resolve_link
from groundswell.model import FeedSpec


def parse_json_feed(body: bytes, feed: FeedSpec) -> ParsedFeed:
    """Parse a JSON Feed; items that are not objects are left out and reported as problems."""
    try:
        document = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return ParsedFeed(malformed="the body starts like JSON but is not valid JSON")
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in _get_text(document, "version"):
        return ParsedFeed(malformed="the body is JSON but not a JSON Feed")
    problems = [
        f"item {number} is not an object"
        for number, item in enumerate(items[:MAX_ITEMS], 1)
        if not isinstance(item, dict)
    ]
    if len(items) > MAX_ITEMS:
        problems.insert(0, f"only the first {MAX_ITEMS:,} of {len(items):,} items were read")
    raw = [_build_raw_item(item, feed.url) for item in items[:MAX_ITEMS] if isinstance(item, dict)]
    return build_parsed_feed(raw, feed, _get_text(document, "title"), tuple(problems))


def _build_raw_item(item: dict[str, Any], base: str) -> RawItem:
    return RawItem(
        title=_get_text(item, "title"),
        text=_get_text(item, "summary") or _get_text(item, "content_text") or _get_text(item, "content_html"),
        guid=_get_text(item, "id"),
        url=resolve_link(base, _get_text(item, "url") or _get_text(item, "external_url")),
        date=_get_text(item, "date_published") or _get_text(item, "date_modified"),
    )


def _get_text(mapping: dict[str, Any], field: str) -> str:
    value = mapping.get(field)
    return str(value) if isinstance(value, str | int) else ""
