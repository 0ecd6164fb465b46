"""The fan of an event study: its mean path and band over the sessions around the events."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundswell.claims.estimand import Missing, found_in, sources_of
from groundswell.claims.estimands.event_change import EventChangeArguments
from groundswell.claims.estimands.event_study import EventStudyArguments
from groundswell.claims.inference import mean_intervals
from groundswell.claims.registry import arguments_of
from groundswell.claims.spec import ClaimSpec
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.studies.event_paths import Paths, event_paths
from groundswell.model import Evaluation, Measure, SeriesRef, SeriesUse

FEWEST = 2


@dataclass(frozen=True, eq=False)
class Fan:
    """Paths with their mean over the events that have a value at an offset, and a band around it.

    The band is the pointwise 95 % interval of the mean, made as that of the claim's estimate is: it holds for each
    offset taken alone, and is NaN where fewer than two events have a value. ``counts`` says how many have one.
    """

    paths: Paths
    unit: str
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    counts: NDArray[np.int64]
    sources: tuple[SeriesUse, ...]


def fan(claim: ClaimSpec, evaluation: Evaluation, book: SeriesBook) -> Fan | None:
    """Follow the events of an evaluation through their windows; ``book`` holds what was known on its day.

    None where the claim is not measured on events over sessions, has fewer than two, or its series are not at hand.
    """
    refs = _refs(claim)
    if not refs or len(evaluation.events) < FEWEST:
        return None
    found = found_in(book, refs)
    if isinstance(found, Missing):
        return None
    paths = event_paths(evaluation.events, found[0], found[1] if len(found) > 1 else None)
    counts = np.isfinite(paths.values).sum(axis=0)
    mean = np.full(len(counts), np.nan)
    mean[counts > 0] = np.nanmean(paths.values[:, counts > 0], axis=0)
    low, high = _band(paths.values)
    unit = evaluation.unit or ""
    return Fan(paths, unit, mean, low, high, counts, sources_of(found))


def _band(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The bounds of the mean at each offset, offsets with the same events together."""
    low, high = np.full(values.shape[1], np.nan), np.full(values.shape[1], np.nan)
    have = np.isfinite(values)
    for events in np.unique(have, axis=1).T:
        if events.sum() >= FEWEST:
            same = (have == events[:, None]).all(axis=0)
            low[same], high[same] = mean_intervals(values[np.ix_(events, same)])
    return low, high


def _refs(claim: ClaimSpec) -> tuple[SeriesRef, ...]:
    if claim.measure is None:
        return ()
    _, arguments = arguments_of(claim.measure)
    if isinstance(arguments, EventChangeArguments):
        return arguments.own
    if isinstance(arguments, EventStudyArguments) and arguments.measure != "period return":
        return tuple(SeriesRef(name, Measure(arguments.measure)) for name in (arguments.long, arguments.short) if name)
    return ()
