"""Adjust closes for dividends and splits: a split-adjusted price and a total return."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.model.series import Values

MIN_CLEAR_LOG_RATIO = 0.2
"""A split with a smaller log ratio may be hidden by the day's move; it does not show whether closes are adjusted."""


class PayoutError(ValueError):
    """A dividend or a split that cannot be correct; ``place`` is its index."""

    def __init__(self, place: int, message: str) -> None:
        super().__init__(message)
        self.place = place


@dataclass(frozen=True, eq=False)
class Adjusted:
    """Prices adjusted for splits, and prices adjusted for splits and dividends; both end at the last close."""

    price: Values
    total: Values


def adjust(closes: Values, dividends: Values, splits: Values) -> Adjusted:
    """Adjust closes for splits, and for dividends as if they were reinvested, by the method of data vendors.

    All arrays have one length and are in order of date; closes are positive. ``splits`` are new shares for one old
    share, and 1 or 0 without a split. Prices before a split are divided by its ratio, unless the closes show that this
    was done already. Before a dividend D the total return is multiplied by 1 - D / C, with C the close before in shares
    after the split: as if D had bought shares at C - D. Raises ``PayoutError`` for a negative value, for a dividend at
    least as large as the close before, and for closes that are adjusted for some splits but not for others.
    """
    ratios = np.where(splits == 0.0, 1.0, splits)
    _require_valid(dividends, ratios)
    if not _shows_splits(closes, ratios):
        ratios = np.ones_like(ratios)
    closes_before = closes[:-1] / ratios[1:]  # in shares after the split
    yields = dividends[1:] / closes_before
    if (yields >= 1.0).any():
        place = int(np.argmax(yields >= 1.0)) + 1
        raise PayoutError(
            place,
            f"a dividend of {dividends[place]:g} is no smaller than the close before, {closes_before[place - 1]:g}",
        )
    growth = closes[1:] / closes_before
    return Adjusted(_levels_up_to(closes[-1], growth), _levels_up_to(closes[-1], growth / (1.0 - yields)))


def _require_valid(dividends: Values, ratios: Values) -> None:
    for values, name in ((dividends, "dividend"), (ratios, "split")):
        if (values < 0.0).any():
            place = int(np.argmax(values < 0.0))
            raise PayoutError(place, f"a {name} of {values[place]:g} is negative")


def _shows_splits(closes: Values, ratios: Values) -> bool:
    """Return whether the closes fall by the ratios of the splits, which means that they are not adjusted."""
    places = np.flatnonzero(ratios[1:] != 1.0) + 1
    if not len(places):
        return False
    moves, log_ratios = np.log(closes[places] / closes[places - 1]), np.log(ratios[places])
    is_shown = np.abs(moves + log_ratios) < np.abs(moves)
    is_clear = np.abs(log_ratios) > MIN_CLEAR_LOG_RATIO
    if is_clear.any() and len(set(is_shown[is_clear].tolist())) > 1:
        place = int(places[is_clear][np.argmax(is_shown[is_clear] != is_shown[is_clear][0])])
        raise PayoutError(place, "closes are adjusted for some splits and not for others")
    return bool(np.abs(moves + log_ratios).sum() < np.abs(moves).sum())


def _levels_up_to(last: float, growth: Values) -> Values:
    """Return the levels that end at ``last`` and grow by ``growth``."""
    levels: Values = last / np.append(np.cumprod(growth[::-1])[::-1], 1.0)
    return levels
