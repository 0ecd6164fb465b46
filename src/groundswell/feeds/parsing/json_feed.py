"""Parse JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from typing import Any

from groundswell.feeds.parsing.forms import Form
from groundswell.feeds.parsing.items import ParsedFeed, RawItem, build_parsed_feed
from groundswell.feeds.parsing.links import is_absolute, resolve_address
from groundswell.feeds.parsing.sanitize import to_plain_text
from groundswell.feeds.parsing.titles import clean_title
from groundswell.feeds.parsing.xml_feed.limits import MAX_ITEMS
from groundswell.model import FeedSpec

_MAX_WORDS_CHARACTERS = 200
_FIELDS_OF_ITEMS = frozenset(("id", "url", "title", "content_html", "content_text"))


def parse_json_feed(text: str, feed: FeedSpec) -> ParsedFeed:
    """Parse a JSON Feed; items that are not objects are left out and reported as problems."""
    try:
        document = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return ParsedFeed(malformed="the body starts like JSON but is not valid JSON")
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list) or not _is_feed(document, items):
        return ParsedFeed(malformed="the body is JSON but not a JSON Feed")
    problems = [
        f"item {number} is not an object"
        for number, item in enumerate(items[:MAX_ITEMS], 1)
        if not isinstance(item, dict)
    ]
    if len(items) > MAX_ITEMS:
        problems.insert(0, f"only the first {MAX_ITEMS:,} of {len(items):,} items were read")
    base = next((link for name in ("home_page_url", "feed_url") if is_absolute(link := _get_text(document, name))), "")
    raw = [_build_raw_item(item, base or feed.url) for item in items[:MAX_ITEMS] if isinstance(item, dict)]
    words = to_plain_text(_get_text(document, "description"), _MAX_WORDS_CHARACTERS)
    title = clean_title(_get_text(document, "title"), Form.PLAIN)
    return build_parsed_feed(raw, feed, title, tuple(problems), words=words)


def _is_feed(document: dict[str, Any], items: list[Any]) -> bool:
    """Return whether it says so, or its first item looks like one: some feeds forget their version."""
    if "jsonfeed.org" in _get_text(document, "version"):
        return True
    return bool(items) and isinstance(items[0], dict) and len(_FIELDS_OF_ITEMS & items[0].keys()) > 1


def _build_raw_item(item: dict[str, Any], base: str) -> RawItem:
    """Return the item; its title and plain texts are what they are, by the standard."""
    plain = _get_text(item, "summary") or _get_text(item, "content_text")
    return RawItem(
        title=_get_text(item, "title"),
        title_form=Form.PLAIN,
        text=plain or _get_text(item, "content_html"),
        text_form=Form.PLAIN if plain else Form.MARKUP,
        guid=_get_text(item, "id"),
        url=next((url for link in _list_links(item) if (url := resolve_address(base, link))), ""),
        date=_get_text(item, "date_published") or _get_text(item, "date_modified"),
    )


def _list_links(item: dict[str, Any]) -> list[str]:
    """Return what a reader may open: the item's own page first, and an attachment last."""
    attachments = item.get("attachments")
    files = [file for file in attachments if isinstance(file, dict)] if isinstance(attachments, list) else []
    identity = _get_text(item, "id")
    pages = [_get_text(item, "url"), _get_text(item, "external_url"), identity if is_absolute(identity) else ""]
    return pages + [_get_text(file, "url") for file in files]


def _get_text(mapping: dict[str, Any], field: str) -> str:
    value = mapping.get(field)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
