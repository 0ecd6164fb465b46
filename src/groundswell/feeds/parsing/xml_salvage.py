"""Reads the items of a broken feed one by one, by the names of their fields alone.

A parser that mends what it reads guesses where an element ought to have ended, and puts one field's text into another.
Here a field is what stands between its own tags; where its end is lacking it ends at the next field. An item reaches to
the next item, so that a bad one spoils no other. Every step looks at each character a fixed number of times.
"""

from __future__ import annotations

import html
import re

from groundswell.feeds.parsing.items import RawItem
from groundswell.feeds.parsing.xml_limits import ITEM_LIMIT
from groundswell.fetch.urls import absolute

_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_ITEM = re.compile(r"<!\[CDATA\[|<(?P<tag>(?P<prefix>\w{1,20}:)?(?:item|entry))(?=[\s>/])")
_ROOT = re.compile(r"<(?:\w{1,20}:)?(?:rss|RDF|feed|channel)[\s>]")
_FIELDS = "title|link|guid|id|description|summary|content|pubDate|published|updated|source"
_FOREIGN = "dc:date|content:encoded"  # fields of other vocabularies, by their usual prefixes
_ATTRIBUTE = re.compile(r"([\w:]{1,40})\s{0,20}=\s{0,20}(?:\"([^\"<]{0,4000})\"|'([^'<]{0,4000})')")


def read_fields(xml: str, address: str) -> tuple[list[RawItem], str] | None:
    """The items of a feed of any XML kind, at most ``ITEM_LIMIT``, and its title; None where it is no feed at all.

    Links are resolved against ``address``, the feed's own.
    """
    (_, head), *items = _chunks(xml)
    if not items and not _ROOT.search(head):
        return None
    return [_item(prefix, chunk, address) for prefix, chunk in items], _fields("", head).get("title", "")


def _chunks(xml: str) -> list[tuple[str, str]]:
    """What stands before the first item, then each item up to its end or the next one; each with its tag's prefix."""
    starts: list[re.Match[str]] = []
    place, closed = 0, True
    while len(starts) <= ITEM_LIMIT and (found := _ITEM.search(xml, place)):
        place = found.end()
        if found["tag"]:
            starts.append(found)
        elif closed:  # what stands in CDATA is text; a section without end is none
            end = xml.find(_CDATA_END, place)
            closed = end >= 0
            place = end if closed else place
    edges = [found.start() for found in starts] + [len(xml)]
    chunks = [("", xml[: edges[0]])]
    for found, edge in zip(starts[:ITEM_LIMIT], edges[1:], strict=False):
        end = xml.rfind(f"</{found['tag']}", found.end(), edge)
        chunks.append((found["prefix"] or "", xml[found.end() : edge if end < 0 else end]))
    return chunks


def _item(prefix: str, chunk: str, address: str) -> RawItem:
    found = _fields(prefix, chunk)
    return RawItem(
        title=found.get("title", ""),
        text=_first(found, "description", "summary", "content", "content:encoded"),
        guid=_first(found, "guid", "id"),
        url=absolute(address, _first(found, "link", "permalink")),
        date=_first(found, "pubDate", "published", "dc:date", "updated"),
        source=found.get("source", ""),
    )


def _first(found: dict[str, str], *names: str) -> str:
    return next((found[name] for name in names if found.get(name)), "")


def _fields(prefix: str, chunk: str) -> dict[str, str]:
    """The first text of each field, one level of escaping taken away; also "permalink", a guid that is an address."""
    opening = re.compile(rf"<(?P<tag>{re.escape(prefix)}(?:{_FIELDS})|{_FOREIGN})(?P<rest>(?:\s[^<>]{{0,4000}})?)>")
    found: dict[str, str] = {}
    place = 0
    while start := opening.search(chunk, place):
        place = start.end()
        name = start["tag"].removeprefix(prefix)
        attributes = {key: double or single for key, double, single in _ATTRIBUTE.findall(start["rest"])}
        if name == "link" and attributes.get("href"):
            if attributes.get("rel", "alternate") == "alternate":
                found.setdefault("link", html.unescape(attributes["href"]))
        elif name not in found and not start["rest"].endswith("/"):
            found[name], place = _text(chunk, start, opening)
            if name == "guid" and attributes.get("isPermaLink") != "false" and found[name].startswith("http"):
                found["permalink"] = found[name]
    return found


def _text(chunk: str, start: re.Match[str], opening: re.Pattern[str]) -> tuple[str, int]:
    """The text of the field that begins at ``start``, and where it ends: at its own end, else where another begins."""
    begin = start.end()
    section = chunk.find(_CDATA_END, begin) if chunk[begin : begin + 100].lstrip().startswith(_CDATA) else -1
    end = chunk.find(f"</{start['tag']}", max(section, begin))
    if end < 0:
        later = opening.search(chunk, max(section, begin))
        end = later.start() if later else len(chunk)
    if section >= 0:
        return chunk[chunk.find(_CDATA, begin) + len(_CDATA) : section].strip(), end
    return html.unescape(chunk[begin:end]).strip(), end
