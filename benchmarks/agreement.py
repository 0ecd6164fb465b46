"""Measure how well detected stories agree with labelled ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


def compute_f1(precision: float, recall: float) -> float:
    return 200 * precision * recall / (precision + recall) if precision + recall else 0.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement of each article's detected story with its labelled one.

    ``precision`` and ``recall`` are B-cubed (Bagga and Baldwin 1998). ``detected``, ``labelled`` and ``common`` count
    the other articles in the detected story, in the labelled story, and in both.
    """

    precision: np.ndarray
    recall: np.ndarray
    common: np.ndarray
    detected: np.ndarray
    labelled: np.ndarray

    def score(self, rows: np.ndarray | slice = slice(None)) -> tuple[float, float, float]:
        """Return B-cubed F1 and pairwise F1 in percent, and the ratio of detected to labelled stories, for ``rows``."""
        cubed = compute_f1(float(self.precision[rows].mean()), float(self.recall[rows].mean()))
        common = float(self.common[rows].sum())
        detected, labelled = float(self.detected[rows].sum()), float(self.labelled[rows].sum())
        pairwise = compute_f1(common / detected if detected else 0.0, common / labelled if labelled else 0.0)
        ratio = float((1 / (self.detected[rows] + 1)).sum() / (1 / (self.labelled[rows] + 1)).sum())
        return cubed, pairwise, ratio


def join_agreements(parts: Sequence[tuple[Agreement, np.ndarray]]) -> Agreement:
    """Return one agreement over the given rows of each part."""
    names = ("precision", "recall", "common", "detected", "labelled")
    return Agreement(*(np.concatenate([getattr(part, name)[rows] for part, rows in parts]) for name in names))


def measure_agreement(labelled: Sequence[str], detected: Sequence[str]) -> Agreement:
    """Compare the ``detected`` story of each article with the ``labelled`` one."""
    pairs = list(zip(labelled, detected, strict=True))
    pair_counts, labelled_counts, detected_counts = Counter(pairs), Counter(labelled), Counter(detected)
    common = np.array([pair_counts[pair] for pair in pairs])
    labelled_sizes = np.array([labelled_counts[story] for story in labelled])
    detected_sizes = np.array([detected_counts[story] for story in detected])
    precision, recall = common / detected_sizes, common / labelled_sizes
    return Agreement(precision, recall, common - 1, detected_sizes - 1, labelled_sizes - 1)
