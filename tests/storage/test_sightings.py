"""Sightings: a feed's later words, read as of any day, and bounded in number."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from groundswell.model import Article, Origin, Sighting, sight
from groundswell.storage.news.sightings import (
    MAX_SIGHTINGS_PER_FEED,
    MAX_SIGHTINGS_UNDER_ONE_TITLE,
    choose_new,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FIRST = sight(Article("a", "wire", "Fed holds rates", "", "Wire", None, None, NOON, day_only=False, origin=Origin.LIVE))


def seen(title: str, hours: float, **other: object) -> Sighting:
    return replace(FIRST, title=title, seen_at=NOON + timedelta(hours=hours), **other)


@pytest.mark.parametrize(
    ("offered", "is_new"),
    [
        (seen("Fed cuts rates", 1), True),
        (seen("Fed holds rates", 1), False),
        (seen("Fed holds rates", 1, feed="other"), True),  # the first word of another feed
        (seen("Fed holds rates", 1, url="https://a.example/1"), True),
        (seen("Fed holds rates", 1, published_at=NOON), True),
        (seen("Fed holds rates", 1, rank=0), True),
        (seen("Fed holds rates", 1, position=3, text="other words"), False),
        (seen("Fed cuts rates", 0), False),
        (seen("Fed cuts rates", -1), False),  # a repeated replay is older than what is stored
    ],
)
def test_what_a_feed_says_anew_is_a_sighting(offered: Sighting, is_new: bool) -> None:
    assert choose_new([FIRST], [offered]) == ([offered] if is_new else [])
    assert choose_new([FIRST, offered], [offered]) == []


def test_of_two_sightings_of_one_instant_the_first_counts() -> None:
    first, second = seen("Fed cuts rates", 1), seen("Fed cuts rates again", 1)
    assert choose_new([FIRST], [first, second]) == [first]


def test_a_feed_that_keeps_changing_its_words_does_not_fill_the_store() -> None:
    titles = [seen(f"title {n}", n) for n in range(1, 100)]
    assert len(choose_new([FIRST], titles)) == MAX_SIGHTINGS_PER_FEED - 1
    links = [seen(FIRST.title, n, url=f"https://a.example/{n}") for n in range(1, 100)]
    assert len(choose_new([FIRST], links)) == MAX_SIGHTINGS_UNDER_ONE_TITLE - 1
    assert choose_new([FIRST, *links[:3]], [seen("Fed cuts rates", 99)]) != []
