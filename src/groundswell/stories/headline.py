"""Which of a story's titles stands for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import sqrt

from groundswell.stories.features import features


def headline(titles: Sequence[str]) -> str:
    """Return the title with the highest mean cosine similarity to the others; of equal ones the first.

    ``titles`` are oldest first and not empty. Plain words are compared, each counted once, so that the title that
    says what most others say wins, not the one with the rarest words. Takes time linear in the number of words.
    """
    words = [tuple(features(title).words) for title in titles]
    # The sum of a title's similarities to all is one product with the sum of the unit vectors; each title's similarity
    # to itself is 1 (or 0 without words), so it does not change the order.
    total: defaultdict[str, float] = defaultdict(float)
    for own in words:
        for word in own:
            total[word] += 1 / sqrt(len(own))
    support = [sum(total[word] for word in own) / sqrt(len(own) or 1) for own in words]
    best = max(support)
    return next(title for title, found in zip(titles, support, strict=True) if found >= best - 1e-9)
