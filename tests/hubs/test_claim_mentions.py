"""Stories repeat a claim where their headlines name both things that it connects, and only there."""

from __future__ import annotations

import datetime as dt

import pytest

from groundswell.hubs.file.load import load_catalog
from groundswell.hubs.tagging.claim_mentions import ClaimMentionFinder
from groundswell.model import Article, Assignment, Member, Origin, Story, Tag

from .reading import check_hub

FINDER = ClaimMentionFinder(load_catalog())
NOON = dt.datetime(2024, 9, 18, 12, tzinfo=dt.UTC)


def story(*titles: str, hubs: tuple[str, ...] = ("small-caps", "fomc", "panic-selling", "roic")) -> Story:
    members = tuple(
        Member(
            Article(str(n), "f", title, "", "Paper", None, NOON, NOON, False, Origin.LIVE),
            Assignment(str(n), "0", n == 0, 1.0, ()),
            (),
        )
        for n, title in enumerate(titles)
    )
    return Story("0", titles[0], members, tuple(Tag(hub, ("why",)) for hub in hubs))


@pytest.mark.parametrize(
    ("headline", "claims"),
    [
        ("Russell 2000 leads the day on hopes of a Fed rate cut", ["C1"]),
        ("Small caps gain little from lower rates, says a study", ["C1"]),
        ("Biotech shares slip as Treasury yields climb", ["C7"]),
        ("Regional banks cheer a steeper curve", ["C8"]),
        ("Equal-weight funds gain on the tech giants", ["C13"]),
        ("VIX closes at its highest since March", ["P2"]),
        ("Investors seek a safe haven in Treasuries", ["P4"]),
        ("Traders bet on a Fed rate cut by June", ["F5"]),
        ("Zombie firms carry more debt than ever", ["R4"]),
        ("Small caps slip on tariffs", []),
        ("Small caps rise after ECB rate cut", []),
        ("Biotech firm reports trial results", []),
        ("Fed cuts rates by a quarter point", []),
        ("Regional banks raise dividends", []),
    ],
)
def test_claims_of_a_headline(headline: str, claims: list[str]):
    assert [found.claim_id for found in FINDER.find(story(headline))] == claims


def test_the_reason_names_what_was_found():
    (found,) = FINDER.find(story("Regional banks cheer a steeper curve"))
    assert (found.hub, found.reason) == ("small-caps", "'Regional banks' with 'steeper curve'")


def test_a_claim_of_a_hub_that_the_story_is_not_in_is_not_linked():
    assert FINDER.find(story("Regional banks cheer a steeper curve", hubs=("fomc",))) == ()


def test_a_third_of_the_headlines_must_say_so():
    said, other = "Regional banks cheer a steeper curve", "Regional banks raise dividends"
    assert len(FINDER.find(story(said, other, other))) == 1
    assert FINDER.find(story(said, other, other, other)) == ()


def test_a_mention_of_a_claim_that_does_not_exist_is_a_mistake():
    text = """slug = "h"
title = "H"
summary = "s"
thesis = ["t"]
[[claim_mentions]]
claim = "C9"
topics = ["a"]
contexts = ["b"]
[tagging]
strong = ["x"]
"""
    (mistake,) = check_hub(text, "h")
    assert (mistake.line, mistake.field) == (6, "claim_mentions[0].claim")
    assert "'C9' is not a claim of this hub" in mistake.message
