"""Feeds that others reported as lost or misread; what is right is written in the folders with the feeds."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from groundswell import Groundswell
from groundswell.feeds.parsing.items import ParsedFeed
from groundswell.feeds.parsing.parse import parse_feed
from groundswell.model import FeedSpec

from ..conftest import SHARED

CASES = SHARED / "cases"
FEED = FeedSpec("wire", "", "https://feed.example/rss", "", True, 15, "")


def read(path: Path) -> ParsedFeed:
    return parse_feed(path.read_bytes(), "", FEED)


def titles(name: str) -> list[str]:
    return [entry.title for entry in read(CASES / name).entries]


@pytest.mark.shared(twin="tests/feeds/test_kinds.py::test_title_link_and_date_are_read")
def test_feeds_at_which_a_parser_raised_keep_their_items() -> None:
    found = {
        path.name: [entry.title for entry in read(path).entries] for path in (CASES / "feeds-that-break").glob("*.xml")
    }
    assert found.pop("parse_crash_1.xml") == []  # its entry has neither title nor text nor link
    assert found.pop("parse_crash_2.xml") == ["&"]
    assert list(found.values()) == [["t"]] * 3


@pytest.mark.shared(twin="tests/feeds/test_kinds.py::test_title_link_and_date_are_read")
def test_the_article_is_linked_and_an_enclosure_only_for_want_of_it() -> None:
    assert [entry.url for entry in read(CASES / "public-reports/f01_enclosure_text_link/feed.xml").entries] == [
        "https://notes.example/a"
    ]
    assert [entry.url for entry in read(CASES / "public-reports/f02_enclosure_only/feed.xml").entries] == [
        "https://pod.example/ep17.mp3"
    ]


@pytest.mark.shared(twin="tests/feeds/test_kinds.py::test_title_link_and_date_are_read")
def test_titles_keep_their_words() -> None:
    assert titles("public-reports/f04_escaped_cdata/feed.xml") == [
        "Open letter to the Commission",
        "Entry title here",
        "Another letter",
    ]
    (entry,) = read(CASES / "public-reports/f04b_escaped_cdata_rss/feed.xml").entries
    assert (entry.title, entry.text) == ("Rates & banks: open letter", "Body of it")
    assert titles("public-reports/f05_tag_like_title/feed.xml") == ["</kubernetes>"]
    assert titles("public-reports/f05_tag_like_title/feed.json") == [
        "</kubernetes>",
        "P/E < 10 and yield > 5%: screens",
        "number id",
    ]
    assert titles("public-reports/f11_encoding_named_utf8/body.xml") == [
        "Central bank holds rates",
        "Yields rise again",
        "Despite glitch, ship docks",
    ]


@pytest.mark.shared(twin="tests/feeds/test_dates.py::test_months_are_read_in_many_languages")
def test_dates_are_read_in_the_languages_of_their_feeds() -> None:
    dates = [entry.published_at for entry in read(CASES / "public-reports/f03_month_names/feed.xml").entries]
    assert dates == [
        datetime(2022, 10, 2, 18, 55, tzinfo=UTC),
        datetime(2025, 3, 4, 7, tzinfo=UTC),
        datetime(2024, 12, 4, 9, tzinfo=UTC),
        datetime(2025, 2, 4, 7, tzinfo=UTC),
    ]
    (entry,) = read(CASES / "data-services/rss_portuguese_dates.xml").entries
    assert entry.published_at == datetime(2018, 9, 24, 22, 42, 40, tzinfo=UTC)


@pytest.mark.shared(twin="tests/feeds/test_publisher_suffix.py::test_a_name_at_the_end_goes_where_it_is_the_publishers")
def test_names_of_publishers_leave_titles() -> None:
    assert titles("public-reports/f08_publisher_suffix/feed.xml") == [
        "Fed holds rates steady",
        "Doomsday clock moves",
        "Antitrust suit filed",
    ]
    assert titles("public-reports/f08b_publisher_suffix_more/feed.xml") == [
        "Small caps rally",
        "Small caps rally",
        "Bank of England | a history",
    ]


@pytest.mark.shared(twin="tests/app/test_provenance.py::test_the_items_of_a_rotating_feed_are_one_article_each")
def test_an_item_whose_link_and_guid_rotate_is_one_article(tmp_path: Path) -> None:
    saved = tmp_path / "gn.xml"
    instants = iter(datetime(2025, 3, 3, hour, tzinfo=UTC) for hour in range(10, 23))
    with Groundswell.open(str(tmp_path / "a.db"), clock=lambda: next(instants)) as groundswell:
        new = []
        for poll in (1, 2, 3):
            saved.write_bytes((CASES / f"public-reports/f07_rotating_link/fetch{poll}.xml").read_bytes())
            new.append(groundswell.read_feed(saved).new)
    assert new == [1, 0, 0]
