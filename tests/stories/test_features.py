"""The words and frames of headlines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.stories.features import build_frame, extract_title_words


def build_title_frame(title):
    return build_frame(title, extract_title_words(title))


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("", []),
        ("The", []),
        ("Fed", ["fed"]),
        ("The Fed cuts rates by 0.25%", ["fed", "cuts", "rate", "0.25%"]),
        ("S&P 500 falls, S&P 500 rises", ["s&p", "500", "fall", "rise"]),
        ("🚀🚀", []),
        ("السوق يصعد", ["السوق", "يصعد"]),
    ],
)
def test_words_keep_their_order_and_occur_once(title, words):
    assert list(extract_title_words(title)) == words


def test_the_frame_is_what_is_left_without_numbers_and_days():
    frame = build_title_frame("Hot alerts for Monday, July 27")
    assert frame.words == {"hot", "alert"}
    assert frame.numbers == {"monday", "july", "27"}


@pytest.mark.parametrize(
    "title", ["Stocks to watch: banks", "Wall Street ends higher", "Premarket movers", "Business live: as it happened"]
)
def test_recurring_headlines_are_known(title):
    assert build_title_frame(title).recurring


@pytest.mark.parametrize("title", ["Fed cuts rates", "Regulator to close bank", "Watchdog fines lender"])
def test_others_are_not(title):
    assert not build_title_frame(title).recurring


@given(st.text(max_size=80))
def test_features_are_repeatable_and_never_raise(title):
    assert extract_title_words(title) == extract_title_words(title)
    assert build_title_frame(title) == build_title_frame(title)
