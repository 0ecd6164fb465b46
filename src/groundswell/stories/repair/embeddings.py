"""The view by sentence vectors, where a model is at hand: likeness of meaning without a word in common."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from groundswell.model import Article
from groundswell.ports import Vectors


def dense(articles: Sequence[Article], vectors: Vectors) -> NDArray[np.float32]:
    """Return the square matrix of cosines of the articles' vectors (title and opening), less what two have in common on
    average."""
    rows = vectors.of([f"{article.title}\n{article.text}".strip() for article in articles])
    cosines: NDArray[np.float32] = np.clip(rows @ rows.T, 0, 1)
    size = len(cosines)
    theme = (float(cosines.sum(dtype=np.float64)) - float(cosines.trace())) / max(1, size * (size - 1))
    cosines -= theme
    cosines /= max(1e-6, 1 - theme)
    return cosines
