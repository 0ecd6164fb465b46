"""Re-clustering: similarities, groups, and the merges and splits that lead to them."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.model import Article, Merge, Origin, Split
from groundswell.stories.batch import Ledger
from groundswell.stories.features import extract_title_words
from groundswell.stories.indexed_article import IndexedArticle
from groundswell.stories.repair.linkage import group_articles
from groundswell.stories.repair.plan import plan_repairs
from groundswell.stories.repair.recluster import find_neighbourhood, recluster
from groundswell.stories.repair.similarity import compute_similarities
from groundswell.stories.repair.time_decay import Decay

START = datetime(2026, 8, 17, tzinfo=UTC)


def indexed(key, title, hours=0.0, *, story=None, text="", day_only=False):
    at = START + timedelta(hours=hours)
    article = Article(str(key), "f", title, text, "P", None, at, at, day_only, Origin.FILE)
    return IndexedArticle(article, extract_title_words(title), int(key), story or str(key))


MATRIX = [
    # two tight pairs and a single
    (
        [[1, 0.9, 0.1, 0, 0], [0.9, 1, 0, 0.1, 0], [0.1, 0, 1, 0.8, 0], [0, 0.1, 0.8, 1, 0], [0, 0, 0, 0, 1]],
        [0, 0, 2, 2, 4],
    ),
    # an article between two groups does not join them
    ([[1, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 1]], [0, 0, 2]),
    # a veto stands although a third article is similar to both
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
    groups = group_articles((vectors @ vectors.T).astype(np.float32), threshold)
    assert groups == group_plainly(vectors, threshold)


def group_plainly(vectors, threshold):
    """The definition of the clustering, implemented literally."""
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
    similarities = compute_similarities(
        [indexed(0, "Oakmere fails"), indexed(1, "Oakmere fails", 72), indexed(2, "Oil slips on supply", 1)]
    )
    assert np.allclose(similarities, similarities.T, atol=1e-5)
    assert np.allclose(np.diag(similarities), 1)
    assert similarities[0, 1] == pytest.approx(np.exp(-1), rel=0.01)
    assert similarities[0, 2] < 0.05


def test_full_texts_hardly_fade():
    text = "Deposits fled Oakmere overnight and the regulator took it over. " * 8
    articles = [indexed(n, "Oakmere fails", n * 1_000, text=text) for n in range(2)]
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
def test_recurring_headlines_are_vetoed(one, other, hours, day_only, apart):
    articles = [indexed(0, one), indexed(1, other, hours, day_only=day_only)]
    assert (compute_similarities(articles)[0, 1] < 0) == apart


def test_common_neighbours_raise_the_similarity_of_articles_that_share_little():
    bridge = [
        "Oakmere bank fails as deposits flee",
        "Oakmere bank fails: lender seized",
        "Lender seized, deposits flee",
    ]
    articles = [indexed(0, "Oakmere bank fails"), *(indexed(n + 1, title) for n, title in enumerate(bridge))]
    alone = [indexed(0, "Oakmere bank fails"), indexed(1, "Lender seized, deposits flee")]
    assert compute_similarities(articles)[0, 3] > compute_similarities(alone)[0, 1] + 0.05


NEIGHBOURHOOD = [
    indexed(0, "Oakmere fails as deposits flee"),
    indexed(1, "Deposits flee Oakmere", 1),
    indexed(2, "Oil slips", 2),
    indexed(3, "Gold gains", 3, story="9"),
    indexed(4, "Tin rests", 4, story="9"),
    indexed(5, "Deposits flee Oakmere again", 5, story="0"),
]


@pytest.mark.parametrize(
    ("fresh", "expected"),
    [
        ([1], [0, 1, 5]),  # its story, and the whole of a similar story
        ([2], []),  # similar to nothing
        ([3], [3, 4]),  # similar to nothing, but its story may have to be split
        ([0, 1, 2, 3, 4, 5], [0, 1, 3, 4, 5]),
    ],
)
def test_the_neighbourhood_of_fresh_articles(fresh, expected):
    assert find_neighbourhood(NEIGHBOURHOOD, np.array(fresh)).tolist() == expected


def test_only_the_neighbourhood_is_reclustered():
    fresh = {NEIGHBOURHOOD[1].key}
    assert [(merge.source, merge.target) for merge in recluster(NEIGHBOURHOOD, fresh, 0.3)] == [("1", "0")]
    assert recluster(NEIGHBOURHOOD, {NEIGHBOURHOOD[2].key}, 0.3) == ()
    assert recluster(NEIGHBOURHOOD, {7}, 0.3) == ()
    assert recluster([], fresh, 0.3) == ()


def apply_plan(stories, wanted):
    """Return the planned repairs and the stories after them; articles are an hour apart."""
    articles = [indexed(n, f"Title{n} shared", n, story=story) for n, story in enumerate(stories)]
    repairs, ledger = plan_repairs(articles, wanted), Ledger()
    for article in articles:
        ledger.place(article.article.id, article.story_id)
    for repair in repairs:
        ledger.apply(repair)
    return repairs, [ledger.stories()[str(n)] for n in range(len(stories))]


CHANGES = [
    (["0", "1"], [0, 1], ["0", "1"]),
    (["0", "1"], [0, 0], ["0", "0"]),
    (["0", "0"], [0, 1], ["0", "1"]),
    (["0", "0", "0"], [0, 1, 1], ["0", "1", "1"]),
    # the founder's part keeps the id, however small it is
    (["0", "0", "0", "0"], [0, 1, 1, 1], ["0", "1", "1", "1"]),
    # without the founder the largest part keeps the id
    (["x", "x", "x"], [0, 1, 1], ["0", "x", "x"]),
    # a story older than all compared articles keeps its id in a merge
    (["0", "x"], [0, 0], ["x", "x"]),
    # a part leaves one story and joins another
    (["0", "0", "2"], [0, 1, 1], ["0", "1", "1"]),
    (["0", "1", "1", "0"], [0, 0, 1, 1], ["0", "0", "2", "2"]),
]


@pytest.mark.parametrize(("stories", "wanted", "expected"), CHANGES)
def test_repairs_lead_to_the_wanted_groups(stories, wanted, expected):
    assert apply_plan(stories, wanted)[1] == expected


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), max_size=10))
def test_repairs_always_lead_to_the_wanted_groups(rows):
    founded = {}
    stories = [str(founded.setdefault(story, n)) for n, (story, _) in enumerate(rows)]
    _, found = apply_plan(stories, [group for _, group in rows])
    assert len(set(found)) == len({group for _, group in rows})
    assert len(set(zip(found, [group for _, group in rows], strict=True))) == len(set(found))


def test_repairs_give_reasons():
    merge, split = apply_plan(["0", "1"], [0, 0])[0], apply_plan(["0", "0"], [0, 1])[0]
    assert merge == (Merge("1", "0", "both are about ‘shared’"),)
    assert split == (Split("0", "1", ("1",), "is about ‘Title1’, ‘shared’"),)
    without_words = [indexed(0, "", story="0"), indexed(1, "", 1, story="0"), indexed(2, "", 2)]
    assert [repair.reason for repair in plan_repairs(without_words, [0, 1, 1])] == [
        "shares too little with the rest",
        "their articles are similar",
    ]
