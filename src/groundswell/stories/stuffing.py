"""Headlines that tell two happenings at once: round-ups, and bait stuffed with the words of others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

TOLD = 0.8  # of the weight of a headline that another must hold to tell it whole
APART = 0.05  # cosine up to which two headlines have nothing to do with each other
LEAST_WORDS = 4  # of a headline that can be told whole: fewer words stand in many others by chance
PRIOR = 100  # words are weighed as if this many other headlines had been seen
COMPARED = 32  # headlines that one tells, the latest, which are held against each other: a flood of likes stays cheap
BLOCK = 256


def stuffed(headlines: Sequence[Collection[str]], places: Sequence[int] | NDArray[np.int64] | None = None) -> list[int]:
    """Return those of ``places`` (all without) whose headline, given by its words, tells two unrelated others whole.

    A few of them do no harm to a grouping by sums, but as a crowd they would weld what they tell. Words are weighed by
    rarity among the headlines; copies count once.
    """
    rows: dict[frozenset[str], int] = {}
    row_of = np.array([rows.setdefault(frozenset(words), len(rows)) for words in headlines], np.int64)
    distinct = [headlines[place] for place in np.unique(row_of, return_index=True)[1]]
    asked = np.array(range(len(headlines)) if places is None else places, np.int64)
    holding = _holding(distinct)
    square = np.log((len(rows) + PRIOR) / (np.asarray(holding.sum(axis=0)).ravel() + 1)) ** 2
    weighed = holding.multiply(square).tocsr()
    whole, lengths = np.asarray(weighed.sum(axis=1)).ravel(), np.diff(holding.indptr)
    turned, found = weighed.T.tocsr(), np.zeros(len(rows), np.bool_)
    tellers = np.unique(row_of[asked])
    for start in range(0, len(tellers), BLOCK):
        block = tellers[start : start + BLOCK]
        tells = (holding[block] @ turned).toarray() >= TOLD * whole
        tells &= (lengths >= LEAST_WORDS) & (lengths < lengths[block, None])
        for row in np.flatnonzero(tells.sum(axis=1) > 1):
            told = np.flatnonzero(tells[row])[-COMPARED:]
            shared = (holding[told] @ turned[:, told]).toarray()
            found[block[row]] = bool((shared <= APART * np.sqrt(np.outer(whole[told], whole[told]))).any())
    told_both: list[int] = asked[found[row_of[asked]]].tolist()
    return told_both


def _holding(headlines: Sequence[Collection[str]]) -> Any:
    """Which words each headline holds, as a sparse matrix of ones."""
    numbers: dict[str, int] = {}
    columns = [numbers.setdefault(word, len(numbers)) for word in chain.from_iterable(headlines)]
    ends = np.concatenate([[0], np.cumsum([len(words) for words in headlines])])
    return sparse.csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(headlines), max(1, len(numbers))))
