"""How well found stories agree with labelled ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


def f1(precision: float, recall: float) -> float:
    return 200 * precision * recall / (precision + recall) if precision + recall else 0.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """Per article: B-cubed precision and recall (Bagga and Baldwin 1998), and pairs found, true and both."""

    precision: np.ndarray
    recall: np.ndarray
    both: np.ndarray
    found: np.ndarray
    true: np.ndarray

    def of(self, rows: np.ndarray | slice = slice(None)) -> tuple[float, float, float]:
        """B-cubed F1 and pairwise F1 in percent, and found stories over true ones, for some of the articles."""
        cubed = f1(float(self.precision[rows].mean()), float(self.recall[rows].mean()))
        both = float(self.both[rows].sum())
        found, true = float(self.found[rows].sum()), float(self.true[rows].sum())
        pairs = f1(both / found if found else 0.0, both / true if true else 0.0)
        stories = float((1 / (self.found[rows] + 1)).sum() / (1 / (self.true[rows] + 1)).sum())
        return cubed, pairs, stories


def joined(parts: Sequence[tuple[Agreement, np.ndarray]]) -> Agreement:
    """The rows named of each part, as one."""
    names = ("precision", "recall", "both", "found", "true")
    return Agreement(*(np.concatenate([getattr(part, name)[rows] for part, rows in parts]) for name in names))


def agreement(true: Sequence[str], found: Sequence[str]) -> Agreement:
    """Compare ``found`` stories with the ``true`` ones, article by article."""
    of_both, of_true, of_found = Counter(zip(true, found, strict=True)), Counter(true), Counter(found)
    both = np.array([of_both[pair] for pair in zip(true, found, strict=True)])
    trues = np.array([of_true[story] for story in true])
    founds = np.array([of_found[story] for story in found])
    return Agreement(both / founds, both / trues, both - 1, founds - 1, trues - 1)
