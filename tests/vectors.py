"""A fake of ``ports.Vectors`` for tests."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from groundswell.stories.features import extract_title_words


class WordVectors:
    """Sentence vectors without a model: each word has a random direction that depends on its letters."""

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.array([sum((self._word(word) for word in extract_title_words(text)), np.zeros(16)) for text in texts])
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0).astype(np.float32)

    def _word(self, word: str) -> np.ndarray:
        return np.random.default_rng(crc32(word.encode("utf-8", "surrogatepass"))).standard_normal(16)
