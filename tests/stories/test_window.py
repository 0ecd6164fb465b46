"""The window: what it holds, what it proposes, and that nothing is left behind."""

from datetime import UTC, datetime, timedelta

from groundswell.model import Article, Origin
from groundswell.stories.features import extract_title_words
from groundswell.stories.window import ArticleWindow, CandidateSearch

START = datetime(2026, 8, 17, tzinfo=UTC)


def arriving(window, key, title, hours, text=""):
    at = START + timedelta(hours=hours)
    article = Article(key, "f", title, text, "P", None, at, at, False, Origin.FILE)
    return window.prepare(article, extract_title_words(title))


def add(window, key, title, hours, *, story=None, text=""):
    window.add(arriving(window, key, title, hours, text), story or key)


def everything(window):
    return [window[key] for key in sorted(window.list_newest_keys(10_000))]


def ids(window):
    return [held.article.id for held in everything(window)]


def test_the_window_forgets_what_left():
    window = ArticleWindow(timedelta(hours=72), 50_000, 0)
    for number in range(3_000):
        add(window, str(number), f"Word{number} story", number)
    assert len(window) == 73
    assert "word0" not in window._postings
    assert len(window._postings["story"]) == 73
    assert len(window._story_keys) == 73


def test_the_newest_are_kept_whatever_their_age():
    window = ArticleWindow(timedelta(hours=1), 50_000, 3)
    for number in range(9):
        add(window, str(number), "story", number * 1_000)
    assert ids(window) == ["6", "7", "8"]


def test_late_arrivals_take_their_place():
    window = ArticleWindow(timedelta(hours=72), 50_000, 0)
    for key, hours in (("a", 0), ("c", 10), ("b", 5), ("d", 75)):
        add(window, key, "story", hours)
    assert ids(window) == ["b", "c", "d"]
    near, _ = window.find_candidates(
        arriving(window, "e", "story", 75), timedelta(hours=75), CandidateSearch(min_similarity=0.1)
    )
    assert [window[key].article.id for key, _ in near] == ["b", "c", "d"]


def test_candidates_are_the_newest_of_a_word_since_an_instant():
    window = ArticleWindow(timedelta(hours=72), 50_000, 0)
    for number in range(20):
        add(window, str(number), "story", number)
    new = arriving(window, "new", "story unheard", 19)
    near, squares = window.find_candidates(new, timedelta(hours=1), CandidateSearch(min_similarity=0.01))
    assert [window[key].article.id for key, _ in near] == ["18", "19"]
    assert squares["unheard"] > squares["story"] > 0


def test_articles_move_between_stories():
    window = ArticleWindow(timedelta(hours=72), 50_000, 0)
    for number in range(4):
        add(window, str(number), "story", number, story="0" if number < 3 else None)
    window.merge_stories("0", "3")
    window.merge_stories("gone", "3")
    assert {held.story_id for held in everything(window)} == {"3"}
    window.move_article(min(window.list_newest_keys(9)), "0")
    assert [held.story_id for held in everything(window)] == ["0", "3", "3", "3"]


def test_only_the_latest_are_given():
    window = ArticleWindow(timedelta(hours=72), 50_000, 0)
    assert window.newest_at is None
    for number in range(4):
        add(window, str(number), "story", number)
    keys = sorted(window.list_newest_keys(9))
    assert window.list_newest_keys(3) == window.list_keys_since(START + timedelta(hours=1)) == set(keys[1:])
    assert window.newest_at == START + timedelta(hours=3)
    assert [held.key for held in window.list_articles_around(keys[2], timedelta(hours=1), 9)] == keys[1:]
    assert [held.key for held in window.list_articles_around(keys[2], timedelta(hours=1), 2)] == keys[2:]


def test_full_texts_stay_active():
    window = ArticleWindow(timedelta(hours=1), 50_000, 3)
    for number, text in enumerate(["long " * 100, "", "long " * 100, "short", "short"]):
        add(window, str(number), "story", number * 1_000, text=text)
    newest = max(window.list_newest_keys(1))
    assert [held.article.id for held in window.list_articles_around(newest, timedelta(hours=1), 9)] == ["2", "4"]
