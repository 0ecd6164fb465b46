"""Whether two articles report one event."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.model import Article, Origin
from groundswell.stories.pairs.same_event import TRAIT_NAMES, Background, compute_traits, score_same_event

START = datetime(2026, 8, 17, 9, tzinfo=UTC)


def article(key, title, hours=0.0, text=""):
    at = START + timedelta(hours=hours)
    return Article(str(key), "f", title, text, "P", None, at, at, False, Origin.FILE)


CROWD = [article(n, f"Markets await word from company{n} on Tuesday") for n in range(500)]
OAKMERE = article("a", "Regulator seizes lender Oakmere after deposits flee", 0, "Oakmere of Moravia was seized. " * 3)
AGAIN = article("b", "Oakmere seized by regulator as deposits flee lender", 1, "The regulator seized Oakmere. " * 3)
OTHER = article("c", "Oil slips on supply fears", 1, "Crude fell. " * 3)


def test_the_same_event_scores_higher_than_another():
    background = Background.from_articles([*CROWD, OAKMERE, AGAIN, OTHER])
    assert score_same_event(OAKMERE, AGAIN, background) >= 0.5 > score_same_event(OAKMERE, OTHER, background)


def test_a_background_of_a_few_articles_does_not_make_their_words_common():
    one = article("e", "Moravia cuts rates by half a point")
    two = article("f", "Bank of Moravia cuts rates half a point")
    background = Background.from_articles([one, two, OTHER, OAKMERE])
    assert score_same_event(one, two, background) >= 0.5 > score_same_event(one, OTHER, background)


def test_the_same_words_months_later_are_another_event():
    background = Background.from_articles([*CROWD, OAKMERE, AGAIN])
    later = article("d", AGAIN.title, 24 * 90, AGAIN.text)
    assert score_same_event(OAKMERE, later, background) < score_same_event(OAKMERE, AGAIN, background)


TEXTS = st.text(max_size=40)


@given(TEXTS, TEXTS, TEXTS, TEXTS, st.integers(-3_000, 3_000))
def test_the_score_is_symmetric_and_within_bounds(title, text, other_title, other_text, hours):
    one, other = article(1, title, 0, text), article(2, other_title, hours, other_text)
    background = Background.from_articles([one, other])
    assert score_same_event(one, other, background) == score_same_event(other, one, background)
    assert 0 <= score_same_event(one, other) <= 1


def test_each_trait_has_a_name():
    assert len(compute_traits(OAKMERE, OTHER, Background.from_articles(CROWD))) == len(TRAIT_NAMES)


@pytest.mark.parametrize(("title", "rarity"), [("word", 0.01), ("unheard", 1.0)])
def test_rarity_runs_from_everywhere_to_nowhere(title, rarity):
    background = Background.from_articles([article(n, "word") for n in range(1_000)])
    assert background.compute_rarity(title) == pytest.approx(rarity, abs=0.01)
