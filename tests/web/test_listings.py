"""Search, lists, sitemaps and archives over a real store of headlines, read by third-party parsers."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import feedparser
import lxml.etree
import lxml.html
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from groundswell import Groundswell
from groundswell.model import Cursor, Origin
from groundswell.web import cursors
from groundswell.web.app import create_app
from groundswell.web.syndication import archives, sitemap

from ..demo_news import add_demo_news

NOW = datetime(2024, 10, 1, 9, tzinfo=UTC)
TOPICS = ("Fed cuts interest rates by half a point", "Russell 2000 climbs {} for IWM", "Ferry strike enters week")
REASONS = ("on cheap loans", "as lenders recover", "after jobs report", "past tariff fears", "with takeover bids")
BASE = "https://hubs.example"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Groundswell]:
    """Sixty headlines, six hours apart, each with a unique word; every fourth is about the Fed or small caps."""
    folder = tmp_path_factory.mktemp("listings")
    rows = [
        {
            "id": f"d{number}",
            "published": (NOW - timedelta(hours=6 * (60 - number))).isoformat(),
            "source": f"Wire {number % 3}",
            "title": f"Unlike{number} news{number * 7} report{number * 11}"
            if number % 4
            else f"{TOPICS[number // 4 % 3].format(REASONS[number // 12])} alpha{number}",
        }
        for number in range(60)
    ]
    (folder / "stream.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with Groundswell.open(str(folder / "store.db"), clock=lambda: NOW) as opened:
        opened.replay(folder / "stream.jsonl")
        yield opened


@pytest.fixture
def site(shared: Groundswell) -> TestClient:
    return TestClient(create_app(shared, BASE, "https://websub.example/"), base_url=BASE)


def every_page(site: TestClient, path: str, name: str) -> list[dict]:
    """Return all rows of a list, page by page."""
    rows: list[dict] = []
    joint = "&" if "?" in path else "?"
    cursor = ""
    for _ in range(100):
        answer = site.get(f"{path}{joint}limit=7{cursor}").json()
        rows += answer[name]
        if answer["next"] is None:
            return rows
        cursor = f"&cursor={answer['next']}"
    raise AssertionError("the list does not end")


def test_lists_page_through_everything_once(site: TestClient) -> None:
    articles = every_page(site, "/api/v1/articles", "articles")
    assert len({row["id"] for row in articles}) == len(articles) == 60
    assert [row["first_seen_at"] for row in articles] == sorted(
        (row["first_seen_at"] for row in articles), reverse=True
    )
    stories = every_page(site, "/api/v1/stories", "stories")
    assert len({row["id"] for row in stories}) == len(stories)
    assert {row["story"] for row in articles} == {row["id"] for row in stories}
    assert len(every_page(site, "/api/v1/stories?hub=fomc", "stories")) < len(stories)


def test_search_finds_stories_and_claims(site: TestClient) -> None:
    answer = site.get("/api/v1/search?q=alpha0").json()
    assert [story["headline"] for story in answer["stories"]] == ["Fed cuts interest rates by half a point alpha0"]
    claims = site.get("/api/v1/search?q=small%20company%20debt").json()["claims"]
    assert "C4" in [claim["id"] for claim in claims]
    page = site.get("/search?q=interest+rates&hub=fomc").text
    assert "alpha0" in page
    assert 'name="robots" content="noindex"' in page
    past = site.get("/api/v1/search?q=news413&as_of=2024-09-20").json()  # number 59 came on 1 October
    assert (past["stories"], past["claims"]) == ([], [])
    assert len(site.get("/api/v1/search?q=news413").json()["stories"]) == 1


@pytest.mark.parametrize("limit", [1, 3])
def test_the_limit_of_a_search_bounds_claims_too(site: TestClient, limit: int) -> None:
    whole = site.get("/api/v1/search?q=companies&limit=100").json()["claims"]
    assert len(whole) > 3
    bounded = site.get(f"/api/v1/search?q=companies&limit={limit}").json()["claims"]
    assert [(one["hub"], one["id"]) for one in bounded] == [(one["hub"], one["id"]) for one in whole[:limit]]


def test_a_search_continues_with_older_stories(site: TestClient, shared: Groundswell) -> None:
    page = lxml.html.fromstring(site.get("/hubs/fomc/stories").content)
    seen = page.xpath('//p[@class="headline"]/a/@href')
    for _ in range(20):
        older = page.xpath('//a[text()="Older stories"]')
        if not older:
            break
        assert older[0].get("rel") == "nofollow"
        page = lxml.html.fromstring(site.get(older[0].get("href")).content)
        seen += page.xpath('//p[@class="headline"]/a/@href')
    expected = [f"/stories/{story.id}" for story in shared.stories("fomc", 1000)]
    assert seen == expected


@pytest.mark.parametrize(
    ("query", "headlines"),
    [
        ("instrument=IWM", 5),
        ("from=2024-09-29", 1),
        ("to=2024-09-17", 1),
        ("publisher=wire+1&q=climbs", 5),
        ("publisher=wire+2", 0),
        ("q=nothing+of+the+kind", 0),
        ("q=%22%2A%5E", 0),
    ],
)
def test_a_hub_filters_its_stories(site: TestClient, query: str, headlines: int) -> None:
    page = site.get(f"/hubs/small-caps/stories?{query}").text
    assert page.count('class="headline"') == headlines
    assert ("No stories found." in page) is (headlines == 0)
    assert 'content="noindex"' in page
    assert len(site.get(f"/hubs/small-caps/stories.json?{query}").json()["stories"]) == headlines


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/search?from=soon", 400, "from must be a date"),
        ("/search?hub=gold&q=a", 404, "there is no hub"),
        ("/hubs/gold/stories", 404, "there is no hub"),
        ("/hubs/fomc/stories?instrument=GOLD", 404, "no instrument"),
        ("/search?q=a&cursor=x", 400, "cursor must be the value"),
        ("/api/v1/articles?cursor=MS4y4", 400, "cursor must be the value"),
        ("/api/v1/series/NONE/observations", 404, "there is no series NONE (total return)"),
        ("/api/v1/events/none", 404, "there is no event list"),
        ("/feed.atom?before=7", 404, "there is no archive"),
        ("/feed.atom?before=0", 400, "before"),
        ("/feed.atom?before=99999999999999999999999999", 404, "there is no archive"),
        ("/sitemaps/stories-9.xml", 404, "there is no sitemap"),
        ("/sitemaps/stories-0.xml", 404, "there is no sitemap"),
        ("/feed.atom?as_of=2024-09-18", 400, "has no past versions"),
        ("/hubs/fomc/feed.json?as_of=2024-09-18", 400, "has no past versions"),
        ("/verdicts.atom?as_of=2024-09-18", 400, "has no past versions"),
        ("/api/v1/status?as_of=2024-09-18", 400, "/api/v1/status has no past versions"),
    ],
)
def test_invalid_requests_get_a_clear_message(site: TestClient, path: str, status: int, message: str) -> None:
    answer = site.get(path)
    assert answer.status_code == status
    assert message.lower() in answer.text.lower()


@given(words=st.text(max_size=300))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_search_text_causes_an_error(site: TestClient, words: str) -> None:
    for path in ("/search", "/api/v1/search"):
        assert site.get(path, params={"q": words, "publisher": words}).status_code == 200


@given(upto=st.integers(0, 2**61), skip=st.integers(0, cursors.MAX_SKIPPED_ITEMS))
def test_a_cursor_survives_encoding_and_decoding(upto: int, skip: int) -> None:
    written = cursors.encode(Cursor(upto, skip))
    assert written is not None
    assert written.replace("-", "").replace("_", "").isalnum()
    assert cursors.decode(written) == Cursor(upto, skip)


def test_lists_end_without_a_cursor() -> None:
    assert cursors.encode(None) is None
    assert cursors.encode(Cursor(1, cursors.MAX_SKIPPED_ITEMS + 1)) is None
    assert cursors.decode("") is None


def test_series_and_observations(site: TestClient) -> None:
    listed = site.get("/api/v1/series").json()["series"]
    assert all(series["title"] and "unit" in series for series in listed)
    (market,) = [one for one in listed if one["id"] == "ff.smb"]
    path = f"/api/v1/series/{market['id']}/observations?measure={market['measure']}"
    values = every_page(site, f"{path}&from=2010-01-01&to=2012-12-31", "observations")
    assert len(values) == 36
    assert [row["date"] for row in values] == sorted(row["date"] for row in values)
    assert site.get(f"{path}&limit=1").json()["observations"][0]["date"] == market["first"]
    past = site.get(f"{path}&as_of=2011-06-01&from=2011-01-01").json()["observations"]
    assert all(row["known_at"] < "2011-06-02" for row in past)
    assert 0 < len(past) < 6


def test_events_are_listed_with_their_rule(site: TestClient) -> None:
    names = [one["name"] for one in site.get("/api/v1/events").json()["lists"]]
    assert "first_cuts" in names
    answer = site.get("/api/v1/events/first_cuts?as_of=2019-08-01").json()
    assert [event["date"] for event in answer["events"]][-2:] == ["2007-09-18", "2019-07-31"]
    assert answer["rule"]


def read_map(site: TestClient, path: str) -> lxml.etree._Element:
    answer = site.get(path)
    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    root = lxml.etree.fromstring(answer.content)
    assert lxml.etree.QName(root).namespace == SITEMAP
    return root


def addresses(root: lxml.etree._Element) -> list[str]:
    return [loc.text for loc in root.iterfind(f"{{{SITEMAP}}}*/{{{SITEMAP}}}loc")]


def test_the_sitemaps_list_every_page(site: TestClient, shared: Groundswell) -> None:
    maps = [urlsplit(url).path for url in addresses(read_map(site, "/sitemap.xml"))]
    assert maps == ["/sitemaps/pages.xml", "/sitemaps/news.xml", "/sitemaps/stories-1.xml"]
    pages = addresses(read_map(site, maps[0]))
    assert f"{BASE}/hubs/small-caps" in pages
    assert len(pages) == len(set(pages)) == 5 + sum(1 + len(hub.claims) for hub in shared.hubs())
    for url in (*pages[:5], f"{BASE}/claims/fomc/F1"):
        assert site.get(url).status_code == 200
    stories = set(addresses(read_map(site, maps[2])))
    assert stories == {row["url"] for row in every_page(site, "/api/v1/stories", "stories")}


def test_the_news_sitemap_has_headline_and_time_of_the_latest_stories(site: TestClient) -> None:
    root = read_map(site, "/sitemaps/news.xml")
    rows = every_page(site, "/api/v1/stories?from=2024-09-30", "stories")
    listed = {row["url"]: row for row in rows if row["first_at"] >= "2024-09-30"}
    assert len(listed) >= 4
    assert set(addresses(root)) == set(listed)
    for entry in root.iterfind(f"{{{SITEMAP}}}url"):
        row = listed[entry.findtext(f"{{{SITEMAP}}}loc")]
        assert entry.findtext(f".//{{{NEWS}}}title") == row["headline"]
        at = datetime.fromisoformat(entry.findtext(f".//{{{NEWS}}}publication_date"))
        assert at == datetime.fromisoformat(row["first_at"])
        assert [part.text for part in entry.find(f".//{{{NEWS}}}publication")] == ["Groundswell", "en"]


@pytest.mark.parametrize("days", [0, 1, 2, 3])
def test_the_news_sitemap_is_listed_while_it_has_a_story(shared: Groundswell, monkeypatch, days: int) -> None:
    monkeypatch.setattr(shared._source, "clock", lambda: NOW + timedelta(days=days))
    assert shared.has_recent_stories() == bool(shared.recent_stories()) == (days < 2)


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1799-12-31", "2200-01-01"])
def test_a_date_that_no_article_can_have_is_refused(site: TestClient, name: str, day: str) -> None:
    for path in ("/api/v1/stories", "/search", "/hubs/fomc/stories", "/api/v1/search"):
        answer = site.get(f"{path}?{name}={day}")
        assert answer.status_code == 400
        assert "must be a date from 1800-01-01 to 2199-12-31" in html.unescape(answer.text), path


def test_a_sitemap_has_no_more_addresses_than_the_protocol_allows(
    site: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "MAX_ADDRESSES", 25)
    parts = [urlsplit(url).path for url in addresses(read_map(site, "/sitemap.xml"))][2:]
    assert len(parts) == 3
    found = [url for part in parts for url in addresses(read_map(site, part))]
    assert len(found) == len(set(found)) == len(every_page(site, "/api/v1/stories", "stories"))


def test_demonstration_stories_of_earlier_versions_are_in_no_list(tmp_path) -> None:
    with Groundswell.open(str(tmp_path / "demo.db"), clock=lambda: NOW) as opened:
        assert add_demo_news(opened, Origin.DEMO).new
        site = TestClient(create_app(opened, BASE))
        assert site.get("/api/v1/stories").json()["stories"] == []
        assert site.get("/api/v1/search?q=buybacks").json()["stories"] == []
        assert site.get("/hubs/small-caps").text.count("(demonstration)") == 0
        assert site.get("/demo").text.count("(demonstration)") > 20
        assert "<url>" not in site.get("/sitemaps/stories-1.xml").text
        assert "<url>" not in site.get("/sitemaps/news.xml").text
        assert "news" not in site.get("/sitemap.xml").text, "no map that is listed may be empty"


@pytest.mark.parametrize(("path", "size"), [("/feed.atom", 20), ("/hubs/small-caps/feed.atom", 8)])
def test_archives_lead_back_to_the_first_story_and_forward_again(
    site: TestClient, shared: Groundswell, monkeypatch: pytest.MonkeyPatch, path: str, size: int
) -> None:
    monkeypatch.setattr(archives, "ARTICLES_PER_SITE_BLOCK", size)
    monkeypatch.setattr(archives, "ARTICLES_PER_HUB_BLOCK", size)
    monkeypatch.setattr(archives, "MIN_STORIES_PER_FEED", 1)
    hub = path.split("/")[2] if "hubs" in path else None
    seen: set[str] = set()
    visited = []
    here = f"{BASE}{path}"
    while here:
        body = site.get(here).content
        read = feedparser.parse(body)
        assert not read.bozo
        seen |= {entry.link for entry in read.entries if "/stories/" in entry.link}
        links = {link.rel: link.href for link in read.feed.links}
        assert links["self"] == here
        root = lxml.etree.fromstring(body)
        assert (root.find("{http://purl.org/syndication/history/1.0}archive") is not None) is bool(visited)
        assert (links.get("hub") == "https://websub.example/") is not bool(visited)
        if visited:
            assert links["current"] == f"{BASE}{path}"
            newer = links.get("next-archive", f"{here.split('=', maxsplit=1)[0]}={10**9}")
            assert int(here.split("=")[1]) < int(newer.split("=")[1])
        visited.append(here)
        here = links.get("prev-archive")
    stories = shared.stories(hub, 1000) if hub else every_page(site, "/api/v1/stories", "stories")
    assert seen == {f"{BASE}/stories/{one.id}" if hub else one["url"] for one in stories}
    assert len(visited) > 2


def test_json_feeds_name_the_next_document_and_the_websub_hub(
    site: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "ARTICLES_PER_SITE_BLOCK", 20)
    feed = site.get("/feed.json").json()
    assert feed["hubs"] == [{"type": "WebSub", "url": "https://websub.example/"}]
    older = site.get(feed["next_url"]).json()
    assert older["feed_url"] == feed["next_url"] == f"{BASE}/feed.json?before=60"
    assert "hubs" not in older


def test_the_feeds_that_are_on_are_listed_as_opml(site: TestClient, shared: Groundswell) -> None:
    shared.register_sources()
    from groundswell.feeds.default_feeds import load_default_feeds

    root = lxml.etree.fromstring(site.get("/feeds.opml").content)
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    addresses = {outline.get("xmlUrl") for outline in root.iter("outline") if outline.get("xmlUrl")}
    assert addresses == {feed.url for feed in load_default_feeds() if feed.enabled}
    assert all(outline.get("text") for outline in root.iter("outline"))


def test_llms_txt_describes_the_site(site: TestClient) -> None:
    text = site.get("/llms.txt").text
    assert text.startswith("# Groundswell\n\n> ")
    links = [part.split(")")[0] for part in text.split("](")[1:]]
    assert len(links) >= 14
    for link in links:
        assert site.get(link).status_code == 200
