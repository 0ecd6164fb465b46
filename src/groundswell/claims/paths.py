"""The fan of a claim: the mean path, with a band, over the sessions around its events."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundswell.claims.binding import find_measure
from groundswell.claims.estimand import list_sources
from groundswell.claims.inference.means import mean_intervals
from groundswell.claims.spec import ClaimSpec
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.studies.event_paths import Paths
from groundswell.model import Evaluation, SeriesUse

MIN_EVENTS = 2


@dataclass(frozen=True, eq=False)
class Fan:
    """Paths with their mean over the events that have a value at an offset, and a band around it.

    The band is the pointwise 95 % interval of the mean, computed like that of the claim's estimate: it holds for each
    offset alone, and is NaN where fewer than two events have a value. ``counts`` is the number of events with one.
    """

    paths: Paths
    unit: str
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    counts: NDArray[np.int64]
    sources: tuple[SeriesUse, ...]

    @property
    def end(self) -> int:
        """The position of the last offset that has a mean."""
        return int(np.flatnonzero(np.isfinite(self.mean))[-1])


def measure_fan(claim: ClaimSpec, evaluation: Evaluation, book: SeriesBook) -> Fan | None:
    """Follow the events of an evaluation through their windows; ``book`` holds what was known on its day.

    None where the estimand has no paths, or the claim fewer than two events or a series that is not available.
    """
    bound = find_measure(claim, evaluation)
    if bound is None or len(evaluation.events) < MIN_EVENTS:
        return None
    paths = bound.follow_events(evaluation.events, book)
    if paths is None:
        return None
    own = [str(ref) for ref in bound.path_refs]
    used = dict.fromkeys(name for event in evaluation.events for name in event.series or own)
    counts = np.isfinite(paths.values).sum(axis=0)
    mean = np.full(len(counts), np.nan)
    mean[counts > 0] = np.nanmean(paths.values[:, counts > 0], axis=0)
    low, high = _compute_band(paths.values)
    unit = evaluation.unit or ""
    return Fan(paths, unit, mean, low, high, counts, list_sources(book.by_name[name] for name in used))


def _compute_band(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute the bounds of the mean at each offset, those with the same events together."""
    low, high = np.full(values.shape[1], np.nan), np.full(values.shape[1], np.nan)
    present = np.isfinite(values)
    for events in np.unique(present, axis=1).T:
        if events.sum() >= MIN_EVENTS:
            same = (present == events[:, None]).all(axis=0)
            low[same], high[same] = mean_intervals(values[np.ix_(events, same)])
    return low, high
