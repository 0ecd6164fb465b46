"""Repairs: articles move, addresses lead on, past days stay as they were."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import lxml.html
import pytest
from starlette.testclient import TestClient

from groundswell import Groundswell
from groundswell.app.cycle import CycleRunner
from groundswell.app.ingest import ArticleIngest
from groundswell.feeds.offers import offer_article
from groundswell.hubs.file.load import load_catalog
from groundswell.model import Article, Merge, Origin, Split
from groundswell.ports import Retrieved
from groundswell.stories.detector import OnlineStoryDetector, Tuning
from groundswell.stories.window import CandidateSearch
from groundswell.testing.fakes import FakeStoryDetector
from groundswell.web.app import create_app

START = datetime(2024, 9, 16, 12, tzinfo=UTC)


def article(name: str, day: int) -> Article:
    at = START + timedelta(days=day)
    return Article(name, "f", f"Fed cuts rates, report {name}", "", f"Wire {name}", None, at, at, False, Origin.LIVE)


SCRIPT = {
    "c": (Merge("b", "a", "they tell the same"),),
    "d": (Merge("a", "c", "wrongly"), Split("c", "a", ("a", "b"), "they part again")),
    "e": (Merge("d", "e", "never so"), Merge("zzz", "a", "there is no such story")),
}


@pytest.fixture
def groundswell(tmp_path: Path):
    with Groundswell.open(str(tmp_path / "s.db"), clock=lambda: START + timedelta(days=30)) as opened:
        ingest = ArticleIngest(opened._store, load_catalog(), lambda: FakeStoryDetector(SCRIPT))
        ingest.add([offer_article(article(name, day)) for day, name in enumerate("abcde")])
        yield opened


def stories(groundswell: Groundswell, day: date | None = None) -> dict[str, list[str]]:
    page = groundswell.hub_page("fomc", as_of=day)
    assert page.story_count == len(page.stories)
    return {story.id: [member.article.id for member in story.members] for story in page.stories}


def test_articles_end_in_the_stories_that_repairs_moved_them_to(groundswell: Groundswell) -> None:
    assert stories(groundswell) == {"e": ["d", "e"], "a": ["a", "b"], "c": ["c"]}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (16, {"a": ["a"]}),
        (17, {"b": ["b"], "a": ["a"]}),
        (18, {"c": ["c"], "a": ["a", "b"]}),
        (19, {"d": ["d"], "c": ["c"], "a": ["a", "b"]}),
        (20, {"e": ["d", "e"], "c": ["c"], "a": ["a", "b"]}),
    ],
)
def test_a_past_day_shows_the_stories_of_that_day(groundswell: Groundswell, day: int, expected) -> None:
    assert stories(groundswell, date(2024, 9, day)) == expected


def test_the_lineage_lists_the_repairs(groundswell: Groundswell) -> None:
    lineage = groundswell.story_page("a").lineage
    assert [(one.kind, one.source, one.target, one.articles, one.reason) for one in lineage] == [
        ("merge", "b", "a", 1, "they tell the same"),
        ("merge", "a", "c", 2, "wrongly"),
        ("split", "c", "a", 2, "they part again"),
    ]
    assert groundswell.story_page("a", as_of=date(2024, 9, 17)).lineage == ()


def test_the_address_of_a_merged_story_shows_its_successor(groundswell: Groundswell) -> None:
    client = TestClient(create_app(groundswell), follow_redirects=False)
    moved = client.get("/stories/d")
    assert (moved.status_code, moved.headers["location"]) == (301, "/stories/e")
    assert client.get("/stories/d?as_of=2024-09-19").status_code == 200
    assert client.get("/stories/e").status_code == 200
    assert client.get("/stories/a").status_code == 200, "a story that was split off again has its own page again"
    assert client.get("/api/v1/stories/b").json()["id"] == "a"
    lineage = client.get("/api/v1/stories/a").json()["lineage"]
    assert [(one["kind"], one["source"], one["target"], one["articles"]) for one in lineage] == [
        ("merge", "b", "a", 1), ("merge", "a", "c", 2), ("split", "c", "a", 2),
    ]  # fmt: skip
    page = client.get("/stories/a").text
    assert all(text in page for text in ("Repairs", "They tell the same", "They part again"))
    assert "Repairs" not in client.get("/stories/a?as_of=2024-09-16").text
    assert client.get("/stories/zzz").status_code == 404


def test_a_merged_story_says_once_that_it_was_merged(groundswell: Groundswell) -> None:
    client = TestClient(create_app(groundswell))
    page = lxml.html.fromstring(client.get("/stories/c?as_of=2024-09-19").content)
    assert page.text_content().count("later merged into this one") == 0, "nothing else is in it by then"
    page = lxml.html.fromstring(client.get("/stories/a").content)
    assert page.text_content().count("1 article began a separate story that was later merged into this one") == 1
    assert page.xpath('//section[@aria-labelledby="articles"]//a[@href="#lineage"]/text()') == ["repairs"]
    assert page.xpath('//p[contains(@class, "why")]/text()') == [
        "First article of the story.",
        "First article of a separate story: founded",
    ]


def torn(name: str, title: str, minutes: int) -> Article:
    at = START + timedelta(minutes=minutes)
    return Article(name, "f", title, "", f"Wire {name}", None, at, at, False, Origin.LIVE)


TORN = [
    torn("a", "Fed cuts rates by half a point", 0),
    torn("b", "Surprise as Fed makes half a point cut in rates", 5),
]


class NoFeeds:
    def retrieve(
        self, url: str, etag: str | None, last_modified: str | None, max_bytes: int | None = None
    ) -> Retrieved:
        raise AssertionError(f"no feed is on, yet {url} was asked")


class Founding(OnlineStoryDetector):
    """Never joins, so that only a repair brings articles together."""

    def __init__(self) -> None:
        super().__init__(tuning=Tuning(search=CandidateSearch(min_similarity=2)))


def test_stories_are_repaired_within_the_hour_without_new_articles(tmp_path: Path) -> None:
    now = [START]
    with Groundswell.open(str(tmp_path / "s.db"), clock=lambda: now[0]) as opened:
        ingest = opened._ingest = ArticleIngest(opened._store, load_catalog(), Founding)
        pipeline = CycleRunner(opened, NoFeeds(), lambda: now[0])
        pipeline.run_once()
        ingest.add([offer_article(one) for one in TORN])
        for minutes, found in ((30, {"a": ["a"], "b": ["b"]}), (60, {"a": ["a", "b"]}), (61, {"a": ["a", "b"]})):
            now[0] = START + timedelta(minutes=minutes)
            pipeline.run_once()
            assert stories(opened) == found


def test_stories_of_a_replay_are_repaired_up_to_its_end(tmp_path: Path) -> None:
    stream = tmp_path / "s.jsonl"
    rows = [{"id": one.id, "title": one.title, "published": one.at.isoformat()} for one in TORN]
    stream.write_text("\n".join(map(json.dumps, rows)))
    with Groundswell.open(str(tmp_path / "s.db"), clock=lambda: START) as opened:
        opened._ingest = ArticleIngest(opened._store, load_catalog(), Founding)
        opened.replay(stream)
        assert [len(members) for members in stories(opened).values()] == [2]


def test_a_repair_that_cannot_be_stored_is_repeated_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later = START + timedelta(hours=2)
    with Groundswell.open(str(tmp_path / "s.db"), clock=lambda: later) as opened:
        opened._ingest = ArticleIngest(opened._store, load_catalog(), Founding)
        opened._ingest.add([offer_article(one) for one in TORN])
        with monkeypatch.context() as broken:
            broken.setattr("groundswell.storage.news.lineage.apply_repairs", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                opened.flush_stories()
        opened.flush_stories()
        assert stories(opened) == {"a": ["a", "b"]}
