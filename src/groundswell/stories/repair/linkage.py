"""Group articles by their pairwise similarities."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def group_articles(similarities: NDArray[np.float32], threshold: float) -> list[int]:
    """Return a group number for each row: the lowest row of its group.

    The clustering is agglomerative. The two groups with the highest cosine between the sums of their members' vectors
    are united while that cosine reaches ``threshold``. Expressed in similarities, the cosine is the sum between two
    groups over the square root of the product of the sums within each. Unlike average linkage this lets large groups of
    loosely similar articles grow; unlike single linkage it does not join two groups because of one article between
    them.

    The matrix must be symmetric with a diagonal of 1. It is overwritten.
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
        first = int(best.argmax())
        if best[first] < threshold:
            return _resolve_leaders(leader)
        first, second = sorted((first, int(nearest[first])))
        within[first] += within[second] + 2 * float(sums[first, second])
        scale[first] = 1 / np.sqrt(max(within[first], 1e-6))
        leader[second] = first
        _unite_rows(sums, first, second)
        best[second], nearest[second] = -np.inf, -1
        is_affected = (nearest == first) | (nearest == second)
        is_affected[first] = False
        row = _update_nearest(first, sums, scale, nearest, best)
        is_closer = row > best
        nearest[is_closer] = first
        best[is_closer] = row[is_closer]
        for group in np.flatnonzero(is_affected & ~is_closer).tolist():
            _update_nearest(group, sums, scale, nearest, best)


def _update_nearest(
    group: int,
    sums: NDArray[np.float32],
    scale: NDArray[np.float32],
    nearest: NDArray[np.int64],
    best: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Store which group is nearest to ``group`` and how near it is; return the cosines with all groups."""
    row: NDArray[np.float32] = sums[group] * scale * scale[group]
    nearest[group] = row.argmax()
    best[group] = row[nearest[group]]
    return row


def _unite_rows(sums: NDArray[np.float32], first: int, second: int) -> None:
    sums[first] += sums[second]
    sums[first, first] = -np.inf
    sums[first, second] = -np.inf
    sums[second] = -np.inf
    sums[:, first] = sums[first]
    sums[:, second] = -np.inf


def _resolve_leaders(leader: NDArray[np.int64]) -> list[int]:
    groups: list[int] = leader.tolist()
    for row, above in enumerate(groups):  # a leader is a lower row, so it is resolved before its followers
        groups[row] = groups[above]
    return groups
