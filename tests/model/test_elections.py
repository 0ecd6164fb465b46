"""Elections: what is shown of an article is a function of its sightings before a time, in whatever order they came."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.model import Origin, Rank, Sighting, elect, list_elections

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BLOG = Sighting(
    "blog", NOON, Rank.OTHER, "Fed to raise", "", "Blog", "Blog", "Reuters", None, None, None, False, 0, Origin.LIVE
)


def seen(feed: str, hours: int, rank: Rank, title: str) -> Sighting:
    return replace(BLOG, feed=feed, seen_at=NOON + timedelta(hours=hours), rank=rank, title=title)


OWN = seen("fed", 2, Rank.OWNER, "Fed holds rates")
SIGHTINGS = st.lists(
    st.builds(seen, st.sampled_from("abc"), st.integers(0, 5), st.sampled_from(Rank), st.sampled_from("xyz")),
    min_size=1,
    max_size=8,
    unique_by=lambda one: (one.feed, one.seen_at),
)


@pytest.mark.parametrize(
    ("others", "winner", "title"),
    [
        ([], "blog", "Fed to raise"),
        ([OWN], "fed", "Fed holds rates"),
        ([OWN, seen("fed", 3, Rank.OWNER, "Fed holds rates steady")], "fed", "Fed holds rates steady"),
        ([OWN, seen("blog", 3, Rank.OTHER, "Fed to cut")], "fed", "Fed holds rates"),
        ([seen("blog", 3, Rank.OTHER, "Fed to cut")], "blog", "Fed to cut"),
        ([seen("news", 3, Rank.AGGREGATOR, "Fed holds")], "news", "Fed holds"),
        ([seen("news", 3, Rank.AGGREGATOR, "Fed holds"), OWN], "fed", "Fed holds rates"),
        ([seen("late", 3, Rank.OTHER, "Fed holds")], "blog", "Fed to raise"),
        ([seen("aaa", 0, Rank.OTHER, "Fed holds")], "aaa", "Fed holds"),  # of one instant the first by name
        ([replace(OWN, title="https://fed.example/1", url="https://fed.example/1")], "blog", "Fed to raise"),
        ([seen("early", -1, Rank.OTHER, "Fed holds")], "early", "Fed holds"),
    ],
)
def test_the_best_rank_wins_then_the_earliest(others: list[Sighting], winner: str, title: str) -> None:
    election = elect([BLOG, *others])
    assert (election.winner.feed, election.title) == (winner, title)


def test_no_sightings_elect_nothing() -> None:
    with pytest.raises(ValueError, match="at least one"):
        elect([])


@given(SIGHTINGS, st.randoms())
def test_the_order_of_arrival_does_not_matter(sightings, chance) -> None:
    shuffled = list(sightings)
    chance.shuffle(shuffled)
    assert list_elections(shuffled) == list_elections(sightings)


@given(SIGHTINGS, st.integers(0, 6))
def test_what_was_shown_before_a_time_needs_no_later_sighting(sightings, hours) -> None:
    until = NOON + timedelta(hours=hours)
    known = [one for one in sightings if one.seen_at < until]
    shown = [election for election in list_elections(sightings) if election.at < until]
    assert tuple(shown) == list_elections(known)


@given(SIGHTINGS)
def test_elections_have_instants_and_the_last_has_the_best_rank(sightings) -> None:
    elections = list_elections(sightings)
    instants = [election.at for election in elections]
    assert instants == sorted(set(instants))
    assert elections[-1].winner.rank == min(one.rank for one in sightings)
    assert elections[0].at == min(one.seen_at for one in sightings)
