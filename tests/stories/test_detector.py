"""Which articles share a story, and that a restart changes nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.model import Article, Origin
from groundswell.stories.batch import Ledger, cluster
from groundswell.stories.detector import OnlineStoryDetector, Tuning
from groundswell.stories.window import CandidateSearch

from .conftest import step

START = datetime(2026, 8, 17, tzinfo=UTC)


def article(key, title, hours=0.0, seen=None, day_only=False):
    published = START + timedelta(hours=hours)
    seen = seen or START + timedelta(days=20)
    return Article(str(key), "f", title, "", "P", None, published, seen, day_only, Origin.FILE)


def live(key, title, hours=0.0, day_only=False):
    at = START + timedelta(hours=hours)
    return article(key, title, hours, at, day_only)


def place(*articles, detector=None):
    detector = detector or OnlineStoryDetector()
    return [detector.assign(new).story_id for new in articles]


SAME = [
    ("Fed cuts rates by a quarter point", "Fed cuts rates quarter point, signals more", 3),
    ("Lender Oakmere fails as deposits flee", "Deposits flee: Oakmere, regional lender, fails", 20),
    ("Wall Street ends higher on rate hopes", "Wall Street ends higher on rate hopes", 1),
]
DIFFERENT = [
    ("Fed cuts rates by a quarter point", "Oil falls on supply fears", 1),
    ("Stocks to watch: banks and builders", "Stocks to watch: banks and builders", 24),
    ("Hot alerts for Monday, July 27", "Hot alerts for Tuesday, July 28", 24),
    ("Wall Street ends higher on rate hopes", "Wall Street ends higher on rate hopes", 24),
    ("Fed cuts rates by a quarter point", "Fed cuts rates by a quarter point", 80),
]


@pytest.mark.parametrize(("first", "second", "hours"), SAME)
def test_two_headlines_on_one_event_share_a_story(first, second, hours):
    one, two = place(live("1", first), live("2", second, hours))
    assert one == two == "1"


@pytest.mark.parametrize(("first", "second", "hours"), DIFFERENT)
def test_two_headlines_on_different_events_stay_apart(first, second, hours):
    assert place(live("1", first), live("2", second, hours)) == ["1", "2"]


def test_reasons_name_the_evidence():
    detector = OnlineStoryDetector()
    founded = detector.assign(live("1", "Fed cuts rates twice"))
    joined = detector.assign(live("2", "Fed Cuts rates deeply", 3))
    apart = detector.assign(live("3", "Fed chair visits school", 4))
    assert founded.founded
    assert founded.reasons == ("no recent article shares its rarer words",)
    assert not joined.founded
    assert joined.reasons[0] == "shares ‘Fed’, ‘Cuts’, ‘rates’ with “Fed cuts rates twice”"
    assert joined.reasons[1].startswith("similarity 0.")
    assert joined.reasons[2] == "3 h apart"
    assert apart.reasons == ("the closest article, “Fed cuts rates twice”, is not similar enough: it shares ‘Fed’",)


@pytest.mark.parametrize(
    ("hours", "day_only", "words"),
    [(0.25, False, "15 min apart"), (26, False, "26 h apart"), (0, True, "the same day"), (24, True, "1 day apart")],
)
def test_the_time_between_is_given(hours, day_only, words):
    detector = OnlineStoryDetector()
    detector.assign(live("1", "Oakmere fails as deposits flee", 0, day_only))
    assert detector.assign(live("2", "Oakmere fails as deposits flee", hours, day_only)).reasons[2] == words


def test_a_headline_without_words_founds_its_own_story():
    assert place(live("1", ""), live("2", ""), live("3", "the"), live("4", "🚀")) == ["1", "2", "3", "4"]


def test_huge_titles_are_taken():
    huge = "bank " * 20_000
    assert place(live("1", huge), live("2", huge, 1)) == ["1", "1"]


def test_a_story_whose_members_have_left_is_no_longer_joined():
    title = "Oakmere fails as deposits flee"
    articles = (live("1", title), live("2", "Other thing entirely", 121), live("3", title, 1))
    assert place(*articles, detector=OnlineStoryDetector(tuning=Tuning(min_remembered=0))) == ["1", "2", "3"]


def test_wrong_dates_do_not_move_the_window():
    seen = START + timedelta(hours=1)
    wild = [
        Article(key, "f", "Wild", "", "P", None, when, seen, False, Origin.LIVE)
        for key, when in (
            ("a", datetime(1, 1, 1, tzinfo=UTC)),
            ("b", datetime(9999, 12, 31, tzinfo=UTC)),
            ("c", None),
        )
    ]
    title = "Oakmere fails as deposits flee"
    assert place(live("1", title), *wild, live("2", title, 2))[-1] == "1"


def test_the_capacity_drops_the_oldest():
    detector = OnlineStoryDetector(capacity=2)
    title = "Oakmere fails as deposits flee"
    articles = (live("1", title), live("2", "Oil slips"), live("3", "Gold gains"), live("4", title))
    assert place(*articles, detector=detector) == ["1", "2", "3", "4"]


WORDS = ["Fed", "cuts", "rates", "Oakmere", "bank", "fails", "stocks to watch", "Monday", "Tuesday", "7", "8%", "oil"]
TITLES = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
HOURS = st.sampled_from([0, 0, 1, 5, 13, 24, 30, 71, 72, 73, 90, 150])
ROWS = st.lists(st.tuples(TITLES, HOURS, st.booleans(), st.integers(0, 2)), max_size=25)
TUNINGS = st.builds(
    Tuning,
    min_remembered=st.sampled_from([0, 4, 5_000]),
    busy_repair_articles=st.sampled_from([2, 5, 1_000]),
    min_repair_articles=st.sampled_from([1, 5, 200]),
    flush_limit=st.sampled_from([4, 6_000]),
    bulk_flush_limit=st.sampled_from([6, 12_000]),
    repair_limit=st.sampled_from([3, 12, 1_000]),
    min_group_similarity=st.sampled_from([0.1, 0.36]),
)


def build_articles(rows):
    """Build articles published in any order and seen one after the other, with whole hours between some of them."""
    seen, articles = START + timedelta(days=20), []
    for number, (title, hours, day, later) in enumerate(rows):
        seen += timedelta(hours=later)
        articles.append(article(number, title, hours, seen, day))
    return articles


@settings(deadline=None, max_examples=150)
@given(ROWS, st.integers(0, 25), st.sampled_from([3, 8, 50_000]), TUNINGS)
def test_a_restart_anywhere_gives_the_same_stories(rows, cut, capacity, tuning):
    articles = build_articles(rows)
    steady, ledger = OnlineStoryDetector(capacity=capacity, tuning=tuning), Ledger()
    for new in articles[:cut]:
        step(steady, ledger, new)
    story_of = ledger.stories()
    stored = sorted(((new, story_of[new.id]) for new in articles[:cut]), key=lambda pair: pair[0].at)
    restarted, again = OnlineStoryDetector(capacity=capacity, tuning=tuning), Ledger()
    restarted.restore(stored[-capacity:])
    for new in articles[:cut]:
        again.place(new.id, story_of[new.id])
    for new in articles[cut:]:
        assert step(restarted, again, new) == step(steady, ledger, new)
    assert restarted.flush() == steady.flush()
    assert again.stories() == ledger.stories()


@settings(deadline=None, max_examples=60)
@given(ROWS, TUNINGS)
def test_answers_are_repeatable_and_sound(rows, tuning):
    articles = build_articles(rows)
    first, second, ledger, other = (
        OnlineStoryDetector(tuning=tuning),
        OnlineStoryDetector(tuning=tuning),
        Ledger(),
        Ledger(),
    )
    for number, new in enumerate(articles):
        present = set(ledger.stories().values())
        answer, repairs = step(first, ledger, new)
        assert (answer, repairs) == step(second, other, new)
        assert answer.article_id == new.id
        assert answer.founded == (answer.story_id == new.id)
        assert answer.founded or answer.story_id in present
        assert answer.reasons
        assert all(repair.reason for repair in repairs)
        placed = ledger.stories()
        assert set(placed) == {earlier.id for earlier in articles[: number + 1]}
        assert set(placed.values()) <= set(placed)  # a story has the id of an article


@settings(deadline=None, max_examples=60)
@given(ROWS)
def test_a_whole_stream_is_the_stream_one_by_one(rows):
    articles = build_articles(rows)
    detector, ledger = OnlineStoryDetector(), Ledger()
    for new in articles:
        step(detector, ledger, new)
    for repair in detector.flush():
        ledger.apply(repair)
    assert cluster([*articles, *articles]) == ledger.stories()


def find_due_hours(hours, **tuning):
    """Return the hours at whose articles a repair was due, and the number of articles that it was about."""
    detector = OnlineStoryDetector(tuning=Tuning(**tuning))
    due = []
    for number, hour in enumerate(hours):
        detector.assign(live(str(number), "abcdefghij"[number] * 5, hour))
        if detector._due_keys:
            due.append((hour, len(detector._due_keys)))
        assert detector.repair() == ()
        assert not detector._due_keys
    return due


@pytest.mark.parametrize(
    ("hours", "batch", "due"),
    [
        ([0, 0.2, 0.9, 1.1, 1.5], 3, [(1.1, 4)]),  # an hour with enough articles
        ([0, 0.2, 0.9, 1.1, 1.5], 5, []),
        ([0, 1, 2, 3, 4, 5], 5, [(4, 5)]),  # four hours with enough articles
        ([0, 30, 60, 200], 99, [(200, 4)]),  # 96 hours with any number of articles
        ([0, 900], 99, [(900, 2)]),  # nothing is skipped if the stream jumps
    ],
)
def test_a_repair_is_due_at_fixed_points_of_the_stream(hours, batch, due):
    first = -(START.timestamp() / 3_600 % 96) + 96  # the hour after the start at which a period of 96 hours begins
    assert find_due_hours([first + hour for hour in hours], busy_repair_articles=10**12, min_repair_articles=batch) == [
        (first + hour, articles) for hour, articles in due
    ]


def test_some_ids_make_a_repair_due():
    assert find_due_hours([0, 0.1, 0.2], busy_repair_articles=1) == [(0, 1), (0.1, 1), (0.2, 1)]


def test_a_flush_repairs_the_newest_articles_once():
    detector = OnlineStoryDetector(tuning=Tuning(search=CandidateSearch(min_similarity=2)))
    for number, title in enumerate(["Oakmere bank fails as deposits flee", "Deposits flee: Oakmere bank fails again"]):
        detector.assign(live(str(number), title, number / 10))
        assert detector.repair() == ()
    assert [(repair.source, repair.target) for repair in detector.flush()] == [("1", "0")]
    assert detector.flush() == ()


@pytest.mark.parametrize(("apart", "united"), [(0, [("2", "0")]), (0.1, [])])
def test_a_collection_of_one_instant_is_is_flushed_whole(apart, united):
    detector = OnlineStoryDetector(tuning=Tuning(search=CandidateSearch(min_similarity=2), flush_limit=2))
    titles = ["Oakmere bank fails as deposits flee", "Oil slips on supply", "Deposits flee: Oakmere bank fails again"]
    for number, title in enumerate(titles):
        detector.assign(live(str(number), title, number * apart))
    assert [(repair.source, repair.target) for repair in detector.flush()] == united


@pytest.mark.parametrize(("limit", "united"), [(None, [("2", "0")]), (3, [("2", "0")]), (2, [])])
def test_a_flush_compares_no_more_than_its_limit_even_of_one_instant(limit, united):
    detector = OnlineStoryDetector(tuning=Tuning(search=CandidateSearch(min_similarity=2)))
    titles = ["Oakmere bank fails as deposits flee", "Oil slips on supply", "Deposits flee: Oakmere bank fails again"]
    for number, title in enumerate(titles):
        detector.assign(live(str(number), title, 0))
    assert [(repair.source, repair.target) for repair in detector.flush(limit)] == united


def test_a_repair_merges_articles_that_joined_nothing():
    detector = OnlineStoryDetector(tuning=Tuning(search=CandidateSearch(min_similarity=2), busy_repair_articles=1))
    titles = ["Oakmere bank fails as deposits flee", "Deposits flee: Oakmere bank fails again", "Oil slips on supply"]
    repairs = []
    for number, title in enumerate(titles):
        detector.assign(live(str(number), title, number))
        repairs += detector.repair()
    assert [(repair.source, repair.target) for repair in repairs] == [("1", "0")]


def test_a_multi_topic_article_does_not_join_two_stories():
    one = [f"Oakmere bank fails as deposits flee {word}" for word in ("fast", "overnight", "again", "quickly")]
    two = [f"Harvest ruined by hail in Moravia {word}" for word in ("fast", "overnight", "again", "quickly")]
    multi_topic = "Oakmere bank fails as deposits flee harvest ruined by hail in Moravia"
    titles = [*one, multi_topic, *two]
    stories = cluster([live(str(number), title, number / 10) for number, title in enumerate(titles)])
    assert len({stories[str(number)] for number in range(4)}) == 1
    assert len({stories[str(number)] for number in range(5, 9)}) == 1
    assert stories["0"] != stories["5"]


def test_recurring_headlines_of_two_days_are_never_united():
    titles = [("Stocks to watch: banks and builders", 0), ("Stocks to watch: banks and builders", 24)]
    stories = cluster([live(str(number), title, hours) for number, (title, hours) in enumerate(titles)])
    assert len(set(stories.values())) == 2


def test_many_articles_are_grouped_by_topic():
    words = [f"{kind}{number}" for number in range(75) for kind in ("Alpha", "Beta")]
    articles = [live(str(number), f"{word} wins seat in Moravia", number / 10) for number, word in enumerate(words)]
    twins = [live(f"t{number}", f"{word} wins a seat", 20 + number / 10) for number, word in enumerate(words)]
    stories = cluster([*articles, *twins])
    assert sum(stories[f"t{number}"] == stories[str(number)] for number in range(150)) > 140


@pytest.mark.parametrize("title", ["", "🚀🚀🚀", "السوق يصعد اليوم بقوة", "bank " * 20_000, "\ud800 broken", "the"])
def test_odd_titles_do_no_harm(title):
    stories = cluster([live(str(number), title, number) for number in range(3)])
    assert set(stories) == {"0", "1", "2"}


@pytest.mark.shared(twin="tests/stories/test_detector.py::test_agreement_on_made_news_does_not_slip")
def test_the_measured_score_does_not_fall(news_data):
    import gzip
    import json

    from groundswell.app.replay import detect_stories

    path = news_data / "og2021_eng_first_half.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        truth = {row["id"]: row["story"] for row in map(json.loads, lines)}
    placed = list(detect_stories(path, START, lambda _: None))
    assert b_cubed([truth[document] for document, _ in placed], [story for _, story in placed]) > 0.765


def test_agreement_on_made_news_does_not_slip(made_news):
    """The documents report events that are known by construction."""
    from groundswell.app.replay import detect_stories

    from ..golden import made

    _rows, events = made.stream()
    placed = list(detect_stories(made_news / "docs.jsonl", START, lambda _: None))
    assert len(placed) == len(events)
    assert b_cubed([events[document] for document, _ in placed], [story for _, story in placed]) > 0.89


def b_cubed(true, found):
    from collections import Counter

    both, trues, founds = Counter(zip(true, found, strict=True)), Counter(true), Counter(found)
    precision = sum(n * n / founds[cluster] for (_, cluster), n in both.items()) / len(true)
    recall = sum(n * n / trues[story] for (story, _), n in both.items()) / len(true)
    return 2 * precision * recall / (precision + recall)
