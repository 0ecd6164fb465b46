"""Looks a feed's XML over before it is parsed in earnest: is it well formed, and small enough in every respect?"""

from __future__ import annotations

from xml.parsers import expat

ITEM_LIMIT = 1_000
DEPTH_LIMIT = 100
PART_LIMIT = 100_000  # elements, attributes and namespaces in all: about two seconds of the parser's time

_ITEMS = ("item", "entry")


class ShapeError(ValueError):
    """Why the XML must not go through the parser, in words that complete "the XML …"."""


def check_shape(xml: str) -> None:
    """Pass over ``xml`` once, in linear time. Raises ``ShapeError`` where it is not well formed or beyond a limit."""
    try:
        _Shape().check(xml)
    except expat.ExpatError:
        raise ShapeError("is not well formed") from None


class _Shape:
    def __init__(self) -> None:
        self._depth = self._parts = self._items = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartNamespaceDeclHandler = self._declare

    def check(self, xml: str) -> None:
        self._parser.Parse(xml, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._parts += 1 + len(attributes)
        self._items += name.rpartition(" ")[2] in _ITEMS
        if self._depth > DEPTH_LIMIT:
            raise ShapeError(f"is nested more than {DEPTH_LIMIT} deep")
        if self._items > ITEM_LIMIT:
            raise ShapeError(f"holds more than {ITEM_LIMIT:,} items")
        if self._parts > PART_LIMIT:
            raise ShapeError(f"holds more than {PART_LIMIT:,} elements and attributes")

    def _end(self, name: str) -> None:
        self._depth -= 1

    def _declare(self, prefix: str | None, uri: str) -> None:
        self._parts += 1
