"""The pure step of one feed, when it is due again, and the feeds that are there from the start."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.feeds.catalogue import default_feeds
from groundswell.feeds.clean import address
from groundswell.feeds.schedule import LONGEST_WAIT, next_due
from groundswell.feeds.update import update
from groundswell.ports import Retrieved
from groundswell.types import FeedSpec, Outcome, UpstreamKind, UpstreamState

NOW = datetime(2026, 8, 17, 12, tzinfo=UTC)
FEED = FeedSpec("wire", "Wire", "https://feed.example/rss", "fomc", True, 15, "")
STATE = UpstreamState("wire", UpstreamKind.FEED, "Wire", FEED.url, "fomc", True, etag="old", failures=1)
ITEM = "<item><title>Rates cut</title><link>https://a.example/1</link></item>"
BODY = f"<rss version='2.0'><channel>{ITEM}{ITEM}<item></item></channel></rss>".encode()


def test_a_good_answer_brings_articles_once_and_new_validators():
    state, articles = update(STATE, FEED, Retrieved(Outcome.OK, "HTTP 200", BODY, etag="new", last_modified="d"), NOW)
    assert [(article.title, article.first_seen_at, article.feed) for article in articles] == [
        ("Rates cut", NOW, "wire")
    ]
    assert (state.outcome, state.items, state.failures, state.etag, state.last_modified) == (
        Outcome.OK,
        1,
        0,
        "new",
        "d",
    )
    assert state.detail == "1 item; item 3 has neither title nor text and was left out"
    assert (state.last_ok_at, state.last_tried_at) == (NOW, NOW)


def test_not_modified_keeps_the_validators():
    state, articles = update(STATE, FEED, Retrieved(Outcome.NOT_MODIFIED, "HTTP 304"), NOW)
    assert (state.outcome, state.etag, state.failures, articles) == (Outcome.NOT_MODIFIED, "old", 0, ())


def test_a_body_that_is_no_feed_is_malformed_and_asked_for_again():
    state, articles = update(STATE, FEED, Retrieved(Outcome.OK, "HTTP 200", b"<html>", etag="new"), NOW)
    assert (state.outcome, state.etag, state.failures, articles) == (Outcome.MALFORMED, "old", 2, ())
    assert "HTML page" in state.detail


@pytest.mark.parametrize(("outcome", "least"), [(Outcome.UNREACHABLE, 20), (Outcome.REFUSED, 240)])
def test_failures_wait_longer_and_refusals_longest(outcome, least):
    state, _ = update(STATE, FEED, Retrieved(outcome, "why"), NOW)
    assert (state.outcome, state.detail, state.failures, state.last_ok_at) == (outcome, "why", 2, None)
    assert timedelta(minutes=least) <= state.next_due_at - NOW < timedelta(minutes=least * 1.1)


@given(st.integers(1, 2_000), st.integers(0, 10_000), st.text(st.characters(codec="utf-8"), max_size=9))
def test_the_wait_is_bounded_grows_and_is_repeatable(minutes, failures, slug):
    due = next_due(minutes, failures, NOW, slug)
    assert due == next_due(minutes, failures, NOW, slug)
    assert min(timedelta(minutes=minutes), LONGEST_WAIT) <= due - NOW <= LONGEST_WAIT
    assert due <= next_due(minutes, failures + 1, NOW, slug)


def test_feeds_of_one_interval_come_due_at_different_times():
    assert len({next_due(15, 0, NOW, feed.slug) for feed in default_feeds()}) == len(default_feeds())


def test_the_packaged_feeds_are_usable():
    feeds = default_feeds()
    assert len({feed.slug for feed in feeds}) == len({feed.url for feed in feeds}) == len(feeds)
    assert {feed.topic for feed in feeds} == {"small-caps", "fomc", "panic-selling", "roic"}
    assert all(address(feed.url) and feed.publisher and feed.note and feed.minutes >= 5 for feed in feeds)
    for topic in ("small-caps", "fomc", "panic-selling", "roic"):
        assert any(feed.enabled for feed in feeds if feed.topic == topic)


@pytest.mark.parametrize(
    "publisher",
    ["Google News", "Seeking Alpha", "Yahoo", "Nasdaq.com", "Bloomberg", "Financial Times", "Investing.com"],
)
def test_feeds_with_terms_to_weigh_are_left_to_the_owner(publisher):
    concerned = [feed for feed in default_feeds() if feed.publisher.startswith(publisher)]
    assert concerned
    assert not any(feed.enabled for feed in concerned)
    assert all(feed.note.startswith("Off: ") for feed in concerned)
