"""Sitemaps for crawlers, by the sitemap protocol 0.9 and its news extension."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from xml.etree import ElementTree as ET

from groundswell.model import Story
from groundswell.web.xml import remove_invalid_characters

SITEMAP_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS_NAMESPACE = "http://www.google.com/schemas/sitemap-news/0.9"
MAX_ADDRESSES = 50_000  # limit of the protocol for one sitemap


def write_index(sitemaps: Iterable[str]) -> bytes:
    """Write the index of sitemaps, given by their addresses."""
    root = ET.Element("sitemapindex", {"xmlns": SITEMAP_NAMESPACE})
    for url in sitemaps:
        ET.SubElement(ET.SubElement(root, "sitemap"), "loc").text = url
    return _serialize(root)


def write_pages(addresses: Iterable[tuple[str, date | None]]) -> bytes:
    """Write a sitemap of addresses, each with the date of its last change where that is known."""
    root = ET.Element("urlset", {"xmlns": SITEMAP_NAMESPACE})
    for url, changed in addresses:
        entry = ET.SubElement(root, "url")
        ET.SubElement(entry, "loc").text = url
        if changed is not None:
            ET.SubElement(entry, "lastmod").text = changed.isoformat()
    return _serialize(root)


def write_news(stories: Iterable[tuple[str, Story]], publication: str) -> bytes:
    """Write a news sitemap of stories with headline and time. ``publication`` is the name of the site."""
    root = ET.Element("urlset", {"xmlns": SITEMAP_NAMESPACE, "xmlns:news": NEWS_NAMESPACE})
    for url, story in stories:
        entry = ET.SubElement(root, "url")
        ET.SubElement(entry, "loc").text = url
        news = ET.SubElement(entry, "news:news")
        source = ET.SubElement(news, "news:publication")
        ET.SubElement(source, "news:name").text = publication
        ET.SubElement(source, "news:language").text = "en"
        ET.SubElement(news, "news:publication_date").text = story.first_at.isoformat(timespec="seconds")
        ET.SubElement(news, "news:title").text = remove_invalid_characters(story.headline)
    return _serialize(root)


def _serialize(root: ET.Element) -> bytes:
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document
