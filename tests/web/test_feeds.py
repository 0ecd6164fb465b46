"""Feeds as feed readers parse them, and CSV files."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import feedparser
import pytest
from starlette.testclient import TestClient

from groundswell.model import Verdict
from groundswell.web.backend import Backend
from groundswell.web.syndication.csv import write_series

from .conftest import FLIP


def test_atom_is_read_by_a_feed_reader(client: TestClient) -> None:
    answer = client.get("/hubs/small-caps/feed.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    read = feedparser.parse(answer.content)
    assert not read.bozo
    assert read.version == "atom10"
    assert read.feed.title == "Small-Caps Revival"
    assert read.feed.id == "tag:hubs.example,2026:hubs/small-caps"
    assert read.feed.author == "Small-Caps Revival"
    links = {link.rel: link.href for link in read.feed.links}
    assert links["self"] == "https://hubs.example/hubs/small-caps/feed.atom"
    assert read.feed.updated == read.entries[0].updated == "2024-10-01T10:00:00Z"


def test_atom_entries_are_stories_and_changed_verdicts_newest_first(client: TestClient) -> None:
    entries = feedparser.parse(client.get("/hubs/small-caps/feed.atom").content).entries
    assert [entry.id.removeprefix("tag:hubs.example,2026:") for entry in entries] == [
        "stories/s-rally",
        "stories/s-hostile",
        "stories/s-fund",
        "claims/small-caps/C1/2024-09-30",
    ]
    rally, hostile, _, change = entries
    assert rally.link == "https://hubs.example/stories/s-rally"
    assert [author.name for author in rally.authors] == ["Harbor Wire", "Market Ledger", "The Daily Tape"]
    assert {link.rel: link.href for link in rally.links}["related"] == "https://news.example/1?a=1&b=2"
    assert "Included because: the headline holds “small caps”." in rally.summary
    assert change.title == "C1 is now refuted (was inconclusive)"
    assert all(link.rel != "related" for link in hostile.links)


def test_hostile_titles_stay_text_in_atom(client: TestClient) -> None:
    body = client.get("/hubs/small-caps/feed.atom").text
    assert "<script" not in body
    assert "\x07" not in body
    assert '&lt;script&gt;alert("x")&lt;/script&gt; &amp; "S&amp;P 500"' in body


def test_json_feed_has_the_fields_of_version_1_1(client: TestClient) -> None:
    answer = client.get("/hubs/small-caps/feed.json")
    assert answer.headers["content-type"] == "application/feed+json; charset=utf-8"
    feed = answer.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "https://hubs.example/hubs/small-caps/feed.json"
    assert feed["home_page_url"] == "https://hubs.example/hubs/small-caps"
    first = feed["items"][0]
    assert first["url"] == "https://hubs.example/stories/s-rally"
    assert first["external_url"] == "https://news.example/1?a=1&b=2"
    assert first["date_published"] == "2024-10-01T07:30:00Z"
    assert first["authors"][0] == {"name": "Harbor Wire"}
    assert "external_url" not in feed["items"][1]


def test_demonstration_stories_are_marked_in_feeds(client: TestClient, hubs) -> None:
    hubs.is_invented = True
    titles = [item["title"] for item in client.get("/hubs/small-caps/feed.json").json()["items"]]
    assert "Demonstration: Small caps rise in a made-up market" in titles


def test_a_hub_without_stories_has_a_valid_empty_feed(client: TestClient) -> None:
    read = feedparser.parse(client.get("/hubs/fomc/feed.atom").content)
    assert not read.bozo
    assert read.entries == []
    assert read.feed.updated == "2024-10-01T00:00:00Z"


@pytest.mark.parametrize("path", ["/verdicts.atom", "/hubs/small-caps/verdicts.atom"])
def test_changed_verdicts_as_atom(client: TestClient, path: str) -> None:
    read = feedparser.parse(client.get(path).content)
    assert not read.bozo
    assert read.feed.id == f"tag:hubs.example,2026:{path.removeprefix('/').removesuffix('.atom')}"
    (entry,) = read.entries
    assert entry.id == "tag:hubs.example,2026:claims/small-caps/C1/2024-09-30"
    assert entry.link == "https://hubs.example/claims/small-caps/C1?as_of=2024-09-30"
    assert entry.title == "small-caps C1 is now refuted (was inconclusive)"
    assert "Why the verdict changed: 1 new event: 18 March 2024 (−9.4 %)" in entry.summary


def test_changed_verdicts_as_json_feed(client: TestClient) -> None:
    feed = client.get("/verdicts.json").json()
    assert feed["feed_url"] == "https://hubs.example/verdicts.json"
    assert [item["date_published"] for item in feed["items"]] == ["2024-09-30T00:00:00Z"]
    empty = client.get("/hubs/fomc/verdicts.json").json()
    assert (empty["title"], empty["items"]) == ("Verdict changes: fomc", [])
    assert client.get("/hubs/unknown/verdicts.atom").status_code == 404


@pytest.mark.parametrize("path", ["/verdicts.atom", "/verdicts.json", "/hubs/small-caps/feed.atom"])
@pytest.mark.parametrize(
    ("confirmed", "before", "words"),
    [
        (True, False, "C1 is now refuted and confirmed (was refuted but not confirmed)"),
        (False, True, "C1 is now refuted but not confirmed (was refuted and confirmed)"),
        (None, None, "C1 is now refuted (was refuted)"),  # recorded before there were sequences
    ],
)
def test_feeds_say_what_is_confirmed(client: TestClient, hubs, monkeypatch, *, path, confirmed, before, words) -> None:
    flip = replace(FLIP, before=Verdict.REFUTED, confirmed=confirmed, was_confirmed=before)
    monkeypatch.setattr(hubs, "verdict_changes", lambda *_args, **_named: (flip,))
    assert words in client.get(path).text


@pytest.mark.parametrize("path", ["/hubs/small-caps/feed.atom", "/hubs/small-caps/feed.json", "/verdicts.atom"])
def test_an_unchanged_feed_is_not_sent_twice(client: TestClient, path: str) -> None:
    etag = client.get(path).headers["etag"]
    for known in (etag, f'"other", {etag}', "*"):
        again = client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_event_rows_of_every_reading_as_csv(client: TestClient) -> None:
    answer = client.get("/claims/small-caps/C1.csv?as_of=2024-09-30")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="small-caps-C1.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 7 + 7 + 6
    assert rows[0] == {
        "reading": "main",
        "date": "1989-06-06",
        "start": "1989-06-06",
        "end": "1989-09-05",
        "value": "-0.046",
        "error": "",
        "beta": "",
        "before": "",
        "series": "",
        "unit": "return",
    }


def test_every_value_behind_a_claim_as_csv(client: TestClient, hubs: Backend) -> None:
    page = client.get("/claims/small-caps/C1?as_of=2024-09-30").text
    assert 'href="/claims/small-caps/C1.series.csv?as_of=2024-09-30"' in page
    answer = client.get("/claims/small-caps/C1.series.csv?as_of=2024-09-30")
    assert answer.headers["content-disposition"] == 'attachment; filename="small-caps-C1-series.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    small, large = hubs.claim_page("small-caps", "C1").inputs
    assert list(rows[0]) == ["date", "IWM (total return)", "SPY (total return)"]
    assert [float(row["IWM (total return)"]) for row in rows] == small.values.tolist()
    assert [row["date"] for row in rows] == large.dates.astype(str).tolist()


def test_the_page_of_a_claim_offers_its_bundle(client: TestClient) -> None:
    page = client.get("/claims/small-caps/C1?as_of=2024-09-30").text
    assert 'href="/claims/small-caps/C1/bundle.zip?as_of=2024-09-30"' in page
    answer = client.get("/claims/small-caps/C1/bundle.zip?as_of=2024-09-30")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="small-caps-C1-2024-09-30.zip"'
    assert answer.content == b"an archive"
    assert client.get("/claims/small-caps/C99/bundle.zip").status_code == 404


def test_series_of_different_days_leave_cells_empty(hubs: Backend) -> None:
    one, other = hubs.claim_page("small-caps", "C1").inputs
    short = replace(other, dates=other.dates[2:], values=other.values[2:], known_at=other.known_at[2:])
    rows = list(csv.reader(io.StringIO(write_series([one, short]))))
    assert [len(row) for row in rows] == [3] * (1 + len(one))
    assert [row[2] for row in rows[1:3]] == ["", ""]
    assert write_series([]) == "date\r\n"


def test_a_reading_named_like_a_formula_is_inert(client: TestClient) -> None:
    rows = csv.DictReader(io.StringIO(client.get("/claims/small-caps/C1.csv").text))
    names = {row["reading"] for row in rows}
    assert names == {"main", "monthly factors since 1926", "'=cmd|' /C calc'!A0"}
