"""Headlines that tell two happenings at once: round-ups, and bait stuffed with the words of others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from math import log, sqrt

TOLD = 0.8  # of the weight of a headline that another must hold to tell it whole
APART = 0.05  # cosine up to which two headlines have nothing to do with each other
LEAST_WORDS = 4  # of a headline that can be told whole: fewer words stand in many others by chance
PRIOR = 100  # words are weighed as if this many other headlines had been seen
COMPARED = 32  # headlines looked at for each rare word, the latest: a flood of likes stays cheap


def stuffed(headlines: Sequence[Collection[str]]) -> list[int]:
    """Return the places of headlines, given by their words, that tell two unrelated others whole, in order.

    A few of them do no harm to a grouping by sums, but as a crowd they would weld what they tell. Words are weighed by
    rarity among the headlines; copies count once. A headline is told by those that hold the rarest of its words,
    without which four fifths of its weight cannot be reached, so that few are compared.
    """
    distinct = {frozenset(words): None for words in headlines}
    holding = Counter(word for words in distinct for word in words)
    square = {word: log((len(distinct) + PRIOR) / (count + 1)) ** 2 for word, count in holding.items()}
    whole = {words: sum(square[word] for word in sorted(words)) for words in distinct}
    found = {
        words
        for words, told in _tellers(distinct, square, whole).items()
        if any(_apart(one, other, square, whole) for one, other in combinations(told, 2))
    }
    return [place for place, words in enumerate(headlines) if frozenset(words) in found]


Headline = frozenset[str]


def _tellers(
    distinct: Collection[Headline], square: Mapping[str, float], whole: Mapping[Headline, float]
) -> dict[Headline, list[Headline]]:
    """Each headline that tells others whole, with these; each of them has fewer words."""
    latest: defaultdict[str, list[Headline]] = defaultdict(list)
    for words in distinct:
        for word in words:
            latest[word].append(words)
    tellers: defaultdict[Headline, list[Headline]] = defaultdict(list)
    for told in distinct:
        if len(told) < LEAST_WORDS:
            continue
        near = {other: None for word in _indispensable(told, square, whole[told]) for other in latest[word][-COMPARED:]}
        for other in near:
            if len(other) > len(told) and _shared(told, other, square) >= TOLD * whole[told]:
                tellers[other].append(told)
    return {other: told[-COMPARED:] for other, told in tellers.items()}


def _indispensable(words: Headline, square: Mapping[str, float], whole: float) -> list[str]:
    """The rarest words, of which a headline that tells this one whole holds at least one."""
    rarest = iter(sorted(words, key=lambda word: (-square[word], word)))
    left, found = (1 - TOLD) * whole, []
    while left >= 0:
        found.append(next(rarest))
        left -= square[found[-1]]
    return found


def _shared(one: Headline, other: Headline, square: Mapping[str, float]) -> float:
    return sum(square[word] for word in sorted(one & other))


def _apart(one: Headline, other: Headline, square: Mapping[str, float], whole: Mapping[Headline, float]) -> bool:
    return _shared(one, other, square) <= APART * sqrt(whole[one] * whole[other])
