"""Edited titles: stored in addition to the first one, read as of any day, and bounded in number."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from groundswell.model import Article, Assignment, Member, Origin, TitleVersion
from groundswell.storage.engine.store import Store
from groundswell.storage.news import articles, titles

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FIRST = Article("a", "wire", "Fed holds rates", "", "Wire", None, None, NOON, day_only=False, origin=Origin.LIVE)


@pytest.fixture
def store(store: Store) -> Store:
    """A store of each engine with one article."""
    with store.write() as connection:
        articles.add_members(connection, [Member(FIRST, Assignment("a", "a", True, 1.0, ()), ())])
    return store


def seen(title: str, hours: float, **other: object) -> Article:
    return replace(FIRST, title=title, first_seen_at=NOON + timedelta(hours=hours), **other)


def offer(store: Store, *offered: Article) -> int:
    with store.write() as connection:
        return titles.add_titles(connection, offered)


def read_member(store: Store, until: datetime | None = None) -> Member:
    with store.read() as connection:
        ((member,),) = articles.read_members(connection, ["a"], until).values()
    return member


@pytest.mark.parametrize(
    ("offered", "title"),
    [
        (seen("Fed cuts rates", 1), "Fed cuts rates"),
        (seen("Fed holds rates", 1), "Fed holds rates"),
        (seen("Fed cuts rates", 1, feed="aggregator"), "Fed holds rates"),  # another feed has its own wording
        (seen("Fed cuts rates", 0), "Fed holds rates"),
        (seen("Fed cuts rates", -1), "Fed holds rates"),  # a repeated replay is older than what is stored
        (seen("Fed cuts rates", 1, id="b"), "Fed holds rates"),
    ],
)
def test_a_later_title_of_the_same_feed_is_an_update(store: Store, offered: Article, title: str) -> None:
    assert offer(store, offered) == (title != FIRST.title)
    assert offer(store, offered) == 0
    assert read_member(store).article.title == title


def test_titles_are_read_as_of_their_time(store: Store) -> None:
    for hours, title in ((1, "Fed cuts rates"), (2, "Fed cuts rates by half a point"), (3, "Fed holds rates")):
        assert offer(store, seen(title, hours), seen("of two alike the first counts", hours)) == 1
    now = read_member(store)
    assert (now.article.title, now.assignment.story_id) == ("Fed holds rates", "a")
    assert now.earlier == (
        TitleVersion("Fed holds rates", NOON),
        TitleVersion("Fed cuts rates", NOON + timedelta(hours=1)),
        TitleVersion("Fed cuts rates by half a point", NOON + timedelta(hours=2)),
    )
    then = read_member(store, NOON + timedelta(hours=1.5))
    assert (then.article.title, then.earlier) == ("Fed cuts rates", (TitleVersion("Fed holds rates", NOON),))
    assert read_member(store, NOON + timedelta(minutes=1)).earlier == ()


def test_a_feed_that_keeps_changing_titles_does_not_fill_the_store(store: Store) -> None:
    assert sum(offer(store, seen(f"title {n}", n)) for n in range(1, 100)) == titles.MAX_LATER_TITLES
    assert len(read_member(store).earlier) == titles.MAX_LATER_TITLES
