"""Re-cluster the articles around the newest ones: their stories and similar stories, as a whole.

Merging whole groups is the step that improved Miranda et al. most (Multilingual clustering of streaming news, 2018).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from groundswell.model import Repair
from groundswell.ports import Vectors
from groundswell.stories.indexed_article import IndexedArticle
from groundswell.stories.repair.embeddings import compute_meaning_similarities
from groundswell.stories.repair.linkage import group_articles
from groundswell.stories.repair.multi_topic import find_multi_topic_headlines
from groundswell.stories.repair.plan import plan_repairs
from groundswell.stories.repair.similarity import (
    ROWS_PER_BLOCK,
    compute_similarities,
    hash_articles,
    hash_title,
)
from groundswell.stories.repair.time_decay import ArticleTimes, Decay
from groundswell.text.tfidf import build_tfidf

MIN_NEIGHBOUR_SIMILARITY = 0.18  # of a fresh article and an article whose story a repair may affect
MIN_NEIGHBOUR_SIMILARITY_FULL_TEXT = 0.05  # the same for a full text, each of whose many words weighs little
NEVER_UNITED = -1.0  # similarity of a pair that must stay apart
SAME_STORY_BONUS = 0.03  # added to similar articles of one story, so that small changes move nothing back and forth


def recluster(
    articles: Sequence[IndexedArticle],
    fresh_keys: Collection[int],
    min_group_similarity: float,
    vectors: Vectors | None = None,
) -> tuple[Repair, ...]:
    """Return the repairs that are due around the articles whose keys are ``fresh_keys``.

    ``articles`` are all articles that may be compared, sorted by key. Groups are united from ``min_group_similarity``
    on. Articles that report two events are grouped separately, so that they join no stories. With ``vectors``, all
    articles are grouped, because headlines that share no word may still mean the same.
    """
    fresh = np.array([row for row, article in enumerate(articles) if article.key in fresh_keys], np.int64)
    if not len(fresh):
        return ()
    rows = np.arange(len(articles)) if vectors else find_neighbourhood(articles, fresh)
    if len(rows) < 2:
        return ()
    chosen = [articles[row] for row in rows]
    meaning = compute_meaning_similarities([article.article for article in chosen], vectors) if vectors else None
    similarities = compute_similarities(chosen, meaning)
    story_numbers: dict[str, int] = {}
    story = np.array([story_numbers.setdefault(article.story_id, len(story_numbers)) for article in chosen])
    similarities[(story == story[:, None]) & (similarities >= min_group_similarity)] += SAME_STORY_BONUS
    np.fill_diagonal(similarities, 1)
    is_multi_topic = np.zeros(len(chosen), np.bool_)
    multi_topic_rows = find_multi_topic_headlines(list(map(hash_title, articles)), rows)
    is_multi_topic[np.searchsorted(rows, multi_topic_rows)] = True
    similarities[is_multi_topic != is_multi_topic[:, None]] = NEVER_UNITED
    return plan_repairs(chosen, group_articles(similarities, min_group_similarity))


def find_neighbourhood(articles: Sequence[IndexedArticle], fresh: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rows of the articles to re-cluster, in order: the stories of the rows ``fresh`` and similar stories.

    Stories are taken whole. An article that is alone and similar to nothing is left out, because nothing can change for
    it. Only words are compared: most articles are similar to nothing, and finding that out must be cheap.
    """
    stories = [article.story_id for article in articles]
    story_sizes = Counter(stories)
    affected = {stories[row] for row in fresh.tolist() if story_sizes[stories[row]] > 1}
    tfidf, times = build_tfidf(len(articles), hash_articles(articles)), ArticleTimes.from_articles(articles, Decay())
    transposed = tfidf.T.tocsr()
    min_similarity = np.where(times.is_full_text, MIN_NEIGHBOUR_SIMILARITY_FULL_TEXT, MIN_NEIGHBOUR_SIMILARITY)
    for start in range(0, len(fresh), ROWS_PER_BLOCK):
        block = fresh[start : start + ROWS_PER_BLOCK]
        products = (tfidf[block] @ transposed).tocoo()
        first, second = block[products.row], products.col
        similarity = products.data * times.compute_decay(times.compute_gaps(first, second), first, second)
        near = np.flatnonzero((similarity >= min_similarity[first]) & (first != second))
        affected |= {stories[row] for row in (*first[near].tolist(), *second[near].tolist())}
    return np.array([row for row, story in enumerate(stories) if story in affected], np.int64)
