"""Maps of the site for crawlers, by the sitemap protocol 0.9 and its extension for news."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from xml.etree import ElementTree as ET

from groundswell.model import Story
from groundswell.web.xml import NOT_XML

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
MOST = 50_000  # addresses that one map may hold


def index(maps: Iterable[str]) -> bytes:
    """The list of maps."""
    root = ET.Element("sitemapindex", {"xmlns": SITEMAP})
    for url in maps:
        ET.SubElement(ET.SubElement(root, "sitemap"), "loc").text = url
    return _written(root)


def pages(addresses: Iterable[tuple[str, date | None]]) -> bytes:
    """A map of addresses, each with the day of its last change where that is known."""
    root = ET.Element("urlset", {"xmlns": SITEMAP})
    for url, changed in addresses:
        entry = ET.SubElement(root, "url")
        ET.SubElement(entry, "loc").text = url
        if changed is not None:
            ET.SubElement(entry, "lastmod").text = changed.isoformat()
    return _written(root)


def news(stories: Iterable[tuple[str, Story]], name: str) -> bytes:
    """A map of stories with headline and time, under the name of the publication."""
    root = ET.Element("urlset", {"xmlns": SITEMAP, "xmlns:news": NEWS})
    for url, story in stories:
        entry = ET.SubElement(root, "url")
        ET.SubElement(entry, "loc").text = url
        told = ET.SubElement(entry, "news:news")
        publication = ET.SubElement(told, "news:publication")
        ET.SubElement(publication, "news:name").text = name
        ET.SubElement(publication, "news:language").text = "en"
        ET.SubElement(told, "news:publication_date").text = story.first_at.isoformat(timespec="seconds")
        ET.SubElement(told, "news:title").text = NOT_XML.sub("", story.headline)
    return _written(root)


def _written(root: ET.Element) -> bytes:
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document
