"""Changes now beside returns later: the rows of a predictive relation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.book import common_dates
from groundswell.markets.series.calendar import Days, sessions_between
from groundswell.markets.series.resample import Steps
from groundswell.model import Measure, Series, SeriesRef


@dataclass(frozen=True, eq=False)
class Ahead:
    """Factor changes over ``lookback`` sessions, and returns over the ``horizon`` sessions after them.

    The return begins ``lag`` sessions after the change ends, so that the change was known by then; rows begin every
    ``stride`` sessions.
    """

    lookback: int
    horizon: int
    stride: int
    lag: int = 1


@dataclass(frozen=True, eq=False)
class Rows:
    """One row a window: changes of the factors' series up to it, and changes of the returns' series over it."""

    before: Steps
    after: Steps


def rows_ahead(
    factors: Sequence[Series],
    returns: Sequence[Series],
    ahead: Ahead,
    as_of: date,
    *,
    first: date | None = None,
    last: date | None = None,
) -> Rows:
    """Lay windows on the exchange's sessions from the first that all series have; one with a missing value is left out.

    With ``stride == horizon`` the windows of the returns do not overlap.
    """
    everything = (*factors, *returns)
    begin = max(*(one.dates[0].astype(object) for one in everything), first or date.min)
    end = min(*(one.dates[-1].astype(object) for one in everything), last or as_of, as_of)
    sessions = sessions_between(begin, end)
    count = len(sessions) - ahead.lookback - ahead.lag - ahead.horizon
    at = np.arange(0, max(count, 0), ahead.stride)
    known = at + ahead.lookback
    start = known + ahead.lag
    marks = sessions[at], sessions[known], sessions[start], sessions[start + ahead.horizon]
    known_days, priced_days = common_dates(factors), common_dates(returns)
    kept = np.isin(marks[0], known_days) & np.isin(marks[1], known_days)
    kept &= np.isin(marks[2], priced_days) & np.isin(marks[3], priced_days)
    return Rows(
        Steps(marks[0][kept], marks[1][kept], _changes(factors, marks[0][kept], marks[1][kept])),
        Steps(marks[2][kept], marks[3][kept], _changes(returns, marks[2][kept], marks[3][kept])),
    )


def _changes(series: Sequence[Series], starts: Days, ends: Days) -> dict[SeriesRef, NDArray[np.float64]]:
    found: dict[SeriesRef, NDArray[np.float64]] = {}
    for one in series:
        before = one.at(starts)
        after = one.at(ends)
        priced = one.ref.measure in (Measure.PRICE, Measure.TOTAL_RETURN)
        found[one.ref] = after / before - 1.0 if priced else after - before
    return found
