"""How alike the articles of a window are, all with all: words, letters and latent topics, with time and vetoes.

Three views are averaged: cosine of TF-IDF over words, the same over letters in threes (which see through inflections
and spellings), and cosine in a latent space learned on these very articles (Deerwester et al., Indexing by latent
semantic analysis, 1990; by the randomised range finder of Halko, Martinsson and Tropp, 2011). The space is taken from
the matrix of products, so that its cost does not grow with the number of words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from groundswell.stories.features import frame, weighed_words
from groundswell.stories.window import Held

Matrix = NDArray[np.float32]

TOPICS = 80
HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Kernel:
    """How similarity fades with time: by a factor of e in ``hours``; between two full texts not below ``floor``.

    A text of ``full_text`` characters says itself which happening it is on, a headline needs its date for that.
    """

    hours: float = 72.0
    floor: float = 1.0
    same_day: float = 12.0
    veto: float = -0.3
    full_text: int = 300


@lru_cache(maxsize=50_000)
def letters(word: str) -> tuple[str, ...]:
    """The runs of three characters in a word, its bounds marked by blanks."""
    bounded = f" {word} "
    return tuple(bounded[start : start + 3] for start in range(len(bounded) - 2))


def similarities(articles: Sequence[Held], kernel: Kernel | None = None) -> Matrix:
    """Return the square matrix of similarities; the diagonal is 1.

    What two of the articles have in common on average is taken off first: it is the theme of the day, not a story.
    """
    words = [weighed_words(held.article.title, held.article.text) for held in articles]
    by_word, vocabulary = _counts(words)
    by_letters = _spelled(by_word, vocabulary)
    told = _products(by_word)
    told += _products(by_letters)
    told += _latent(told)
    told /= 3
    count = len(articles)
    theme = (float(told.sum(dtype=np.float64)) - float(told.trace())) / max(1, count * (count - 1))
    told -= theme
    told /= 1 - theme
    _fade(told, articles, kernel or Kernel())
    np.fill_diagonal(told, 1)
    return told


def _counts(documents: Sequence[Iterable[str]]) -> tuple[Any, list[str]]:
    vocabulary: dict[str, int] = {}
    columns: list[int] = []
    counts: list[int] = []
    ends = [0]
    for document in documents:
        for word, count in Counter(document).items():
            columns.append(vocabulary.setdefault(word, len(vocabulary)))
            counts.append(count)
        ends.append(len(columns))
    shape = (len(documents), len(vocabulary))
    return sparse.csr_matrix((np.array(counts, np.float32), columns, ends), shape=shape), list(vocabulary)


def _spelled(by_word: Any, vocabulary: list[str]) -> Any:
    spelling, _ = _counts([letters(word) for word in vocabulary])
    return (by_word @ spelling).tocsr()


def _products(counts: Any) -> Matrix:
    """Cosines of TF-IDF vectors (logarithmic counts)."""
    rows, columns = counts.shape
    seen = np.bincount(counts.indices, minlength=columns)
    rarity = np.log((rows + 1) / (seen + 1)).clip(0.01).astype(np.float32)
    weights = (1 + np.log(counts.data)) * rarity[counts.indices]
    vectors = sparse.csr_matrix((weights, counts.indices, counts.indptr), shape=counts.shape)
    lengths = np.sqrt(np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel())
    vectors = sparse.diags_array(np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)) @ vectors
    return np.asarray((vectors @ vectors.T).todense(), dtype=np.float32)


def _latent(products: Matrix) -> Matrix:
    """Cosines in the space of the strongest topics of the articles whose products are given, never negative."""
    count = len(products)
    size = min(TOPICS + 10, count)
    start = np.random.default_rng(0).standard_normal((count, size), dtype=np.float32)
    base, _ = np.linalg.qr(products @ start)
    for _ in range(2):
        base, _ = np.linalg.qr(products @ base)
    strengths, turned = np.linalg.eigh(base.T @ (products @ base))
    kept = slice(max(0, size - TOPICS), None)
    places = (base @ turned[:, kept]) * np.sqrt(strengths[kept].clip(0))
    lengths = np.linalg.norm(places, axis=1, keepdims=True)
    places = np.divide(places, lengths, out=np.zeros_like(places), where=lengths > 1e-6)
    return np.clip(places @ places.T, 0, 1)


def _fade(told: Matrix, articles: Sequence[Held], kernel: Kernel) -> None:
    """Weaken similarity by the time between, and set it to the veto for a headline that came again."""
    hours = np.array([held.at.timestamp() for held in articles]) / HOUR
    days = np.floor(hours / 24) * 24
    daily = np.array([held.day for held in articles])
    full = np.array([len(held.article.text) >= kernel.full_text for held in articles])
    kind = _Kinds.of([held.article.title for held in articles])
    for row in range(len(articles)):
        gap = np.abs(hours - hours[row])
        if daily[row] or daily.any():
            coarse = daily | daily[row]
            gap[coarse] = np.abs(days[coarse] - days[row])
        faded = np.exp(gap * (-1 / kernel.hours))
        if full[row]:
            faded[full] = kernel.floor + (1 - kernel.floor) * faded[full]
        told[row] *= faded
        told[row, kind.again(row) & (gap > kernel.same_day)] = kernel.veto


@dataclass(frozen=True, slots=True)
class _Kinds:
    """Titles numbered by what makes them come again; see ``features.comes_again``."""

    words: NDArray[np.int64]
    numbers: NDArray[np.int64]
    recurring: NDArray[np.bool_]

    @classmethod
    def of(cls, titles: Sequence[str]) -> _Kinds:
        frames = [frame(title) for title in titles]
        words: dict[frozenset[str], int] = {}
        numbers: dict[frozenset[str], int] = {}
        return cls(
            np.array([words.setdefault(found.words, len(words)) for found in frames]),
            np.array([numbers.setdefault(found.numbers, len(numbers)) for found in frames]),
            np.array([found.recurring for found in frames]),
        )

    def again(self, row: int) -> NDArray[np.bool_]:
        same = (self.words == self.words[row]) & (self.numbers != self.numbers[row])
        if self.recurring[row]:
            return np.ones(len(same), np.bool_)
        return np.asarray(same | self.recurring)
