"""Score how likely two articles report the same event, by two hundred shallow trees over what the two share.

The trees are fitted by gradient boosting (Friedman, Greedy function approximation, 2001) with randomly drawn cuts
(Geurts, Ernst and Wehenkel, Extremely randomized trees, 2006). ``benchmarks/fit_pairs.py`` writes them to
``pair_weights.toml``, together with what they were fitted on.
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
from groundswell.stories.features import (
    MAX_INDEXED_TEXT_CHARACTERS,
    MAX_INDEXED_TITLE_CHARACTERS,
    extract_title_words,
    extract_weighted_words,
)
from groundswell.text.words import find_capitalised_names, split_letter_trigrams

TRAIT_NAMES = (
    "title words", "all words", "word pairs", "title letters", "names", "numbers", "rarest shared word",
    "three rarest shared words", "shared title words", "title covered by text", "better covered title", "both texts",
    "hours apart", "days apart", "day or less apart", "names in common", "shared names", "names of one only",
)  # fmt: skip
PRIOR_ARTICLES = 100  # added to the number of articles, so that rarities are usable when there are only a few
MAX_DAYS_APART = 30
MAX_LOG_ODDS = 30.0
TermWeights = dict[str, float]


@dataclass(frozen=True, slots=True)
class Background:
    """In how many of ``size`` articles each word occurs. Rare words say more than frequent ones."""

    size: int
    counts: Counter[str]

    @classmethod
    def from_articles(cls, articles: Iterable[Article]) -> Background:
        """Count the words of ``articles``."""
        counts: Counter[str] = Counter()
        size = 0
        for article in articles:
            size += 1
            counts.update(set(extract_weighted_words(article.title, article.text)))
        return cls(size, counts)

    def compute_rarity(self, word: str) -> float:
        """Return the rarity of ``word``: nearly 0 if it is in every article, 1 if it is in none."""
        size = self.size + PRIOR_ARTICLES
        return log(size / (self.counts[word] + 1)) / log(size)


NO_BACKGROUND = Background(1_000, Counter())


def score_same_event(first: Article, second: Article, background: Background = NO_BACKGROUND) -> float:
    """Return the likelihood (0 to 1) that two articles report one event; from 0.5 on they count as the same.

    The order of the articles does not matter. Without a ``background`` all words weigh the same.
    """
    traits = compute_traits(first, second, background)
    model = _load_model()
    log_odds = model.start
    for tree in model.trees:
        log_odds += tree.evaluate(traits)
    return 1 / (1 + exp(-max(-MAX_LOG_ODDS, min(MAX_LOG_ODDS, log_odds))))


def compute_traits(first: Article, second: Article, background: Background) -> tuple[float, ...]:
    """Return the traits of a pair that the trees ask about, in the order of ``TRAIT_NAMES``."""
    pair = (first, second)
    titles = [list(extract_title_words(article.title)) for article in pair]
    texts = [extract_weighted_words(article.title, article.text) for article in pair]
    forms = [extract_title_words(f"{article.title} {article.text}"[:MAX_INDEXED_TITLE_CHARACTERS]) for article in pair]
    shared = sorted((background.compute_rarity(word) for word in set(texts[0]) & set(texts[1])), reverse=True)
    covered = [
        _compute_coverage(title, set(text), background) for title, text in zip(titles, reversed(texts), strict=True)
    ]
    names = [
        find_capitalised_names(f"{article.title} {article.text}"[:MAX_INDEXED_TEXT_CHARACTERS]) for article in pair
    ]
    hours = abs((first.at - second.at).total_seconds()) / 3_600
    days = abs((first.at.date() - second.at.date()).days)
    return (
        _compute_cosine(*(_weigh_words(title, background) for title in titles)),
        _compute_cosine(*(_weigh_words(text, background) for text in texts)),
        _compute_cosine(*(_weigh_counts(f"{a} {b}" for a, b in pairwise(text)) for text in texts)),
        _compute_cosine(*(_weigh_counts(split_letter_trigrams(title)) for title in titles)),
        _compute_cosine(*(_weigh_words(_select_capitalised(words), background) for words in forms)),
        _compute_cosine(*(_weigh_words([word for word in text if word[0].isdigit()], background) for text in texts)),
        shared[0] if shared else 0.0,
        sum(shared[:3]),
        sum(background.compute_rarity(word) for word in set(titles[0]) & set(titles[1])),
        sum(covered) / 2,
        max(covered),
        float(bool(first.text) and bool(second.text)),
        log1p(hours),
        float(min(days, MAX_DAYS_APART)),
        float(days <= 1),
        len(names[0] & names[1]) / max(1, len(names[0] | names[1])),
        float(len(names[0] & names[1])),
        float(len(names[0] ^ names[1])),
    )


def _select_capitalised(forms: dict[str, str]) -> list[str]:
    return [word for word, form in forms.items() if form[0].isupper()]


def _compute_coverage(title: Sequence[str], text: set[str], background: Background) -> float:
    """Return the share of a title's words, weighted by rarity, that the other article contains."""
    total = sum(background.compute_rarity(word) for word in title)
    return sum(background.compute_rarity(word) for word in title if word in text) / total if total else 0.0


def _weigh_counts(terms: Iterable[str]) -> TermWeights:
    return {term: 1 + log(count) for term, count in Counter(terms).items()}


def _weigh_words(words: Iterable[str], background: Background) -> TermWeights:
    return {word: weight * background.compute_rarity(word) for word, weight in _weigh_counts(words).items()}


def _compute_cosine(first: TermWeights, second: TermWeights) -> float:
    product = sum(weight * second[term] for term, weight in sorted(first.items()) if term in second)
    squared_lengths = sum(weight**2 for weight in first.values()) * sum(weight**2 for weight in second.values())
    return product / sqrt(squared_lengths) if squared_lengths else 0.0


@dataclass(frozen=True, slots=True)
class Tree:
    """A decision tree. Node ``n`` asks whether ``traits[n]`` is at most ``cuts[n]``; leaves are log-odds to add."""

    traits: tuple[int, ...]
    cuts: tuple[float, ...]
    lower: tuple[int, ...]
    upper: tuple[int, ...]
    leaves: tuple[float, ...]

    def evaluate(self, traits: Sequence[float]) -> float:
        """Return the leaf that ``traits`` lead to; a negative node number -n means leaf n - 1."""
        node = 0
        while node >= 0:
            node = self.lower[node] if traits[self.traits[node]] <= self.cuts[node] else self.upper[node]
        return self.leaves[-node - 1]


@dataclass(frozen=True, slots=True)
class Model:
    """The trees, and the log-odds to which they add."""

    start: float
    trees: tuple[Tree, ...]


@cache
def _load_model() -> Model:
    weights = tomllib.loads(files("groundswell.stories.pairs").joinpath("pair_weights.toml").read_text("utf-8"))
    trees = tuple(Tree(**{name: tuple(values) for name, values in tree.items()}) for tree in weights["tree"])
    return Model(float(weights["start"]), trees)
