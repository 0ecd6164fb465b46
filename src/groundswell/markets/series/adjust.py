"""From closes, dividends and splits to a split-adjusted price and a total return."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

TELLING = 0.2
"""A split whose log ratio is smaller may hide in a day's move, and does not tell whether closes are adjusted for it."""


class PayoutError(ValueError):
    """A dividend or a split that cannot be right; ``at`` is its place."""

    def __init__(self, at: int, message: str) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True, eq=False)
class Adjusted:
    """Prices with splits undone, and with dividends reinvested too; both end at the last close."""

    price: Values
    total: Values


def adjust(closes: Values, dividends: Values, splits: Values) -> Adjusted:
    """Undo splits and reinvest dividends, by the method of data vendors.

    All of one length, in order of date, closes positive. ``splits`` are new shares for an old one, 1 or 0 where there
    was none. Prices before a split are divided by its ratio, unless the closes show that this was done already; before
    a dividend D the total return is multiplied by 1 - D / C, C the close before, in shares of after the split: as if D
    had bought shares at C - D. Raises ``PayoutError`` for a negative value, a dividend no smaller than the close
    before, and closes that are adjusted for some splits but not for others.
    """
    ratios = np.where(splits == 0.0, 1.0, splits)
    _require_sound(dividends, ratios)
    if not _shows_splits(closes, ratios):
        ratios = np.ones_like(ratios)
    before = closes[:-1] / ratios[1:]  # in shares of after the split
    paid = dividends[1:] / before
    if (paid >= 1.0).any():
        at = int(np.argmax(paid >= 1.0)) + 1
        raise PayoutError(
            at, f"a dividend of {dividends[at]:g} is no smaller than the close before, {before[at - 1]:g}"
        )
    growth = closes[1:] / before
    return Adjusted(_levels(growth, closes[-1]), _levels(growth / (1.0 - paid), closes[-1]))


def _require_sound(dividends: Values, ratios: Values) -> None:
    for values, name in ((dividends, "dividend"), (ratios, "split")):
        if (values < 0.0).any():
            at = int(np.argmax(values < 0.0))
            raise PayoutError(at, f"a {name} of {values[at]:g} is negative")


def _shows_splits(closes: Values, ratios: Values) -> bool:
    """Whether the closes fall by the ratios of splits, and so are not adjusted for them."""
    places = np.flatnonzero(ratios[1:] != 1.0) + 1
    if not len(places):
        return False
    moves, steps = np.log(closes[places] / closes[places - 1]), np.log(ratios[places])
    shown = np.abs(moves + steps) < np.abs(moves)
    telling = np.abs(steps) > TELLING
    if telling.any() and len(set(shown[telling].tolist())) > 1:
        odd = int(places[telling][np.argmax(shown[telling] != shown[telling][0])])
        raise PayoutError(odd, "closes are adjusted for some splits and not for others")
    return bool(np.abs(moves + steps).sum() < np.abs(moves).sum())


def _levels(growth: Values, last: float) -> Values:
    levels: Values = last / np.append(np.cumprod(growth[::-1])[::-1], 1.0)
    return levels
