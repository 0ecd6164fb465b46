"""Each page says what it reads: after any write, a kept page equals an uncached one, and a poll costs nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from groundswell import Groundswell
from groundswell.feeds.opml import Outline
from groundswell.hubs.file.load import load_catalog
from groundswell.model import Merge, Outcome
from groundswell.model.changes import EVERYTHING, ChangeMark, Changes
from groundswell.ports import Retrieved
from groundswell.storage.news import lineage
from groundswell.testing.fakes import FixedClock
from groundswell.web.app import create_app
from groundswell.web.caching.reads import ANYTHING, MAX_AGE_OF_PAST, PageReads
from groundswell.web.middleware.rate_limit import RateLimit
from groundswell.web.routes import about, api, api_lists, crawlers, feeds, images, pages, search

from ..demo_news import add_demo_news

NOW = datetime(2025, 1, 2, 9, tzinfo=UTC)
LAST_YEAR = "2024-12-18"
FEED = """<rss version="2.0"><channel><title>Wire</title>{items}</channel></rss>"""
ITEM = "<item><title>{title}</title><link>https://wire.example/{n}</link><guid>{n}</guid></item>"
RECORD = "Russell 2000 climbs to a record as small caps rally"


def write_feed(*titles: tuple[int, str]) -> Retrieved:
    items = "".join(ITEM.format(n=number, title=title) for number, title in titles)
    return Retrieved(Outcome.OK, "HTTP 200", FEED.format(items=items).encode(), "application/rss+xml")


class Forgetful:
    """A backend whose every page has changed at every look."""

    def __init__(self, backend: Groundswell) -> None:
        self._backend = backend

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backend, name)

    def read_changes(self, since: ChangeMark | None = None) -> Changes:
        return replace(self._backend.read_changes(since), topics=frozenset({EVERYTHING}))


class Site:
    """A store that is written, with a site over it that keeps pages."""

    def __init__(self, folder: Path, made_data: Path) -> None:
        self.folder, self.made_data = folder, made_data
        self.clock = FixedClock(NOW)
        hubs = tuple(hub for hub in load_catalog() if hub.slug in {"small-caps", "fomc"})
        self.groundswell = Groundswell.open(str(folder / "store.db"), hubs, clock=self.clock)
        self.groundswell.register_sources()
        self.groundswell.replay(made_data / "docs.jsonl", until=date(2024, 12, 18))
        self.kept, self.uncached = self.serve(self.groundswell), self.serve(Forgetful(self.groundswell))
        self.addresses = self.list_addresses()

    def serve(self, backend: Any) -> TestClient:
        app = create_app(backend, rate_limit=RateLimit(per_minute=0))
        return TestClient(app, follow_redirects=False)

    def list_addresses(self) -> list[str]:
        """List a page of each kind, and pages of past days."""
        pages = ["/", "/hubs/small-caps", "/hubs/fomc/stories", "/hubs/small-caps/feed.atom", "/claims/small-caps/C4"]
        pages += [f"/stories/{story.id}" for story in self.groundswell.stories("small-caps", 3)]
        pages += [f"/api/v1/stories/{story.id}" for story in self.groundswell.stories("fomc", 5)]
        pages += ["/status", "/feeds.opml", "/search?q=fed", "/feed.atom", "/verdicts.json", "/sitemap.xml"]
        pages += ["/sitemaps/news.xml", "/sitemaps/stories-1.xml", "/methodology", "/llms.txt"]
        pages += [f"/api/v1/{name}" for name in ("stories", "articles", "series", "feeds", "data", "verdict-changes")]
        pages += ["/api/v1/events/fomc", "/api/v1/hubs/fomc", "/api/v1/claims/fomc", "/claims/fomc/C1.csv"]
        pages += ["/claims/fomc/F1/bundle.zip", "/forecasts", "/api/v1/forecasts"]
        past = [f"{page}?as_of={LAST_YEAR}" for page in ("/", "/hubs/fomc", "/claims/fomc/C1", "/api/v1/stories")]
        return [*pages, *past, "/hubs/fomc?as_of=2025-01-01", "/hubs/fomc?as_of=2025-01-02"]

    def read(self, site: TestClient) -> dict[str, tuple[int, str]]:
        answers = {address: site.get(address) for address in self.addresses}
        return {address: (answer.status_code, answer.headers.get("etag", "")) for address, answer in answers.items()}

    def take(self, retrieved: Retrieved) -> None:
        feed = self.groundswell.feed_states()["wire-example"]
        self.groundswell.take_feed(feed, retrieved)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, made_data: Path) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("site"), made_data)
    yield made
    made.groundswell.close()


def replay_the_rest(site: Site) -> None:
    site.groundswell.replay(site.made_data / "docs.jsonl")


def add_feed(site: Site) -> None:
    site.groundswell.add_feeds([Outline("https://wire.example/", "Wire", "")])


def remove_rules(site: Site) -> None:
    """Forget by which rules the articles were tagged, so that they are tagged again."""
    with site.groundswell._store.write() as connection:
        connection.exec_driver_sql("UPDATE taggings SET digest = 'old'")
        connection.exec_driver_sql("DELETE FROM tags WHERE hub = 'fomc' AND article_seq % 2")


WRITES: list[Callable[[Site], object]] = [
    add_feed,
    lambda site: site.take(write_feed((1, RECORD))),
    lambda site: site.take(write_feed((1, f"{RECORD} on Thursday"))),
    lambda site: site.take(Retrieved(Outcome.NOT_MODIFIED, "HTTP 304")),
    lambda site: site.take(write_feed((2, RECORD.replace("climbs", "rises")), (3, "A town council meets"))),
    lambda site: site.take(Retrieved(Outcome.UNREACHABLE, "DNS failure")),
    lambda site: site.groundswell.load(site.made_data / "market"),
    replay_the_rest,
    lambda site: site.groundswell.flush_stories(),
    lambda site: site.groundswell.record(date(2025, 1, 2)),
    lambda site: site.groundswell.record_months("fomc", date(2024, 8, 1), date(2024, 11, 30)),
    remove_rules,
    lambda site: site.groundswell.retag(),
    lambda site: site.groundswell.remove_feed("wire-example"),
    lambda site: add_demo_news(site.groundswell),
]


@pytest.mark.slow
def test_a_kept_page_equals_one_that_is_uncached_after_every_kind_of_write(site: Site) -> None:
    changed: set[str] = set()
    before = site.read(site.kept)
    for number, write in enumerate(WRITES):
        site.clock.advance(timedelta(minutes=1))
        write(site)
        kept, fresh = site.read(site.kept), site.read(site.uncached)
        assert {page: kept[page] for page in kept if kept[page] != fresh[page]} == {}, f"write {number}"
        changed |= {page for page in kept if kept[page] != before[page]}
        before = kept
    assert {"/", "/hubs/small-caps", "/status", "/feed.atom", "/api/v1/series", "/api/v1/claims/fomc"} <= changed
    assert {f"/hubs/fomc?as_of={LAST_YEAR}", f"/api/v1/stories?as_of={LAST_YEAR}", "/search?q=fed"} <= changed


def test_a_poll_that_brings_nothing_makes_no_page_again_behind_the_readers(site: Site) -> None:
    """Only pages that show the state of each feed read it, and these as their age asks for it."""
    reads = PageReads(site.groundswell.hubs())
    add_feed(site)
    mark = site.groundswell.read_changes().mark
    site.take(Retrieved(Outcome.NOT_MODIFIED, "HTTP 304"))
    topics = site.groundswell.read_changes(mark).topics
    assert topics
    for address in site.addresses:
        path, _, query = address.partition("?")
        found = reads.find(path, query)
        assert found is not None
        assert found.now.isdisjoint(topics), address


def test_what_every_route_reads_is_known() -> None:
    reads = PageReads(load_catalog())
    unknown = set()
    routers = [module.router for module in (about, api, api_lists, crawlers, feeds, images, pages, search)]
    paths = [route.path for router in routers for route in router.routes if isinstance(route, APIRoute)]
    for path in paths:
        given = re.sub(r"\{\w+(:int)?\}", lambda found: "1" if found[1] else "x", path)
        found = reads.find(given, "")
        if found is not None and ANYTHING in found.now:
            unknown.add(path)
    assert len(paths) > 50
    assert {path for path in unknown if not path.endswith(".json")} == {"/hubs", "/claims/{hub}"}, "redirects alone"


@pytest.mark.parametrize(
    ("query", "past"),
    [
        ("as_of=2024-12-18", True),
        ("limit=3&as_of=2024-12-18", True),
        ("as_of=2024-12-18&as_of=2999-01-01", False),
        ("as_of=2024-12-18&as_of=", False),  # the last one counts, and is today
        ("as_of=2999-01-01", False),
        ("as_of=18.12.2024", False),
        ("as_of=", False),
        ("q=as_of=2024-12-18", False),
        ("", False),
    ],
)
def test_only_a_page_of_one_day_long_ago_is_kept_as_past(query: str, past: bool) -> None:
    found = PageReads(load_catalog()).find("/hubs/fomc", query)
    assert found is not None
    assert (found.seconds == MAX_AGE_OF_PAST) == past
    assert found.ahead == (not query)


def test_the_days_of_today_and_yesterday_are_not_past() -> None:
    today = datetime.now(UTC).date()
    reads = PageReads(load_catalog())
    for age, past in ((0, False), (1, False), (2, True)):
        found = reads.find("/hubs/fomc", f"as_of={today - timedelta(days=age)}")
        assert found is not None
        assert (found.seconds == MAX_AGE_OF_PAST) == past


def test_the_api_shows_what_became_of_the_story_that_another_was_merged_into(tmp_path: Path) -> None:
    """The address names a story that does not change any more."""
    with Groundswell.open(str(tmp_path / "store.db")) as groundswell:
        add_demo_news(groundswell)
        gone, into, later = [story.id for story in groundswell.stories("fomc", 3)]
        site = TestClient(create_app(groundswell), follow_redirects=False)
        for story, target in ((gone, into), (later, into)):
            with groundswell._store.write() as connection:
                lineage.apply_repairs(connection, [Merge(story, target, "equal")], datetime.now(UTC))
            answer = site.get(f"/api/v1/stories/{gone}").json()
            assert (answer["id"], story in {article["id"] for article in answer["articles"]}) == (into, True)
        assert site.get(f"/stories/{gone}").headers["location"] == f"/stories/{into}"
