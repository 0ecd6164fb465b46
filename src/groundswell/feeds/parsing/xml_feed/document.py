"""Read a whole XML feed that is well formed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.etree import ElementTree as ET

from groundswell.feeds.parsing.items import RawItem
from groundswell.feeds.parsing.links import have_same_host, is_absolute
from groundswell.feeds.parsing.xml_feed.fields import Field, read_field, read_fields
from groundswell.feeds.parsing.xml_feed.items import build_raw_item
from groundswell.feeds.parsing.xml_feed.tree import ITEM_NAMES, find_items, get_local_name, parse_tree
from groundswell.feeds.parsing.xml_feed.vocabularies import ATOM, read_name

_CHANNELS = frozenset(("channel", "feed"))
_ROOTS = frozenset(("rss", "rdf", *_CHANNELS, *ITEM_NAMES))
_FIELDS = (
    *("title", "dc:title", "link", "description", "subtitle", "tagline", "abstract", "info", "itunes:summary"),
    *("ttl", "sy:updateperiod", "sy:updatefrequency"),
)
_WORDS = ("description", "subtitle", "tagline", "abstract", "info", "itunes:summary")
_NO_FIELD = Field("")


class Channel(NamedTuple):
    """What a feed says of itself: its title, a few words, and how often it asks to be read."""

    title: Field = _NO_FIELD
    words: Field = _NO_FIELD
    ttl: str = ""
    update_period: str = ""
    update_frequency: str = ""


class Document(NamedTuple):
    """A feed as it was written, and the errors at items that were then read by their tags."""

    items: list[RawItem]
    channel: Channel
    errors: tuple[Exception, ...] = ()


def read_document(xml: str, address: str) -> Document | None:
    """Read the feed at ``address``, or return ``None`` if the XML is no feed.

    Raises ``XmlLimitError`` if the XML is not well formed or exceeds a limit.
    """
    root = parse_tree(xml)
    channel = next((element for element in root.iter() if get_local_name(element) in _CHANNELS), root)
    fields = index_channel(_read_channel(channel), channel.get("HREF", channel.get("href", "")))
    items = list(find_items(root, find_base(fields, address)))
    if not items and not any(get_local_name(element) in _ROOTS for element in (root, channel)):
        return None
    return Document([build_raw_item(read_fields(item, base)) for item, base in items], build_channel(fields))


def build_channel(fields: dict[str, Field]) -> Channel:
    """Return what the fields of the feed, by name, say of it."""
    return Channel(
        fields.get("title") or fields.get("dc:title") or _NO_FIELD,
        next((fields[name] for name in _WORDS if name in fields), _NO_FIELD),
        *(fields.get(name, _NO_FIELD).text for name in ("ttl", "sy:updateperiod", "sy:updatefrequency")),
    )


def index_channel(written: Iterable[Field], href: str = "") -> dict[str, Field]:
    """Return the first field of each name that has a text, and as "site" the address of the page in Atom and CDF."""
    fields: dict[str, Field] = {"site": Field("site", href)}
    for field in written:
        if field.text:
            fields.setdefault(field.name, field)
        elif field.name == "link" and field.attributes.get("rel", "alternate") == "alternate":
            fields["site"] = Field("site", field.attributes.get("href", ""))
    return fields


def _read_channel(channel: ET.Element) -> Iterator[Field]:
    own = read_name(channel.tag).uri
    for child in channel:
        name, uri = read_name(child.tag)
        name = name.removeprefix(f"{uri}:") if uri == own else name
        if name in _FIELDS:
            yield read_field(child, name, "", own in ATOM)


def find_base(fields: dict[str, Field], address: str) -> str:
    """Return the address against which links without ``xml:base`` are resolved.

    In RSS it is that of the site, by custom. In Atom it is that of the feed, unless another host serves the feed for
    the site.
    """
    link, site = (fields.get(name, _NO_FIELD).text for name in ("link", "site"))
    if is_absolute(link):
        return link
    return site if is_absolute(site) and not have_same_host(site, address) else address
