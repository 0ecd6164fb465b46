"""Similarity of meaning by sentence vectors, for articles that share no word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from groundswell.model import Article
from groundswell.ports import Vectors


def compute_meaning_similarities(articles: Sequence[Article], vectors: Vectors) -> NDArray[np.float32]:
    """Return the square matrix of cosines of the articles' vectors, less the average cosine of two articles.

    The vectors cover the title and the opening of the text.
    """
    rows = vectors.embed([f"{article.title}\n{article.text}".strip() for article in articles])
    cosines: NDArray[np.float32] = np.clip(rows @ rows.T, 0, 1)
    size = len(cosines)
    theme = (float(cosines.sum(dtype=np.float64)) - float(cosines.trace())) / max(1, size * (size - 1))
    cosines -= theme
    cosines /= max(1e-6, 1 - theme)
    return cosines
