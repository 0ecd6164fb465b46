"""TF-IDF vectors against values worked out in plain Python."""

from collections import Counter
from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.text.tfidf import (
    PRIOR_ARTICLES,
    build_tfidf,
    concatenate_bags,
    hash_letter_trigrams,
    hash_words,
)
from groundswell.text.words import split_letter_trigrams

ARTICLES = st.lists(st.lists(st.sampled_from(["fed", "cuts", "rate", "bank", "fails"]), max_size=6), max_size=6)


def cosines(articles, *views):
    matrix = build_tfidf(len(articles), *views)
    return (matrix @ matrix.T).toarray()


def expected_cosines(articles):
    articles_with_word = Counter(word for words in articles for word in set(words))
    vectors = []
    for words in articles:
        weights = {
            word: (1 + log(count)) * log((len(articles) + PRIOR_ARTICLES) / (articles_with_word[word] + 1))
            for word, count in Counter(words).items()
        }
        length = sqrt(sum(weight**2 for weight in weights.values())) or 1.0
        vectors.append({word: weight / length for word, weight in weights.items()})
    return [[sum(one[word] * other.get(word, 0) for word in one) for other in vectors] for one in vectors]


@given(ARTICLES)
def test_cosines_are_those_of_the_formula(articles):
    found = cosines(articles, concatenate_bags([hash_words(words) for words in articles]))
    expected = np.array(expected_cosines(articles)).reshape(found.shape)
    # a word of a single article has no column, so that only products of different articles are whole
    apart = ~np.eye(len(articles), dtype=bool)
    assert found[apart] == pytest.approx(expected[apart], abs=1e-5)


@given(ARTICLES)
def test_two_equal_views_give_the_cosines_of_one(articles):
    view = concatenate_bags([hash_words(words) for words in articles])
    assert cosines(articles, view, view) == pytest.approx(cosines(articles, view), abs=1e-5)


@given(st.lists(st.lists(st.text(min_size=1, max_size=5).filter(lambda word: " " not in word), max_size=4), max_size=4))
def test_trigrams_are_those_that_the_splitter_gives(articles):
    _, rows = hash_letter_trigrams(articles)
    expected = [row for row, words in enumerate(articles) for _ in split_letter_trigrams(words)]
    assert rows.tolist() == expected


def test_equal_trigrams_have_equal_numbers():
    numbers, rows = hash_letter_trigrams([["rate"], ["rates"]])
    one, other = numbers[rows == 0].tolist(), numbers[rows == 1].tolist()
    assert one[:3] == other[:3]
    assert one[3] not in other


def test_words_of_lone_surrogates_have_numbers():
    assert hash_words(["\ud83d", "fed"]) != hash_words(["fed"])
    assert hash_words([]) == b""
