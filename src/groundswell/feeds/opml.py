"""Lists of feeds in OPML, as feed readers exchange them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from xml.parsers import expat

from groundswell.errors import BadInputError
from groundswell.feeds.parsing.encoding import characters
from groundswell.feeds.parsing.sanitize import TITLE_LIMIT, plain_text
from groundswell.feeds.parsing.xml_repair import RepairError, repaired
from groundswell.fetch.urls import address
from groundswell.model import FeedSpec

BYTE_LIMIT = 5_000_000
FEED_LIMIT = 10_000
_DEPTH_LIMIT = 50


class OpmlError(ValueError):
    """A file that is no usable OPML, in one line."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed that a list names: its address, its title and the heading that it stands under, where there are any."""

    url: str
    title: str
    topic: str


def outline_of(url: str, title: str = "") -> Outline:
    """The feed at ``url``. Raises ``BadInputError`` for what is no web address."""
    fit = address(url)
    if fit is None:
        raise BadInputError(f"{url[:80]!r} is not the address of a feed; give one with http:// or https://")
    return Outline(fit, plain_text(title, TITLE_LIMIT), "")


def read_opml(body: bytes) -> tuple[tuple[Outline, ...], tuple[str, ...]]:
    """Read the feeds of a list, each address once, and a line on each that was left out.

    Nothing is opened and no entity expanded. Raises ``OpmlError`` for what is no OPML, is not well formed, or is beyond
    5 MB, 10,000 feeds or 50 headings within headings.
    """
    if len(body) > BYTE_LIMIT:
        raise OpmlError(f"it is larger than {BYTE_LIMIT // 1_000_000} MB")
    reader = _Reader()
    try:
        reader.read(repaired(characters(body, "")))
    except RepairError as error:
        raise OpmlError(str(error)) from None
    except expat.ExpatError as error:
        raise OpmlError(f"it is not well-formed XML (line {error.lineno})") from None
    if not reader.opml:
        raise OpmlError("it has no opml element")
    return tuple(reader.found.values()), tuple(reader.problems)


def write_opml(feeds: Iterable[FeedSpec]) -> str:
    """Write feeds as an OPML 2.0 list, under a heading for each topic."""
    by_topic: dict[str, list[FeedSpec]] = {}
    for feed in feeds:
        by_topic.setdefault(feed.topic, []).append(feed)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<opml version="2.0">',
        "  <head><title>Feeds of Groundswell</title></head>",
        "  <body>",
    ]
    for topic, members in by_topic.items():
        lines.append(f'    <outline text="{_quoted(topic or "feeds")}">')
        lines += (
            f'      <outline type="rss" text="{_quoted(feed.publisher)}" xmlUrl="{_quoted(feed.url)}"/>'
            for feed in members
        )
        lines.append("    </outline>")
    return "\n".join((*lines, "  </body>", "</opml>", ""))


def feed_slug(url: str) -> str:
    """A readable slug for the feed at ``url``, the same every time: at most 60 characters of a-z, 0-9 and hyphen."""
    words = re.sub(r"[^a-z0-9]+", "-", re.sub(r"^https?://(?:www\.)?", "", url.lower())).strip("-")
    return words if len(words) <= 60 else f"{words[:51].rstrip('-')}-{blake2b(url.encode(), digest_size=4).hexdigest()}"


class _Reader:
    def __init__(self) -> None:
        self.opml = False
        self.found: dict[str, Outline] = {}
        self.problems: list[str] = []
        self._headings: list[str] = []
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def read(self, xml: str) -> None:
        self._parser.Parse(xml, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.opml = self.opml or name.lower() == "opml"
        if name.lower() != "outline":
            return
        given = {key.lower(): value for key, value in attributes.items()}
        title = plain_text(given.get("title") or given.get("text") or "", TITLE_LIMIT)
        if "xmlurl" in given:
            self._take(given["xmlurl"], title)
        self._headings.append("" if "xmlurl" in given else title)
        if len(self._headings) > _DEPTH_LIMIT:
            raise OpmlError(f"it is nested more than {_DEPTH_LIMIT} deep")

    def _end(self, name: str) -> None:
        if name.lower() == "outline":
            self._headings.pop()

    def _take(self, url: str, title: str) -> None:
        fit = address(url)
        if fit is None:
            self.problems.append(f"{plain_text(url, 80) or 'an empty address'} is no http or https address")
        elif len(self.found) >= FEED_LIMIT:
            raise OpmlError(f"it names more than {FEED_LIMIT:,} feeds")
        else:
            topic = next((heading for heading in reversed(self._headings) if heading), "")
            self.found.setdefault(fit, Outline(fit, title, topic))


def _quoted(text: str) -> str:
    return html.escape(text, quote=True)
