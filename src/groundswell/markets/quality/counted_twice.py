"""Dividends that a total return counts twice, because the price next to it includes them already.

Files are judged when they are read, by their dividends. A store may hold what an earlier release read by other rules:
there the two series of a security show the dividends between them.
"""

from __future__ import annotations

import numpy as np

from groundswell.markets.quality.closes_with_dividends import Treatment, judge_closes
from groundswell.markets.quality.finding import Finding
from groundswell.model import Action, IssueKind, Series

MIN_DIVIDEND = 3e-4
"""The smallest share of the price that counts as a dividend: smaller differences are those of rounding."""

MAX_SHARE_BELOW = 0.2
"""Two series that differ downwards so often, for each dividend, are of two sources and show no dividends."""


def find_dividends_counted_twice(price: Series, total: Series) -> Finding | None:
    """Find that the price does not fall by the dividends that the total return has more than it.

    ``price`` and ``total`` are of one security. The dividend of a day is what reinvesting takes: with ``P`` for the
    price and ``T`` for the total return, of which the primed ones are of the day before, ``P' − P·T'/T``.
    """
    days, here, there = np.intersect1d(price.dates, total.dates, assume_unique=True, return_indices=True)
    closes, returns = price.values[here], total.values[there]
    dividends = np.zeros(len(days))
    dividends[1:] = closes[:-1] - closes[1:] * returns[:-1] / returns[1:]
    least = MIN_DIVIDEND * np.concatenate([closes[:1], closes[:-1]])
    count_below, count_above = int((dividends < -least).sum()), int((dividends > least).sum())
    if not count_above or count_below > MAX_SHARE_BELOW * count_above:
        return None
    judged = judge_closes(days, closes, np.where(dividends > least, dividends, 0.0))
    is_doubtful = judged.finding is not None and judged.finding.action is Action.WITHHELD
    if judged.finding is None or not (judged.treatment is Treatment.INCLUDED or is_doubtful):
        return None
    text = (
        f"on its {len(judged.finding.days)} ex-dividend days the price does not fall by the dividend, which the total "
        "return adds once more"
    )
    return Finding(
        IssueKind.INCLUDES_DIVIDENDS, judged.finding.days, text, judged.finding.size, "return", action=Action.WITHHELD
    )
