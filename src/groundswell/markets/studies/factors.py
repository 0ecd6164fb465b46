"""Factors that explain returns: yields, the slope of the curve, the credit spread, the market, leads, breadth."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.catalogue import FUND_CONCENTRATION, INDEX_BREADTH
from groundswell.markets.series.resample import Steps
from groundswell.model import Measure, SeriesRef


@dataclass(frozen=True, slots=True)
class Factor:
    """The change of one series, less that of another where there is one, in percentage points."""

    name: str
    title: str
    plus: SeriesRef
    minus: SeriesRef | None = None

    @property
    def refs(self) -> tuple[SeriesRef, ...]:
        return (self.plus,) if self.minus is None else (self.plus, self.minus)

    @property
    def legs(self) -> dict[str, float]:
        """The weight of each series, by its id."""
        return {self.plus.id: 1.0, **({} if self.minus is None else {self.minus.id: -1.0})}

    def values(self, steps: Steps) -> NDArray[np.float64]:
        """Return the value over each step, in percentage points; returns and shares, which are fractions, times 100."""
        value = steps.changes[self.plus]
        if self.minus is not None:
            value = value - steps.changes[self.minus]
        return value if self.plus.measure is Measure.RATE else 100.0 * value


def _rate(name: str, title: str, plus: str, minus: str | None = None) -> Factor:
    return Factor(name, title, SeriesRef(plus, Measure.RATE), SeriesRef(minus, Measure.RATE) if minus else None)


def _fund(name: str, title: str, plus: str, minus: str | None = None) -> Factor:
    measure = Measure.TOTAL_RETURN
    return Factor(name, title, SeriesRef(plus, measure), SeriesRef(minus, measure) if minus else None)


FACTORS = MappingProxyType(
    {
        factor.name: factor
        for factor in (
            _rate("DGS2", "the change of the 2-year Treasury yield", "DGS2"),
            _rate("DGS10", "the change of the 10-year Treasury yield", "DGS10"),
            _rate("slope", "the change of the 10-year minus the 2-year yield", "DGS10", "DGS2"),
            _rate("spread", "the change of the high-yield option-adjusted spread", "BAMLH0A0HYM2"),
            _rate("baa", "the change of the Baa corporate yield over the 10-year Treasury yield", "BAA10Y"),
            _fund("market", "the return of the S&P 500 fund", "SPY"),
            _fund("credit lag", "the return of medium Treasury bonds less that of high-yield bonds", "IEF", "HYG"),
            _fund("small lead", "the return of small less that of large companies", "IWM", "SPY"),
            _fund("equal-weight lead", "the return of equal weight less that of market weight", "RSP", "SPY"),
            Factor(
                "breadth",
                "the change of the share of large companies above the mean of their last 200 closes",
                INDEX_BREADTH.ref("large", "above_200"),
            ),
            Factor(
                "top ten", "the change of the weight of the ten largest in SPY", FUND_CONCENTRATION.ref("SPY", "top10")
            ),
            _fund("concentration", "the return of market weight less that of equal weight", "SPY", "RSP"),
        )
    }
)
"""Every factor that a claim can name."""
