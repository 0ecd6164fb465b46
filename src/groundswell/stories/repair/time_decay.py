"""How similarity fades with the time between two articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundswell.stories.features import FULL_TEXT
from groundswell.stories.window import Held

Matrix = NDArray[np.float32]
Index = NDArray[np.int64] | slice | tuple[slice, None]  # places of articles; with None as the rows of a matrix
EACH = slice(None)


@dataclass(frozen=True, slots=True)
class Kernel:
    """How similarity fades with time: by a factor of e in ``hours``; between two full texts not below ``floor``.

    A text of ``full_text`` characters says itself which happening it is on, a headline needs its date for that.
    """

    hours: float = 72.0
    floor: float = 0.85
    same_day: float = 12.0
    veto: float = -0.3
    full_text: int = FULL_TEXT


@dataclass(frozen=True, slots=True)
class Times:
    """When the articles were published, and how similarity fades between them."""

    hours: Matrix
    days: Matrix
    daily: NDArray[np.bool_]
    full: NDArray[np.bool_]
    kernel: Kernel

    @classmethod
    def of(cls, articles: Sequence[Held], kernel: Kernel) -> Times:
        hours = np.array([held.hours for held in articles])
        return cls(
            (hours - hours[-1:]).astype(np.float32),
            np.array([held.date for held in articles], np.float32) * 24,
            np.array([held.day for held in articles], np.bool_),
            np.array([len(held.article.text) >= kernel.full_text for held in articles], np.bool_),
            kernel,
        )

    def gap(self, one: Index, other: Index = EACH) -> Matrix:
        """Hours between the articles at two places each; whole days where one of two has no time of day."""
        gap: Matrix = np.abs(self.hours[other] - self.hours[one])
        if self.daily.any():
            days = np.abs(self.days[other] - self.days[one])
            gap = np.where(self.daily[other] | self.daily[one], days, gap)
        return gap

    def fading(self, gap: Matrix, one: Index, other: Index = EACH) -> Matrix:
        """What is left of the similarity of the articles at two places each, ``gap`` hours apart."""
        faded: Matrix = np.exp(gap * np.float32(-1 / self.kernel.hours))
        if self.full.any():
            both = self.full[other] & self.full[one]
            faded[both] = self.kernel.floor + (1 - self.kernel.floor) * faded[both]
        return faded
