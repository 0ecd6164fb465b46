"""Lists of feeds: safe to read, and unchanged after writing and reading."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.errors import BadInputError
from groundswell.feeds.default_feeds import load_default_feeds
from groundswell.feeds.opml import (
    MAX_BYTES,
    MAX_FEEDS,
    OpmlError,
    build_feed_slug,
    build_outline,
    read_opml,
    write_opml,
)
from groundswell.model import FeedSpec

LIST = """<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE opml><opml version="1.1"><head/><body>
<outline text="Banks &amp; more"><outline text="S&P" title="Über &lt;b&gt;S&amp;P&lt;/b&gt;" xmlUrl="https://a.example/rss"/>
<outline text="deeper"><outline XMLURL=" https://b.example/rss "/></outline>
<outline text="again" xmlUrl="https://a.example/rss"/></outline>
<outline text="Post" xmlUrl="http://c.example/x?a=1&amp;b=2"/><outline text="bad" xmlUrl="javascript:alert(1)"/>
<outline text="none" xmlUrl=""/><outline text="file" xmlUrl="file:///etc/hostname"/></body></opml>"""


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "utf-16"])
def test_a_list_is_read_with_its_headings(encoding):
    outlines, problems = read_opml(LIST.format(encoding=encoding).encode(encoding))
    assert [(one.url, one.title, one.topic) for one in outlines] == [
        ("https://a.example/rss", "Über S&P", "Banks & more"),
        ("https://b.example/rss", "", "deeper"),
        ("http://c.example/x?a=1&b=2", "Post", ""),
    ]
    assert [problem.split(" is no")[0] for problem in problems] == [
        "javascript:alert(1)",
        "an empty address",
        "file:///etc/hostname",
    ]


def outline(count):
    return "".join(f'<outline xmlUrl="https://a.example/{place}"/>' for place in range(count))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "well-formed"),
        ("<html/>", "no opml element"),
        ("<opml><outline></opml>", "not well-formed XML"),
        ('<!DOCTYPE opml [<!ENTITY a "x"><!ENTITY b SYSTEM "file:///etc/hostname">]><!DOCTYPE x><opml/>', "entities"),
        ("<opml>" + "<outline>" * 100_000, "nested more than 50 deep"),
        ("<opml>" + outline(MAX_FEEDS + 1) + "</opml>", "more than 10,000 feeds"),
        ("<opml>" + " " * MAX_BYTES + "</opml>", "larger than 5 MB"),
    ],
)
def test_an_unusable_list_is_reported_in_one_line(body, reason):
    with pytest.raises(OpmlError, match=reason):
        read_opml(body.encode())


def test_entities_are_never_expanded():
    bomb = '<!DOCTYPE opml [<!ENTITY a "https://a.example/"><!ENTITY b SYSTEM "file:///etc/hostname">]>'
    outlines, _ = read_opml(f'{bomb}<opml><outline text="&b;" xmlUrl="https://x.example/&a;"/></opml>'.encode())
    assert [(one.url, one.title) for one in outlines] == [("https://x.example/&a;", "&b;")]


@given(
    st.lists(st.tuples(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1)), max_size=5)
)
def test_what_is_written_is_read_again(titles):
    feeds = [
        FeedSpec(f"s{place}", title, f"https://a.example/{place}?a=1&b='2'", "t", True, 30, "", place % 2 == 1)
        for place, (title,) in enumerate(titles)
    ]
    outlines, problems = read_opml(write_opml(feeds).encode())
    assert [one.url for one in outlines] == [feed.url for feed in feeds]
    assert [one.aggregator or False for one in outlines] == [feed.aggregator for feed in feeds]
    assert problems == ()


def test_the_packaged_feeds_survive_a_round_trip():
    outlines, problems = read_opml(write_opml(load_default_feeds()).encode())
    assert {(one.url, one.title, one.topic) for one in outlines} == {
        (feed.url, feed.publisher, feed.topic) for feed in load_default_feeds()
    }
    assert problems == ()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("news.example", "https://news.example"),
        (" News.example/rss ", "https://News.example/rss"),
        ("news.example:8443/rss?a=b", "https://news.example:8443/rss?a=b"),
        ("news.example?feed=rss2", "https://news.example?feed=rss2"),
        ("feed://news.example/rss", "https://news.example/rss"),
        ("feed:http://news.example/rss", "http://news.example/rss"),
        ("FEED:https://news.example/rss", "https://news.example/rss"),
        ("http://news.example/rss", "http://news.example/rss"),
        ("b\u00fccher.example", "https://xn--bcher-kva.example"),
    ],
)
def test_an_address_may_be_given_as_in_a_browser(text, address):
    assert build_outline(text).url == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "news",
        "feed:",
        "feed.xml",
        "./a.opml",
        "feeds/a.json",
        "a b.example",
        "me@news.example",
        "a.b:c",
        "file:///a.b",
    ],
)
def test_other_words_are_no_address(text):
    with pytest.raises(BadInputError, match="is not the address of a feed"):
        build_outline(text)


@given(st.text())
def test_slugs_have_one_shape(text):
    slug = build_feed_slug(f"https://a.example/{text}")
    assert slug == build_feed_slug(f"https://a.example/{text}")
    assert len(slug) <= 60
    assert slug.startswith("a-example")


@given(st.binary(max_size=200))
def test_no_body_raises_anything_else(body):
    with suppress(OpmlError):
        read_opml(body)
