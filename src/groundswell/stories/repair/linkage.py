"""Which articles belong together, given how alike each two of them are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def groups(similarities: NDArray[np.float32], threshold: float) -> list[int]:
    """Return a group number for each row: the lowest row of its group.

    Agglomerative: the two groups with the highest cosine between the sums of their members' vectors are united while
    it reaches ``threshold``. In terms of the similarities, that cosine is the sum between two groups over the square
    root of the product of the sums within each. Unlike average linkage it lets large groups of loosely similar
    articles grow, and unlike single linkage one article between two groups does not weld them. The matrix is
    symmetric with a diagonal of 1, and is used up.
    """
    count = len(similarities)
    sums = similarities
    scale = np.ones(count, np.float32)
    within = np.ones(count)
    np.fill_diagonal(sums, -np.inf)
    leader = np.arange(count)
    if count < 2:
        return list(range(count))
    nearest = sums.argmax(axis=1)
    best = sums[leader, nearest]
    while True:
        one = int(best.argmax())
        if best[one] < threshold:
            return _resolved(leader)
        one, other = sorted((one, int(nearest[one])))
        within[one] += within[other] + 2 * float(sums[one, other])
        scale[one] = 1 / np.sqrt(max(within[one], 1e-6))
        leader[other] = one
        _unite(sums, one, other)
        best[other], nearest[other] = -np.inf, -1
        concerned = (nearest == one) | (nearest == other)
        concerned[one] = False
        row = _nearest_of(one, sums, scale, nearest, best)
        closer = row > best
        nearest[closer] = one
        best[closer] = row[closer]
        for at in np.flatnonzero(concerned & ~closer).tolist():
            _nearest_of(at, sums, scale, nearest, best)


def _nearest_of(
    at: int,
    sums: NDArray[np.float32],
    scale: NDArray[np.float32],
    nearest: NDArray[np.int64],
    best: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Put down which group is nearest to the one at a row, and how near; return how near it is to each."""
    row: NDArray[np.float32] = sums[at] * scale * scale[at]
    nearest[at] = row.argmax()
    best[at] = row[nearest[at]]
    return row


def _unite(sums: NDArray[np.float32], one: int, other: int) -> None:
    sums[one] += sums[other]
    sums[one, one] = -np.inf
    sums[one, other] = -np.inf
    sums[other] = -np.inf
    sums[:, one] = sums[one]
    sums[:, other] = -np.inf


def _resolved(leader: NDArray[np.int64]) -> list[int]:
    found: list[int] = leader.tolist()
    for row, above in enumerate(found):  # leaders are lower rows, so they are resolved before their followers
        found[row] = found[above]
    return found
