"""How much a headline is like a hub's own examples: nearest neighbours by weighted words, nothing learned elsewhere."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import log, sqrt

from groundswell.hubs.spec import Examples
from groundswell.hubs.tagging.phrases import separate_words
from groundswell.text.words import stem_content_word

MAX_WORDS_COMPARED = 40  # words of a headline that are compared


@dataclass(frozen=True, slots=True)
class ExampleSimilarity:
    """The cosine with the nearest of a hub's examples that belong and of the others (0..1).

    ``example`` is the nearest that belongs, ``shared`` the number of words that it has in common with the headline.
    """

    belongs: float
    others: float
    example: str
    shared: int


@dataclass(frozen=True, slots=True)
class Example:
    """An example with the weight of each of its words, divided by the length of them all."""

    hub: int
    belongs: bool
    title: str
    weights: dict[str, float]


class ExampleIndex:
    """The examples of several hubs, indexed by their words.

    The weight of a word is its inverse document frequency among all examples; a word of no example has the greatest
    weight, so that a headline that is mostly about something else is like none.
    """

    def __init__(self, hubs: Sequence[Examples]) -> None:
        given = [
            (hub, belongs, title, stem_words(separate_words(title)))
            for hub, one in enumerate(hubs)
            for belongs, titles in ((True, one.belongs), (False, one.others))
            for title in titles
        ]
        holding = Counter(stem for *_, stems in given for stem in stems)
        self._weights = {word: log((len(given) + 1) / (count + 0.5)) for word, count in holding.items()}
        self._unknown = log((len(given) + 1) / 0.5)
        self._examples = [Example(hub, belongs, title, self._vector(stems)) for hub, belongs, title, stems in given]
        self._postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, example in enumerate(self._examples):
            for word, weight in example.weights.items():
                self._postings[word].append((number, weight * self._weights[word]))
        self._most = {word: max(product for _, product in held) for word, held in self._postings.items()}

    def near(self, written: str, least: float = 0.0, shared: int = 1) -> dict[int, ExampleSimilarity]:
        """Return, by number of the hub, how near a headline is to its examples.

        The headline is given by its ``phrases.words``. Hubs without an example that belongs, has a cosine of at least
        ``least`` and shares at least ``shared`` words are left out.
        """
        stems = stem_words(written)
        known = [stem for stem in stems if stem in self._postings]
        if len(known) < shared:
            return {}
        length = self._length(stems)
        if sum([self._most[stem] for stem in known]) < least * length:
            return {}
        products: dict[int, float] = {}
        for stem in known:
            for number, product in self._postings[stem]:
                products[number] = products.get(number, 0.0) + product
        found: dict[int, ExampleSimilarity] = {}
        for number, product in products.items():
            if product >= least * length and self._examples[number].belongs:
                self._keep(number, product / length, stems, shared, found)
        return {hub: self._against(hub, one, products, length) for hub, one in sorted(found.items())}

    def _keep(
        self, number: int, cosine: float, stems: Sequence[str], shared: int, found: dict[int, ExampleSimilarity]
    ) -> None:
        example = self._examples[number]
        common = sum(stem in example.weights for stem in stems)
        before = found.get(example.hub)
        if common >= shared and (before is None or cosine > before.belongs):
            found[example.hub] = ExampleSimilarity(cosine, 0.0, example.title, common)

    def _against(
        self, hub: int, near: ExampleSimilarity, products: dict[int, float], length: float
    ) -> ExampleSimilarity:
        """Put in the cosine with the nearest example of the hub that does not belong."""
        others = (
            product
            for number, product in products.items()
            if self._examples[number].hub == hub and not self._examples[number].belongs
        )
        return replace(near, others=max(others, default=0.0) / length)

    def _vector(self, stems: Sequence[str]) -> dict[str, float]:
        length = self._length(stems)
        return {stem: self._weights[stem] / length for stem in stems}

    def _length(self, stems: Iterable[str]) -> float:
        return sqrt(sum([self._weights.get(stem, self._unknown) ** 2 for stem in stems])) or 1.0


def stem_words(written: str) -> tuple[str, ...]:
    """Return the words of a headline in small letters without endings and stop words, each once, the first forty."""
    return tuple(dict.fromkeys(filter(None, map(stem_content_word, written.lower().split()))))[:MAX_WORDS_COMPARED]
