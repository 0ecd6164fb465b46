"""Read the fields of an item from its elements."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from groundswell.feeds.parsing.forms import Form
from groundswell.feeds.parsing.xml_feed.tree import get_base
from groundswell.feeds.parsing.xml_feed.vocabularies import ATOM, read_name

_TEXTS = frozenset(
    (
        *("title", "dc:title", "media:title", "itunes:title"),
        *("summary", "description", "abstract", "content", "content:encoded", "body", "xhtml:body", "fullitem"),
        *("dc:description", "itunes:summary", "itunes:subtitle", "media:description", "googleplay:description"),
    )
)
_VALUES = frozenset(
    (
        *(
            "link",
            "a",
            "guid",
            "id",
            "enclosure",
            "media:content",
            "media:player",
            "source",
            "ag:source",
            "ag:sourceurl",
        ),
        *("feedburner:origlink", "pheedo:origlink", "pubdate", "published", "issued", "updated", "modified", "created"),
        *("date", "lastbuilddate", "dc:date", "dcterms:issued", "dcterms:created", "dcterms:modified"),
        *("dc:identifier", "prism:publicationdate", "prism:url", "ag:timestamp"),
    )
)
_CONTAINERS = frozenset(("source", "media:group", "media:content"))
_UNSEEN_ELEMENTS = frozenset(("script", "style", "head", "template"))
_BLOCKS = frozenset(
    (
        *("p", "br", "div", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "tr"),
        *("table", "blockquote", "hr", "pre", "section", "article", "figure", "figcaption"),
    )
)
_MARKUP_TYPES = frozenset(("html", "text/html"))


@dataclass(frozen=True, slots=True)
class Field:
    """One element of an item: its name, attributes in lower case, text in some form, and the base of its links.

    The elements of ``source`` have names such as ``source/title``.
    """

    name: str
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    form: Form = Form.UNSURE
    base: str = ""


def read_fields(item: ET.Element, base: str) -> list[Field]:
    """Return the fields of an item in the order in which they are believed: its own elements before nested ones."""
    own = read_name(item.tag).uri
    is_atom = own in ATOM or (not own and item.tag.lower() == "entry")
    direct = [Field("", attributes=_read_attributes(item), base=base)]
    foreign: list[Field] = []
    nested: list[Field] = []
    for child in item:
        name = _name_in(child, own)
        if name in _TEXTS or name in _VALUES:
            fields = direct if read_name(child.tag).uri == own else foreign
            fields.append(read_field(child, name, base, is_atom))
        if name in _CONTAINERS:
            nested += _read_nested(child, name, own, get_base(child, base))
    return direct + foreign + nested


def _read_nested(container: ET.Element, name: str, own: str, base: str) -> Iterator[Field]:
    for child in container.iter():
        if child is not container:
            child_name = _name_in(child, own)
            wanted = f"source/{child_name}" if name == "source" else child_name
            if name == "source" or child_name.startswith("media:"):
                yield read_field(child, wanted, base, name == "source")


def _name_in(element: ET.Element, own: str) -> str:
    """Return the name of an element in an item; the item's own vocabulary, even if unknown, is that of feeds."""
    name, uri = read_name(element.tag)
    return name.removeprefix(f"{uri}:") if uri == own else name


def read_field(element: ET.Element, name: str, base: str, is_atom: bool) -> Field:
    """Return the field of one element; ``base`` is that of its parent."""
    attributes = _read_attributes(element)
    own_base = get_base(element, base)
    plain_name = name.removeprefix("source/")
    if plain_name not in _TEXTS:
        text = (element.text or "") if name == "source" else "".join(element.itertext())
        return Field(name, text.strip(), attributes, Form.PLAIN, own_base)
    is_atom = is_atom or read_name(element.tag).uri in ATOM
    text, form = _read_text(element, attributes, _choose_form(plain_name, is_atom))
    return Field(name, text.strip(), attributes, form, own_base)


def _read_attributes(element: ET.Element) -> dict[str, str]:
    return {read_name(name).name: value for name, value in element.attrib.items()}


def _choose_form(name: str, is_atom: bool) -> Form:
    """Return the form of a text that does not state its type.

    Atom says that it is plain, and is believed of titles. RSS says nothing: its descriptions are markup.
    """
    if name.endswith("title"):
        return Form.PLAIN if is_atom else Form.UNSURE
    return Form.UNSURE if is_atom and name in ("summary", "content") else Form.MARKUP


def _read_text(element: ET.Element, attributes: Mapping[str, str], form: Form) -> tuple[str, Form]:
    """Return the text of an element and its form.

    Markup that is not escaped (XHTML, and RSS that breaks the rules) is reduced to its text.
    """
    if len(element):
        return "".join(_flatten(element)), Form.UNSURE if form is Form.MARKUP else form
    text, kind = element.text or "", attributes.get("type", "").strip().lower()
    is_encoded = "/" in kind and not kind.startswith("text/") and not kind.endswith("xml")
    if is_encoded or attributes.get("mode", "").strip().lower() == "base64":
        text = _decode_base64(text)
    return text, Form.MARKUP if kind in _MARKUP_TYPES else form


def _decode_base64(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return text


def _flatten(element: ET.Element) -> Iterator[str]:
    """Yield the words in an element, with a space where a block begins or ends, and without scripts."""
    yield element.text or ""
    for child in element:
        name = read_name(child.tag).name.removeprefix("xhtml:")
        if name not in _UNSEEN_ELEMENTS:
            space = " " if name in _BLOCKS else ""
            yield space
            yield from _flatten(child)
            yield space
        yield child.tail or ""
