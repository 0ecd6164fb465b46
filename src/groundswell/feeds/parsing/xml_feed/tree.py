"""Parse the XML of a feed into a tree, within limits, and find the items in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree as ET

from groundswell.feeds.parsing.links import join_address
from groundswell.feeds.parsing.xml_feed.limits import XmlLimitError, check_xml_limits
from groundswell.feeds.parsing.xml_feed.vocabularies import XML, find_usual_uri, read_name

ITEM_NAMES = frozenset(("item", "entry"))
_BASE = f"{{{XML}}}base"

_TAG_START = re.compile(r"<[A-Za-z_][\w.-]*(?::[\w.-]+)?")
_PREFIX = re.compile(r"(?:<|\s)([A-Za-z_][\w.-]{0,40}):[A-Za-z_]")
_DECLARED = re.compile(r"\sxmlns(?::([\w.-]{1,40}))?\s{0,10}=\s{0,10}(?:\"([^\"<]{0,500})\"|'([^'<]{0,500})')")


class PlacedItem(NamedTuple):
    """An item, and the address against which its links are resolved."""

    element: ET.Element
    base: str


def parse_tree(xml: str) -> ET.Element:
    """Parse ``xml``, which has no document type; prefixes that it does not declare mean what they usually mean.

    Raises ``XmlLimitError`` if it is not well formed or exceeds a limit.
    """
    try:
        check_xml_limits(xml)
    except XmlLimitError:
        declared = declare_prefixes(xml)
        if declared == xml:
            raise
        check_xml_limits(declared)
        xml = declared
    try:
        return ET.fromstring(xml)  # noqa: S314 - document types and entities were removed or refused before
    except ET.ParseError:  # it refuses a little more, such as a namespace with a brace in its address
        raise XmlLimitError("is not well formed") from None


def declare_prefixes(xml: str) -> str:
    """Return ``xml`` with a declaration, in its first tag, of each prefix that it uses and nowhere declares."""
    declared = {prefix for prefix, _, _ in _DECLARED.findall(xml)}
    missing = sorted(set(_PREFIX.findall(xml)) - declared - {"xml", "xmlns"})
    root = _TAG_START.search(xml)
    if not missing or not root:
        return xml
    return xml[: root.end()] + write_declarations({name: find_usual_uri(name) for name in missing}) + xml[root.end() :]


def read_declarations(xml: str) -> dict[str, str]:
    """Return the address of each prefix that ``xml`` declares, and under "" that of names without a prefix."""
    return {prefix: double or single for prefix, double, single in _DECLARED.findall(xml)}


def write_declarations(uris: dict[str, str]) -> str:
    """Return the declarations as they stand in a tag, each after a space."""
    return "".join(f' xmlns{":" * bool(prefix)}{prefix}="{uri}"' for prefix, uri in uris.items() if uri or not prefix)


def find_items(root: ET.Element, address: str) -> Iterator[PlacedItem]:
    """Yield the items in the order of the document, wherever they are; ``address`` is that of the feed."""
    base = join_address(address, root.get(_BASE))
    if get_local_name(root) in ITEM_NAMES:
        yield PlacedItem(root, base)
        return
    for child in root:
        yield from find_items(child, base)


def get_local_name(element: ET.Element) -> str:
    """Return the name of an element in lower case without its vocabulary."""
    return read_name(element.tag).name.rpartition(":")[2]


def get_base(element: ET.Element, base: str) -> str:
    """Return the address against which links in ``element`` are resolved, if ``base`` is that of its parent."""
    return join_address(base, element.get(_BASE))
