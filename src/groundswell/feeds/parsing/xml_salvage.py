"""Read the items of a broken feed one by one, by the names of their fields.

A parser that repairs XML guesses where an element should have ended, and puts one field's text into another. Here a
field is the text between its tags, and one without an end tag ends at the next field. An item extends to the next item,
so that a bad item spoils no other. Every step examines each character a fixed number of times.
"""

from __future__ import annotations

import html
import re

from groundswell.feeds.parsing.items import RawItem
from groundswell.feeds.parsing.xml_limits import MAX_ITEMS
from groundswell.fetch.urls import resolve_link

_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_ITEM = re.compile(r"<!\[CDATA\[|<(?P<tag>(?P<prefix>\w{1,20}:)?(?:item|entry))(?=[\s>/])")
_ROOT = re.compile(r"<(?:\w{1,20}:)?(?:rss|RDF|feed|channel)[\s>]")
_FIELDS = "title|link|guid|id|description|summary|content|pubDate|published|updated|source"
_FOREIGN_FIELDS = "dc:date|content:encoded"  # fields of other vocabularies, with their usual prefixes
_ATTRIBUTE = re.compile(r"([\w:]{1,40})\s{0,20}=\s{0,20}(?:\"([^\"<]{0,4000})\"|'([^'<]{0,4000})')")


def salvage_items(xml: str, address: str) -> tuple[list[RawItem], str] | None:
    """Return the items of an XML feed of any kind, at most ``MAX_ITEMS``, and its title, or ``None`` for another text.

    Links are resolved against ``address``, the address of the feed.
    """
    (_, head), *items = _split_items(xml)
    if not items and not _ROOT.search(head):
        return None
    return [_read_item(prefix, chunk, address) for prefix, chunk in items], _read_fields("", head).get("title", "")


def _split_items(xml: str) -> list[tuple[str, str]]:
    """Return the text before the first item, then each item up to its end or the next, with the prefix of its tag."""
    starts: list[re.Match[str]] = []
    position, is_closed = 0, True
    while len(starts) <= MAX_ITEMS and (start := _ITEM.search(xml, position)):
        position = start.end()
        if start["tag"]:
            starts.append(start)
        elif is_closed:  # CDATA contains text only; an opening without an end starts no section
            end = xml.find(_CDATA_END, position)
            is_closed = end >= 0
            position = end if is_closed else position
    edges = [start.start() for start in starts] + [len(xml)]
    chunks = [("", xml[: edges[0]])]
    for start, edge in zip(starts[:MAX_ITEMS], edges[1:], strict=False):
        end = xml.rfind(f"</{start['tag']}", start.end(), edge)
        chunks.append((start["prefix"] or "", xml[start.end() : edge if end < 0 else end]))
    return chunks


def _read_item(prefix: str, chunk: str, address: str) -> RawItem:
    fields = _read_fields(prefix, chunk)
    return RawItem(
        title=fields.get("title", ""),
        text=_get_first(fields, "description", "summary", "content", "content:encoded"),
        guid=_get_first(fields, "guid", "id"),
        url=resolve_link(address, _get_first(fields, "link", "permalink")),
        date=_get_first(fields, "pubDate", "published", "dc:date", "updated"),
        source=fields.get("source", ""),
    )


def _get_first(fields: dict[str, str], *names: str) -> str:
    return next((fields[name] for name in names if fields.get(name)), "")


def _read_fields(prefix: str, chunk: str) -> dict[str, str]:
    """Return the first text of each field, unescaped once, and as "permalink" a guid that is an address."""
    opening = re.compile(
        rf"<(?P<tag>{re.escape(prefix)}(?:{_FIELDS})|{_FOREIGN_FIELDS})(?P<rest>(?:\s[^<>]{{0,4000}})?)>"
    )
    fields: dict[str, str] = {}
    position = 0
    while start := opening.search(chunk, position):
        position = start.end()
        name = start["tag"].removeprefix(prefix)
        attributes = {key: double or single for key, double, single in _ATTRIBUTE.findall(start["rest"])}
        if name == "link" and attributes.get("href"):
            if attributes.get("rel", "alternate") == "alternate":
                fields.setdefault("link", html.unescape(attributes["href"]))
        elif name not in fields and not start["rest"].endswith("/"):
            fields[name], position = _read_text(chunk, start, opening)
            if name == "guid" and attributes.get("isPermaLink") != "false" and fields[name].startswith("http"):
                fields["permalink"] = fields[name]
    return fields


def _read_text(chunk: str, start: re.Match[str], opening: re.Pattern[str]) -> tuple[str, int]:
    """Return the text of the field that begins at ``start``, and where it ends: at its end tag or at the next field."""
    begin = start.end()
    section = chunk.find(_CDATA_END, begin) if chunk[begin : begin + 100].lstrip().startswith(_CDATA) else -1
    end = chunk.find(f"</{start['tag']}", max(section, begin))
    if end < 0:
        later = opening.search(chunk, max(section, begin))
        end = later.start() if later else len(chunk)
    if section >= 0:
        return chunk[chunk.find(_CDATA, begin) + len(_CDATA) : section].strip(), end
    return html.unescape(chunk[begin:end]).strip(), end
