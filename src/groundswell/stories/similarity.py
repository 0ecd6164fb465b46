"""How alike the articles of a window are, all with all: words, letters and latent topics, with time and vetoes.

Three views are averaged: cosine of TF-IDF over words, the same over letters in threes (which see through inflections
and spellings), and, where there are enough articles for it, cosine in a latent space learned on these very articles
(Deerwester et al., Indexing by latent semantic analysis, 1990; by the randomised range finder of Halko, Martinsson
and Tropp, 2011). The space is taken from the matrix of products, so that its cost does not grow with the words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import count
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import ThreadpoolController

from groundswell.ports import Vectors
from groundswell.stories.dense import dense
from groundswell.stories.features import Frame, weighed_words
from groundswell.stories.window import Held

Matrix = NDArray[np.float32]

TOPICS = (60, 120)  # at least and at most; between them one for every six articles
ENOUGH = 120  # articles to learn topics from
RUNS = 1 << 15
BLOCK = 256
PRIOR = 100  # words are weighed as if this many other articles had been seen, so that a few can be compared
LEAST = 0.25


@dataclass(frozen=True, slots=True)
class Kernel:
    """How similarity fades with time: by a factor of e in ``hours``; between two full texts not below ``floor``.

    A text of ``full_text`` characters says itself which happening it is on, a headline needs its date for that.
    """

    hours: float = 72.0
    floor: float = 0.85
    same_day: float = 12.0
    veto: float = -0.3
    full_text: int = 300


@lru_cache(maxsize=50_000)
def letters(word: str) -> NDArray[np.int32]:
    """The runs of three characters in a word, its bounds marked by blanks, each as a number below ``RUNS``."""
    bounded = f" {word} "
    runs = (bounded[start : start + 3] for start in range(len(bounded) - 2))
    return np.array([crc32(run.encode("utf-8", "surrogatepass")) % RUNS for run in runs], np.int32)


@lru_cache(maxsize=8_000)
def _told(title: str, text: str) -> tuple[str, ...]:
    return tuple(weighed_words(title, text))


def similarities(articles: Sequence[Held], kernel: Kernel | None = None, vectors: Vectors | None = None) -> Matrix:
    """Return the square matrix of similarities; the diagonal is 1.

    What two of the articles have in common on average is taken off first: it is the theme of the day, not a story.
    With ``vectors`` the cosine of these is one more view.
    """
    by_word, vocabulary = _counts(articles)
    by_letters = _spelled(by_word, vocabulary)
    told = _products(by_word)
    told += _products(by_letters)
    size, views = len(articles), 2
    # One thread: on a busy machine those of the linear algebra wait for each other longer than they save.
    with _blas().limit(limits=1):
        if size >= ENOUGH:
            told += _latent(told)
            views += 1
        if vectors is not None:
            told += dense([held.article for held in articles], vectors)
            views += 1
    told /= views
    theme = (float(told.sum(dtype=np.float64)) - float(told.trace())) / max(1, size * (size - 1))
    theme *= size / (size + PRIOR)
    told -= theme
    told /= 1 - theme
    _fade(told, articles, kernel or Kernel())
    np.fill_diagonal(told, 1)
    return told


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController().select(user_api="blas")


def _counts(articles: Sequence[Held]) -> tuple[Any, list[str]]:
    """How often each word stands in each article."""
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    columns: list[int] = []
    ends = [0]
    for held in articles:
        article = held.article
        columns.extend(map(numbers.__getitem__, _told(article.title, article.text) if article.text else held.words))
        ends.append(len(columns))
    shape = (len(articles), len(numbers))
    counts = sparse.csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=shape)
    counts.sum_duplicates()
    return counts, list(numbers)


def _spelled(by_word: Any, vocabulary: list[str]) -> Any:
    """How often each run of letters stands in each article."""
    runs = [letters(word) for word in vocabulary]
    ends = np.zeros(len(runs) + 1, np.int32)
    np.cumsum([len(run) for run in runs], out=ends[1:])
    columns = np.concatenate(runs) if runs else np.zeros(0, np.int32)
    spelling = sparse.csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=(len(runs), RUNS))
    spelled = (by_word @ spelling).tocsr()
    spelled.sort_indices()
    return spelled


def related(articles: Sequence[Held]) -> list[Held]:
    """Leave out the bare headlines that share too little with any other to be grouped, so that less is compared."""
    counts, vocabulary = _counts(articles)
    if not vocabulary:
        return []
    vectors = _vectors(counts)
    products = (vectors @ vectors.T).tocsr()
    products.setdiag(0)
    nearest = np.asarray(products.max(axis=1).todense()).ravel()
    size = Counter(held.story_id for held in articles)
    return [
        held
        for held, near in zip(articles, nearest, strict=True)
        if near >= LEAST or size[held.story_id] > 1 or held.article.text
    ]


def _vectors(counts: Any) -> Any:
    """TF-IDF vectors (logarithmic counts) of length one, or zero where there are no words."""
    rows, columns = counts.shape
    seen = np.bincount(counts.indices, minlength=columns)
    rarity = np.log((rows + PRIOR) / (seen + 1)).clip(0.01).astype(np.float32)
    weights = (1 + np.log(counts.data)) * rarity[counts.indices]
    owner = np.repeat(np.arange(rows), np.diff(counts.indptr))
    squares = np.bincount(owner, weights * weights, minlength=rows)
    weights /= np.sqrt(squares.clip(1e-12)).astype(np.float32)[owner]
    return sparse.csr_matrix((weights, counts.indices, counts.indptr), shape=counts.shape)


def _products(counts: Any) -> Matrix:
    vectors = _vectors(counts)
    return np.asarray((vectors @ vectors.T).toarray(), dtype=np.float32)


def _latent(products: Matrix) -> Matrix:
    """Cosines in the space of the strongest topics of the articles whose products are given, never negative."""
    rows = len(products)
    topics = min(TOPICS[1], max(TOPICS[0], rows // 6))
    size = min(topics + 10, rows)
    start = np.random.default_rng(0).standard_normal((rows, size), dtype=np.float32)
    base, _ = np.linalg.qr(products @ start)
    for _ in range(2):
        base, _ = np.linalg.qr(products @ base)
    strengths, turned = np.linalg.eigh(base.T @ (products @ base))
    kept = slice(max(0, size - topics), None)
    places = (base @ turned[:, kept]) * np.sqrt(strengths[kept].clip(0))
    lengths = np.linalg.norm(places, axis=1, keepdims=True)
    places = np.divide(places, lengths, out=np.zeros_like(places), where=lengths > 1e-6)
    latent: Matrix = np.clip(places @ places.T, 0, 1)
    return latent


def _fade(told: Matrix, articles: Sequence[Held], kernel: Kernel) -> None:
    """Weaken similarity by the time between, and set it to the veto for a headline that came again."""
    hours = np.array([held.hours for held in articles])
    hours = (hours - hours[-1]).astype(np.float32)
    days = np.array([held.date for held in articles], np.float32) * 24
    daily = np.array([held.day for held in articles])
    full = np.array([len(held.article.text) >= kernel.full_text for held in articles])
    kind = _Kinds.of([held.frame for held in articles])
    for start in range(0, len(articles), BLOCK):
        rows = slice(start, start + BLOCK)
        gap = np.abs(hours - hours[rows, None])
        if daily.any():
            gap = np.where(daily | daily[rows, None], np.abs(days - days[rows, None]), gap)
        faded = np.exp(gap * np.float32(-1 / kernel.hours))
        if full.any():
            both = full & full[rows, None]
            faded[both] = kernel.floor + (1 - kernel.floor) * faded[both]
        told[rows] *= faded
        told[rows][kind.again(rows) & (gap > kernel.same_day)] = kernel.veto


@dataclass(frozen=True, slots=True)
class _Kinds:
    """Titles numbered by what makes them come again; see ``features.comes_again``."""

    words: NDArray[np.int64]
    numbers: NDArray[np.int64]
    recurring: NDArray[np.bool_]

    @classmethod
    def of(cls, frames: Sequence[Frame]) -> _Kinds:
        words: dict[frozenset[str], int] = {}
        numbers: dict[frozenset[str], int] = {}
        return cls(
            np.array([words.setdefault(found.words, len(words)) for found in frames]),
            np.array([numbers.setdefault(found.numbers, len(numbers)) for found in frames]),
            np.array([found.recurring for found in frames]),
        )

    def again(self, rows: slice) -> NDArray[np.bool_]:
        """Which pairs, of ``rows`` with all, would be a headline that comes again."""
        same = (self.words == self.words[rows, None]) & (self.numbers != self.numbers[rows, None])
        return np.asarray(same | self.recurring | self.recurring[rows, None])
