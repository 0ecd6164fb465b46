"""Feeds and streams that nobody in earnest would send, from their bytes to the pages."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from html import escape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from groundswell import Groundswell
from groundswell.app.cycle import CycleRunner
from groundswell.app.replay import assign_first_seen
from groundswell.model import Entry, Outcome
from groundswell.ports import Retrieved
from groundswell.testing.fakes import FakeRetriever, FixedClock
from groundswell.web.app import create_app

from .conftest import NOW

FED = "https://www.federalreserve.gov/feeds/press_monetary.xml"
TITLES = {
    "long": "Fed holds rates " + "x" * 100_000,
    "many words": "Fed rates " * 20_000,
    "blank": "  ",
    "emoji": "🚀🚀🚀 👩‍👩‍👧‍👦",
    "right to left": "السوق يصعد بعد قرار Fed اليوم",
    "mixed": "Fed снижает ставку 降息 בנק",
    "zero width": "F\u200bed c\u200but\u2060s ra\ufefftes aga\u00adin",
    "combining": "Fed cuts rates" + "\u0301" * 5_000,
    "override": "\u202egnikaerb\u202c Fed",
    "markup": "<b>Fed</b> <script>alert(1)</script> cuts &amp;amp; holds",
}
DATES = {
    "year 1": "Mon, 01 Jan 0001 00:00:00 GMT",
    "year 9999": "Fri, 31 Dec 9999 23:59:59 GMT",
    "next week": "Tue, 08 Oct 2024 08:00:00 GMT",
    "none": "",
    "nonsense": "the day before yesterday",
    "impossible": "Mon, 42 Foo 2024 99:99:99 GMT",
}


def feed(items: dict[str, tuple[str, str]]) -> bytes:
    """An RSS feed; each item is a title and a date by the key of its address."""
    items = "".join(
        f"<item><title>{escape(title)}</title><link>https://www.federalreserve.gov/{place}</link>"
        f"{f'<pubDate>{date}</pubDate>' if date else ''}</item>"
        for place, (title, date) in enumerate(items.values())
    )
    return f"<rss version='2.0'><channel><title>Fed</title>{items}</channel></rss>".encode()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def groundswell(tmp_path: Path, clock: FixedClock):
    with Groundswell.open(str(tmp_path / "store.db"), clock=clock) as opened:
        opened.register_sources()
        yield opened


def poll(groundswell: Groundswell, clock: FixedClock, items: dict[str, tuple[str, str]]) -> int:
    """Let every feed that is due be asked: one answers. Gives the number of new articles."""
    answer = Retrieved(Outcome.OK, "HTTP 200", feed(items), "application/rss+xml", None)
    retriever = FakeRetriever({FED: answer})
    return CycleRunner(groundswell, retriever, clock, pause=lambda seconds: None).run_once().ingested.new


def pages(groundswell: Groundswell) -> dict[str, str]:
    """Every page that shows stories, each of which must answer."""
    client = TestClient(create_app(groundswell))
    stories = {story.id for hub in groundswell.hubs() for story in groundswell.stories(hub.slug, 1_000)}
    found = {path: client.get(path) for path in ("/", "/hubs/fomc", *(f"/stories/{one}" for one in sorted(stories)))}
    assert {path: answer.status_code for path, answer in found.items()} == dict.fromkeys(found, 200)
    return {path: answer.text for path, answer in found.items()}


def test_odd_titles_reach_the_pages_shortened(groundswell: Groundswell, clock: FixedClock) -> None:
    date = "Tue, 01 Oct 2024 08:00:00 GMT"
    new = poll(groundswell, clock, {name: (title, date) for name, title in TITLES.items()})
    assert new == len(TITLES)  # the blank one is shown by its address
    shown = pages(groundswell)
    assert len(shown) > 2
    for text in shown.values():
        assert "x" * 600 not in text
        assert "<script>" not in text
        assert not {"\u200b", "\u2060", "\ufeff", "\u00ad", "\u202e", "\u202c"} & set(text)
    assert any("Fed cuts rates again" in text for text in shown.values())


@pytest.mark.parametrize("name", DATES)
def test_a_wrong_date_neither_loses_its_article_nor_moves_others(
    groundswell: Groundswell, clock: FixedClock, name: str
) -> None:
    before = {"a": ("Oakmere bank fails as deposits flee, Fed says", "Tue, 01 Oct 2024 07:00:00 GMT")}
    assert poll(groundswell, clock, {**before, "odd": ("Fed chair speaks on zebras", DATES[name])}) == 2
    clock.advance(timedelta(hours=25))
    after = ("Deposits flee: Oakmere bank fails, Fed says", "Wed, 02 Oct 2024 07:00:00 GMT")
    assert poll(groundswell, clock, {"x": ("", ""), "y": ("", ""), "after": after}) == 1
    stories = groundswell.stories("fomc", 100)
    assert sorted(len(story.members) for story in stories) == [1, 2]
    odd = next(story for story in stories if "zebras" in story.headline)
    assert odd.first_at == NOW
    assert len(pages(groundswell)) == 4


def entry(ident: str, published: datetime | None) -> Entry:
    return Entry("f", ident, f"Title {ident}", "", "P", None, published)


def day(number: int, year: int = 2019) -> datetime:
    return datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=number)


CLOCKS = [
    ("in order", [day(0), day(1), day(2)], [day(0), day(1), day(2)]),
    ("sparse", [day(0), day(100), day(900)], [day(0), day(100), day(900)]),
    ("late arrivals", [day(5), day(3), day(6)], [day(5), day(5), day(6)]),
    ("a far date among others", [day(0), day(0, 2023), day(1), day(2)], [day(0), day(0), day(1), day(2)]),
    ("two far dates", [day(0), day(0, 2022), day(1, 2023), day(1)], [day(0), day(0, 2022), day(0, 2022), day(0, 2022)]),
    ("a far date first", [day(0, 2023), day(0), day(1)], [day(0), day(0), day(1)]),
    ("undated first", [None, None, day(0), day(1)], [day(0), day(0), day(0), day(1)]),
    ("undated between", [day(0), None, day(1), None], [day(0), day(0), day(1), day(1)]),
    ("undated after a jump", [day(0), day(90), None, day(91)], [day(0), day(90), day(90), day(91)]),
    ("never dated", [None, None], [NOW, NOW]),
    ("year 1 first", [datetime(1, 1, 1, tzinfo=UTC), day(0), day(1)], [day(0), day(0), day(1)]),
    ("the epoch among others", [day(0), datetime(1970, 1, 1, tzinfo=UTC), day(1)], [day(0), day(0), day(1)]),
    ("year 9999", [day(0), datetime(9999, 12, 31, tzinfo=UTC), day(1)], [day(0), day(0), day(1)]),
    ("a jump at the end", [day(0), day(1), day(400)], [day(0), day(1), day(400)]),
    ("one alone", [day(0)], [day(0)]),
    ("nothing", [], []),
]


@pytest.mark.parametrize(("name", "published", "expected"), CLOCKS)
def test_the_clock_of_a_stream(name: str, published: list[datetime | None], expected: list[datetime]) -> None:
    entries = [entry(str(place), at) for place, at in enumerate(published)]
    found = list(assign_first_seen(entries, NOW))
    assert [one.title for one in found] == [one.title for one in entries]
    assert [one.first_seen_at for one in found] == expected


def test_an_undated_document_at_the_head_does_not_date_a_stream(groundswell: Groundswell, tmp_path: Path) -> None:
    rows = [
        {"id": "a", "title": "Fed seen holding rates"},
        {"id": "b", "title": "Fed chair speaks in 2023", "published": "2023-05-01T00:00:00Z"},
        {"id": "c", "title": "Fed holds rates steady", "published": "2019-09-01T10:00:00Z"},
        {"id": "d", "title": "Fed holds rates steady again", "published": "2019-09-02T10:00:00Z"},
    ]
    path = tmp_path / "odd.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert groundswell.replay(path).as_of.isoformat() == "2019-09-02"
    assert max(story.last_at for story in groundswell.stories("fomc")).year == 2019


def test_copies_of_one_release_do_not_lead_the_news_of_an_event(groundswell: Groundswell, tmp_path: Path) -> None:
    release = "Fed rate cut lifts Acme Holdings mortgage offers to record level"
    rows = [(f"Site {n}", f"{release} | Site {n}") for n in range(9)]
    rows += [
        ("Wire One", "Fed cuts interest rates by half a point in first cut since 2020"),
        ("Wire Two", "Federal Reserve cuts interest rates by half a point, first cut since 2020"),
        ("Morning Post", "Fed cuts interest rates half a point, the first since 2020, Powell explains"),
    ]
    path = tmp_path / "release.jsonl"
    documents = [
        {"id": f"d{n}", "title": title, "source": source, "published": f"2024-09-18T18:{n:02}:00Z"}
        for n, (source, title) in enumerate(rows)
    ]
    path.write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    groundswell.replay(path)
    page = groundswell.hub_page("fomc")
    (event,) = page.event_news
    assert [len(story.members) for story in event.stories] == [3, 9]
    assert {len(story.members): page.facets[story.id].independent_publishers for story in page.stories} == {3: 3, 9: 1}
    assert page.facets == {story.id: groundswell.story_page(story.id).facets for story in page.stories}
    as_of = date(2024, 9, 18)
    past = groundswell.hub_page("fomc", as_of=as_of)
    assert past.facets == {story.id: groundswell.story_page(story.id, as_of).facets for story in past.stories}
