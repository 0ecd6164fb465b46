"""How similarity decays with the time between two articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundswell.stories.features import MIN_FULL_TEXT_CHARACTERS
from groundswell.stories.indexed_article import IndexedArticle

Matrix = NDArray[np.float32]
RowSelection = NDArray[np.int64] | slice | tuple[slice, None]
"""RowSelection of articles; with ``None`` as the rows of a matrix whose columns are all articles."""

ALL_ROWS = slice(None)


@dataclass(frozen=True, slots=True)
class Decay:
    """How similarity decays: by a factor of e in ``hours``, but not below ``floor`` between two full texts.

    A text of ``full_text_characters`` identifies its event by itself, whereas a headline needs its date for that.
    ``veto`` is the similarity of a recurring headline with itself more than ``same_day_hours`` apart.
    """

    hours: float = 72.0
    floor: float = 0.85
    same_day_hours: float = 12.0
    veto: float = -0.3
    full_text_characters: int = MIN_FULL_TEXT_CHARACTERS


@dataclass(frozen=True, slots=True)
class ArticleTimes:
    """The times of some articles, and how their similarities decay.

    ``hours`` counts from the last article, ``day_hours`` are the hours since the year 1 at the start of the day, and
    ``is_day_only`` marks articles without a time of day.
    """

    hours: Matrix
    day_hours: Matrix
    is_day_only: NDArray[np.bool_]
    is_full_text: NDArray[np.bool_]
    decay: Decay

    @classmethod
    def from_articles(cls, articles: Sequence[IndexedArticle], decay: Decay) -> ArticleTimes:
        """Return the times of ``articles``."""
        hours = np.array([article.hours for article in articles])
        return cls(
            (hours - hours[-1:]).astype(np.float32),
            np.array([article.day_number for article in articles], np.float32) * 24,
            np.array([article.day_only for article in articles], np.bool_),
            np.array([len(article.article.text) >= decay.full_text_characters for article in articles], np.bool_),
            decay,
        )

    def compute_gaps(self, first: RowSelection, second: RowSelection = ALL_ROWS) -> Matrix:
        """Return the hours between articles, in whole days where one of two has no time of day."""
        gaps: Matrix = np.abs(self.hours[second] - self.hours[first])
        if self.is_day_only.any():
            day_gaps = np.abs(self.day_hours[second] - self.day_hours[first])
            gaps = np.where(self.is_day_only[second] | self.is_day_only[first], day_gaps, gaps)
        return gaps

    def compute_decay(self, gaps: Matrix, first: RowSelection, second: RowSelection = ALL_ROWS) -> Matrix:
        """Return the factors by which the similarities of articles decay over ``gaps`` in hours."""
        factors: Matrix = np.exp(gaps * np.float32(-1 / self.decay.hours))
        if self.is_full_text.any():
            both_full = self.is_full_text[second] & self.is_full_text[first]
            factors[both_full] = self.decay.floor + (1 - self.decay.floor) * factors[both_full]
        return factors
