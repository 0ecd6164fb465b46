"""The owner's feeds: added, turned on and off, removed, and asked politely however many there are."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from groundswell import Groundswell
from groundswell.app.cycle import CycleRunner
from groundswell.errors import NotFoundError
from groundswell.feeds.default_feeds import WAITS_FOR_CONTACT
from groundswell.feeds.opml import Outline
from groundswell.model import Outcome
from groundswell.ports import Retrieved
from groundswell.testing.fakes import FakeRetriever, FixedClock

from .conftest import NOW

OWN = Outline("https://own.example/rss?a=1", "Own", "banks")
OFF = "https://www.federalreserve.gov/feeds/speeches.xml"  # ships turned off
ITEM = "<rss version='2.0'><channel><item><title>Fed holds rates</title><link>https://own.example/1</link></item></channel></rss>"


def shown(groundswell: Groundswell) -> dict[str, bool]:
    addresses = {feed.slug: feed.url for feed in groundswell.feeds()}
    return {addresses[feed.name]: feed.enabled for feed in groundswell.status_page().feeds}


def test_the_choices_of_the_owner_are_stored(tmp_path: Path) -> None:
    for _ in range(2):  # the second time from the store
        with Groundswell.open(str(tmp_path / "a.db"), clock=lambda: NOW) as groundswell:
            added = groundswell.add_feeds([OWN, Outline(OFF, "", "")])
            groundswell.register_sources()
            assert shown(groundswell)[OWN.url]
            assert shown(groundswell)[OFF]
    assert [feed.url for feed in added.known] == [OWN.url, OFF]
    with Groundswell.open(str(tmp_path / "a.db"), clock=lambda: NOW) as groundswell:
        groundswell.remove_feed(OWN.url)
        groundswell.remove_feed("fed-governors-speeches")
        assert OWN.url not in shown(groundswell)
        assert shown(groundswell)[OFF] is False
        with pytest.raises(NotFoundError, match="there is no feed 'https://own"):
            groundswell.remove_feed(OWN.url)


def test_a_feed_that_is_on_gets_a_new_interval(groundswell: Groundswell) -> None:
    def minutes() -> int:
        return next(feed.minutes for feed in groundswell.feeds() if feed.url == OWN.url)

    assert groundswell.add_feeds([OWN], 20).changed == ()
    assert (groundswell.add_feeds([OWN]).changed, minutes()) == ((), 20)
    assert [feed.minutes for feed in groundswell.add_feeds([OWN], 45).changed] == [45]
    assert minutes() == 45


def test_equivalent_addresses_are_one_feed_and_slugs_differ(groundswell: Groundswell) -> None:
    other = Outline("https://own.example/rss/a=1", "Other", "")
    added = groundswell.add_feeds([OWN, Outline("http://OWN.example/rss?a=1#x", "", ""), other])
    assert len(added.new) == 2
    assert len({feed.slug for feed in added.new}) == 2


def test_a_moved_feed_is_requested_at_its_new_address_until_that_fails(
    groundswell: Groundswell, clock: FixedClock
) -> None:
    groundswell.add_feeds([OWN])
    new = "https://new.example/rss"
    body = ITEM.encode()
    retriever = FakeRetriever(
        {
            OWN.url: Retrieved(Outcome.OK, "HTTP 200", body, moved_to=new),
            new: Retrieved(Outcome.OK, "HTTP 200", body),
        }
    )
    asked = []
    for _ in range(5):
        CycleRunner(groundswell, retriever, clock, lambda seconds: None).run_once()
        asked += [url for url in retriever.asked if url in (OWN.url, new)]
        retriever.asked.clear()
        clock.advance(timedelta(days=2))
    assert asked == [OWN.url] * 3 + [new] * 2
    retriever.answers = {}
    for _ in range(2):
        CycleRunner(groundswell, retriever, clock, lambda seconds: None).run_once()
        clock.advance(timedelta(days=2))
    assert [url for url in retriever.asked if url in (OWN.url, new)] == [new, OWN.url]


def test_feeds_whose_publishers_ask_for_a_contact_wait_until_it_is_set(tmp_path: Path, clock: FixedClock) -> None:
    own = Outline("https://data.sec.gov/own.xml", "Own", "")  # a shipped feed of the publisher says that it asks
    retriever, waiting = FakeRetriever({}), set[str]()
    for contact in ("", "", "desk@example.org"):
        with Groundswell.open(str(tmp_path / "a.db"), clock=clock, contact=contact) as groundswell:
            groundswell.add_feeds([own])
            groundswell.register_sources()
            page = groundswell.status_page()
            waiting = {state.address for state in page.feeds if state.enabled and state.outcome is Outcome.WAITING}
            assert page.coverage.feeds_waiting == len(waiting) == (0 if contact else 6)
            retriever.asked.clear()
            CycleRunner(groundswell, retriever, clock, lambda seconds: None).run_once()
            assert not waiting & set(retriever.asked)
            states = {state.address: state for state in groundswell.status_page().feeds}
            if not contact:
                asked = {url for url, state in states.items() if state.outcome.failed}
                assert {states[url].detail for url in waiting} == {WAITS_FOR_CONTACT}
                assert any("bls.gov" in url for url in waiting)
                assert not any("sec.gov" in url for url in asked)
                assert "6 news feeds of bls.gov and sec.gov" in " ".join(groundswell.onboarding().waiting)
    assert {own.url, "https://www.sec.gov/news/pressreleases.rss"} <= set(retriever.asked)  # in the first cycle


def test_many_feeds_added_at_once_wait_too(tmp_path: Path, clock: FixedClock) -> None:
    with Groundswell.open(str(tmp_path / "a.db"), clock=clock) as groundswell:
        groundswell.add_feeds([Outline(f"https://www.sec.gov/{place}.rss", "", "") for place in range(30)])
        clock.advance(timedelta(days=1))
        assert not [state for state in groundswell.due_feeds() if "sec.gov" in state.address]


def test_requests_to_many_new_feeds_are_spread_out_and_one_at_a_time_a_host(
    groundswell: Groundswell, clock: FixedClock
) -> None:
    asked_at: list[tuple[str, object]] = []
    running: Counter[str] = Counter()

    class Watching(FakeRetriever):
        def retrieve(
            self, url: str, etag: str | None, last_modified: str | None, max_bytes: int | None = None
        ) -> Retrieved:
            host = url.split("/")[2]
            running[host] += 1
            assert running[host] == 1
            asked_at.append((host, clock.now))
            answer = super().retrieve(url, etag, last_modified, max_bytes)
            running[host] -= 1
            return answer

    outlines = [Outline(f"https://host{place % 20}.example/{place}", f"F{place}", "") for place in range(200)]
    answers = {outline.url: Retrieved(Outcome.OK, "HTTP 200", ITEM.encode()) for outline in outlines[::2]}
    groundswell.add_feeds(outlines, minutes=60)
    pipeline = CycleRunner(groundswell, Watching(answers), clock, lambda seconds: None)
    for _ in range(61):
        pipeline.run_once()
        clock.advance(timedelta(minutes=1))
    a_minute = Counter(at for host, at in asked_at if host.startswith("host"))
    states = [state for state in groundswell.status_page().feeds if state.address.startswith("https://host")]
    assert all(state.last_tried_at for state in states)
    assert len(states) == 200
    assert max(a_minute.values()) < 50  # not all at once, although failures come due again meanwhile


def test_a_cycle_starts_no_request_after_a_minute_and_the_next_does_the_rest(
    groundswell: Groundswell, clock: FixedClock
) -> None:
    groundswell.register_sources()

    class Slow(FakeRetriever):
        def retrieve(
            self, url: str, etag: str | None, last_modified: str | None, max_bytes: int | None = None
        ) -> Retrieved:
            clock.advance(timedelta(seconds=20))
            return super().retrieve(url, etag, last_modified, max_bytes)

    retriever = Slow({})
    pipeline = CycleRunner(groundswell, retriever, clock, lambda seconds: None)
    on = sum(feed.enabled for feed in groundswell.status_page().feeds)
    cycles = 0
    while len(set(retriever.asked)) < on:
        before = len(retriever.asked)
        pipeline.run_once()
        cycles += 1
        assert 1 <= len(retriever.asked) - before <= 16
    assert cycles > 2


def test_an_edited_title_is_an_update_and_no_new_article(groundswell: Groundswell, clock: FixedClock) -> None:
    groundswell.add_feeds([OWN])
    for minutes, title in ((0, "Fed holds rates"), (30, "Fed cuts rates"), (60, "Fed cuts rates")):
        (state,) = [one for one in groundswell.feed_states().values() if one.address == OWN.url]
        body = ITEM.replace("Fed holds rates", title).encode()
        clock.now = NOW + timedelta(minutes=minutes)
        taken = groundswell.take_feed(state, Retrieved(Outcome.OK, "HTTP 200", body))
        assert (taken.new, taken.edited) == (minutes == 0, minutes == 30)
    (story,) = groundswell.stories("fomc")
    assert story.headline == "Fed cuts rates"
    (member,) = groundswell.story_page(story.id).story.members
    assert [one.title for one in member.earlier] == ["Fed holds rates"]
