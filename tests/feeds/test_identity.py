"""Which entries are the same article."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.feeds.identity import build_article, canonicalize_address, compute_article_id
from groundswell.model import Entry, Origin

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
NOON = datetime(2026, 8, 17, 12, tzinfo=UTC)
ENTRY = Entry("wire", "g1", "Rates cut", "", "Wire", "https://a.example/x", NOON)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://A.Example/Path", "a.example/Path"),
        ("http://a.example:80/p/#part", "a.example/p"),
        ("https://a.example:443/p", "a.example/p"),
        ("https://a.example:8443/p", "a.example:8443/p"),
        ("https://www.a.example/p", "www.a.example/p"),
        ("https://a.example/p?b=2&utm_source=x&a=1&fbclid=z&gclid", "a.example/p?a=1&b=2"),
        ("https://a.example/p?utm_medium=rss", "a.example/p"),
        ("https://a.example/p?", "a.example/p"),
        ("http://[2001:DB8::1]:80/p", "[2001:db8::1]/p"),
        ("http://[2001:db8::1]:8080/p", "[2001:db8::1]:8080/p"),  # not the host that ends in 1:8080
    ],
)
def test_canonical_addresses(url, canonical):
    assert canonicalize_address(url) == canonical


def test_the_address_decides_before_guid_and_feed():
    assert compute_article_id(ENTRY) == compute_article_id(
        replace(ENTRY, feed="other", guid="g2", url="http://A.example/x?utm_id=1")
    )
    assert compute_article_id(ENTRY) != compute_article_id(replace(ENTRY, url="https://a.example/y"))


@pytest.mark.parametrize("url", [None, "https://a.example/"])
def test_without_an_own_address_feed_and_guid_decide(url):
    entry = replace(ENTRY, url=url)
    assert compute_article_id(entry) == compute_article_id(replace(entry, title="Changed"))
    assert compute_article_id(entry) != compute_article_id(replace(entry, feed="other"))
    assert compute_article_id(entry) != compute_article_id(replace(entry, guid="g2"))


def test_without_guid_feed_title_and_day_decide():
    entry = replace(ENTRY, url=None, guid="")
    assert compute_article_id(entry) == compute_article_id(replace(entry, published_at=NOON.replace(hour=20)))
    assert compute_article_id(entry) != compute_article_id(replace(entry, published_at=NOON.replace(day=18)))
    assert compute_article_id(entry) != compute_article_id(replace(entry, published_at=None))


@given(TEXT, TEXT)
def test_ids_have_one_shape(feed, guid):
    entry = Entry(feed, guid, "t", "", "p", None, None)
    assert re.fullmatch("[a-z2-7]{16}", compute_article_id(entry))
    assert compute_article_id(entry) == compute_article_id(replace(entry))


def test_an_article_keeps_what_its_entry_says():
    article = build_article(ENTRY, NOON, Origin.LIVE)
    assert (article.title, article.url, article.at, article.origin) == ("Rates cut", ENTRY.url, NOON, Origin.LIVE)
