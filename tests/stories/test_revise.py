"""A detector whose articles got other titles or times answers as one that is restored from what is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.model import Merge, Split
from groundswell.stories.detector import OnlineStoryDetector, Tuning
from groundswell.stories.repair.leave import plan_leaving
from groundswell.testing.fakes import FakeStoryDetector

TITLES = [
    "Harbour Bank collapses after a run on deposits",
    "Run on deposits: Harbour Bank collapses",
    "Committee keeps the target range unchanged",
    "Target range unchanged, committee says",
    "Small caps climb as yields slip",
    "",
]
MAKERS = {
    "as shipped": OnlineStoryDetector,
    "small window": lambda: OnlineStoryDetector(tuning=Tuning(min_remembered=3, memory_span=timedelta(hours=6))),
    "small capacity": lambda: OnlineStoryDetector(capacity=4, tuning=Tuning(min_remembered=4)),
    "fake": FakeStoryDetector,
}
STEPS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 30), st.sampled_from(TITLES), st.integers(0, 20)), min_size=1, max_size=25
)


class Stored:
    """What a store has of the articles: themselves in the order received, and their stories."""

    def __init__(self, make) -> None:
        self.make = make
        self.detector = make()
        self.articles = {}
        self.story_of = {}

    def restore(self):
        detector = self.make()
        if self.articles:
            newest = max(one.at for one in self.articles.values())
            rows = [one for one in self.articles.values() if one.at >= newest - detector.window]
            rows = sorted(enumerate(rows), key=lambda row: (row[1].at, row[0]))[-detector.capacity :]
            detector.restore((one, self.story_of[one.id]) for _, one in rows)
        return detector

    def add(self, article) -> str:
        assigned = self.detector.assign(article)
        self.articles[article.id] = article
        self.story_of[article.id] = assigned.story_id
        return assigned.story_id

    def revise(self, article) -> None:
        former = self.articles[article.id]
        self.articles[article.id] = article
        belonging = self.detector.revise(former, article)
        if belonging is None:
            self.detector = self.restore()
            belonging = self.detector.revise(article, article)
        if belonging is not None and not belonging.stays:
            story = self.story_of[article.id]
            members = sorted((one.at, one.id) for one in self.articles.values() if self.story_of[one.id] == story)
            repairs = plan_leaving(article, story, belonging.joins, [name for _, name in members])
            for repair in repairs:
                moved = members_of(self, repair.source) if isinstance(repair, Merge) else repair.articles
                self.story_of.update(dict.fromkeys(moved, repair.target))
            self.detector.adopt(repairs)


def members_of(stored: Stored, story: str) -> list[str]:
    return [name for name, of_article in stored.story_of.items() if of_article == story]


def run(stored: Stored, steps, article) -> None:
    for place, (is_new, pick, title, hours) in enumerate(steps):
        if is_new or not stored.articles:
            stored.add(article(title, hours=hours, id=f"n{place}"))
        else:
            former = list(stored.articles.values())[pick % len(stored.articles)]
            at = former.at if pick % 2 else former.at.replace(hour=hours % 24)
            stored.revise(replace(former, title=title, published_at=at, first_seen_at=max(at, former.first_seen_at)))


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@settings(max_examples=150, deadline=None)
@given(steps=STEPS)
def test_after_revisions_it_answers_as_a_restored_one(article, make, steps) -> None:
    stored = Stored(make)
    run(stored, steps, article)
    restored = stored.restore()
    newest = max(one.at for one in stored.articles.values())  # so that none leaves the window because of time
    for place, title in enumerate(TITLES):
        new = replace(article(title, id=f"later{place}"), published_at=newest, first_seen_at=newest)
        assert stored.detector.assign(new) == restored.assign(new)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@settings(max_examples=150, deadline=None)
@given(steps=STEPS)
def test_no_story_loses_the_article_that_it_has_its_address_from(article, make, steps) -> None:
    stored = Stored(make)
    run(stored, steps, article)
    for story in set(stored.story_of.values()):
        assert stored.story_of[story] == story, "the founder is in the story, so that its address leads there"


@pytest.mark.parametrize(
    ("own", "story", "joins", "members", "expected"),
    [
        ("a", "s", "s", ["s", "a"], []),
        ("a", "s", None, ["s", "a"], [("split", "s", "a", ("a",))]),
        ("a", "s", "t", ["s", "a"], [("split", "s", "t", ("a",))]),
        ("s", "s", None, ["s"], []),
        ("s", "s", "t", ["s"], [("merge", "s", "t", ())]),
        ("s", "s", None, ["b", "s", "c"], [("split", "s", "b", ("b", "c"))]),
        ("s", "s", "t", ["b", "s", "c"], [("split", "s", "b", ("b", "c")), ("merge", "s", "t", ())]),
    ],
)
def test_how_an_article_leaves(article, own, story, joins, members, *, expected) -> None:
    repairs = plan_leaving(article("Title", id=own), story, joins, members)
    found = [
        ("split", one.source, one.target, one.articles)
        if isinstance(one, Split)
        else ("merge", one.source, one.target, ())
        for one in repairs
    ]
    assert found == expected
    assert all("Title" in one.reason for one in repairs)
