"""Total returns of Treasury bonds at par, computed from the shipped yields: a record from before there were funds."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from groundswell.markets.series.catalogue import PAR_BONDS
from groundswell.markets.series.par_bonds import par_bond_index
from groundswell.model import Measure, Series, SeriesRef
from groundswell.sources.shipped.interest_rates import load_interest_rates

YEARS = MappingProxyType({SeriesRef("DGS10", Measure.RATE): 10, SeriesRef("DGS30", Measure.RATE): 30})
"""The maturity behind each yield of which there is a bond."""


def load_par_bonds() -> tuple[Series, ...]:
    """Compute the index of a bond of 10 and of 30 years on each day with a yield; known as the yields are."""
    return tuple(_compute(series, YEARS[series.ref]) for series in load_interest_rates() if series.ref in YEARS)


def _compute(yields: Series, years: int) -> Series:
    return replace(
        yields,
        ref=PAR_BONDS.ref(years),
        source=f"computed from {yields.ref.id}, {yields.source}",
        values=par_bond_index(yields.dates, yields.values, years),
    )
