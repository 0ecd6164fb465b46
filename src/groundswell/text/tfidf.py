"""Words, and letters in threes, as bags of numbers and as sparse TF-IDF vectors over a few articles."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

BITS = 16  # of the number of a term
PRIOR = 100  # terms are weighed as if this many other articles had been seen, so that a few can be compared

Spread = tuple[NDArray[np.int64], NDArray[np.int64]]  # numbers of terms, and the place of the article of each
Bag = bytes  # the numbers of some terms, two bytes each: small to keep, and quick to lay end to end


def numbered(told: Iterable[str]) -> Bag:
    """Return the numbers of words."""
    stored = "\n".join(told).encode("utf-8", "surrogatepass")
    numbers = [number % (1 << BITS) for number in map(crc32, stored.split(b"\n"))] if stored else ()
    return array("H", numbers).tobytes()


def spread(bags: Sequence[Bag]) -> Spread:
    """Return the numbers in all bags end to end, and for each the place of its bag."""
    numbers = np.frombuffer(b"".join(bags), np.uint16).astype(np.int64)
    lengths = np.fromiter(map(len, bags), np.int64, len(bags)) * 8 // BITS
    return numbers, np.repeat(np.arange(len(bags)), lengths)


def vectors(size: int, *views: Spread) -> Any:
    """Return one row of length one for each of ``size`` articles, given their terms in views, which count alike.

    TF-IDF with logarithmic counts. What one article alone holds has no column: it adds nothing to any product, but it
    does count for the length of its row.
    """
    numbers = np.concatenate([numbers for numbers, _ in views])
    bag = np.concatenate([owner * len(views) + view for view, (_, owner) in enumerate(views)])
    keys, times = np.unique(bag << BITS | numbers, return_counts=True)
    bag, numbers = keys >> BITS, keys & (1 << BITS) - 1
    owner, view = np.divmod(bag, len(views))
    terms = view << BITS | numbers
    seen = np.bincount(terms)
    weights = (1 + np.log(times)) * np.log((size + PRIOR) / (seen[terms] + 1)).clip(0.01)
    lengths = np.bincount(bag, weights * weights, minlength=size * len(views))
    weights /= np.sqrt((lengths * len(views)).clip(1e-12))[bag]
    return in_common(terms, seen, owner, weights.astype(np.float32), size)


def in_common(
    terms: NDArray[np.int64],
    seen: NDArray[np.int64],
    owner: NDArray[np.int64],
    weights: NDArray[Any],
    size: int,
) -> Any:
    """Return the sparse matrix of ``size`` rows with the weight of each term in the row that owns it.

    Terms seen but once have no column, since they are in common with nothing. ``owner`` does not fall.
    """
    shared = np.flatnonzero(seen > 1)
    column_of = np.full(len(seen), -1, np.int32)
    column_of[shared] = np.arange(len(shared))
    columns = column_of[terms]
    kept = columns >= 0
    ends = np.zeros(size + 1, np.int32)
    np.cumsum(np.bincount(owner[kept], minlength=size), out=ends[1:])
    return sparse.csr_matrix((weights[kept], columns[kept], ends), shape=(size, max(1, len(shared))))
