"""How a claim's sensitivity has changed: its beta over each run of three years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from groundswell.claims.estimand import Missing, found_in, sources_of
from groundswell.claims.estimands.sensitivity import SensitivityArguments
from groundswell.claims.registry import arguments_of
from groundswell.claims.spec import ClaimSpec
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.studies.rolling import THREE_YEARS, RollingBetas, rolling_betas
from groundswell.model import SeriesUse


@dataclass(frozen=True, eq=False)
class Rolling:
    """Betas by the end of their window of ``weeks``, never empty; the windows overlap."""

    betas: RollingBetas
    weeks: int
    sources: tuple[SeriesUse, ...]


def rolling(claim: ClaimSpec, book: SeriesBook, as_of: date) -> Rolling | None:
    """Measure a claim's sensitivity over every three years up to ``as_of``; ``book`` holds what was known then.

    None where the claim is not a sensitivity by weeks over all its history, where it compares peers, where its series
    are not at hand, or where they are shorter than three years.
    """
    arguments = arguments_of(claim.measure)[1] if claim.measure else None
    if not isinstance(arguments, SensitivityArguments) or arguments.step != "week":
        return None
    if arguments.peers or arguments.rises_only or arguments.first or arguments.last:
        return None
    found = found_in(book, arguments.refs)
    if isinstance(found, Missing):
        return None
    by_ref = {one.ref: one for one in found}
    long = by_ref[arguments.ref(arguments.long)]
    short = by_ref[arguments.ref(arguments.short)] if arguments.short else None
    betas = rolling_betas(long, short, arguments.factors, found, as_of, lags=arguments.errors_lags)
    return Rolling(betas, THREE_YEARS, sources_of(found)) if len(betas.ends) else None


NORMAL = 1.959964


def band_of(rolling: Rolling) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The 95 % interval of each beta, by the normal quantile: a window holds some 150 weeks."""
    half = NORMAL * rolling.betas.errors
    return rolling.betas.betas - half, rolling.betas.betas + half
