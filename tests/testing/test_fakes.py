"""The fakes that other tests use."""

from datetime import UTC, datetime, timedelta

from groundswell.model import Article, Merge, Origin, Split
from groundswell.testing.fakes import FakeStoryDetector

START = datetime(2026, 8, 17, tzinfo=UTC)


def article(article_id: str, title: str, hours: float = 0) -> Article:
    at = START + timedelta(hours=hours)
    return Article(article_id, "f", title, "", "Wire", None, at, at, False, Origin.FILE)


def test_the_fake_detector_joins_equal_titles_and_forgets_what_is_old():
    detector = FakeStoryDetector(window=timedelta(hours=10))
    headlines = [("Fed cuts", 0), ("Oil slips", 1), ("The Fed cuts", 9), ("Gold gains", 12), ("Oil slips", 12)]
    stories = [
        detector.assign(article(str(number), title, hours)).story_id for number, (title, hours) in enumerate(headlines)
    ]
    assert stories == ["0", "1", "0", "3", "4"]


def test_the_fake_detector_adopts_the_repairs_that_it_returns():
    merge, split = Merge("b", "a", "scripted"), Split("a", "b", ("b",), "scripted")
    detector = FakeStoryDetector({"b": (merge,), "d": (split,)})
    for article_id, title in (("a", "Fed cuts"), ("b", "Oil slips")):
        detector.assign(article(article_id, title))
    assert detector.repair() == (merge,)
    assert detector.repair() == ()
    assert detector.assign(article("c", "Oil slips")).story_id == "a"
    detector.assign(article("d", "Gold gains"))
    assert detector.flush() == (split,)
    assert detector.assign(article("e", "Oil slips")).story_id == "b"
