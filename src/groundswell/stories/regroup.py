"""Grouping anew what lies around the articles that came last: their stories and those near them, whole.

A step that merges whole groups is what lifted Miranda et al. most (Multilingual clustering of streaming news, 2018).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from groundswell.ports import Vectors
from groundswell.stories.dense import dense
from groundswell.stories.lifecycle import repairs
from groundswell.stories.linkage import groups
from groundswell.stories.similarity import Compared
from groundswell.stories.stuffing import stuffed
from groundswell.stories.window import Held
from groundswell.types import Repair

NEAR = 0.15  # from here on a story may be concerned by what came
APART = -1.0  # similarity of what is never to be united
LOYALTY = 0.03  # added between like articles of one story, so that nothing moves to and fro for next to nothing


def regrouped(
    articles: Sequence[Held], fresh: Collection[int], least: float, vectors: Vectors | None = None
) -> tuple[Repair, ...]:
    """Return the repairs that are due around the articles whose keys are ``fresh``.

    ``articles`` are all that may be looked at, in order of place; groups are united from the similarity ``least`` on.
    Articles that tell two happenings are grouped apart, so that they weld none. With ``vectors``, by which headlines
    may be alike that share no word, all are grouped.
    """
    rows = np.array([number for number, held in enumerate(articles) if held.key in fresh], np.int64)
    if not len(rows):
        return ()
    compared = Compared(articles)
    around = np.arange(len(articles)) if vectors else neighbourhood(compared, rows)
    if len(around) < 2:
        return ()
    chosen = [articles[number] for number in around]
    told = compared.similarities(around, dense([held.article for held in chosen], vectors) if vectors else None)
    numbers: dict[str, int] = {}
    present = np.array([numbers.setdefault(held.story_id, len(numbers)) for held in chosen])
    told[(present == present[:, None]) & (told >= least)] += LOYALTY
    np.fill_diagonal(told, 1)
    both = np.zeros(len(chosen), np.bool_)
    both[stuffed([held.words for held in chosen])] = True
    told[both != both[:, None]] = APART
    return repairs(chosen, groups(told, least))


def neighbourhood(compared: Compared, fresh: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers of the articles to be grouped anew, in order: the stories of ``fresh`` and those near them.

    Stories are taken whole. An article that is alone and near to nothing is left out: nothing can change for it.
    """
    stories = [held.story_id for held in compared.articles]
    size = Counter(stories)
    numbers, told = compared.near(fresh)
    concerned = {stories[row] for row in fresh[told.max(axis=1) >= NEAR].tolist()}
    concerned |= {stories[number] for number in numbers[told >= NEAR].tolist()}
    concerned |= {stories[row] for row in fresh.tolist() if size[stories[row]] > 1}
    return np.array([number for number, story in enumerate(stories) if story in concerned], np.int64)
