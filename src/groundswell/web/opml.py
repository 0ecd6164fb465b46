"""The feeds behind the site as OPML 2.0, which feed readers take over."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from groundswell.types import UpstreamState
from groundswell.web.syndication import NOT_XML


def subscriptions(feeds: Iterable[UpstreamState], home: str) -> bytes:
    """The feeds that are on, by topic."""
    root = ET.Element("opml", {"version": "2.0"})
    head = ET.SubElement(root, "head")
    ET.SubElement(head, "title").text = "Feeds of Groundswell"
    ET.SubElement(head, "docs").text = "http://opml.org/spec2.opml"
    ET.SubElement(head, "ownerId").text = home
    body = ET.SubElement(root, "body")
    topics: dict[str, ET.Element] = {}
    for feed in sorted((one for one in feeds if one.enabled), key=lambda one: (one.topic, one.title)):
        if feed.topic not in topics:
            topics[feed.topic] = ET.SubElement(body, "outline", {"text": NOT_XML.sub("", feed.topic or "other")})
        title = NOT_XML.sub("", feed.title)
        described = {"type": "rss", "text": title, "title": title, "xmlUrl": NOT_XML.sub("", feed.address)}
        ET.SubElement(topics[feed.topic], "outline", described)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document
