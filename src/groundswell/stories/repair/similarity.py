"""Compute how similar articles are, by their words, letters and neighbours, with decay over time and vetoes.

Two views compare articles: TF-IDF over all words, and TF-IDF over the letter trigrams of titles, which see through
inflections and spellings. Both are computed once for each article as it is, and once for each article joined with its
nearest neighbours. Two reports that share few words are then similar if the reports around them share more (document
expansion: Singhal and Pereira, Document expansion for speech retrieval, SIGIR 1999). A latent space would require
a model of all articles; here the neighbours alone decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from groundswell.stories.features import extract_weighted_words
from groundswell.stories.indexed_article import IndexedArticle
from groundswell.stories.repair.time_decay import ArticleTimes, Decay, Matrix
from groundswell.text.tfidf import (
    PRIOR_ARTICLES,
    TermBag,
    TermRows,
    build_tfidf,
    concatenate_bags,
    hash_letter_trigrams,
    hash_words,
)

ROWS_PER_BLOCK = 256
MAX_NEIGHBOURS = 10  # articles that each article is joined with
NEIGHBOUR_WEIGHT = np.float32(1.5)


def compute_similarities(
    articles: Sequence[IndexedArticle], view: Matrix | None = None, decay: Decay | None = None
) -> Matrix:
    """Return the square matrix of similarities of ``articles``, with a diagonal of 1.

    The rarity of terms and the theme follow from these articles. The theme is what two of them have in common on
    average; it belongs to the day rather than to a story and is subtracted. A further ``view``, a matrix of the same
    shape without its own theme, weighs as much as either of the two views.
    """
    decay = decay or Decay()
    size = len(articles)
    products, times = _compute_products(articles), ArticleTimes.from_articles(articles, decay)
    kinds = _HeadlineKinds.from_articles(articles)
    average = (float(products.sum(dtype=np.float64)) - size) / max(1, size * (size - 1))
    theme = max(0.0, average * size / (size + PRIOR_ARTICLES))
    expansion = _build_expansion(products, times)
    transposed = expansion.T.tocsr()
    similarities = np.empty((size, size), np.float32)
    for rows in _list_blocks(size):
        similarities[rows] = (expansion[rows] @ products) @ transposed
    lengths = np.sqrt(similarities.diagonal().clip(1e-6))
    for rows in _list_blocks(size):
        block = similarities[rows]
        block /= lengths * lengths[rows, None]
        block += products[rows]
        block -= 2 * theme
        block *= 0.5 / (1 - theme)
        if view is not None:
            block *= 2
            block += view[rows]
            block /= 3
        gaps = times.compute_gaps((rows, None))
        block *= times.compute_decay(gaps, (rows, None))
        block[kinds.find_recurring_pairs(rows) & (gaps > decay.same_day_hours)] = decay.veto
    np.fill_diagonal(similarities, 1)
    return similarities


def _list_blocks(size: int) -> list[slice]:
    return [slice(start, start + ROWS_PER_BLOCK) for start in range(0, size, ROWS_PER_BLOCK)]


def _compute_products(articles: Sequence[IndexedArticle]) -> Matrix:
    """Return the cosines of the articles as they are: the mean of both views."""
    trigrams = hash_letter_trigrams([article.words for article in articles])
    tfidf = build_tfidf(len(articles), hash_articles(articles), trigrams)
    transposed = tfidf.T.tocsr()
    products = np.empty((len(articles), len(articles)), np.float32)
    for rows in _list_blocks(len(articles)):
        products[rows] = (tfidf[rows] @ transposed).toarray()
    np.fill_diagonal(products, 1)
    return products


def _build_expansion(products: Matrix, times: ArticleTimes) -> Any:
    """Return the sparse square matrix that joins each article with its neighbours.

    A neighbour weighs by the square of its similarity. An article that reports two events is half similar to both, and
    so hardly draws them together.
    """
    size = len(products)
    count = min(MAX_NEIGHBOURS, size)
    neighbours, similarities = np.empty((size, count), np.int64), np.empty((size, count), np.float32)
    for rows in _list_blocks(size):
        block = products[rows] * times.compute_decay(times.compute_gaps((rows, None)), (rows, None))
        block_rows = np.arange(len(block))
        block[block_rows, block_rows + rows.start] = 0
        neighbours[rows] = nearest = np.argpartition(block, -count, axis=1)[:, -count:]
        similarities[rows] = block[block_rows[:, None], nearest]
    columns = np.column_stack([np.arange(size), neighbours]).ravel()
    weights = np.column_stack([np.ones(size, np.float32), NEIGHBOUR_WEIGHT * similarities * similarities]).ravel()
    return sparse.csr_matrix((weights, columns, np.arange(size + 1) * (count + 1)), shape=(size, size))


@dataclass(frozen=True, slots=True)
class _HeadlineKinds:
    """The frames of titles as numbers, so that ``features.is_recurring_pair`` is computed for all pairs at once."""

    words: NDArray[np.int64]
    numbers: NDArray[np.int64]
    recurring: NDArray[np.bool_]

    @classmethod
    def from_articles(cls, articles: Sequence[IndexedArticle]) -> _HeadlineKinds:
        frames = [article.frame for article in articles]
        words: dict[frozenset[str], int] = {}
        numbers: dict[frozenset[str], int] = {}
        return cls(
            np.array([words.setdefault(frame.words, len(words)) for frame in frames]),
            np.array([numbers.setdefault(frame.numbers, len(numbers)) for frame in frames]),
            np.array([frame.recurring for frame in frames], np.bool_),
        )

    def find_recurring_pairs(self, rows: slice) -> NDArray[np.bool_]:
        """Return which pairs, of ``rows`` with all articles, are one recurring headline."""
        same_frame = (self.words == self.words[rows, None]) & (self.numbers != self.numbers[rows, None])
        return np.asarray(same_frame | self.recurring | self.recurring[rows, None])


def hash_title(article: IndexedArticle) -> TermBag:
    """Return the term numbers of the title's words, each once."""
    return hash_words(article.words) if article.article.text else _hash_article(article)


def hash_articles(articles: Sequence[IndexedArticle]) -> TermRows:
    """Return the term numbers of all words of titles and texts, as often as they count."""
    return concatenate_bags(list(map(_hash_article, articles)))


def _hash_article(indexed: IndexedArticle) -> TermBag:
    if indexed.term_bag is None:
        article = indexed.article
        words = extract_weighted_words(article.title, article.text) if article.text else indexed.words
        indexed.term_bag = hash_words(words)
    return indexed.term_bag
