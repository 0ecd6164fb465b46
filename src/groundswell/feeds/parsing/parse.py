"""Parse feeds: RSS of every version, Atom and CDF as XML, and JSON Feed."""

from __future__ import annotations

from groundswell.feeds.parsing.encoding import decode_feed
from groundswell.feeds.parsing.items import ParsedFeed, build_parsed_feed
from groundswell.feeds.parsing.json_feed import parse_json_feed
from groundswell.feeds.parsing.sanitize import to_plain_text
from groundswell.feeds.parsing.titles import clean_title
from groundswell.feeds.parsing.xml_feed.document import Document, read_document
from groundswell.feeds.parsing.xml_feed.limits import MAX_ITEMS, XmlLimitError
from groundswell.feeds.parsing.xml_feed.repair import RepairError, repair_xml
from groundswell.feeds.parsing.xml_feed.salvage import salvage_document
from groundswell.fetch.refresh_hints import read_feed_minutes
from groundswell.log import log_program_error
from groundswell.model import FeedSpec

_MAX_WORDS_CHARACTERS = 200


def parse_feed(body: bytes, content_type: str, feed: FeedSpec) -> ParsedFeed:
    """Parse the body of ``feed``, whose slug, publisher and address are used, into clean entries.

    Never raises: a bad item is left out and reported in ``problems``, and ``malformed`` is set for a body that is not a
    feed or on which the program failed. At most 1,000 items are read. No address is opened, no entity expanded. Time
    and memory grow linearly with the body: less than half a second of processor time per megabyte in the worst known
    cases.
    """
    try:
        return _parse(body, content_type, feed)
    except Exception as error:  # what one feed sends must not stop the others
        return ParsedFeed(malformed=log_program_error(feed.slug, error), is_program_error=True)


def _parse(body: bytes, content_type: str, feed: FeedSpec) -> ParsedFeed:
    start = body[:100].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        return ParsedFeed(malformed="the body is empty")
    if start.startswith((b"{", b"[")):
        return parse_json_feed(decode_feed(body, content_type), feed)
    try:
        xml = repair_xml(decode_feed(body, content_type))
    except RepairError as error:
        return ParsedFeed(malformed=str(error))
    document, problems = _read_or_salvage(xml, feed)
    if document is None:
        is_html = "<html" in xml[:2_000].lower()
        return ParsedFeed(malformed="the body is an HTML page, not a feed" if is_html else "the body is not a feed")
    return _build(document, problems, feed)


def _read_or_salvage(xml: str, feed: FeedSpec) -> tuple[Document | None, tuple[str, ...]]:
    """Return the feed and a line about what was wrong with its XML."""
    try:
        return read_document(xml, feed.url), ()
    except XmlLimitError as error:
        fault = f"the XML {error}"
        document = salvage_document(xml, feed.url)
    except Exception as error:  # the plain reader keeps the good items
        document = salvage_document(xml, feed.url)
        fault = log_program_error(feed.slug, error)
    if document and document.errors:
        log_program_error(f"{feed.slug}, {len(document.errors)} items", document.errors[0])
    return document, (f"{fault}; its first items, at most {MAX_ITEMS:,}, were read one by one",)


def _build(document: Document, problems: tuple[str, ...], feed: FeedSpec) -> ParsedFeed:
    channel = document.channel
    hint = read_feed_minutes(channel.ttl, channel.update_period, channel.update_frequency)
    title = clean_title(channel.title.text, channel.title.form)
    words = to_plain_text(channel.words.text, _MAX_WORDS_CHARACTERS)
    return build_parsed_feed(document.items, feed, title, problems, hint=hint, words=words)
