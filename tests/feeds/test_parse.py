"""Feeds of every vintage, good and bad."""

import json
import warnings
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.feeds.parsing.parse import parse_feed
from groundswell.feeds.parsing.xml_feed.limits import MAX_DEPTH, MAX_ITEMS, MAX_PARTS
from groundswell.model import FeedSpec

FEED = FeedSpec("wire", "Wire", "https://feed.example/rss", "fomc", True, 15, "")


def parse(body, content_type=""):
    return parse_feed(body if isinstance(body, bytes) else body.encode(), content_type, FEED)


def rss(items, head='<rss version="2.0">'):
    return f"{head}<channel><title>Channel</title>{items}</channel></rss>"


def titles(parsed):
    return [entry.title for entry in parsed.entries]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("S&P 500", "S&P 500"),
        ("AT&T up", "AT&T up"),
        ("R&D", "R&D"),
        ("R&D; more", "R&D; more"),
        ("S&amp;P 500", "S&P 500"),
        ("AT&amp;amp;T", "AT&T"),
        ("<![CDATA[S&P 500 & AT&T]]>", "S&P 500 & AT&T"),
        ("<![CDATA[M&amp;A]]>", "M&A"),
        ("Caf&eacute;&nbsp;open", "Café open"),
        ("a &unknown; b", "a &unknown; b"),
        ("bell &#7;&#x1F;&#65;", "bell A"),
        ('<a href="https://x.example/">Nested</a>', "Nested"),
        ("&lt;b&gt;Bold&lt;/b&gt;", "Bold"),
    ],
)
def test_titles_keep_their_ampersands(written, read):
    parsed = parse(rss(f"<item><title>{written}</title></item>"))
    assert (titles(parsed), parsed.malformed, parsed.problems) == ([read], "", ())


def test_rss_2_with_everything():
    parsed = parse(
        rss(
            "<item><title>Rates cut</title><link>https://a.example/1?a=1&amp;b=2</link><guid>g1</guid>"
            "<description>&lt;p&gt;One&lt;/p&gt;</description><pubDate>Mon, 17 Aug 2026 08:30:00 EDT</pubDate></item>"
        )
    )
    entry = parsed.entries[0]
    assert (entry.feed, entry.publisher, entry.text, entry.day_only) == ("wire", "Wire", "One", False)
    assert entry.url == "https://a.example/1?a=1&b=2"
    assert entry.published_at == datetime(2026, 8, 17, 12, 30, tzinfo=UTC)


def test_rss_1_with_a_bare_day():
    parsed = parse(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>c</title></channel>'
        '<item rdf:about="https://b.example/1"><title>Speech</title><link>https://b.example/1</link>'
        "<dc:date>2026-08-17</dc:date></item></rdf:RDF>"
    )
    assert [(entry.title, entry.day_only) for entry in parsed.entries] == [("Speech", True)]


def test_rss_091_with_its_document_type():
    head = '<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://n.example/rss.dtd"><rss version="0.91">'
    assert titles(parse(rss("<item><title>Old</title></item>", head))) == ["Old"]


def test_atom_with_content_and_updated_only():
    parsed = parse(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><title type="html">M&amp;amp;A</title>'
        '<id>urn:1</id><link href="/1"/><updated>2026-08-17T10:00:00-04:00</updated>'
        '<content type="html">&lt;p&gt;Hi&lt;/p&gt;</content></entry></feed>'
    )
    entry = parsed.entries[0]
    assert (entry.title, entry.guid, entry.url, entry.text) == ("M&A", "urn:1", "https://feed.example/1", "Hi")
    assert entry.published_at == datetime(2026, 8, 17, 14, tzinfo=UTC)


def test_json_feed():
    items = [
        {"id": 1, "title": "x", "url": "https://a.example/c", "date_published": "2026-08-17T10:00:00Z"},
        3,
        {"id": "2"},
        {"id": "4", "content_html": "<p>Only text</p>", "external_url": "javascript:x"},
    ]
    body = "\ufeff" + json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": items})
    parsed = parse(body, "application/feed+json")
    assert [(entry.title, entry.guid, entry.url) for entry in parsed.entries] == [
        ("x", "1", "https://a.example/c"),
        ("Only text", "4", None),
    ]
    assert parsed.problems == (
        "item 2 is not an object",
        "item 2 has no title, text or link and was left out",
    )


def test_an_aggregators_item_names_its_source_apart_from_the_publisher():
    parsed = parse(rss('<item><title>Banks rise - Post</title><source url="https://p.example">Post</source></item>'))
    (entry,) = parsed.entries
    assert (entry.title, entry.publisher) == ("Banks rise", "Wire")
    assert (entry.source, entry.source_url) == ("Post", "https://p.example")


def test_the_articles_own_address_is_preferred_to_a_counter_of_clicks():
    parsed = parse(
        rss(
            "<item><title>Banks rise</title><link>https://counter.example/~r/1</link>"
            "<feedburner:origLink>https://p.example/banks</feedburner:origLink></item>",
            '<rss version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">',
        )
    )
    assert [entry.url for entry in parsed.entries] == ["https://p.example/banks"]


@pytest.mark.parametrize(
    ("link", "guid", "expected"),
    [
        ("https://feeds.feedburner.com/~r/p/1", "https://p.example/banks", "https://p.example/banks"),
        ("https://news.google.com/rss/articles/1", "CB1", "https://news.google.com/rss/articles/1"),
        (
            "https://feedproxy.google.com/~r/p/1",
            "https://feeds.feedburner.com/1",
            "https://feedproxy.google.com/~r/p/1",
        ),
        ("https://p.example/banks", "https://other.example/1", "https://p.example/banks"),
    ],
)
def test_behind_a_tracker_a_guid_that_is_an_address_is_the_articles(link, guid, expected):
    (entry,) = parse(rss(f"<item><title>Banks rise</title><link>{link}</link><guid>{guid}</guid></item>")).entries
    assert entry.url == expected


def test_a_bad_item_never_costs_the_good_ones():
    broken = "<item></item><item><title>Cut & </b></title></item>"
    parsed = parse(rss(f"<item><title>First</title></item>{broken}<item><title>Last</title></item>"))
    assert "First" in titles(parsed)
    assert "Last" in titles(parsed)
    assert any("no title, text or link" in problem for problem in parsed.problems)
    assert any("not well formed" in problem for problem in parsed.problems)


@pytest.mark.parametrize(
    ("encoding", "declared"), [("utf-8", "utf-8"), ("cp1252", "windows-1252"), ("utf-16", "utf-16")]
)
def test_encodings(encoding, declared):
    body = f'<?xml version="1.0" encoding="{declared}"?>' + rss("<item><title>Café “R&D”</title></item>")
    assert titles(parse(body.encode(encoding), "text/xml")) == ["Café “R&D”"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"hello", "not a feed"),
        (b"<!doctype html><html><body>&nbsp;no</body></html>", "HTML page"),
        (b"\xff\xfe\x00\x01\xff", "not a feed"),
        (b'{"a": 1}', "not a JSON Feed"),
        (b"[1]", "not a JSON Feed"),
        (b'{"items": ', "not valid JSON"),
        (b"{" * 100, "not valid JSON"),
        (b'{"a":' * 100_000, "not valid JSON"),
        (b"{\xff}", "not valid JSON"),
    ],
)
def test_a_body_that_is_no_feed_is_reported_in_one_line(body, reason):
    parsed = parse(body)
    assert reason in parsed.malformed
    assert "\n" not in parsed.malformed
    assert parsed.entries == ()


def test_entities_are_never_expanded():
    bomb = '<!DOCTYPE rss [<!ENTITY a "xxxxxxxx"><!ENTITY b SYSTEM "file:///etc/hostname">]>'
    assert titles(parse(bomb + rss("<item><title>t &a;&b;</title></item>"))) == ["t &a;&b;"]


def test_a_document_type_that_cannot_be_removed_is_refused():
    twice = "<!DOCTYPE rss><!DOCTYPE rss>" + rss("")
    assert "document type" in parse(twice).malformed


def test_a_long_feed_is_cut():
    parsed = parse(rss("<item><title>x</title></item>" * (MAX_ITEMS + 1)))
    assert len(parsed.entries) == MAX_ITEMS
    assert "more than 1,000 items" in parsed.problems[0]


BEYOND = {
    "cut off": "<item><title>Third</title><![CDATA[" + "x" * 1_000_000,
    "too deep": "<item><title>Third</title>" + "<b>" * MAX_DEPTH + "</b>" * MAX_DEPTH + "</item>",
    "too many elements": "<item><title>Third</title>" + "<a/>" * MAX_PARTS + "</item>",
    "too many attributes": "<item><title>Third</title><a "
    + " ".join(f'a{n}=""' for n in range(MAX_PARTS))
    + "/></item>",
    "too many namespaces": "<item><title>Third</title><a "
    + " ".join(f'xmlns:a{n}="u"' for n in range(MAX_PARTS))
    + "/></item>",
    "crossed tags": "<item><title>Third<b></title></b></item>",
    "no end of the title": "<item><title>Third<link>https://a.example/3</link></item>",
    "no end of the item": "<item><title>Third</title>",
    "a tag like no other": "<item><title>Third</title><1bad x=<></item>",
    "an unquoted attribute": "<item><title>Third</title><a href=x>y</a></item>",
    "a second root": "<item><title>Third</title></item></channel></rss><rss><channel>",
    "a comparison": "<item><title>Third</title><description>x < y</description></item>",
}


@pytest.mark.parametrize("broken", BEYOND.values(), ids=BEYOND.keys())
def test_the_items_around_a_bad_one_are_read(broken):
    first = "<item><title>First &amp; foremost</title><link>/1</link><guid isPermaLink='false'>g1</guid></item>"
    second = (
        "<item><title><![CDATA[<i>Second</i> & M&amp;A]]></title><pubDate>Mon, 17 Aug 2026 08:30 GMT</pubDate></item>"
    )
    last = "<item><title>Last</title><guid>https://a.example/last</guid></item>"
    parsed = parse(rss(first + second + broken + last))
    assert titles(parsed)[:3] == ["First & foremost", "Second & M&A", "Third"]
    assert titles(parsed)[3:] in (["Last"], [])  # the content of an endless section is lost
    assert parsed.entries[0].url == "https://feed.example/1"
    assert parsed.entries[0].guid == "g1"
    assert parsed.entries[1].published_at == datetime(2026, 8, 17, 8, 30, tzinfo=UTC)
    assert "were read one by one" in parsed.problems[0]
    if titles(parsed)[3:]:
        assert parsed.entries[-1].url == "https://a.example/last"


def test_a_broken_atom_feed_keeps_its_links_and_dates():
    parsed = parse(
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>A</a:title><a:entry>'
        '<a:title type="html">Oil &amp;amp; gas</a:title><a:link rel="self" href="/no"/>'
        '<a:link href="/1?a=1&b=2"/><a:id>urn:1</a:id>'
        "<a:updated>2026-08-17T10:00:00Z</a:updated><a:source><a:title>Post</a:title></a:source>"
        "<a:content>Text</a:content></a:oops></a:entry></a:feed>"
    )
    (entry,) = parsed.entries
    assert (entry.title, entry.guid, entry.url, entry.text) == (
        "Oil & gas",
        "urn:1",
        "https://feed.example/1?a=1&b=2",
        "Text",
    )
    assert entry.published_at == datetime(2026, 8, 17, 10, tzinfo=UTC)


def test_an_item_in_another_items_text_is_text():
    inside = "<item><title>a</title><description><![CDATA[<item><title>no</title></item>]]></description></item>"
    assert titles(parse(rss(inside + "<item><title>b</title></oops></item>"))) == ["a", "b"]


def test_a_huge_sound_feed_is_read_whole():
    body = rss(
        f"<item><title>First</title><category>{'x' * 3_000_000}</category></item><item><title>Last</title></item>"
    )
    assert titles(parse(body)) == ["First", "Last"]


def test_more_ampersands_than_a_feed_has_are_refused():
    assert "500,000 ampersands" in parse(rss("<item><title>x</title></item>" + "&" * 500_001)).malformed


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300), st.booleans())
def test_no_body_raises_or_warns(body, wrapped):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        parsed = parse(b"<rss version='2.0'><channel><item><title>" + body if wrapped else body)
    assert all(entry.title for entry in parsed.entries)
