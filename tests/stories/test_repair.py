"""Grouping, and the merges and splits that lead there."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.model import Article, Merge, Origin, Split
from groundswell.stories.batch import Ledger
from groundswell.stories.features import extract_title_words
from groundswell.stories.repair.linkage import group_articles
from groundswell.stories.repair.plan import plan_repairs
from groundswell.stories.repair.recluster import find_neighbourhood, recluster
from groundswell.stories.repair.similarity import compute_similarities
from groundswell.stories.repair.time_decay import Decay
from groundswell.stories.window import IndexedArticle

START = datetime(2026, 8, 17, tzinfo=UTC)


def held(key, title, hours=0.0, *, story=None, text="", day_only=False):
    at = START + timedelta(hours=hours)
    article = Article(str(key), "f", title, text, "P", None, at, at, day_only, Origin.FILE)
    return IndexedArticle(article, extract_title_words(title), int(key), story or str(key))


MATRIX = [
    # two tight pairs and a single
    (
        [[1, 0.9, 0.1, 0, 0], [0.9, 1, 0, 0.1, 0], [0.1, 0, 1, 0.8, 0], [0, 0.1, 0.8, 1, 0], [0, 0, 0, 0, 1]],
        [0, 0, 2, 2, 4],
    ),
    # one between two does not weld them
    ([[1, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 1]], [0, 0, 2]),
    # a veto holds though a third is near to both
    ([[1, -0.3, 0.6], [-0.3, 1, 0.6], [0.6, 0.6, 1]], [0, 1, 0]),
    ([[1]], [0]),
    (np.zeros((0, 0)), []),
]


@pytest.mark.parametrize(("matrix", "expected"), MATRIX)
def test_groups(matrix, expected):
    assert group_articles(np.array(matrix, np.float32), 0.4) == expected


@given(st.integers(1, 12), st.integers(0, 1_000), st.sampled_from([0.0, 0.3, 0.6, 1.1]))
def test_groups_unite_the_best_pair_first(size, seed, threshold):
    vectors = np.abs(np.random.default_rng(seed).standard_normal((size, 3)))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    found = group_articles((vectors @ vectors.T).astype(np.float32), threshold)
    assert found == plain_groups(vectors, threshold)


def plain_groups(vectors, threshold):
    """The definition, taken literally."""
    members = [[row] for row in range(len(vectors))]

    def cosine(one, other):
        a, b = vectors[one].sum(axis=0), vectors[other].sum(axis=0)
        return a @ b / np.linalg.norm(a) / np.linalg.norm(b)

    while len(members) > 1:
        pairs = [(one, other) for other in range(len(members)) for one in range(other)]
        one, other = max(pairs, key=lambda pair: cosine(members[pair[0]], members[pair[1]]))
        if cosine(members[one], members[other]) < threshold:
            break
        members[one] += members.pop(other)
    return [next(min(group) for group in members if row in group) for row in range(len(vectors))]


def test_similarity_is_symmetric_and_fades():
    told = compute_similarities(
        [held(0, "Oakmere fails"), held(1, "Oakmere fails", 72), held(2, "Oil slips on supply", 1)]
    )
    assert np.allclose(told, told.T, atol=1e-5)
    assert np.allclose(np.diag(told), 1)
    assert told[0, 1] == pytest.approx(np.exp(-1), rel=0.01)
    assert told[0, 2] < 0.05


def test_full_texts_hardly_fade():
    text = "Deposits fled Oakmere overnight and the regulator took it over. " * 8
    articles = [held(n, "Oakmere fails", n * 1_000, text=text) for n in range(2)]
    assert compute_similarities(articles, decay=Decay(floor=0.85))[0, 1] == pytest.approx(0.85, rel=0.01)


@pytest.mark.parametrize(
    ("one", "other", "hours", "day_only", "apart"),
    [
        ("Stocks to watch: banks", "Stocks to watch: banks", 24, False, True),
        ("Stocks to watch: banks", "Stocks to watch: banks", 2, False, False),
        ("Hot alerts for July 27", "Hot alerts for July 28", 24, True, True),
        ("Hot alerts for July 27", "Hot alerts for July 27", 24, True, False),
    ],
)
def test_headlines_that_come_again_are_vetoed(one, other, hours, day_only, apart):
    articles = [held(0, one), held(1, other, hours, day_only=day_only)]
    assert (compute_similarities(articles)[0, 1] < 0) == apart


def test_neighbours_bring_those_together_that_share_little():
    bridge = [
        "Oakmere bank fails as deposits flee",
        "Oakmere bank fails: lender seized",
        "Lender seized, deposits flee",
    ]
    articles = [held(0, "Oakmere bank fails"), *(held(n + 1, title) for n, title in enumerate(bridge))]
    alone = [held(0, "Oakmere bank fails"), held(1, "Lender seized, deposits flee")]
    assert compute_similarities(articles)[0, 3] > compute_similarities(alone)[0, 1] + 0.05


AROUND = [
    held(0, "Oakmere fails as deposits flee"),
    held(1, "Deposits flee Oakmere", 1),
    held(2, "Oil slips", 2),
    held(3, "Gold gains", 3, story="9"),
    held(4, "Tin rests", 4, story="9"),
    held(5, "Deposits flee Oakmere again", 5, story="0"),
]


@pytest.mark.parametrize(
    ("fresh", "around"),
    [
        ([1], [0, 1, 5]),  # its own story, and whole the one near to it
        ([2], []),  # near to nothing
        ([3], [3, 4]),  # near to nothing, but its story may have to be split
        ([0, 1, 2, 3, 4, 5], [0, 1, 3, 4, 5]),
    ],
)
def test_what_lies_around_fresh_articles(fresh, around):
    assert find_neighbourhood(AROUND, np.array(fresh)).tolist() == around


def test_only_what_lies_around_is_grouped_anew():
    fresh = {AROUND[1].key}
    assert [(merge.source, merge.target) for merge in recluster(AROUND, fresh, 0.3)] == [("1", "0")]
    assert recluster(AROUND, {AROUND[2].key}, 0.3) == ()
    assert recluster(AROUND, {7}, 0.3) == ()
    assert recluster([], fresh, 0.3) == ()


def changed(stories, wanted):
    """The repairs, and the stories after applying them; articles are placed one an hour."""
    articles = [held(n, f"Title{n} shared", n, story=story) for n, story in enumerate(stories)]
    found, ledger = plan_repairs(articles, wanted), Ledger()
    for one in articles:
        ledger.place(one.article.id, one.story_id)
    for repair in found:
        ledger.apply(repair)
    return found, [ledger.stories()[str(n)] for n in range(len(stories))]


CHANGES = [
    (["0", "1"], [0, 1], ["0", "1"]),
    (["0", "1"], [0, 0], ["0", "0"]),
    (["0", "0"], [0, 1], ["0", "1"]),
    (["0", "0", "0"], [0, 1, 1], ["0", "1", "1"]),
    # the founder's part stays however small it is
    (["0", "0", "0", "0"], [0, 1, 1, 1], ["0", "1", "1", "1"]),
    # without the founder the largest part stays
    (["x", "x", "x"], [0, 1, 1], ["0", "x", "x"]),
    # a story older than all that is looked at keeps its id in a merge
    (["0", "x"], [0, 0], ["x", "x"]),
    # a part leaves one story and joins another
    (["0", "0", "2"], [0, 1, 1], ["0", "1", "1"]),
    (["0", "1", "1", "0"], [0, 0, 1, 1], ["0", "0", "2", "2"]),
]


@pytest.mark.parametrize(("stories", "wanted", "expected"), CHANGES)
def test_repairs_lead_to_the_wanted_groups(stories, wanted, expected):
    assert changed(stories, wanted)[1] == expected


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), max_size=10))
def test_repairs_always_lead_to_the_wanted_groups(rows):
    founded = {}
    stories = [str(founded.setdefault(story, n)) for n, (story, _) in enumerate(rows)]
    _, found = changed(stories, [group for _, group in rows])
    assert len(set(found)) == len({group for _, group in rows})
    assert len(set(zip(found, [group for _, group in rows], strict=True))) == len(set(found))


def test_repairs_say_why():
    merge, split = changed(["0", "1"], [0, 0])[0], changed(["0", "0"], [0, 1])[0]
    assert merge == (Merge("1", "0", "both are about ‘shared’"),)
    assert split == (Split("0", "1", ("1",), "is about ‘Title1’, ‘shared’"),)
    silent = [held(0, "", story="0"), held(1, "", 1, story="0"), held(2, "", 2)]
    assert [repair.reason for repair in plan_repairs(silent, [0, 1, 1])] == [
        "shares too little with the rest",
        "their articles are similar",
    ]
