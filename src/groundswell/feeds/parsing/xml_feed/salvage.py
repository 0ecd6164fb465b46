"""Read the items of a broken feed one by one.

A parser that repairs XML guesses where an element should have ended, and puts one field's text into another. Here an
item extends to its end or to the next item, so that a bad item spoils no other. An item that is well formed by itself
is read like those of a sound feed. In any other a field is the text between its tags, and one without an end tag ends
at the next field. Every step examines each character a fixed number of times.
"""

from __future__ import annotations

import html
import re

from groundswell.feeds.parsing.forms import Form
from groundswell.feeds.parsing.items import RawItem
from groundswell.feeds.parsing.links import join_address
from groundswell.feeds.parsing.xml_feed.document import Document, build_channel, find_base, index_channel
from groundswell.feeds.parsing.xml_feed.fields import Field, read_fields
from groundswell.feeds.parsing.xml_feed.items import build_raw_item
from groundswell.feeds.parsing.xml_feed.limits import MAX_ITEMS, XmlLimitError
from groundswell.feeds.parsing.xml_feed.tree import find_items, parse_tree, read_declarations, write_declarations

_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_ITEM = re.compile(
    r"(?P<section><!\[CDATA\[|<!--)|<(?P<tag>(?P<prefix>\w{1,20}:)?(?:item|entry))(?=[\s>/])", re.IGNORECASE
)
_ROOT = re.compile(r"<(?:\w{1,20}:)?(?:rss|RDF|feed|channel)[\s>]", re.IGNORECASE)
_BASE = re.compile(r"\sxml:base\s{0,10}=\s{0,10}[\"']([^\"'<>]{1,2000})")
_ATOM_ITEM = re.compile(r"(?:\w{1,20}:)?entry", re.IGNORECASE)
_FIELDS = (
    "title|link|guid|id|description|summary|content|pubDate|published|issued|updated|modified|source|enclosure|subtitle"
    "|image|textInput"
)
_FOREIGN_FIELDS = "dc:date|dc:title|content:encoded|feedburner:origLink|media:title|itunes:title"  # usual prefixes
_ATTRIBUTE = re.compile(r"([\w:]{1,40})\s{0,20}=\s{0,20}(?:\"([^\"<]{0,4000})\"|'([^'<]{0,4000})')")
_TYPES_OF_MARKUP = ("html", "text/html", "xhtml", "application/xhtml+xml")


def salvage_document(xml: str, address: str) -> Document | None:
    """Return the items of an XML feed of any kind, at most ``MAX_ITEMS``, and its title, or ``None`` for another text.

    ``address`` is that of the feed.
    """
    (_, head), *items = _split_items(xml)
    if not items and not _ROOT.search(head):
        return None
    uris = read_declarations(head)
    prefix = _get_prefix(items[0][0]) if items else ""
    fields = index_channel(_read_marked_fields(prefix, head, address, Form.UNSURE))
    base = find_base(fields, address)
    for found in _BASE.finditer(head):
        base = join_address(base, html.unescape(found[1]))
    errors: list[Exception] = []
    raw_items = [_read_item(tag, chunk, uris, base, errors) for tag, chunk in items]
    return Document(raw_items, build_channel(fields), tuple(errors))


def _split_items(xml: str) -> list[tuple[str, str]]:
    """Return the text before the first item, then each item up to its end or the next, after the name of its tag."""
    starts: list[re.Match[str]] = []
    position = 0
    ends = {_CDATA: _CDATA_END, "<!--": "-->"}
    while len(starts) <= MAX_ITEMS and (start := _ITEM.search(xml, position)):
        position = start.end()
        if start["tag"]:
            starts.append(start)
        elif start["section"] in ends:  # only text; an opening without an end starts no section
            end = xml.find(ends[start["section"]], position)
            if end < 0:
                del ends[start["section"]]
            else:
                position = end
    edges = [start.start() for start in starts] + [len(xml)]
    chunks = [("", xml[: edges[0]])]
    for start, edge in zip(starts[:MAX_ITEMS], edges[1:], strict=False):
        end = xml.rfind(f"</{start['tag']}", start.end(), edge)
        chunks.append((start["tag"], xml[start.end() : edge if end < 0 else end]))
    return chunks


def _read_item(tag: str, chunk: str, uris: dict[str, str], base: str, errors: list[Exception]) -> RawItem:
    try:
        tree = parse_tree(f"<_{write_declarations(uris)}><{tag}{chunk}</{tag}></_>")
        return build_raw_item(read_fields(*next(find_items(tree, base))))
    except (XmlLimitError, StopIteration):
        pass
    except Exception as error:  # whatever one item contains, the others are read
        errors.append(error)
    is_atom = bool(_ATOM_ITEM.fullmatch(tag))
    return build_raw_item(_read_marked_fields(_get_prefix(tag), chunk, base, Form.PLAIN if is_atom else Form.UNSURE))


def _get_prefix(tag: str) -> str:
    return tag[: tag.find(":") + 1]


def _read_marked_fields(prefix: str, chunk: str, base: str, title_form: Form) -> list[Field]:
    """Return the fields in their order, each from its start tag to its end tag or the next field, unescaped once."""
    opening = re.compile(
        rf"<(?P<tag>{re.escape(prefix)}(?:{_FIELDS})|{_FOREIGN_FIELDS})(?P<rest>(?:\s[^<>]{{0,4000}})?)(?P<empty>/?)>",
        re.IGNORECASE,
    )
    fields: list[Field] = []
    position = 0
    while start := opening.search(chunk, position):
        position = start.end()
        name = start["tag"].lower().removeprefix(prefix.lower())
        attributes = {
            key.lower(): html.unescape(double or single) for key, double, single in _ATTRIBUTE.findall(start["rest"])
        }
        text = ""
        if not start["empty"] and not start["rest"].endswith("/"):
            text, position = _read_text(chunk, start, opening)
        form = title_form if name.endswith("title") else Form.MARKUP
        is_markup = attributes.get("type", "").lower() in _TYPES_OF_MARKUP
        fields.append(Field(name, text, attributes, Form.MARKUP if is_markup else form, base))
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
