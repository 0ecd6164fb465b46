"""The shipped demonstration corpus and fakes."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

from groundswell.feeds.demo import build_demo_entries
from groundswell.feeds.identity import build_article, compute_article_id
from groundswell.feeds.parsing.sanitize import to_plain_text
from groundswell.model import Origin
from groundswell.stories.detector import OnlineStoryDetector
from groundswell.testing.fakes import FixedClock

BASE = datetime(2026, 8, 17, 12, tzinfo=UTC)


def test_every_entry_is_plainly_a_demonstration():
    entries = build_demo_entries(BASE)
    assert 50 <= len(entries) <= 70
    assert all(entry.publisher.endswith("(demonstration)") and entry.url is None for entry in entries)
    assert all(to_plain_text(entry.title, 500) == entry.title for entry in entries)
    assert len({compute_article_id(entry) for entry in entries}) == len(entries)


def test_entries_come_oldest_first_within_three_days():
    instants = [entry.published_at for entry in build_demo_entries(BASE)]
    assert instants == sorted(instants)
    assert BASE - timedelta(days=3) <= instants[0]
    assert instants[-1] < BASE
    assert build_demo_entries(BASE) == build_demo_entries(BASE)


def test_stories_form_over_several_publishers():
    detector = OnlineStoryDetector()
    publishers = defaultdict(set)
    for entry in build_demo_entries(BASE):
        publishers[detector.assign(build_article(entry, BASE, Origin.DEMO)).story_id].add(entry.publisher)
    sizes = Counter(len(names) for names in publishers.values())
    assert sizes[2] + sizes[3] + sizes[4] >= 15
    assert sizes[1] >= 5


def test_a_fixed_clock_moves_only_when_advanced():
    clock = FixedClock(BASE)
    assert clock() == clock() == BASE
    clock.advance(timedelta(hours=1))
    assert clock() == BASE + timedelta(hours=1)
