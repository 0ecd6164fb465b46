"""The window: its articles, its candidates, and what it forgets."""

from datetime import UTC, datetime, timedelta

from groundswell.model import Article, Origin
from groundswell.stories.features import extract_title_words
from groundswell.stories.window import ArticleWindow, CandidateSearch

START = datetime(2026, 8, 17, tzinfo=UTC)


def prepare(window, key, title, hours, text=""):
    at = START + timedelta(hours=hours)
    article = Article(key, "f", title, text, "P", None, at, at, False, Origin.FILE)
    return window.prepare(article, extract_title_words(title))


def add(window, key, title, hours, *, story=None, text=""):
    window.add(prepare(window, key, title, hours, text), story or key)


def list_articles(window):
    return [window[key] for key in sorted(window.list_newest_keys(10_000))]


def ids(window):
    return [article.article.id for article in list_articles(window)]


def test_the_window_forgets_articles_that_left():
    window = ArticleWindow(timedelta(hours=72), 50_000, 0)
    for number in range(3_000):
        add(window, str(number), f"Word{number} story", number)
    assert len(window) == 73
    assert "word0" not in window._postings
    assert len(window._postings["story"]) == 73
    assert len(window._story_keys) == 73


def test_the_newest_articles_stay_whatever_their_age():
    window = ArticleWindow(timedelta(hours=1), 50_000, 3)
    for number in range(9):
        add(window, str(number), "story", number * 1_000)
    assert ids(window) == ["6", "7", "8"]


def test_late_articles_are_sorted_in():
    window = ArticleWindow(timedelta(hours=72), 50_000, 0)
    for key, hours in (("a", 0), ("c", 10), ("b", 5), ("d", 75)):
        add(window, key, "story", hours)
    assert ids(window) == ["b", "c", "d"]
    near, _ = window.find_candidates(
        prepare(window, "e", "story", 75), timedelta(hours=75), CandidateSearch(min_similarity=0.1)
    )
    assert [window[key].article.id for key, _ in near] == ["b", "c", "d"]


def test_candidates_are_the_newest_articles_of_a_word_within_an_age():
    window = ArticleWindow(timedelta(hours=72), 50_000, 0)
    for number in range(20):
        add(window, str(number), "story", number)
    new = prepare(window, "new", "story unheard", 19)
    near, squares = window.find_candidates(new, timedelta(hours=1), CandidateSearch(min_similarity=0.01))
    assert [window[key].article.id for key, _ in near] == ["18", "19"]
    assert squares["unheard"] > squares["story"] > 0


def test_articles_move_between_stories():
    window = ArticleWindow(timedelta(hours=72), 50_000, 0)
    for number in range(4):
        add(window, str(number), "story", number, story="0" if number < 3 else None)
    window.merge_stories("0", "3")
    window.merge_stories("gone", "3")
    assert {article.story_id for article in list_articles(window)} == {"3"}
    window.move_article(min(window.list_newest_keys(9)), "0")
    assert [article.story_id for article in list_articles(window)] == ["0", "3", "3", "3"]


def test_only_the_newest_articles_are_listed():
    window = ArticleWindow(timedelta(hours=72), 50_000, 0)
    assert window.newest_at is None
    for number in range(4):
        add(window, str(number), "story", number)
    keys = sorted(window.list_newest_keys(9))
    assert window.list_newest_keys(3) == window.list_keys_since(START + timedelta(hours=1)) == set(keys[1:])
    assert window.newest_at == START + timedelta(hours=3)
    assert [article.key for article in window.list_articles_around(keys[2], timedelta(hours=1), 9)] == keys[1:]
    assert [article.key for article in window.list_articles_around(keys[2], timedelta(hours=1), 2)] == keys[2:]


def test_full_texts_stay_comparable():
    window = ArticleWindow(timedelta(hours=1), 50_000, 3)
    for number, text in enumerate(["long " * 100, "", "long " * 100, "short", "short"]):
        add(window, str(number), "story", number * 1_000, text=text)
    newest = max(window.list_newest_keys(1))
    assert [article.article.id for article in window.list_articles_around(newest, timedelta(hours=1), 9)] == ["2", "4"]
