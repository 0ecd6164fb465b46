"""How alike articles are: words and letters, seen with what is near to them, with time and vetoes.

An article is compared by two views: TF-IDF over all its words, and over the letters of its title in threes (which see
through inflections and spellings). Both are taken once as the article stands, and once joined with its nearest
neighbours, so that two reports which share few words are near when the reports around them share more (document
expansion: Singhal and Pereira, Document expansion for speech retrieval, SIGIR 1999). Unlike a latent space this needs
nothing that is learned on all articles at once: the neighbours alone decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from groundswell.stories.features import weighed_words
from groundswell.stories.repair.time_decay import Kernel, Matrix, Times
from groundswell.stories.window import Held
from groundswell.text.tfidf import (
    PRIOR_ARTICLES,
    TermBag,
    TermRows,
    build_tfidf,
    concatenate_bags,
    hash_letter_trigrams,
    hash_words,
)

BLOCK = 256
NEIGHBOURS = 10  # that an article is joined with
TRUST = np.float32(1.5)


def similarities(articles: Sequence[Held], view: Matrix | None = None, kernel: Kernel | None = None) -> Matrix:
    """Return the square matrix of similarities of ``articles``; the diagonal is 1.

    How rare a term is, and the theme, follow from these articles: what two of them have in common on average is the
    theme of the day, not a story, and is taken off. A further ``view``, a matrix of the same shape with its own theme
    taken off, counts as much as either of ours.
    """
    kernel = kernel or Kernel()
    size = len(articles)
    products, times, kinds = _products(articles), Times.of(articles, kernel), _Kinds.of(articles)
    theme = max(
        0.0, (float(products.sum(dtype=np.float64)) - size) / max(1, size * (size - 1)) * size / (size + PRIOR_ARTICLES)
    )
    joining = _joining(products, times)
    turned = joining.T.tocsr()
    told = np.empty((size, size), np.float32)
    for some in _blocks(size):
        told[some] = (joining[some] @ products) @ turned
    lengths = np.sqrt(told.diagonal().clip(1e-6))
    for some in _blocks(size):
        block = told[some]
        block /= lengths * lengths[some, None]
        block += products[some]
        block -= 2 * theme
        block *= 0.5 / (1 - theme)
        if view is not None:
            block *= 2
            block += view[some]
            block /= 3
        gap = times.gap((some, None))
        block *= times.fading(gap, (some, None))
        block[kinds.again(some) & (gap > kernel.same_day)] = kernel.veto
    np.fill_diagonal(told, 1)
    return told


def _blocks(size: int) -> list[slice]:
    return [slice(start, start + BLOCK) for start in range(0, size, BLOCK)]


def _products(articles: Sequence[Held]) -> Matrix:
    """Cosines of the articles as they stand, the mean of both views."""
    told = build_tfidf(len(articles), words(articles), hash_letter_trigrams([held.words for held in articles]))
    turned = told.T.tocsr()
    products = np.empty((len(articles), len(articles)), np.float32)
    for some in _blocks(len(articles)):
        products[some] = (told[some] @ turned).toarray()
    np.fill_diagonal(products, 1)
    return products


def _joining(products: Matrix, times: Times) -> Any:
    """Each article with its neighbours, as a sparse square matrix.

    A neighbour counts by the square of its nearness, so that a stuffed article, half near to two stories,
    hardly draws them together.
    """
    size = len(products)
    count = min(NEIGHBOURS, size)
    numbers, told = np.empty((size, count), np.int64), np.empty((size, count), np.float32)
    for some in _blocks(size):
        near = products[some] * times.fading(times.gap((some, None)), (some, None))
        places = np.arange(len(near))
        near[places, places + some.start] = 0
        numbers[some] = found = np.argpartition(near, -count, axis=1)[:, -count:]
        told[some] = near[places[:, None], found]
    columns = np.column_stack([np.arange(size), numbers]).ravel()
    values = np.column_stack([np.ones(size, np.float32), TRUST * told * told]).ravel()
    return sparse.csr_matrix((values, columns, np.arange(size + 1) * (count + 1)), shape=(size, size))


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


def title_words(held: Held) -> TermBag:
    """The words of the title, each once."""
    return hash_words(held.words) if held.article.text else _words(held)


def words(articles: Sequence[Held]) -> TermRows:
    """All words of titles and texts, as often as they count."""
    return concatenate_bags(list(map(_words, articles)))


def _words(held: Held) -> TermBag:
    if held.terms is None:
        article = held.article
        held.terms = hash_words(weighed_words(article.title, article.text) if article.text else held.words)
    found: TermBag = held.terms
    return found
