"""Whether two articles report the same event: two hundred shallow trees over what the two share.

The trees are fitted by gradient boosting (Friedman, Greedy function approximation, 2001) with cuts drawn at random
(Geurts, Ernst and Wehenkel, Extremely randomized trees, 2006) and shipped in ``pair_weights.toml`` with what they were
fitted on; ``benchmarks/fit_pairs.py`` makes the file.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import exp, log, log1p, sqrt

from groundswell.model import Article
from groundswell.stories.features import TEXT_LIMIT, title_words, weighed_words
from groundswell.text.words import find_capitalised_names, split_letter_trigrams

NAMES = (
    "title words", "all words", "word pairs", "title letters", "names", "numbers", "rarest shared word",
    "three rarest shared words", "shared title words", "title told in text", "better told title", "both texts",
    "hours apart", "days apart", "day or less apart", "names in common", "shared names", "names of one only",
)  # fmt: skip
PRIOR = 100  # words are weighed as if so many other articles had been seen, so that a few do
Vector = dict[str, float]


@dataclass(frozen=True, slots=True)
class Background:
    """In how many of ``size`` articles each word stands: the rarer a word, the more it tells."""

    size: int
    counts: Counter[str]

    @classmethod
    def of(cls, articles: Iterable[Article]) -> Background:
        counts: Counter[str] = Counter()
        size = 0
        for article in articles:
            size += 1
            counts.update(set(weighed_words(article.title, article.text)))
        return cls(size, counts)

    def rarity(self, word: str) -> float:
        """Between nearly 0, in every article, and 1, in none."""
        size = self.size + PRIOR
        return log(size / (self.counts[word] + 1)) / log(size)


NO_BACKGROUND = Background(1_000, Counter())


def same_event(one: Article, other: Article, background: Background = NO_BACKGROUND) -> float:
    """Return, between 0 and 1, how likely two articles report one event; from 0.5 on they count as the same.

    The answer is the same with the articles exchanged. Without a ``background`` all words weigh alike.
    """
    found = traits(one, other, background)
    total = _model().start
    for tree in _model().trees:
        total += tree.value(found)
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def traits(one: Article, other: Article, background: Background) -> tuple[float, ...]:
    """Return what the decision is made of, in the order of ``NAMES``."""
    titles = [list(title_words(article.title)) for article in (one, other)]
    texts = [weighed_words(article.title, article.text) for article in (one, other)]
    forms = [title_words(f"{article.title} {article.text}"[:600]) for article in (one, other)]
    shared = sorted((background.rarity(word) for word in set(texts[0]) & set(texts[1])), reverse=True)
    told = [_told(title, set(text), background) for title, text in zip(titles, reversed(texts), strict=True)]
    names = [find_capitalised_names(f"{article.title} {article.text}"[:TEXT_LIMIT]) for article in (one, other)]
    hours = abs((one.at - other.at).total_seconds()) / 3_600
    days = abs((one.at.date() - other.at.date()).days)
    return (
        _cosine(*(_weighed(title, background) for title in titles)),
        _cosine(*(_weighed(text, background) for text in texts)),
        _cosine(*(_counted(f"{a} {b}" for a, b in pairwise(text)) for text in texts)),
        _cosine(*(_counted(split_letter_trigrams(title)) for title in titles)),
        _cosine(*(_weighed([w for w, form in own.items() if form[0].isupper()], background) for own in forms)),
        _cosine(*(_weighed([w for w in text if w[0].isdigit()], background) for text in texts)),
        shared[0] if shared else 0.0,
        sum(shared[:3]),
        sum(background.rarity(word) for word in set(titles[0]) & set(titles[1])),
        sum(told) / 2,
        max(told),
        float(bool(one.text) and bool(other.text)),
        log1p(hours),
        float(min(days, 30)),
        float(days <= 1),
        len(names[0] & names[1]) / max(1, len(names[0] | names[1])),
        float(len(names[0] & names[1])),
        float(len(names[0] ^ names[1])),
    )


def _told(title: Sequence[str], text: set[str], background: Background) -> float:
    """The share of a title's words, by rarity, that the other article has."""
    whole = sum(background.rarity(word) for word in title)
    return sum(background.rarity(word) for word in title if word in text) / whole if whole else 0.0


def _counted(terms: Iterable[str]) -> Vector:
    return {term: 1 + log(count) for term, count in Counter(terms).items()}


def _weighed(words: Iterable[str], background: Background) -> Vector:
    return {word: count * background.rarity(word) for word, count in _counted(words).items()}


def _cosine(one: Vector, other: Vector) -> float:
    shared = sum(weight * other[term] for term, weight in sorted(one.items()) if term in other)
    lengths = sum(weight**2 for weight in one.values()) * sum(weight**2 for weight in other.values())
    return shared / sqrt(lengths) if lengths else 0.0


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes ask "is the trait at most the cut?", leaves hold what is added."""

    traits: tuple[int, ...]
    cuts: tuple[float, ...]
    lower: tuple[int, ...]
    upper: tuple[int, ...]
    leaves: tuple[float, ...]

    def value(self, found: Sequence[float]) -> float:
        """Follow the answers; a negative node number -n names leaf n - 1."""
        node = 0
        while node >= 0:
            node = self.lower[node] if found[self.traits[node]] <= self.cuts[node] else self.upper[node]
        return self.leaves[-node - 1]


@dataclass(frozen=True, slots=True)
class Model:
    start: float
    trees: tuple[Tree, ...]


@cache
def _model() -> Model:
    told = tomllib.loads(files("groundswell.stories.pairs").joinpath("pair_weights.toml").read_text("utf-8"))
    trees = tuple(Tree(**{name: tuple(values) for name, values in tree.items()}) for tree in told["tree"])
    return Model(float(told["start"]), trees)
