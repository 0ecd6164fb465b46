"""Lists of what a fund owns, as every publisher's are read: the day, the holdings, and the gauges computed of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.catalogue import FUND_CONCENTRATION, family_of
from groundswell.model import SeriesRef
from groundswell.sources.derived.concentration import compute_gauges
from groundswell.sources.services.base import Request, Row, SeriesRows, UnusableAnswerError, sort_rows

WEIGHTS_OF_WHOLE_LIST = (0.9, 1.1)
"""The sum of the published weights of a list that is whole, with cash, futures and rounding."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One line of a list. ``market_value`` is in US dollars, ``weight`` a fraction of the fund as published."""

    ticker: str
    name: str
    sector: str = ""
    asset_class: str = ""
    market_value: float | None = None
    weight: float | None = None
    is_equity: bool = True


@dataclass(frozen=True, slots=True)
class HoldingsList:
    """All holdings of a fund at the end of a day, in the publisher's order."""

    fund: str
    day: date
    holdings: tuple[Holding, ...]

    @property
    def equities(self) -> tuple[Holding, ...]:
        return tuple(holding for holding in self.holdings if holding.is_equity)


def build_list(fund: str, day: date | None, holdings: Iterable[Holding]) -> HoldingsList:
    """Build a list. Raises ``UnusableAnswerError`` for one without a day, without equities, or of which a part is gone.

    Whether the list is whole is judged by the sum of the weights of all its lines, where they are published.
    """
    if day is None:
        raise UnusableAnswerError("a list without a day")
    found = HoldingsList(fund, day, tuple(holdings))
    if not any(_has_value(holding) for holding in found.equities):
        raise UnusableAnswerError("a list without equities that have a value")
    weights = [holding.weight for holding in found.holdings]
    total = sum(weight for weight in weights if weight is not None)
    low, high = WEIGHTS_OF_WHOLE_LIST
    if any(weight is not None for weight in weights) and not low <= total <= high:
        raise UnusableAnswerError(f"a list whose weights add up to {total:.1%} of the fund")
    return found


def compute_weights(holdings: HoldingsList) -> NDArray[np.float64]:
    """Return the positive weights of the equities, as fractions: of all equities where each has a market value.

    Market values go before published weights, which some publishers cut to 0.01 %.
    """
    equities = [holding for holding in holdings.equities if _has_value(holding)]
    values = [holding.market_value for holding in equities]
    if all(value is not None for value in values):
        amounts = np.array(values, dtype=np.float64)
        shares: NDArray[np.float64] = amounts[amounts > 0] / amounts[amounts > 0].sum()
        return shares
    weights = np.array([holding.weight or 0.0 for holding in equities])
    return weights[weights > 0]


def read_gauges(request: Request, holdings: HoldingsList, known_at: datetime | None = None) -> tuple[SeriesRows, ...]:
    """Compute the requested gauges of a list."""
    values = dict(compute_gauges(holdings.fund, compute_weights(holdings)))
    row_of = {ref: Row(holdings.day, values[ref], known_at) for ref in request.refs if ref in values}
    return tuple(sort_rows(ref, [row]) for ref, row in row_of.items())


def fund_of(ref: SeriesRef) -> str:
    """Return the symbol of the fund whose concentration a series is; empty for other series."""
    return FUND_CONCENTRATION.parts(ref.id).get("fund", "") if family_of(ref) is FUND_CONCENTRATION else ""


def group_by_fund(refs: Collection[SeriesRef]) -> list[tuple[str, tuple[SeriesRef, ...]]]:
    """Group series by their fund, both in order."""
    funds = sorted({fund_of(ref) for ref in refs})
    return [(fund, tuple(sorted(ref for ref in refs if fund_of(ref) == fund))) for fund in funds]


def _has_value(holding: Holding) -> bool:
    return (holding.market_value or 0) > 0 or (holding.market_value is None and (holding.weight or 0) > 0)
