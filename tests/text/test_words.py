"""Words of texts: how they are split, and in which form they are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.text import stopwords
from groundswell.text.words import (
    find_capitalised_names,
    find_name_words,
    normalize_content_word,
    normalize_word,
    split_headline_words,
    split_letter_trigrams,
    split_plain_words,
    stem_content_word,
    stem_word,
)


@pytest.mark.parametrize(
    ("text", "plain", "headline", "names"),
    [
        ("", [], [], []),
        ("🚀 …!", [], [], []),
        ("Fed cuts", ["Fed", "cuts"], ["Fed", "cuts"], ["Fed", "cuts"]),
        ("U.S. jobs", ["U", "S", "jobs"], ["U.S", "jobs"], ["U.S.", "jobs"]),
        ("S&P 500's", ["S", "P", "500", "s"], ["S&P", "500's"], ["S&P", "500's"]),
        ("Marks & Spencer", ["Marks", "Spencer"], ["Marks", "Spencer"], ["Marks", "&", "Spencer"]),
        ("0.25% rise", ["0", "25", "rise"], ["0.25%", "rise"], ["0.25", "rise"]),
        ("small-cap", ["small", "cap"], ["small", "cap"], ["small-cap"]),
        ("Disney+", ["Disney"], ["Disney"], ["Disney+"]),
        ("snake_case", ["snake", "case"], ["snake", "case"], ["snake", "case"]),
        ("السوق يصعد", ["السوق", "يصعد"], ["السوق", "يصعد"], ["السوق", "يصعد"]),
        ("İstanbul’s", ["Istanbul", "s"], ["İstanbul’s"], ["İstanbul’s"]),
    ],
)
def test_each_splitter_keeps_its_own_punctuation(text, plain, headline, names):
    assert split_plain_words(text) == plain
    assert split_headline_words(text) == headline
    assert [match.group() for match in find_name_words(text)] == names


@given(st.text(max_size=80))
def test_plain_words_keep_their_length_in_lower_case(text):
    assert all(len(word.lower()) == len(word) for word in split_plain_words(text))


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=80))
def test_the_fast_way_for_ascii_gives_what_the_slow_way_gives(text):
    assert split_plain_words(text) == split_plain_words(f"{text} é")[:-1]


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ("Banks", "bank"),
        ("bank's", "bank"),
        ("bank’s", "bank"),
        ("companies", "company"),
        ("losses", "loss"),
        ("crisis", "crisis"),
        ("surplus", "surplus"),
        ("business", "business"),
        ("gas", "gas"),
        ("US", "u.s"),
        ("U.S", "u.s"),
        ("us", "us"),
        ("0.25", "0.25"),
        ("8%", "8%"),
        ("R&D", "r&d"),
    ],
)
def test_words_are_lightly_normalized(form, word):
    assert normalize_word(form) == word


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("falls", "fall"),
        ("falling", "fall"),
        ("falled", "fall"),
        ("policies", "polic"),
        ("rates", "rate"),
        ("rate", "rate"),
        ("price", "pric"),
        ("loss", "loss"),
        ("gas", "gas"),
        ("fed", "fed"),
    ],
)
def test_stems_have_no_ending(word, stem):
    assert stem_word(word) == stem


@pytest.mark.parametrize(
    ("word", "normalized", "stemmed"),
    [("the", "", ""), ("week", "week", ""), ("against", "", "against"), ("500", "500", ""), ("Fed", "fed", "Fed")],
)
def test_detection_and_tagging_ignore_different_words(word, normalized, stemmed):
    assert normalize_content_word(word) == normalized
    assert stem_content_word(word) == stemmed


def test_both_lists_hold_the_shared_stop_words():
    assert stopwords.STOP_WORDS == stopwords.STORY_STOP_WORDS & stopwords.EXAMPLE_STOP_WORDS
    assert all(word == word.lower().strip() for word in stopwords.STORY_STOP_WORDS | stopwords.EXAMPLE_STOP_WORDS)


def test_names_are_runs_of_capitalised_words():
    text = "Silicon Valley Bank fails as First Republic & Co. falls; the U.S. watches"
    assert find_capitalised_names(text) == {"Silicon Valley Bank", "First Republic", "Co.", "U.S."}


def test_letter_trigrams_mark_the_ends_of_words():
    assert split_letter_trigrams(["fed", "a"]) == [" fe", "fed", "ed ", " a "]
    assert split_letter_trigrams([]) == []
