"""The pure step of one feed, when it is due again, and the packaged feeds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.feeds.default_feeds import load_default_feeds
from groundswell.feeds.update import update_feed
from groundswell.fetch.schedule import (
    MAX_SLOWDOWN,
    MAX_WAIT_MINUTES,
    Interval,
    choose_interval,
    schedule_first_request,
    schedule_next_request,
)
from groundswell.fetch.urls import safe_address
from groundswell.model import FeedSpec, Outcome, UpstreamKind, UpstreamState
from groundswell.ports import Retrieved

NOW = datetime(2026, 8, 17, 12, tzinfo=UTC)
FEED = FeedSpec("wire", "Wire", "https://feed.example/rss", "fomc", True, 15, "")
STATE = UpstreamState("wire", UpstreamKind.FEED, "Wire", FEED.url, "fomc", True, etag="old", failures=1)
ITEM = "<item><title>Rates cut</title><link>https://a.example/1</link></item>"
BODY = f"<rss version='2.0'><channel>{ITEM}{ITEM}<item></item></channel></rss>".encode()


def test_a_good_answer_brings_articles_once_and_new_validators():
    state, offers = update_feed(
        STATE, FEED, Retrieved(Outcome.OK, "HTTP 200", BODY, etag="new", last_modified="d"), NOW
    )
    assert [(offer.sighting.title, offer.sighting.seen_at, offer.sighting.feed) for offer in offers] == [
        ("Rates cut", NOW, "wire")
    ]
    assert (state.outcome, state.items, state.failures, state.etag, state.last_modified) == (
        Outcome.OK,
        1,
        0,
        "new",
        "d",
    )
    assert state.detail == "1 item; item 3 has no title, text or link and was left out"
    assert (state.last_ok_at, state.last_tried_at) == (NOW, NOW)


def test_not_modified_keeps_the_validators():
    state, offers = update_feed(STATE, FEED, Retrieved(Outcome.NOT_MODIFIED, "HTTP 304"), NOW)
    assert (state.outcome, state.etag, state.failures, offers) == (Outcome.NOT_MODIFIED, "old", 0, ())


def test_a_body_that_is_no_feed_is_malformed_and_asked_for_again():
    state, offers = update_feed(STATE, FEED, Retrieved(Outcome.OK, "HTTP 200", b"<html>", etag="new"), NOW)
    assert (state.outcome, state.etag, state.failures, offers) == (Outcome.MALFORMED, "old", 2, ())
    assert "HTML page" in state.detail


@pytest.mark.parametrize(
    ("answered_at", "link"),
    [("https://new.example/a/rss", "https://new.example/a/1"), ("", "https://feed.example/1")],
)
def test_relative_links_start_from_where_the_feed_answered(answered_at, link):
    body = b"<rss version='2.0'><channel><item><title>Rates cut</title><link>1</link></item></channel></rss>"
    _, offers = update_feed(STATE, FEED, Retrieved(Outcome.OK, "HTTP 200", body, answered_at=answered_at), NOW)
    assert [offer.sighting.url for offer in offers] == [link]


@pytest.mark.parametrize(
    ("href", "shown"),
    [("/new/rss", "https://feed.example/new/rss"), ("?feed=rss&key=s3cret", "https://feed.example/moved/?…")],
)
def test_a_feed_that_has_become_a_page_says_which_feed_the_page_names(href, shown):
    page = f'<html><head><link rel="alternate" type="application/rss+xml" href="{href}"></head></html>'.encode()
    retrieved = Retrieved(Outcome.OK, "HTTP 200", page, answered_at="https://feed.example/moved/")
    state, articles = update_feed(STATE, FEED, retrieved, NOW)
    assert (state.outcome, articles) == (Outcome.MALFORMED, ())
    assert state.detail == f"the body is an HTML page, not a feed; it names the feed {shown}"
    assert (state.address, state.request_address) == (FEED.url, FEED.url), "the owner decides"


@pytest.mark.parametrize(("outcome", "least"), [(Outcome.UNREACHABLE, 20), (Outcome.REFUSED, 240)])
def test_failures_wait_longer_and_refusals_longest(outcome, least):
    state, _ = update_feed(STATE, FEED, Retrieved(outcome, "why"), NOW)
    assert (state.outcome, state.detail, state.failures, state.last_ok_at) == (outcome, "why", 2, None)
    assert timedelta(minutes=least) <= state.next_due_at - NOW < timedelta(minutes=least * 1.5)
    assert "having failed 2 times in a row" in state.due_reason


FAILED = st.sampled_from([outcome for outcome in Outcome if outcome.failed])


@given(st.integers(5, 1_440), FAILED, st.integers(1, 10_000), st.text(st.characters(codec="utf-8"), max_size=9))
def test_the_wait_is_bounded_grows_and_is_repeatable(minutes, outcome, failures, slug):
    def due(failures):
        return schedule_next_request(Interval(minutes, "as set"), outcome, failures, asked=0, slug=slug, now=NOW)[0]

    assert due(failures) == due(failures)
    assert due(failures) <= due(failures + 1)
    assert timedelta(minutes=5) <= due(failures) - NOW <= 1.5 * timedelta(minutes=MAX_WAIT_MINUTES)


def dates(count, apart, newest=timedelta(0)):
    return [NOW - newest - apart * place for place in range(count)]


@pytest.mark.parametrize(
    ("published", "hint", "minutes", "reason"),
    [
        ([], 0, 20, "as set"),
        (dates(4, timedelta(days=9)), 0, 20, "as set"),
        (dates(20, timedelta(minutes=30)), 0, 20, "as set"),
        (dates(20, timedelta(minutes=90)), 0, 45, "an item comes about every 90 minutes"),
        (dates(20, timedelta(days=9)), 0, 20 * MAX_SLOWDOWN, "an item comes about every 9 days"),
        (dates(20, timedelta(minutes=1), timedelta(days=3)), 0, 20 * MAX_SLOWDOWN, "about every 36 hours"),
        (dates(20, timedelta(minutes=1)), 0, 9, "its 20 items span 19 minutes"),
        (dates(20, timedelta(seconds=1)), 0, 5, "its 20 items span 1 minutes"),
        ([NOW + timedelta(days=1)] * 20, 0, 20, "as set"),
        (dates(20, timedelta(minutes=1)), 60, 60, "as the publisher asks"),
        (dates(20, timedelta(minutes=90)), 30, 45, "an item comes"),
    ],
)
def test_the_interval_follows_owner_frequency_and_publisher(published, hint, minutes, reason):
    chosen = choose_interval(20, published, hint, NOW)
    assert chosen.minutes == minutes
    assert reason in chosen.reason


def test_the_wishes_of_server_and_feed_are_respected_and_reported():
    body = BODY.replace(b"<channel>", b"<channel><ttl>45</ttl>")
    state, _ = update_feed(STATE, FEED, Retrieved(Outcome.OK, "HTTP 200", body), NOW)
    assert (state.interval_minutes, state.due_reason) == (45, "every 45 minutes, as the publisher asks")
    state, _ = update_feed(STATE, FEED, Retrieved(Outcome.OK, "HTTP 200", BODY, cache_control="max-age=3000"), NOW)
    assert state.interval_minutes == 50
    later, _ = update_feed(state, FEED, Retrieved(Outcome.NOT_MODIFIED, "HTTP 304"), NOW)
    assert (later.interval_minutes, later.due_reason) == (50, "every 50 minutes, as the publisher asks")
    busy, _ = update_feed(state, FEED, Retrieved(Outcome.REFUSED, "HTTP 503", retry_after="36000"), NOW)
    assert busy.due_reason == "after 10 hours, as the server asks"
    assert busy.next_due_at >= NOW + timedelta(hours=10)
    again, _ = update_feed(busy, FEED, Retrieved(Outcome.NOT_MODIFIED, "HTTP 304"), NOW)
    assert (again.interval_minutes, again.due_reason) == (50, "every 50 minutes, as the publisher asks")


def moved(state, to, outcome=Outcome.NOT_MODIFIED):
    return update_feed(state, FEED, Retrieved(outcome, "", moved_to=to), NOW)[0]


def test_a_move_is_believed_after_three_successes_and_forgotten_at_a_failure():
    state, new = STATE, "https://new.example/rss"
    for _ in range(3):
        assert state.request_address == FEED.url
        state = moved(state, new)
    assert state.request_address == moved(state, None).request_address == new
    assert moved(state, None, Outcome.UNREACHABLE).request_address == FEED.url
    assert moved(state, "https://third.example/rss").request_address == FEED.url
    assert moved(state, None, Outcome.REFUSED).moved_times == 0


@pytest.mark.parametrize("between", [None, "https://other.example/"])
def test_an_unstable_move_is_not_believed(between):
    state, new = STATE, "https://new.example/rss"
    for to in (new, new, between, new, new):
        state = moved(state, to)
    assert (state.request_address, state.moved_times) == (FEED.url, 2)


def test_once_a_week_a_feed_is_asked_without_validators():
    state, _ = update_feed(STATE, FEED, Retrieved(Outcome.OK, "HTTP 200", BODY, etag="e", last_modified="d"), NOW)
    assert state.validators(NOW + timedelta(days=6)) == ("e", "d")
    assert state.validators(NOW + timedelta(days=7)) == (None, None)
    assert STATE.validators(NOW) == (None, None)


@given(st.lists(st.sampled_from(["ok", "same", "down", "no", "wait"]), min_size=1, max_size=40), st.integers(5, 600))
def test_no_feed_is_ever_lost_or_pestered(answers, minutes):
    """After any answer the next request is due in five minutes to a day and a half, with a reason."""
    kinds = {
        "ok": Retrieved(Outcome.OK, "HTTP 200", BODY),
        "same": Retrieved(Outcome.NOT_MODIFIED, "HTTP 304"),
        "down": Retrieved(Outcome.UNREACHABLE, "timeout"),
        "no": Retrieved(Outcome.REFUSED, "HTTP 429", retry_after="9999999"),
        "wait": Retrieved(Outcome.REFUSED, "HTTP 503", retry_after="60"),
    }
    state, now = STATE, NOW
    for answer in answers:
        state, _ = update_feed(state, replace(FEED, minutes=minutes), kinds[answer], now)
        assert timedelta(minutes=5) <= state.next_due_at - now <= timedelta(hours=36)
        assert state.due_reason
        now = state.next_due_at


def test_a_year_of_one_feed():
    """Weekly posts with an outage of a fortnight: few requests, and each post is seen soon."""
    feed = replace(FEED, minutes=60)
    posts = [NOW + timedelta(days=7 * week) for week in range(-6, 53)]
    outage = (NOW + timedelta(days=200), NOW + timedelta(days=214))
    state, now, tries, seen = replace(STATE, failures=0), NOW, 0, {}
    while now < NOW + timedelta(days=365):
        if outage[0] <= now < outage[1]:
            answer = Retrieved(Outcome.UNREACHABLE, "timeout")
        else:
            listed = [post for post in posts if post <= now][-5:]
            newest = listed[-1].isoformat()
            items = "".join(
                f"<item><title>{post}</title><link>https://a.example/{post:%j%Y}</link><pubDate>{post.isoformat()}</pubDate></item>"
                for post in listed
            )
            body = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
            answer = Retrieved(Outcome.OK, "HTTP 200", body, etag=newest)
            if state.validators(now)[0] == newest:
                answer = Retrieved(Outcome.NOT_MODIFIED, "HTTP 304")
        state, offers = update_feed(state, feed, answer, now)
        for offer in offers:
            seen.setdefault(offer.sighting.title, now)
        tries += 1
        now = state.next_due_at
    shown = [post for post in posts if post >= NOW and not outage[0] <= post < outage[1] and str(post) in seen]
    assert len(shown) == 51
    assert all(seen[str(post)] - post <= timedelta(minutes=60 * MAX_SLOWDOWN * 1.1) for post in shown)
    assert 2_500 < tries < 365 * 24 / 2.5
    assert all(str(post) in seen for post in posts[6:])  # those of the outage follow it


def test_feeds_of_one_interval_come_due_at_different_times():
    feeds = load_default_feeds()
    assert len(
        {schedule_next_request(Interval(15, ""), Outcome.OK, 0, asked=0, slug=feed.slug, now=NOW)[0] for feed in feeds}
    ) == len(feeds)
    first = [schedule_first_request(30, f"feed-{place}", NOW) - NOW for place in range(1_000)]
    quarters = [sum(1 for at in first if at // timedelta(minutes=7.5) == quarter) for quarter in range(4)]
    assert min(quarters) > 200


def test_the_packaged_feeds_are_usable():
    feeds = load_default_feeds()
    assert len({feed.slug for feed in feeds}) == len({feed.url for feed in feeds}) == len(feeds)
    assert {feed.topic for feed in feeds} == {"small-caps", "fomc", "panic-selling", "roic"}
    assert all(safe_address(feed.url) and feed.publisher and feed.note and feed.minutes >= 5 for feed in feeds)
    for topic in ("small-caps", "fomc", "panic-selling", "roic"):
        assert any(feed.enabled for feed in feeds if feed.topic == topic)


@pytest.mark.parametrize(
    "publisher",
    ["Google News", "Seeking Alpha", "Yahoo", "Nasdaq.com", "Bloomberg", "Financial Times", "Investing.com"],
)
def test_feeds_with_terms_to_weigh_are_left_to_the_owner(publisher):
    concerned = [feed for feed in load_default_feeds() if feed.publisher.startswith(publisher)]
    assert concerned
    assert not any(feed.enabled for feed in concerned)
    assert all(feed.note.startswith("Off: ") for feed in concerned)


def update_empty(state: UpstreamState, now: datetime) -> UpstreamState:
    body = b"<rss><channel><title>W</title><description>The feed is not available.</description></channel></rss>"
    after, articles = update_feed(
        state, FEED, Retrieved(Outcome.OK, "HTTP 200", body, etag="e", last_modified="d"), now
    )
    assert articles == ()
    return after


def test_a_feed_without_items_is_sound_for_a_day_and_then_empty():
    state = update_empty(replace(STATE, failures=0), NOW)
    assert (state.outcome, state.last_ok_at, state.failures) == (Outcome.OK, NOW, 0)
    assert state.detail == "0 items; the feed says of itself: The feed is not available."
    state = update_empty(state, NOW + timedelta(hours=23))
    assert (state.outcome, state.last_ok_at) == (Outcome.OK, NOW)
    state = update_empty(state, NOW + timedelta(hours=24))
    assert (state.outcome, state.last_ok_at, state.failures) == (Outcome.EMPTY, NOW, 1)
    assert state.outcome.failed
    assert state.detail.endswith("The feed is not available.")
    assert (state.etag, state.last_modified) == (None, None), "an unchanged empty body must not look like a success"
    assert state.next_due_at is not None
    assert state.next_due_at <= NOW + timedelta(hours=25), "it may have items at any time"


def test_a_feed_that_lost_its_items_is_empty_after_a_day_until_it_has_some():
    good = Retrieved(Outcome.OK, "HTTP 200", BODY)
    state, _ = update_feed(STATE, FEED, good, NOW)
    state = update_empty(state, NOW + timedelta(hours=2))
    assert (state.outcome, state.last_ok_at) == (Outcome.OK, NOW)
    state = update_empty(state, NOW + timedelta(days=2))
    assert (state.outcome, state.last_ok_at) == (Outcome.EMPTY, NOW)
    state, _ = update_feed(state, FEED, good, NOW + timedelta(days=3))
    assert (state.outcome, state.failures, state.last_ok_at) == (Outcome.OK, 0, NOW + timedelta(days=3))
