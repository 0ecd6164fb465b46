"""Whether the closes of an answer are adjusted as they should be, judged by the splits and dividends in it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date

from groundswell.sources.services.base import UnusableAnswerError

SMALLEST_SPLIT = 1.2
"""A smaller ratio, in either direction, could be a usual change of a day."""

MIN_SHARE_OF_SPLIT = 0.7
"""So much of a split in the change of its day, in logarithms, is the split and not the market."""

MIN_SHARE_OF_DIVIDEND = 0.5
"""So much of a dividend must be in the total return of its day; the rest allows for rounding and other formulas."""

Closes = Sequence[float | None]


def check_splits(days: Sequence[date], closes: Closes, splits: Mapping[date, float]) -> None:
    """Raise ``UnusableAnswerError`` if closes, in the order of their days, fall by a split.

    ``splits`` gives the new shares for each old one by the day from which they trade.
    """
    for day, ratio in splits.items():
        around = _closes_around(days, closes, day)
        if around is None or ratio <= 0 or max(ratio, 1 / ratio) < SMALLEST_SPLIT:
            continue
        before, after = around
        share = -math.log(after / before) / math.log(ratio)
        if share > MIN_SHARE_OF_SPLIT:
            raise UnusableAnswerError(f"closes that are not adjusted for the split of {day}")


def describe_missing_dividends(
    days: Sequence[date], closes: Closes, returns: Closes, dividends: Mapping[date, float]
) -> str:
    """Return in a few words which dividend the total ``returns`` leave out; an empty text where they have all.

    ``dividends`` gives what was paid, in the currency of the closes, by the day from which the price is without it.
    """
    for day, amount in dividends.items():
        prices, totals = _closes_around(days, closes, day), _closes_around(days, returns, day)
        if prices is None or totals is None or amount <= 0:
            continue
        more = (totals[1] / totals[0]) / (prices[1] / prices[0]) - 1
        if more < MIN_SHARE_OF_DIVIDEND * amount / prices[0]:
            return f"total returns leave out the dividend of {day}"
    return ""


def _closes_around(days: Sequence[date], closes: Closes, day: date) -> tuple[float, float] | None:
    """Return the last close before a day and the first from it on; None where one of them is not known."""
    known = [(at, close) for at, close in zip(days, closes, strict=True) if close is not None and close > 0]
    before = [close for at, close in known if at < day]
    after = [close for at, close in known if at >= day]
    return (before[-1], after[0]) if before and after else None
