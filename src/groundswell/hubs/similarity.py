"""How much a headline is like a hub's own examples: nearest neighbours by weighted words, nothing learned elsewhere."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log, sqrt

from groundswell.hubs.spec import Examples

LONGEST = 40  # words of a headline that are compared

_WORD = re.compile(r"[^\W_]+")
# fmt: off
_STOP_WORDS = frozenset((
    "a", "about", "after", "all", "amid", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can",
    "could", "do", "does", "for", "from", "get", "has", "have", "he", "her", "his", "how", "i", "if", "in", "into",
    "is", "it", "its", "just", "may", "more", "most", "my", "new", "no", "not", "now", "of", "on", "or", "our", "out",
    "s", "say", "says", "see", "sees", "seen", "she", "so", "some", "such", "t", "than", "that", "the", "their",
    "them", "they", "this", "to", "u", "up", "was", "we", "were", "what", "when", "where", "which", "while", "who",
    "why", "will", "with", "would", "you", "your", "us", "over", "year", "week", "day", "today", "usd", "gbp",
))
# fmt: on


@dataclass(frozen=True, slots=True)
class Nearness:
    """The cosine with the nearest of the examples that belong and of the others (0..1), and the nearest that belongs."""

    belongs: float
    others: float
    example: str


class Likeness:
    """The examples of several hubs, indexed by their words.

    The weight of a word is its inverse document frequency among all examples; a word of no example has the greatest
    weight, so that a headline that is mostly about something else is like none.
    """

    def __init__(self, hubs: Sequence[Examples]) -> None:
        sides = [[folded(title) for title in side] for one in hubs for side in (one.belongs, one.others)]
        holding = Counter(word for side in sides for words in side for word in words)
        total = sum(map(len, sides))
        self._weights = {word: log((total + 1) / (count + 0.5)) for word, count in holding.items()}
        self._unknown = log((total + 1) / 0.5)
        self._titles = [one.belongs for one in hubs]
        self._postings: defaultdict[str, list[tuple[int, int, float]]] = defaultdict(list)
        for side, titles in enumerate(sides):
            for number, words in enumerate(titles):
                length = self._length(words)
                for word in words:
                    self._postings[word].append((side, number, self._weights[word] ** 2 / length))

    def near(self, title: str) -> dict[int, Nearness]:
        """Return, by number of the hub, how near ``title`` is; hubs that share no word with it are left out."""
        words = folded(title)
        cosines: dict[tuple[int, int], float] = {}
        for word in words:
            for side, number, weight in self._postings.get(word, ()):
                cosines[side, number] = cosines.get((side, number), 0.0) + weight
        if not cosines:
            return {}
        best: dict[int, tuple[float, int]] = {}
        for (side, number), cosine in cosines.items():
            if cosine > best.get(side, (0.0, 0))[0]:
                best[side] = cosine, number
        return self._answers(best, self._length(words))

    def _answers(self, best: dict[int, tuple[float, int]], length: float) -> dict[int, Nearness]:
        found = {}
        for hub in sorted({side // 2 for side in best}):
            cosine, number = best.get(2 * hub, (0.0, -1))
            others, _ = best.get(2 * hub + 1, (0.0, -1))
            example = self._titles[hub][number] if number >= 0 else ""
            found[hub] = Nearness(cosine / length, others / length, example)
        return found

    def _length(self, words: Iterable[str]) -> float:
        return sqrt(sum(self._weights.get(word, self._unknown) ** 2 for word in words)) or 1.0


def folded(title: str) -> tuple[str, ...]:
    """Return the words of a headline in small letters without endings and stop words, each once, the first forty."""
    found: dict[str, None] = {}
    for word in _WORD.findall(title[:400].lower()):
        if word not in _STOP_WORDS and not word.isdigit():
            found[_stem(word)] = None
    return tuple(found)[:LONGEST]


def _stem(word: str) -> str:
    """Cut the common endings, crudely: "falls", "falling" and "falled" become "fall"."""
    for ending, least in (("ing", 6), ("ies", 6), ("es", 6), ("ed", 6), ("s", 4), ("e", 5)):
        if word.endswith(ending) and len(word) >= least and not word.endswith("ss"):
            return word[: -len(ending)]
    return word
