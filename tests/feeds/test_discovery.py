"""The feeds that web pages name, as sites write them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.feeds.discovery import find_named_feeds
from groundswell.fetch.urls import safe_address

SITE = "https://site.example/news/"
RSS = '<link rel="alternate" type="application/rss+xml" title="{}" href="{}">'


def find(page: str, address: str = SITE) -> list[str]:
    return [feed.url for feed in find_named_feeds(page.encode(), "text/html; charset=utf-8", address)]


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        (
            '<link rel="alternate" type="application/rss+xml" href="https://site.example/rss">',
            "https://site.example/rss",
        ),
        ('<LINK REL=Alternate TYPE="Application/RSS+XML" HREF="/rss" />', "https://site.example/rss"),
        ("<link href='feed.atom' type='application/atom+xml' rel='alternate'>", "https://site.example/news/feed.atom"),
        ('<link rel="alternate" type="application/feed+json" href="?a=1&amp;b=2">', f"{SITE}?a=1&b=2"),
        ('<link rel="alternate home" type="application/rss+xml; charset=utf-8" href="/a">', "https://site.example/a"),
        (
            '<link rel=alternate type=application/json title="JSON Feed" href=/feed.json>',
            "https://site.example/feed.json",
        ),
        ("<link rel=alternate type=text/xml title=RSS href=/index.xml>", "https://site.example/index.xml"),
        ('<link rel="feed" type="application/atom+xml" href="//cdn.example/a.xml">', "https://cdn.example/a.xml"),
        ('<link\n rel="alternate"\n type="application/rss+xml"\n href="/a"\n>', "https://site.example/a"),
        (
            '<link rel="alternate" type="application/rss+xml" href="https://b\u00fccher.example/a">',
            "https://xn--bcher-kva.example/a",
        ),
        (
            '<base href="https://other.example/x/"><link rel=alternate type=application/rss+xml href=a>',
            "https://other.example/x/a",
        ),
        ('<base href="/x/"><link rel=alternate type=application/rss+xml href=a>', "https://site.example/x/a"),
        ("<base><link rel=alternate type=application/rss+xml href=a>", "https://site.example/news/a"),
    ],
)
def test_a_link_to_a_feed_is_found_as_sites_write_it(tag: str, expected: str) -> None:
    page = f"<!doctype html><html><head><title>News</title>{tag}</head><body>text</body></html>"
    assert find(page) == [expected]


@pytest.mark.parametrize(
    "tag",
    [
        '<link rel="alternate" hreflang="de" href="/de/">',
        '<link rel="stylesheet" type="text/css" href="/feed.css">',
        '<link rel="alternate" type="application/json" title="JSON" href="/wp-json/wp/v2/pages/1">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed?feed=1">',
        '<link rel="search" type="application/opensearchdescription+xml" href="/feed">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:feed()">',
        '<link rel="alternate" type="application/rss+xml" href="http://user@site.example/feed">',
        '<link rel="alternate" type="application/rss+xml">',
        '<!-- <link rel="alternate" type="application/rss+xml" href="/old"> -->',
        '<!-- <link rel="alternate" type="application/rss+xml" href="/old">',
        '<link rel="alternate" type="application/rss+xml" href="http://[::1/feed">',
        '<a rel="alternate" type="application/rss+xml" href="/feed">feed</a>',
        RSS.format("Site &raquo; Comments Feed", "/comments/feed/"),
        RSS.format("Kommentare", "/feed/2"),
    ],
)
def test_other_links_are_no_feeds(tag: str) -> None:
    assert find(f"<html><head>{tag}</head></html>") == []


def test_the_likeliest_feed_comes_first() -> None:
    links = [("All", "/feed/"), ("Comments", "/comments/feed/"), ("News", "/news/feed/"), ("All again", "/feed/")]
    vague = '<link rel=alternate type=text/xml title=feed href="/odd.xml">'
    page = vague + "".join(RSS.format(*link) for link in links)
    assert find(page, "https://site.example/") == [
        f"https://site.example/{p}" for p in ("feed/", "news/feed/", "odd.xml")
    ]
    assert find(page)[0] == "https://site.example/news/feed/"
    article = page + RSS.format("A story &raquo; Comments", "/news/a-story/feed/")
    assert find(article, "https://site.example/news/a-story/")[0] == "https://site.example/feed/"


@given(st.text(max_size=300), st.text(max_size=60), st.text(max_size=60))
def test_any_page_is_read_and_every_address_is_safe(text: str, href: str, base: str) -> None:
    page = f"{text}<base href='{base}'><link rel=alternate type=application/rss+xml href='{href}'>{text}"
    assert all(safe_address(url) == url for url in find(page))


@pytest.mark.parametrize(
    "unit", ["<", "<link ", '<link a="', "<link a=", "<!--", "<link rel=alternate ", "</", "<base/ "]
)
def test_time_grows_linearly_with_the_page(unit: str) -> None:
    page = unit * (1_000_000 // len(unit)) + ">"
    begun = time.process_time()
    find(page)
    assert time.process_time() - begun < 2
