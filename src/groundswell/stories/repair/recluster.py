"""Grouping anew what lies around the articles that came last: their stories and those near them, whole.

A step that merges whole groups is what lifted Miranda et al. most (Multilingual clustering of streaming news, 2018).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from groundswell.model import Repair
from groundswell.ports import Vectors
from groundswell.stories.repair.embeddings import dense
from groundswell.stories.repair.linkage import groups
from groundswell.stories.repair.multi_topic import stuffed
from groundswell.stories.repair.plan import repairs
from groundswell.stories.repair.similarity import BLOCK, similarities, title_words, words
from groundswell.stories.repair.time_decay import Kernel, Times
from groundswell.stories.window import Held
from groundswell.text.tfidf import build_tfidf

NEAR = 0.18  # from here on a story may be concerned by what came
NEAR_TEXT = 0.05  # the same for a full text, whose many words leave each a small share
APART = -1.0  # similarity of what is never to be united
LOYALTY = 0.03  # added between like articles of one story, so that nothing moves to and fro for next to nothing


def regrouped(
    articles: Sequence[Held], fresh: Collection[int], least: float, meanings: Vectors | None = None
) -> tuple[Repair, ...]:
    """Return the repairs that are due around the articles whose keys are ``fresh``.

    ``articles`` are all that may be looked at, in order of place; groups are united from the similarity ``least`` on.
    Articles that tell two happenings are grouped apart, so that they weld none. With ``meanings``, by which headlines
    may be alike that share no word, all are grouped.
    """
    rows = np.array([number for number, held in enumerate(articles) if held.key in fresh], np.int64)
    if not len(rows):
        return ()
    around = np.arange(len(articles)) if meanings else neighbourhood(articles, rows)
    if len(around) < 2:
        return ()
    chosen = [articles[number] for number in around]
    told = similarities(chosen, dense([held.article for held in chosen], meanings) if meanings else None)
    numbers: dict[str, int] = {}
    present = np.array([numbers.setdefault(held.story_id, len(numbers)) for held in chosen])
    told[(present == present[:, None]) & (told >= least)] += LOYALTY
    np.fill_diagonal(told, 1)
    both = np.zeros(len(chosen), np.bool_)
    both[np.searchsorted(around, stuffed(list(map(title_words, articles)), around))] = True
    told[both != both[:, None]] = APART
    return repairs(chosen, groups(told, least))


def neighbourhood(articles: Sequence[Held], fresh: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers of the articles to be grouped anew, in order: the stories of ``fresh`` and those near them.

    Stories are taken whole. An article that is alone and near to nothing is left out: nothing can change for it. Words
    alone tell what is near; most articles are near to nothing, and to know that should cost little.
    """
    stories = [held.story_id for held in articles]
    size = Counter(stories)
    concerned = {stories[row] for row in fresh.tolist() if size[stories[row]] > 1}
    told, times = build_tfidf(len(articles), words(articles)), Times.of(articles, Kernel())
    turned, least = told.T.tocsr(), np.where(times.full, NEAR_TEXT, NEAR)
    for start in range(0, len(fresh), BLOCK):
        rows = fresh[start : start + BLOCK]
        products = (told[rows] @ turned).tocoo()
        one, other = rows[products.row], products.col
        faded = products.data * times.fading(times.gap(one, other), one, other)
        near = np.flatnonzero((faded >= least[one]) & (one != other))
        concerned |= {stories[row] for row in (*one[near].tolist(), *other[near].tolist())}
    return np.array([number for number, story in enumerate(stories) if story in concerned], np.int64)
