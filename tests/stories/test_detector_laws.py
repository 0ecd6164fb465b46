"""Laws that every clusterer obeys, run over all of them.

Detectors implement ``ports.StoryDetector`` and answer after each article: the real one with several tunings, and the
fake. The other clusterers answer for a whole collection at once.
"""

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundswell.app.replay import detect_stories
from groundswell.model import Article, Assignment, Repair, Split
from groundswell.ports import StoryDetector
from groundswell.stories.batch import Ledger, cluster
from groundswell.stories.detector import OnlineStoryDetector, Tuning
from groundswell.stories.features import extract_title_words
from groundswell.stories.indexed_article import IndexedArticle
from groundswell.stories.repair.linkage import group_articles
from groundswell.stories.repair.similarity import compute_similarities
from groundswell.stories.window import CandidateSearch
from groundswell.testing.fakes import FakeStoryDetector

from ..vectors import WordVectors
from .conftest import START, make_article, step

NOW = START + timedelta(days=60)
EAGER = Tuning(busy_repair_articles=2, min_repair_articles=1)
SMALL = Tuning(
    busy_repair_articles=3, min_repair_articles=1, min_remembered=4, memory_span=timedelta(hours=30), repair_limit=6
)


class Streamed:
    """A detector driven as ingestion does it, with or without repairs."""

    def __init__(self, detector: StoryDetector, repaired: bool = True) -> None:
        self.detector = detector
        self.repaired = repaired
        self.ledger = Ledger()

    def take(self, article: Article) -> tuple[Assignment, tuple[Repair, ...]]:
        if self.repaired:
            return step(self.detector, self.ledger, article)
        assignment = self.detector.assign(article)
        self.ledger.place(article.id, assignment.story_id)
        return assignment, ()

    def flush(self) -> tuple[Repair, ...]:
        repairs = self.detector.flush()
        for repair in repairs:
            self.ledger.apply(repair)
        return repairs

    def stories(self) -> dict[str, str]:
        return self.ledger.stories()

    def restored(self, taken: Sequence[Article]) -> None:
        """Restore the detector from what is stored: articles with their stories, within its window and capacity."""
        story_of = self.stories()
        stored = sorted(taken, key=lambda article: article.at)[-self.detector.capacity :]
        recent = [article for article in stored if stored[-1].at - article.at <= self.detector.window]
        self.detector.restore((article, story_of[article.id]) for article in recent)


STREAMED: dict[str, Callable[[], Streamed]] = {
    "joined, never repaired": lambda: Streamed(OnlineStoryDetector(), repaired=False),
    "joined at once, never repaired": lambda: Streamed(
        OnlineStoryDetector(tuning=Tuning(search=CandidateSearch(min_similarity=0.05))), repaired=False
    ),
    "repaired as shipped": lambda: Streamed(OnlineStoryDetector()),
    "repaired at every other article": lambda: Streamed(OnlineStoryDetector(tuning=EAGER)),
    "repaired by sentence vectors": lambda: Streamed(OnlineStoryDetector(tuning=EAGER, vectors=WordVectors())),
    "repaired in a small window": lambda: Streamed(OnlineStoryDetector(tuning=SMALL, capacity=9)),
    "repaired in a short window": lambda: Streamed(
        OnlineStoryDetector(window=timedelta(hours=20), tuning=replace(EAGER, min_remembered=0))
    ),
    "fake": lambda: Streamed(FakeStoryDetector()),
    "fake in a small window": lambda: Streamed(FakeStoryDetector(window=timedelta(hours=30), capacity=6)),
}
ONLINE = {name: make for name, make in STREAMED.items() if isinstance(make().detector, OnlineStoryDetector)}


def cluster_stream(make: Callable[[], Streamed], articles: Sequence[Article]) -> dict[str, str]:
    clusterer = make()
    for article in articles:
        clusterer.take(article)
    return clusterer.stories()


def link(articles: Sequence[Article]) -> dict[str, str]:
    """Group all articles by their similarities, without joining."""
    indexed = [
        IndexedArticle(article, extract_title_words(article.title), place, article.id)
        for place, article in enumerate(articles)
    ]
    found = group_articles(compute_similarities(indexed), 0.36) if indexed else []
    return {article.id: articles[first].id for article, first in zip(articles, found, strict=True)}


def run_command(articles: Sequence[Article]) -> dict[str, str]:
    """Cluster as ``stories cluster`` does: from a file, in order of publication, ties by id."""
    rows = [{"id": one.id, "title": one.title.strip(), "published": one.published_at.isoformat()} for one in articles]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "docs.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        found = dict(detect_stories(path, NOW, lambda _: None))
    first: dict[str, str] = {}  # the command has other story ids: name each after its first document
    return {ident: first.setdefault(story, ident) for ident, story in sorted(found.items())}


@dataclass(frozen=True)
class Whole:
    """A clusterer of a whole collection in the given order."""

    place: Callable[[Sequence[Article]], dict[str, str]]


WHOLE = {name: Whole(lambda articles, make=make: cluster_stream(make, articles)) for name, make in STREAMED.items()} | {
    "cluster": Whole(cluster),
    "cluster, repaired at every other article": Whole(
        lambda articles: cluster(articles, OnlineStoryDetector(tuning=EAGER))
    ),
    "linkage": Whole(link),
    "stories cluster": Whole(run_command),
}

every_clusterer = pytest.mark.parametrize("clusterer", WHOLE.values(), ids=WHOLE.keys())
every_streamed = pytest.mark.parametrize("make", STREAMED.values(), ids=STREAMED.keys())
every_online = pytest.mark.parametrize("make", ONLINE.values(), ids=ONLINE.keys())
law = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])

WORDS = ["Fed", "cuts", "rates", "Oakmere", "bank", "fails", "stocks to watch", "Monday", "Tuesday", "7", "8%", "oil"]
TITLES = st.one_of(st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join), st.text(max_size=8))
HOURS = st.sampled_from([0, 0, 1, 5, 13, 24, 30, 71, 72, 73, 90, 150])
TEXTS = st.sampled_from(["", "", "Deposits fled overnight. " * 20])


@st.composite
def collections(draw, titles=TITLES, least=0) -> list[Article]:
    """Articles in order of publication, equal instants in order of id."""
    rows = draw(st.lists(st.tuples(titles, TEXTS, HOURS, st.booleans()), min_size=least, max_size=18))
    made = [
        make_article(title.encode("utf-8", "replace").decode(), text, hours=hours, id=f"d{place:02}", day_only=day)
        for place, (title, text, hours, day) in enumerate(rows)
    ]
    return sorted(made, key=lambda one: (one.at, one.id))


@every_clusterer
@law
@given(articles=collections())
def test_repeatable(clusterer, articles):
    assert clusterer.place(articles) == clusterer.place(articles)


@every_clusterer
@law
@given(articles=collections())
def test_every_article_has_one_story_named_after_an_article(clusterer, articles):
    stories = clusterer.place(articles)
    assert sorted(stories) == sorted(article.id for article in articles)
    assert set(stories.values()) <= set(stories)


@every_clusterer
@law
@given(articles=collections())
def test_the_input_is_not_altered(clusterer, articles):
    before = deepcopy(articles)
    clusterer.place(articles)
    assert articles == before


@every_clusterer
@pytest.mark.parametrize("count", [0, 1, 2, 30])
@pytest.mark.parametrize("title", ["", "the", "🚀"])
def test_titles_without_words_found_stories_of_their_own(clusterer, title, count):
    articles = [make_article(title, hours=place, id=f"d{place:02}") for place in range(count)]
    assert clusterer.place(articles) == {article.id: article.id for article in articles}


@every_clusterer
@pytest.mark.parametrize("count", [1, 2, 6])
def test_titles_of_one_equal_word_share_a_story(clusterer, count):
    articles = [make_article("Oakmere", hours=place / 10, id=f"d{place:02}") for place in range(count)]
    other = make_article("Zebras", hours=1, id="zebra")
    stories = clusterer.place([*articles, other])
    assert {stories[article.id] for article in articles} == {"d00"}
    assert stories["zebra"] == "zebra"


@law
@given(articles=collections(least=2), seed=st.randoms(use_true_random=False))
def test_equal_instants_are_taken_in_order_of_id_whatever_the_order_of_the_file(articles, seed):
    articles = [replace(one, published_at=START + timedelta(hours=place // 3)) for place, one in enumerate(articles)]
    shuffled = list(articles)
    seed.shuffle(shuffled)
    assert run_command(shuffled) == run_command(articles)


def record_answers(make: Callable[[], Streamed], articles: Sequence[Article]) -> list[dict[str, str]]:
    """Return the stories after each article."""
    clusterer = make()
    found = []
    for article in articles:
        clusterer.take(article)
        found.append(clusterer.stories())
    return found


@every_streamed
@law
@given(articles=collections(), cut=st.integers(0, 18))
def test_later_articles_change_no_earlier_answer(make, articles, cut):
    others = [replace(article, title="Zebras after all") for article in articles[cut:]]
    assert record_answers(make, articles)[:cut] == record_answers(make, [*articles[:cut], *others])[:cut]


@every_streamed
@law
@given(articles=collections(), cut=st.integers(0, 18))
def test_a_restart_changes_no_answer(make, articles, cut):
    steady, restarted = make(), make()
    for article in articles[:cut]:
        steady.take(article)
    story_of = steady.stories()
    for article in articles[:cut]:
        restarted.ledger.place(article.id, story_of[article.id])
    restarted.restored(articles[:cut])
    for article in articles[cut:]:
        steady.take(article)
        restarted.take(article)
        assert restarted.stories() == steady.stories()
    assert not steady.repaired or restarted.flush() == steady.flush()


@every_streamed
@law
@given(articles=collections())
def test_assignments_and_repairs_name_what_exists_and_say_why(make, articles):
    clusterer = make()
    for article in articles:
        present = set(clusterer.stories().values())
        assignment, repairs = clusterer.take(article)
        assert assignment.article_id == article.id
        assert assignment.founded == (assignment.story_id == article.id)
        assert assignment.founded or assignment.story_id in present
        assert assignment.reasons
        assert all(repair.reason for repair in repairs)
    check_repairs(clusterer, clusterer.detector.flush())


def check_repairs(clusterer: Streamed, repairs: Sequence[Repair]) -> None:
    """Apply ``repairs`` one by one, and require that each moves articles of a story that exists into another."""
    for repair in repairs:
        stories = clusterer.stories()
        assert repair.source in stories.values()
        assert repair.target != repair.source
        if isinstance(repair, Split):
            assert {stories[article_id] for article_id in repair.articles} == {repair.source}
        clusterer.ledger.apply(repair)


@every_streamed
@law
@given(articles=collections())
def test_what_was_repaired_is_not_repaired_again(make, articles):
    clusterer = make()
    for article in articles:
        clusterer.take(article)
        assert not clusterer.repaired or clusterer.detector.repair() == ()
    clusterer.flush()
    assert clusterer.detector.flush() == ()
    assert clusterer.detector.repair() == ()


@every_streamed
def test_a_detector_without_articles_has_nothing_to_repair(make):
    detector = make().detector
    detector.restore([])
    assert detector.repair() == detector.flush() == ()
    assert detector.capacity > 0
    assert detector.window > timedelta()


@every_online
@law
@given(articles=collections())
def test_memory_is_bounded_by_the_window(make, articles):
    clusterer = make()
    detector = clusterer.detector
    newest = None
    for place, article in enumerate(articles, 1):
        clusterer.take(article)
        newest = article.at if newest is None else max(newest, article.at)
        recent = sum(one.at >= newest - min(detector.window, detector.tuning.memory_span) for one in articles[:place])
        bound = min(detector.capacity, max(recent, detector.tuning.min_remembered))
        assert len(detector._articles) <= bound
        words = {word for key in detector._articles.list_newest_keys(bound) for word in detector._articles[key].words}
        assert set(detector._articles._postings) == words
