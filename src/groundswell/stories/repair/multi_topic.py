"""Headlines that tell two happenings at once: round-ups, and bait stuffed with the words of others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from groundswell.text.tfidf import TermBag, build_shared_term_matrix, concatenate_bags

TOLD = 0.8  # of the weight of a headline that another must hold to tell it whole
APART = 0.05  # cosine up to which two headlines have nothing to do with each other
LEAST_WORDS = 4  # of a headline that can be told whole: fewer words stand in many others by chance
PRIOR = 100  # words are weighed as if this many other headlines had been seen
COMPARED = 32  # headlines that one tells, the latest, which are held against each other: a flood of likes stays cheap
BLOCK = 256


def stuffed(headlines: Sequence[TermBag], places: Sequence[int] | NDArray[np.int64] | None = None) -> list[int]:
    """Return those of ``places`` (all without) whose headline, given by its words, tells two unrelated others whole.

    A few of them do no harm to a grouping by sums, but as a crowd they would weld what they tell. Words are weighed by
    rarity among the headlines; copies count once.
    """
    rows: dict[TermBag, int] = {}
    row_of = np.array([rows.setdefault(words, len(rows)) for words in headlines], np.int64)
    asked = np.arange(len(headlines)) if places is None else np.asarray(places, np.int64)
    numbers, owner = concatenate_bags(list(rows))
    seen = np.bincount(numbers)
    square = np.log((len(rows) + PRIOR) / (seen[numbers] + 1)) ** 2
    lengths = np.bincount(owner, minlength=len(rows))
    whole = np.bincount(owner, square, minlength=len(rows))
    weighed = build_shared_term_matrix(numbers, seen, owner, square, len(rows))
    holding, turned = weighed.sign(), weighed.T.tocsr()
    tellers, found = np.unique(row_of[asked]), np.zeros(len(rows), np.bool_)
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
