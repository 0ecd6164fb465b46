"""Find headlines that report two events at once: round-ups, and headlines padded with the keywords of others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from groundswell.stories.repair.similarity import ROWS_PER_BLOCK
from groundswell.text.tfidf import TermBag, build_shared_term_matrix, concatenate_bags

MIN_CONTAINED_WEIGHT = 0.8  # share of a headline's weight that another must have to contain it
MAX_UNRELATED_COSINE = 0.05
MIN_CONTAINED_WORDS = 4  # shorter headlines are contained in many others by chance
PRIOR_HEADLINES = 100  # added to the number of headlines, so that weights are usable when there are only a few
MAX_CONTAINED_COMPARED = 32  # newest headlines that one contains: bounds the cost of a flood of similar headlines


def find_multi_topic_headlines(
    headlines: Sequence[TermBag], rows: Sequence[int] | NDArray[np.int64] | None = None
) -> list[int]:
    """Return those of ``rows`` (default: all) whose headline contains two headlines that are unrelated to each other.

    A headline is given by the term numbers of its words. A few such headlines do no harm to a grouping by sums, but
    many of them would join the stories that they contain. Words are weighted by rarity among the headlines, and copies
    count once.
    """
    row_of_words: dict[TermBag, int] = {}
    distinct_row = np.array([row_of_words.setdefault(words, len(row_of_words)) for words in headlines], np.int64)
    asked = np.arange(len(headlines)) if rows is None else np.asarray(rows, np.int64)
    terms, owner = concatenate_bags(list(row_of_words))
    headlines_with_term = np.bincount(terms)
    squares = np.log((len(row_of_words) + PRIOR_HEADLINES) / (headlines_with_term[terms] + 1)) ** 2
    word_counts = np.bincount(owner, minlength=len(row_of_words))
    total_weights = np.bincount(owner, squares, minlength=len(row_of_words))
    weights = build_shared_term_matrix(terms, headlines_with_term, owner, squares, len(row_of_words))
    occurrences, transposed = weights.sign(), weights.T.tocsr()
    candidates, is_multi_topic = np.unique(distinct_row[asked]), np.zeros(len(row_of_words), np.bool_)
    for start in range(0, len(candidates), ROWS_PER_BLOCK):
        block = candidates[start : start + ROWS_PER_BLOCK]
        contains = (occurrences[block] @ transposed).toarray() >= MIN_CONTAINED_WEIGHT * total_weights
        contains &= (word_counts >= MIN_CONTAINED_WORDS) & (word_counts < word_counts[block, None])
        for row in np.flatnonzero(contains.sum(axis=1) > 1):
            contained = np.flatnonzero(contains[row])[-MAX_CONTAINED_COMPARED:]
            shared = (occurrences[contained] @ transposed[:, contained]).toarray()
            lengths = np.sqrt(np.outer(total_weights[contained], total_weights[contained]))
            is_multi_topic[block[row]] = bool((shared <= MAX_UNRELATED_COSINE * lengths).any())
    multi_topic_rows: list[int] = asked[is_multi_topic[distinct_row[asked]]].tolist()
    return multi_topic_rows
