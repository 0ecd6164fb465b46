"""Compare headlines with the examples of hubs: nearest neighbours by weighted words, without any trained model."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import log, sqrt

from groundswell.hubs.spec import Examples
from groundswell.hubs.tagging.phrases import separate_words
from groundswell.text.words import stem_content_word

MAX_WORDS_COMPARED = 40
"""Stems of a headline that are compared; the others are left out."""


@dataclass(frozen=True, slots=True)
class ExampleSimilarity:
    """The cosine (0 to 1) with the nearest example that belongs to a hub, and with the nearest that does not.

    ``example`` is the nearest one that belongs, and ``shared`` the number of words that the headline shares with it.
    """

    belongs: float
    others: float
    example: str
    shared: int


@dataclass(frozen=True, slots=True)
class Example:
    """An example of a hub with the weights of its words, normalised to length 1."""

    hub: int
    belongs: bool
    title: str
    weights: dict[str, float]


class ExampleIndex:
    """The examples of several hubs, indexed by their words.

    The weight of a word is its inverse document frequency among all examples. A word that no example has gets the
    greatest weight, so that a headline that is mostly about something else is similar to no example.
    """

    def __init__(self, hubs: Sequence[Examples]) -> None:
        titles = [
            (hub, belongs, title, stem_words(separate_words(title)))
            for hub, examples in enumerate(hubs)
            for belongs, headlines in ((True, examples.belongs), (False, examples.others))
            for title in headlines
        ]
        document_counts = Counter(stem for *_, stems in titles for stem in stems)
        self._weights = {stem: log((len(titles) + 1) / (count + 0.5)) for stem, count in document_counts.items()}
        self._unknown_weight = log((len(titles) + 1) / 0.5)
        self._examples = [Example(hub, belongs, title, self._vector(stems)) for hub, belongs, title, stems in titles]
        self._postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, example in enumerate(self._examples):
            for stem, weight in example.weights.items():
                self._postings[stem].append((number, weight * self._weights[stem]))
        self._max_product = {stem: max(product for _, product in places) for stem, places in self._postings.items()}

    def find_similar(self, words: str, min_cosine: float = 0.0, min_shared: int = 1) -> dict[int, ExampleSimilarity]:
        """Return the similarity of a headline to the examples of each hub, by number of the hub.

        ``words`` is the headline as ``phrases.separate_words`` writes it. Hubs are left out unless an example that
        belongs has a cosine of at least ``min_cosine`` and shares at least ``min_shared`` words.
        """
        stems = stem_words(words)
        known = [stem for stem in stems if stem in self._postings]
        if len(known) < min_shared:
            return {}
        length = self._length(stems)
        if sum([self._max_product[stem] for stem in known]) < min_cosine * length:
            return {}
        products: dict[int, float] = {}
        for stem in known:
            for number, product in self._postings[stem]:
                products[number] = products.get(number, 0.0) + product
        nearest: dict[int, ExampleSimilarity] = {}
        for number, product in products.items():
            if product >= min_cosine * length and self._examples[number].belongs:
                self._keep_nearest(nearest, number, product / length, stems, min_shared)
        return {
            hub: self._compare_with_others(hub, similarity, products, length)
            for hub, similarity in sorted(nearest.items())
        }

    def _keep_nearest(
        self, nearest: dict[int, ExampleSimilarity], number: int, cosine: float, stems: Sequence[str], min_shared: int
    ) -> None:
        """Enter an example into ``nearest`` if it is the nearest one of its hub so far."""
        example = self._examples[number]
        shared = sum(stem in example.weights for stem in stems)
        before = nearest.get(example.hub)
        if shared >= min_shared and (before is None or cosine > before.belongs):
            nearest[example.hub] = ExampleSimilarity(cosine, 0.0, example.title, shared)

    def _compare_with_others(
        self, hub: int, similarity: ExampleSimilarity, products: dict[int, float], length: float
    ) -> ExampleSimilarity:
        """Return the similarity with the cosine of the nearest example of the hub that does not belong."""
        others = (
            product
            for number, product in products.items()
            if self._examples[number].hub == hub and not self._examples[number].belongs
        )
        return replace(similarity, others=max(others, default=0.0) / length)

    def _vector(self, stems: Sequence[str]) -> dict[str, float]:
        length = self._length(stems)
        return {stem: self._weights[stem] / length for stem in stems}

    def _length(self, stems: Iterable[str]) -> float:
        return sqrt(sum([self._weights.get(stem, self._unknown_weight) ** 2 for stem in stems])) or 1.0


def stem_words(words: str) -> tuple[str, ...]:
    """Return the first ``MAX_WORDS_COMPARED`` stems of a headline, each once, without stop words."""
    return tuple(dict.fromkeys(filter(None, map(stem_content_word, words.lower().split()))))[:MAX_WORDS_COMPARED]
