"""Which entries are the same article."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.feeds.identity import build_article, build_articles, canonicalize_address, compute_article_id
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


def made(*items):
    """Articles of entries given as guid, address and title."""
    return build_articles([replace(ENTRY, guid=g, url=u, title=t) for g, u, t in items], NOON, Origin.LIVE)


def test_an_article_listed_twice_is_built_once():
    page = "https://a.example/x"
    assert [article.title for article in made(("g", page, "One"), ("g", page, "One, edited"))] == ["One"]
    assert len(made(("g", page, "One"), ("h", page + "?utm_source=x", "One"))) == 1


@pytest.mark.parametrize("url", ["https://a.example/news", "https://a.example/", None])
def test_one_address_for_all_items_does_not_make_them_one(url):
    assert len(made(("g1", url, "One"), ("g2", url, "Two"), ("g3", url, "Three"))) == 3
    assert len(made(("", url, "One"), ("", url, "Two"), ("", url, "Three"))) == 3
    assert len(made(("g", url, "One"), ("g", url, "Two"), ("g", url, "Three"))) == 3


def test_one_guid_for_all_items_does_not_make_them_one():
    assert len(made(("g", None, "One"), ("g", None, "Two"))) == 2
    assert len(made(("g", "https://a.example/1", "One"), ("g", "https://a.example/2", "Two"))) == 2


def test_new_guids_and_edited_titles_of_a_page_stay_one_article():
    before = made(("g1", "https://a.example/1", "Fed holds"), ("g2", "https://a.example/2", "Two"))
    after = made(("x9", "https://a.example/1", "Fed holds rates (updated)"), ("x8", "https://a.example/2", "Two"))
    assert [article.id for article in before] == [article.id for article in after]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([None, "https://a.example/1"]), TEXT), max_size=8))
def test_ids_are_unique_and_alone_each_entry_keeps_an_id(items):
    articles = made(*items)
    assert len({article.id for article in articles}) == len(articles)
    assert all(made(item)[0].title == item[2] for item in items)
