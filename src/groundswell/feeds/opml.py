"""Read and write lists of feeds in OPML, the format that feed readers exchange."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from xml.parsers import expat

from groundswell.errors import BadInputError
from groundswell.feeds.parsing.encoding import decode_feed
from groundswell.feeds.parsing.sanitize import MAX_ENTRY_TITLE_CHARACTERS, to_plain_text
from groundswell.feeds.parsing.xml_feed.repair import RepairError, repair_xml
from groundswell.fetch.urls import safe_address
from groundswell.model import FeedSpec
from groundswell.redaction import redact_address

MAX_BYTES = 5_000_000
MAX_FEEDS = 10_000
_MAX_DEPTH = 50
_AGGREGATOR = ' aggregator="true"'


class OpmlError(ValueError):
    """An unusable OPML file; the message is one line."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed in a list: its address, its title and its topic (the nearest heading), which may be empty.

    ``aggregator`` is whether it is marked as one; None says nothing.
    """

    url: str
    title: str
    topic: str
    aggregator: bool | None = None


def build_outline(url: str, title: str = "", aggregator: bool | None = None) -> Outline:
    """Return the outline of the feed at ``url``. Raises ``BadInputError`` if that is not a web address.

    As in a browser, https may be left out. ``feed:`` stands for it too.
    """
    safe_url = safe_address(_add_scheme(url.strip()))
    if safe_url is None:
        raise BadInputError(f"{redact_address(url)[:80]!r} is not the address of a feed; {_explain_refusal(url)}")
    return Outline(safe_url, to_plain_text(title, MAX_ENTRY_TITLE_CHARACTERS), "", aggregator)


def read_opml(body: bytes) -> tuple[tuple[Outline, ...], tuple[str, ...]]:
    """Return the feeds of a list, each address once, and a line about each feed that was left out.

    No address is opened and no entity expanded. Raises ``OpmlError`` if the file is not OPML, is not well formed, or
    has more than 5 MB, 10,000 feeds or 50 nested headings.
    """
    if len(body) > MAX_BYTES:
        raise OpmlError(f"it is larger than {MAX_BYTES // 1_000_000} MB")
    reader = _Reader()
    try:
        reader.read(repair_xml(decode_feed(body, "")))
    except RepairError as error:
        raise OpmlError(str(error)) from None
    except expat.ExpatError as error:
        raise OpmlError(f"it is not well-formed XML (line {error.lineno})") from None
    if not reader.has_opml_element:
        raise OpmlError("it has no opml element")
    return tuple(reader.feeds.values()), tuple(reader.problems)


def write_opml(feeds: Iterable[FeedSpec]) -> str:
    """Return feeds as an OPML 2.0 list, with a heading for each topic."""
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
        lines.append(f'    <outline text="{_escape(topic or "feeds")}">')
        lines += (
            f'      <outline type="rss" text="{_escape(feed.publisher)}" xmlUrl="{_escape(feed.url)}"'
            f"{_AGGREGATOR if feed.aggregator else ''}/>"
            for feed in members
        )
        lines.append("    </outline>")
    return "\n".join((*lines, "  </body>", "</opml>", ""))


def build_feed_slug(url: str) -> str:
    """Return a readable, stable slug for the feed at ``url``: at most 60 characters of a-z, 0-9 and hyphen.

    Everybody sees slugs: parts of the address that may be secret, such as the query, are replaced by a digest.
    """
    public = redact_address(url)
    words = re.sub(r"[^a-z0-9]+", "-", re.sub(r"^https?://(?:www\.)?", "", public.lower())).strip("-")
    if len(words) <= 60 and public == url:
        return words
    return f"{words[:51].rstrip('-')}-{blake2b(url.encode(), digest_size=4).hexdigest()}"


class _Reader:
    """Collects the feeds of a list while expat parses it."""

    def __init__(self) -> None:
        self.has_opml_element = False
        self.feeds: dict[str, Outline] = {}
        self.problems: list[str] = []
        self._headings: list[str] = []
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def read(self, xml: str) -> None:
        self._parser.Parse(xml, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.has_opml_element = self.has_opml_element or name.lower() == "opml"
        if name.lower() != "outline":
            return
        lower_attributes = {key.lower(): value for key, value in attributes.items()}
        title = to_plain_text(
            lower_attributes.get("title") or lower_attributes.get("text") or "", MAX_ENTRY_TITLE_CHARACTERS
        )
        if "xmlurl" in lower_attributes:
            self._add_feed(lower_attributes["xmlurl"], title, lower_attributes.get("aggregator", ""))
        self._headings.append("" if "xmlurl" in lower_attributes else title)
        if len(self._headings) > _MAX_DEPTH:
            raise OpmlError(f"it is nested more than {_MAX_DEPTH} deep")

    def _end(self, name: str) -> None:
        if name.lower() == "outline":
            self._headings.pop()

    def _add_feed(self, url: str, title: str, mark: str) -> None:
        safe_url = safe_address(url)
        if safe_url is None:
            shown = to_plain_text(redact_address(url), 80) or "an empty address"
            self.problems.append(f"{shown} is not the address of a feed; {_explain_refusal(url)}")
        elif len(self.feeds) >= MAX_FEEDS:
            raise OpmlError(f"it names more than {MAX_FEEDS:,} feeds")
        else:
            topic = next((heading for heading in reversed(self._headings) if heading), "")
            aggregator = {"true": True, "false": False}.get(mark.strip().lower())
            self.feeds.setdefault(safe_url, Outline(safe_url, title, topic, aggregator))


def _add_scheme(url: str) -> str:
    if found := re.fullmatch(r"feed:(?://)?(https?://)?(.+)", url, re.IGNORECASE):
        return f"{found[1] or 'https://'}{found[2]}"
    host = re.match(r"[^\s/:@?#]+\.([^\s/:@?#.]{2,})(?::\d+)?(?=[/?#]|$)", url)
    is_file = host is not None and host[1].lower() in {"xml", "rss", "atom", "json", "opml", "html", "htm"}
    return f"https://{url}" if host and not is_file else url


def _explain_refusal(url: str) -> str:
    if re.match(r"https?://[^/?#]*@", url.strip(), re.IGNORECASE):
        return "addresses with a user name or password are not requested"
    return "give one with http:// or https://"


def _escape(text: str) -> str:
    return html.escape(text, quote=True)
