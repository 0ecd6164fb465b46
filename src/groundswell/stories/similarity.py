"""How alike articles are: words and letters, seen with what is near to them, with time and vetoes.

An article is compared by two views: TF-IDF over all its words, and over the letters of its title in threes (which see
through inflections and spellings). Both are taken once as the article stands, and once joined with its nearest
neighbours, so that two reports which share few words are near when the reports around them share more (document
expansion: Singhal and Pereira, Document expansion for speech retrieval, SIGIR 1999). Unlike a latent space this needs
nothing that is learned on all articles at once: the neighbours alone decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from groundswell.stories.features import FULL_TEXT, weighed_words
from groundswell.stories.window import Held

Matrix = NDArray[np.float32]

Rows = NDArray[np.int64]
Numbers = NDArray[np.int32]
Terms = tuple[Numbers, Matrix, int]

RUNS = 1 << 14  # numbers for runs of letters
WORDS = 1 << 16  # numbers for words
BLOCK = 256
PRIOR = 100  # words are weighed as if this many other articles had been seen, so that a few can be compared
NEAREST = 20
NEIGHBOURS = 10  # of these, that an article is joined with
TRUST = np.float32(1.5)


@dataclass(frozen=True, slots=True)
class Kernel:
    """How similarity fades with time: by a factor of e in ``hours``; between two full texts not below ``floor``.

    A text of ``full_text`` characters says itself which happening it is on, a headline needs its date for that.
    """

    hours: float = 72.0
    floor: float = 0.85
    same_day: float = 12.0
    veto: float = -0.3
    full_text: int = FULL_TEXT


class Compared:
    """Articles made ready to be compared with each other; how rare a word is, and the theme, follow from them.

    What two of the articles have in common on average is the theme of the day, not a story, and is taken off.
    """

    def __init__(self, articles: Sequence[Held], kernel: Kernel | None = None) -> None:
        self.articles = articles
        self._kernel = kernel or Kernel()
        self._vectors = _vectors([_terms(held) for held in articles])
        self._turned = self._vectors.T.tocsr()
        self._times = _Times.of(articles, self._kernel)
        size = len(articles)
        self._wide = min(NEAREST, size)
        self._known = np.zeros(size, np.bool_)
        self._near = np.zeros((size, self._wide), np.int64)
        self._nearness = np.zeros((size, self._wide), np.float32)
        sums = np.bincount(self._vectors.indices, self._vectors.data)
        pairs = float(sums @ sums) - float(self._vectors.data @ self._vectors.data)
        self._theme = max(0.0, pairs / max(1, size * (size - 1)) * size / (size + PRIOR))

    def near(self, rows: Rows) -> tuple[Rows, Matrix]:
        """Return the numbers of the ``NEAREST`` articles of each row, nearest first, and how near they are, faded.

        Where there are fewer articles, some are the row itself, with 0.
        """
        missing = rows[~self._known[rows]]
        for start in range(0, len(missing), BLOCK):
            block = missing[start : start + BLOCK]
            places = np.arange(len(block))[:, None]
            products = (self._vectors[block] @ self._turned).toarray()
            products *= self._times.fading(block)
            products[places, block[:, None]] = 0
            found = np.argpartition(products, -self._wide, axis=1)[:, -self._wide :]
            order = np.argsort(-products[places, found], axis=1, kind="stable")
            self._near[block] = found = found[places, order]
            self._nearness[block] = products[places, found]
        self._known[missing] = True
        return self._near[rows], self._nearness[rows]

    def similarities(self, rows: Rows, view: Matrix | None = None) -> Matrix:
        """Return the square matrix of similarities of the articles at ``rows``; the diagonal is 1.

        A further ``view``, a matrix of the same shape with its own theme taken off, counts as much as either of ours.
        """
        joining, beside = self._joining(rows)
        products = self._products(beside)
        own = np.searchsorted(beside, rows)
        turned = joining.T.tocsr()
        kinds = _Kinds.of([self.articles[row] for row in rows])
        told = np.empty((len(rows), len(rows)), np.float32)
        for start in range(0, len(rows), BLOCK):
            some = slice(start, start + BLOCK)
            told[some] = (joining[some] @ products) @ turned
        lengths = np.sqrt(told.diagonal().clip(1e-6))
        for start in range(0, len(rows), BLOCK):
            some = slice(start, start + BLOCK)
            told[some] /= lengths * lengths[some, None]
            told[some] += products[own[some]][:, own]
            told[some] -= 2 * self._theme
            told[some] *= 0.5 / (1 - self._theme)
            if view is not None:
                told[some] = (2 * told[some] + view[some]) / 3
            told[some] *= self._times.fading(rows[some], rows)
            again = kinds.again(some) & (self._times.gap(rows[some], rows) > self._kernel.same_day)
            told[some][again] = self._kernel.veto
        np.fill_diagonal(told, 1)
        return told

    def _joining(self, rows: Rows) -> tuple[Any, Rows]:
        """Each article at ``rows`` with its neighbours; and who all these are.

        A neighbour counts by the square of its nearness, so that a stuffed article, half near to two stories,
        hardly draws them together.
        """
        numbers, told = (found[:, :NEIGHBOURS] for found in self.near(rows))
        beside = np.union1d(rows, numbers)
        columns = np.searchsorted(beside, np.column_stack([rows, numbers])).ravel()
        values = np.column_stack([np.ones(len(rows), np.float32), TRUST * told * told]).ravel()
        ends = np.arange(len(rows) + 1) * (numbers.shape[1] + 1)
        return sparse.csr_matrix((values, columns, ends), shape=(len(rows), len(beside))), beside

    def _products(self, rows: Rows) -> Matrix:
        vectors = self._vectors[rows]
        turned = vectors.T.tocsr()
        products = np.empty((len(rows), len(rows)), np.float32)
        for start in range(0, len(rows), BLOCK):
            some = slice(start, start + BLOCK)
            products[some] = (vectors[some] @ turned).toarray()
        np.fill_diagonal(products, 1)
        return products


def _vectors(terms: Sequence[Terms]) -> Any:
    """TF-IDF vectors of both views beside each other, of length one, without what no two articles share."""
    ends = np.zeros(2 * len(terms) + 1, np.int64)
    for number, (numbers, _, words) in enumerate(terms):
        ends[2 * number + 1], ends[2 * number + 2] = words, len(numbers) - words
    np.cumsum(ends, out=ends)
    columns = np.concatenate([numbers for numbers, _, _ in terms])
    weights = np.concatenate([counts for _, counts, _ in terms])
    seen = np.bincount(columns, minlength=RUNS + WORDS)
    weights = weights * np.log((len(terms) + PRIOR) / (seen[columns] + 1)).clip(0.01).astype(np.float32)
    owner = np.repeat(np.arange(2 * len(terms)), np.diff(ends))
    squares = 2 * np.bincount(owner, weights * weights, minlength=2 * len(terms))
    weights /= np.sqrt(squares.clip(1e-12)).astype(np.float32)[owner]
    shared = seen > 1  # what only one article has adds nothing to any product
    kept = shared[columns]
    numbers = np.cumsum(shared, dtype=np.int32) - 1
    starts = np.concatenate([[0], np.cumsum(kept, dtype=np.int32)])[ends[::2]]
    shape = (len(terms), int(numbers[-1]) + 1)
    return sparse.csr_matrix((weights[kept], numbers[columns[kept]], starts), shape=shape)


def _terms(held: Held) -> Terms:
    """The words of an article and the letters of its title as numbers, how often each stands there (logarithmic).

    The third value says how many of the numbers are words.
    """
    if held.terms is None:
        article = held.article
        told = weighed_words(article.title, article.text) if article.text else held.words
        words, often = _counted(map(word_number, told))
        runs, repeated = _counted(chain.from_iterable(map(letters, held.words)))
        held.terms = np.concatenate([words, runs]), np.concatenate([often, repeated]), len(words)
    found: Terms = held.terms
    return found


def _counted(numbers: Iterable[int]) -> tuple[Numbers, Matrix]:
    counts = Counter(numbers)
    often = np.fromiter(counts.values(), np.float32, len(counts))
    return np.fromiter(counts, np.int32, len(counts)), 1 + np.log(often)


@lru_cache(maxsize=50_000)
def word_number(word: str) -> int:
    return RUNS + crc32(word.encode("utf-8", "surrogatepass")) % WORDS


@lru_cache(maxsize=50_000)
def letters(word: str) -> tuple[int, ...]:
    """The runs of three characters in a word, its bounds marked by blanks, each as a number below ``RUNS``."""
    bounded = f" {word} "
    runs = (bounded[start : start + 3] for start in range(len(bounded) - 2))
    return tuple(crc32(run.encode("utf-8", "surrogatepass")) % RUNS for run in runs)


@dataclass(frozen=True, slots=True)
class _Times:
    """When the articles were published, and how similarity fades between them."""

    hours: Matrix
    days: Matrix
    daily: NDArray[np.bool_]
    full: NDArray[np.bool_]
    kernel: Kernel

    @classmethod
    def of(cls, articles: Sequence[Held], kernel: Kernel) -> _Times:
        hours = np.array([held.hours for held in articles])
        return cls(
            (hours - hours[-1:]).astype(np.float32),
            np.array([held.date for held in articles], np.float32) * 24,
            np.array([held.day for held in articles], np.bool_),
            np.array([len(held.article.text) >= kernel.full_text for held in articles], np.bool_),
            kernel,
        )

    def gap(self, rows: Rows, others: Any = slice(None)) -> Matrix:
        """Hours between two articles; whole days where one of them has no time of day."""
        gap: Matrix = np.abs(self.hours[others] - self.hours[rows, None])
        if self.daily.any():
            days = np.abs(self.days[others] - self.days[rows, None])
            gap = np.where(self.daily[others] | self.daily[rows, None], days, gap)
        return gap

    def fading(self, rows: Rows, others: Any = slice(None)) -> Matrix:
        """What is left of the similarity of two articles after the time between them."""
        faded: Matrix = np.exp(self.gap(rows, others) * np.float32(-1 / self.kernel.hours))
        if self.full.any():
            both = self.full[others] & self.full[rows, None]
            faded[both] = self.kernel.floor + (1 - self.kernel.floor) * faded[both]
        return faded


@dataclass(frozen=True, slots=True)
class _Kinds:
    """Titles numbered by what makes them come again; see ``features.comes_again``."""

    words: NDArray[np.int64]
    numbers: NDArray[np.int64]
    recurring: NDArray[np.bool_]

    @classmethod
    def of(cls, articles: Sequence[Held]) -> _Kinds:
        frames = [held.frame for held in articles]
        words: dict[frozenset[str], int] = {}
        numbers: dict[frozenset[str], int] = {}
        return cls(
            np.array([words.setdefault(found.words, len(words)) for found in frames]),
            np.array([numbers.setdefault(found.numbers, len(numbers)) for found in frames]),
            np.array([found.recurring for found in frames], np.bool_),
        )

    def again(self, rows: slice) -> NDArray[np.bool_]:
        """Which pairs, of ``rows`` with all, would be a headline that comes again."""
        same = (self.words == self.words[rows, None]) & (self.numbers != self.numbers[rows, None])
        return np.asarray(same | self.recurring | self.recurring[rows, None])
