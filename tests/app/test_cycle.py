"""The cycle: due feeds are requested, answers are stored with the state of the feed, hosts are treated politely."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from groundswell import Groundswell
from groundswell.app.cycle import CycleReport, CycleRunner
from groundswell.errors import StoreError
from groundswell.model import Origin, Outcome
from groundswell.ports import Retrieved
from groundswell.testing.fakes import FakeRetriever, FixedClock

from .conftest import NOW

FED = "https://www.federalreserve.gov/feeds/press_monetary.xml"
ITEM = (
    "<item><title>{}</title><link>https://www.federalreserve.gov/{}</link>"
    "<pubDate>Tue, 01 Oct 2024 08:00:00 GMT</pubDate></item>"
)
RSS = "<rss version='2.0'><channel><title>Fed</title>{}</channel></rss>"


def answer(*titles: str, etag: str | None = '"1"') -> Retrieved:
    items = "".join(ITEM.format(title, place) for place, title in enumerate(titles))
    return Retrieved(Outcome.OK, "HTTP 200", RSS.format(items).encode(), "application/rss+xml", etag)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def groundswell(tmp_path: Path, clock: FixedClock):
    with Groundswell.open(str(tmp_path / "store.db"), clock=clock, contact="desk@example.org") as opened:
        opened.register_sources()
        yield opened


def pipeline(groundswell: Groundswell, clock: FixedClock, retriever: FakeRetriever) -> CycleRunner:
    return CycleRunner(groundswell, retriever, clock, pause=lambda seconds: None)


def test_one_feed_answers_and_every_other_failure_is_shown(groundswell: Groundswell, clock: FixedClock) -> None:
    retriever = FakeRetriever({FED: answer("Federal Reserve issues FOMC statement")})
    cycle = pipeline(groundswell, clock, retriever).run_once()
    on = [feed for feed in groundswell.status_page().feeds if feed.enabled]
    assert cycle.requested == len(on) == len(set(retriever.asked))
    assert cycle.failed == len(on) - 1
    assert (cycle.ingested.new, cycle.ingested.tagged) == (1, 1)
    fed = next(feed for feed in on if feed.address == FED)
    assert (fed.outcome, fed.items, fed.failures, fed.etag) == (Outcome.OK, 1, 0, '"1"')
    for feed in on:
        assert feed.last_tried_at == NOW
        assert feed.next_due_at is not None
        assert feed.next_due_at > NOW
    dead = next(feed for feed in on if feed.address != FED)
    assert (dead.outcome, dead.failures, dead.last_ok_at) == (Outcome.UNREACHABLE, 1, None)
    assert "DNS failure" in dead.detail
    (story,) = groundswell.stories("fomc")
    assert story.members[0].article.origin is Origin.LIVE


def test_a_feed_is_requested_when_due_and_conditionally(groundswell: Groundswell, clock: FixedClock) -> None:
    retriever = FakeRetriever({FED: answer("Federal Reserve issues FOMC statement")})
    cycles = pipeline(groundswell, clock, retriever)
    cycles.run_once()
    assert cycles.run_once() == CycleReport()
    clock.advance(timedelta(days=1, hours=1))
    assert cycles.run_once().ingested.offered == 0
    fed = next(feed for feed in groundswell.status_page().feeds if feed.address == FED)
    assert fed.outcome is Outcome.NOT_MODIFIED
    assert fed.last_ok_at == clock.now


def test_an_article_carried_by_two_feeds_is_stored_once(groundswell: Groundswell, clock: FixedClock) -> None:
    all_news = "https://www.federalreserve.gov/feeds/press_all.xml"
    same = answer("Federal Reserve issues FOMC statement")
    cycle = pipeline(groundswell, clock, FakeRetriever({FED: same, all_news: same})).run_once()
    assert (cycle.ingested.offered, cycle.ingested.new) == (2, 1)


def test_a_feed_whose_address_changed_is_requested_unconditionally(tmp_path: Path, clock: FixedClock) -> None:
    with Groundswell.open(str(tmp_path / "moved.db"), clock=clock) as groundswell:
        groundswell.register_sources()
        pipeline(groundswell, clock, FakeRetriever({FED: answer("x")})).run_once()
        subscriptions = groundswell._subscriptions
        slug, feed = next((slug, feed) for slug, feed in subscriptions._shipped.items() if feed.url == FED)
        subscriptions._shipped[slug] = replace(feed, url="https://www.federalreserve.gov/elsewhere.xml")
        subscriptions.register()
        (fed,) = [state for state in groundswell.status_page().feeds if state.name == slug]
        assert (fed.address, fed.etag, fed.items) == ("https://www.federalreserve.gov/elsewhere.xml", None, 1)


def test_claims_are_evaluated_once_a_day(groundswell: Groundswell, clock: FixedClock) -> None:
    cycles = pipeline(groundswell, clock, FakeRetriever({}))
    for _ in range(3):
        cycles.run_once()
        clock.advance(timedelta(hours=20))
    days = [point.as_of for point in groundswell.claim_page("small-caps", "C1").evaluation.history]
    assert days == [NOW.date(), (NOW + timedelta(hours=20)).date(), (NOW + timedelta(hours=40)).date()]


def test_each_host_gets_one_request_at_a_time(groundswell: Groundswell, clock: FixedClock) -> None:
    class Watching(FakeRetriever):
        running: set[str]

        def retrieve(
            self, url: str, etag: str | None, last_modified: str | None, max_bytes: int | None = None
        ) -> Retrieved:
            host = url.split("/")[2]
            assert host not in self.running
            self.running.add(host)
            try:
                return super().retrieve(url, etag, last_modified, max_bytes)
            finally:
                self.running.remove(host)

    retriever = Watching({})
    retriever.running = set()
    pauses: list[float] = []
    CycleRunner(groundswell, retriever, clock, pause=pauses.append).run_once()
    hosts = {url.split("/")[2] for url in retriever.asked}
    assert len(pauses) == len(retriever.asked) - len(hosts) > 0
    assert set(pauses) == {1.0}


def test_a_cycle_that_fails_does_not_end_the_run(
    groundswell: Groundswell, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    stop = threading.Event()

    class Breaking(CycleRunner):
        tries = 0

        def run_once(self, stopped: threading.Event | None = None) -> CycleReport:
            self.tries += 1
            if self.tries == 2:
                stop.set()
            raise StoreError("the disk is full")

    breaking = Breaking(groundswell, FakeRetriever({}), clock)
    breaking.run(stop, seconds=0.01)
    assert breaking.tries == 2
    assert "the disk is full" in caplog.text


def test_stopping_in_the_middle_leaves_the_rest_for_the_next_cycle(groundswell: Groundswell, clock: FixedClock) -> None:
    stop = threading.Event()
    stop.set()
    assert pipeline(groundswell, clock, FakeRetriever({})).run_once(stop) == CycleReport()
