"""Check that a feed's XML is well formed and within limits before it is parsed."""

from __future__ import annotations

from xml.parsers import expat

MAX_ITEMS = 1_000
MAX_DEPTH = 100
MAX_PARTS = 100_000  # elements, attributes and namespaces together: less than half a second of the parser's time

_ITEM_TAGS = ("item", "entry")


class XmlLimitError(ValueError):
    """The XML must not be parsed; the message completes the sentence "the XML …"."""


def check_xml_limits(xml: str) -> None:
    """Check ``xml`` in one linear pass. Raises ``XmlLimitError`` if it is not well formed or exceeds a limit."""
    try:
        _LimitChecker().check(xml)
    except expat.ExpatError:
        raise XmlLimitError("is not well formed") from None


class _LimitChecker:
    """Counts elements and their depth while expat parses the XML."""

    def __init__(self) -> None:
        self._depth = self._parts = self._items = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartNamespaceDeclHandler = self._start_namespace

    def check(self, xml: str) -> None:
        self._parser.Parse(xml, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._parts += 1 + len(attributes)
        self._items += name.rpartition(" ")[2] in _ITEM_TAGS
        if self._depth > MAX_DEPTH:
            raise XmlLimitError(f"is nested more than {MAX_DEPTH} deep")
        if self._items > MAX_ITEMS:
            raise XmlLimitError(f"has more than {MAX_ITEMS:,} items")
        if self._parts > MAX_PARTS:
            raise XmlLimitError(f"has more than {MAX_PARTS:,} elements and attributes")

    def _end(self, name: str) -> None:
        self._depth -= 1

    def _start_namespace(self, prefix: str | None, uri: str) -> None:
        self._parts += 1
