"""All series that ship with the program, and how an owner's own data go before them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

import numpy as np

from groundswell.markets.series.catalogue import family_of, has_arbitrary_scale
from groundswell.markets.series.family import Kind
from groundswell.model import Series, SeriesRef
from groundswell.sources.shipped.french import load_french_factors
from groundswell.sources.shipped.interest_rates import load_interest_rates
from groundswell.sources.shipped.par_bonds import load_par_bonds
from groundswell.sources.shipped.target_range import load_target_range

MAX_GAP = np.timedelta64(7, "D")
"""A stretch of shipped values and one of the owner's without a common day are joined up to this far apart."""

MAX_DIFFERENCE = 0.05
"""Percentage points by which the values of common days may differ, at their median, in one and the same series."""


@cache
def load_shipped() -> tuple[Series, ...]:
    """Load the shipped series, once a process, in order of their references."""
    loaded = (*load_french_factors(), *load_interest_rates(), *load_par_bonds(), *load_target_range())
    return tuple(sorted(loaded, key=lambda series: series.ref))


def join_shipped(shipped: Iterable[Series], own: Iterable[Series]) -> tuple[Series, ...]:
    """Return the owner's series, those that also ship continued to either side, and the shipped series alone.

    From the first to the last day of the owner's series nothing but its own values count. Shipped values come before
    and after these days where both are of the same frequency and agree; the source states each stretch.
    """
    by_ref = {series.ref: series for series in own if len(series)}
    return (*_continue_all(shipped, by_ref), *by_ref.values())


def _continue_all(shipped: Iterable[Series], own: dict[SeriesRef, Series]) -> Iterator[Series]:
    """Yield each shipped series with the owner's values of it, which are taken out of ``own``."""
    for series in shipped:
        loaded = own.pop(series.ref, None)
        # No file can hold a derived series: such a load is what an earlier version shipped.
        is_own = loaded is not None and family_of(series.ref).kind is not Kind.DERIVED
        yield continue_with_shipped(loaded, series) if loaded is not None and is_own else series


def continue_with_shipped(own: Series, shipped: Series) -> Series:
    """Return an owner's series with the shipped values before its first day and after its last.

    It is returned as it is where the two do not fit: see ``join_shipped``.
    """
    if not _fit(own, shipped):
        return own
    first, last = own.dates[0], own.dates[-1]
    before, after = shipped.dates < first, shipped.dates > last
    if not (before | after).any():
        return own
    return replace(
        own,
        source="; ".join(_describe_stretches(own, shipped, before, after)),
        dates=np.concatenate([shipped.dates[before], own.dates, shipped.dates[after]]),
        values=np.concatenate([shipped.values[before], own.values, shipped.values[after]]),
        known_at=np.concatenate([shipped.known_at[before], own.known_at, shipped.known_at[after]]),
    )


def _fit(own: Series, shipped: Series) -> bool:
    """Whether both have the same frequency, and the same values on common days (or hardly a gap between them)."""
    if own.frequency is not shipped.frequency or has_arbitrary_scale(own.ref):
        return False
    _, here, there = np.intersect1d(own.dates, shipped.dates, assume_unique=True, return_indices=True)
    if len(here):
        return bool(np.median(np.abs(own.values[here] - shipped.values[there])) <= MAX_DIFFERENCE)
    gap = max(own.dates[0] - shipped.dates[-1], shipped.dates[0] - own.dates[-1])
    return bool(gap <= MAX_GAP)


def _describe_stretches(own: Series, shipped: Series, before: np.ndarray, after: np.ndarray) -> Iterator[str]:
    """Write the owner's source, then the days before and after it with the source of the shipped values."""
    yield own.source
    for stretch in (before, after):
        if stretch.any():
            days = shipped.dates[stretch]
            yield f"{days[0]} to {days[-1]}: {shipped.source}"
