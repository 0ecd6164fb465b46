"""For whose articles a feed speaks, and whom it may credit."""

from __future__ import annotations

import pytest

from groundswell.feeds.standing import NO_STANDING, judge_feed
from groundswell.fetch.domains import find_owner, is_tracker
from groundswell.model import Entry, FeedSpec, Rank


def feed(url: str, *, aggregator: bool = False) -> FeedSpec:
    return FeedSpec("f", "F", url, "", True, 30, "", aggregator)


@pytest.mark.parametrize(
    ("feed_url", "link", "rank"),
    [
        ("https://www.harbour.example/rss", "https://harbour.example/1", Rank.OWNER),
        ("https://feeds.harbour.co.uk/rss", "https://news.harbour.co.uk/1", Rank.OWNER),
        ("https://other.co.uk/rss", "https://harbour.co.uk/1", Rank.OTHER),
        ("https://blog.example/rss", "https://harbour.example/1", Rank.OTHER),
        ("https://notharbour.example/rss", "https://harbour.example/1", Rank.OTHER),
        ("https://harbour.example.blog.test/rss", "https://harbour.example/1", Rank.OTHER),
        # Shared hosts: everyone owns a name below, nobody the host
        ("https://ann.github.io/feed.xml", "https://ann.github.io/1", Rank.OWNER),
        ("https://bob.github.io/feed.xml", "https://ann.github.io/1", Rank.OTHER),
        ("https://bob.blogspot.com/feeds/posts/default", "https://ann.blogspot.com/1", Rank.OTHER),
        ("https://medium.com/feed/@bob", "https://medium.com/@ann/1", Rank.OTHER),
        ("https://substack.com/feed", "https://ann.substack.com/1", Rank.OTHER),
        ("https://www.gov.uk/rss", "https://www.gov.uk/1", Rank.OWNER),
        # Trackers own nothing, not even what looks like theirs
        ("https://feeds.feedburner.com/bob", "https://feeds.feedburner.com/~r/ann/1", Rank.OTHER),
        ("https://news.google.com/rss/search?q=x", "https://news.google.com/rss/articles/1", Rank.OTHER),
        # Without a domain
        ("https://192.0.2.1/rss", "https://192.0.2.1:443/1", Rank.OWNER),
        ("http://[2001:db8::1]:8080/rss", "http://[2001:db8::1]:8080/1", Rank.OWNER),
        ("http://wiki/rss", "http://wiki/1", Rank.OWNER),
        ("https://192.0.2.1/rss", "https://192.0.2.2/1", Rank.OTHER),
        ("http://localhost:8001/rss", "http://localhost:8002/1", Rank.OTHER),
        ("https://wiki/rss", "https://wiki:99999/1", Rank.OTHER),
        ("https:///rss", "https:///1", Rank.OTHER),
        ("https://harbour.example/rss", None, Rank.OTHER),
    ],
)
def test_the_owner_of_a_link_is_the_feed_of_its_registered_domain(feed_url: str, link: str | None, rank: Rank) -> None:
    assert judge_feed(feed(feed_url)).rank(link) is rank
    assert judge_feed(feed(feed_url, aggregator=True)).rank(link) is Rank.AGGREGATOR
    assert NO_STANDING.rank(link) is Rank.OTHER


def test_an_address_that_the_feed_was_asked_at_or_answered_at_counts_too() -> None:
    link = "https://harbour.example/1"
    assert judge_feed(feed("https://old.example/rss"), "https://harbour.example/rss", "").rank(link) is Rank.OWNER
    assert judge_feed(feed("https://harbour.example/rss"), "https://cdn.example/rss").rank(link) is Rank.OWNER


@pytest.mark.parametrize(
    ("source", "source_url", "believed"),
    [
        ("Harbour Daily", "https://www.harbour.example/", ("Harbour Daily", "harbour.example")),
        ("Harbour Daily", None, ("Harbour Daily", "")),
        ("", "https://www.harbour.example/", ("A blog", None)),
    ],
)
def test_a_source_is_believed_of_marked_aggregators_alone(
    source: str, source_url: str | None, believed: tuple[str, str | None]
) -> None:
    entry = Entry("f", "", "T", "", "A blog", "https://a.example/1", None, source=source, source_url=source_url)
    assert judge_feed(feed("https://a.example/rss")).credit(entry) == ("A blog", None)
    assert judge_feed(feed("https://a.example/rss", aggregator=True)).credit(entry) == believed


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://feeds.feedburner.com/x", True),
        ("http://feedproxy.google.com/~r/x", True),
        ("https://news.google.com/rss/articles/1", True),
        ("https://www.google.com/finance", False),
        ("https://notfeedburner.com/x", False),
        ("https://a.example/?u=feedburner.com", False),
        ("http://[bad", False),
        (None, False),
    ],
)
def test_trackers_are_known_by_their_hosts(url: str | None, is_one: bool) -> None:
    assert is_tracker(url) is is_one
    assert not (is_one and find_owner(url))
