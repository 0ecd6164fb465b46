"""Words, and letters in threes, as sparse TF-IDF vectors over a few articles."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Any
from zlib import crc32

import numpy as np
from scipy import sparse

from groundswell.stories.features import weighed_words
from groundswell.stories.window import Held

RUNS = 1 << 14  # numbers for runs of letters
WORDS = 1 << 16  # numbers for words
PRIOR = 100  # terms are weighed as if this many other articles had been seen, so that a few can be compared


def by_words(articles: Sequence[Held]) -> Any:
    """Return the articles as rows of length one by all their words."""
    return _vectors([_words(held) for held in articles], WORDS)


def by_letters(articles: Sequence[Held]) -> Any:
    """Return the articles as rows of length one by the letters of their titles, which see through inflections."""
    return _vectors([[run for word in held.words for run in letters(word)] for held in articles], RUNS)


def _vectors(bags: Sequence[Sequence[int]], width: int) -> Any:
    """TF-IDF rows (logarithmic counts) of bags of numbers below ``width``; what one bag alone holds has no column.

    It adds nothing to any product, but it does count for the length of its row.
    """
    size = len(bags)
    owner = np.repeat(np.arange(size), np.fromiter(map(len, bags), np.int64, size))
    numbers = np.fromiter(chain.from_iterable(bags), np.int64, len(owner))
    keys, times = np.unique(owner * width + numbers, return_counts=True)
    owner, numbers = np.divmod(keys, width)
    seen = np.bincount(numbers, minlength=width)
    weights = (1 + np.log(times)) * np.log((size + PRIOR) / (seen[numbers] + 1)).clip(0.01)
    weights /= np.sqrt(np.bincount(owner, weights * weights, minlength=size).clip(1e-12))[owner]
    shared = seen > 1
    kept = shared[numbers]
    columns = (np.cumsum(shared) - 1)[numbers[kept]]
    ends = np.concatenate([[0], np.cumsum(np.bincount(owner[kept], minlength=size))])
    shape = (size, max(1, int(shared.sum())))
    return sparse.csr_matrix((weights[kept].astype(np.float32), columns.astype(np.int32), ends), shape=shape)


def _words(held: Held) -> tuple[int, ...]:
    if held.terms is None:
        article = held.article
        told = weighed_words(article.title, article.text) if article.text else held.words
        held.terms = tuple(map(word_number, told))
    found: tuple[int, ...] = held.terms
    return found


@lru_cache(maxsize=1 << 14)
def word_number(word: str) -> int:
    return crc32(word.encode("utf-8", "surrogatepass")) % WORDS


@lru_cache(maxsize=1 << 14)
def letters(word: str) -> tuple[int, ...]:
    """The runs of three characters in a word, its bounds marked by blanks, each as a number below ``RUNS``."""
    bounded = f" {word} "
    runs = (bounded[start : start + 3] for start in range(len(bounded) - 2))
    return tuple(crc32(run.encode("utf-8", "surrogatepass")) % RUNS for run in runs)
