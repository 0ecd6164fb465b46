"""Build sparse TF-IDF vectors of the words and letter trigrams of a few articles."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

TERM_BITS = 16
PRIOR_ARTICLES = 100  # added to the number of articles, so that weights are usable when there are only a few

TermBag = bytes
"""The term numbers of one article, two bytes each: compact to keep and fast to concatenate."""

TermRows = tuple[NDArray[np.int64], NDArray[np.int64]]
"""The term numbers of several articles, and the row of the article that each of them belongs to."""

_TRIGRAM_FACTORS = (1_681, 41)  # of the first and the middle letter; 41 exceeds the number of letters of an alphabet


def hash_words(words: Iterable[str]) -> TermBag:
    """Return the term numbers of ``words``, repeated as the words are."""
    encoded = "\n".join(words).encode("utf-8", "surrogatepass")
    numbers = [number % (1 << TERM_BITS) for number in map(crc32, encoded.split(b"\n"))] if encoded else ()
    return array("H", numbers).tobytes()


def concatenate_bags(bags: Sequence[TermBag]) -> TermRows:
    """Return the term numbers of all ``bags`` in one array, with the row of each."""
    numbers = np.frombuffer(b"".join(bags), np.uint16).astype(np.int64)
    lengths = np.fromiter(map(len, bags), np.int64, len(bags)) * 8 // TERM_BITS
    return numbers, np.repeat(np.arange(len(bags)), lengths)


def hash_letter_trigrams(headlines: Sequence[Iterable[str]]) -> TermRows:
    """Return the term numbers of the letter trigrams of each headline, which is given by its words.

    The trigrams are those of ``words.split_letter_trigrams``; none spans two words.
    """
    padded = [f" {'  '.join(words)} " for words in headlines]
    letters = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    rows = np.repeat(np.arange(len(padded)), list(map(len, padded)))
    first, middle, last = letters[:-2], letters[1:-1], letters[2:]
    within_word = middle != ord(" ")
    numbers = (first * _TRIGRAM_FACTORS[0] + middle * _TRIGRAM_FACTORS[1] + last) % (1 << TERM_BITS)
    return numbers[within_word], rows[1:-1][within_word]


def build_tfidf(size: int, *views: TermRows) -> Any:
    """Return the sparse TF-IDF matrix of ``size`` articles, one row of length 1 each, over terms in several views.

    Counts are logarithmic, and the views weigh the same. A term of a single article has no column, because it adds
    nothing to any product, but it does count for the length of its row.
    """
    numbers = np.concatenate([numbers for numbers, _ in views])
    bag = np.concatenate([rows * len(views) + view for view, (_, rows) in enumerate(views)])
    keys, counts = np.unique(bag << TERM_BITS | numbers, return_counts=True)
    bag, numbers = keys >> TERM_BITS, keys & (1 << TERM_BITS) - 1
    rows, view = np.divmod(bag, len(views))
    terms = view << TERM_BITS | numbers
    articles_with_term = np.bincount(terms)
    weights = (1 + np.log(counts)) * np.log((size + PRIOR_ARTICLES) / (articles_with_term[terms] + 1)).clip(0.01)
    squares = np.bincount(bag, weights * weights, minlength=size * len(views))
    weights /= np.sqrt((squares * len(views)).clip(1e-12))[bag]
    return build_shared_term_matrix(terms, articles_with_term, rows, weights.astype(np.float32), size)


def build_shared_term_matrix(
    terms: NDArray[np.int64],
    articles_with_term: NDArray[np.int64],
    rows: NDArray[np.int64],
    weights: NDArray[Any],
    size: int,
) -> Any:
    """Return a sparse matrix of ``size`` rows that holds each term's weight in its row.

    A term of a single article has no column. ``rows`` must not decrease.
    """
    shared_terms = np.flatnonzero(articles_with_term > 1)
    column_of = np.full(len(articles_with_term), -1, np.int32)
    column_of[shared_terms] = np.arange(len(shared_terms))
    columns = column_of[terms]
    is_shared = columns >= 0
    row_ends = np.zeros(size + 1, np.int32)
    np.cumsum(np.bincount(rows[is_shared], minlength=size), out=row_ends[1:])
    shape = (size, max(1, len(shared_terms)))
    return sparse.csr_matrix((weights[is_shared], columns[is_shared], row_ends), shape=shape)
