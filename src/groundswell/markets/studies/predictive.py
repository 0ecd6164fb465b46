"""Changes paired with later returns: the rows of a predictive relation."""

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
from groundswell.model.series import find_rows


@dataclass(frozen=True, eq=False)
class Ahead:
    """Factor changes over ``lookback`` sessions, and returns over the ``horizon`` sessions after them.

    The return begins ``lag`` sessions after the end of the change, which is known by then. Rows begin every ``stride``
    sessions.
    """

    lookback: int
    horizon: int
    stride: int
    lag: int = 1


@dataclass(frozen=True, eq=False)
class WindowPairs:
    """One row per window: changes of the factors' series before it, and changes of the returns' series over it."""

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
) -> WindowPairs:
    """Place windows on the exchange's sessions from the first that all series have; leave out any with a missing value.

    With ``stride == horizon`` the windows of the returns do not overlap.
    """
    everything = (*factors, *returns)
    begin = max(*(series.dates[0].astype(object) for series in everything), first or date.min)
    end = min(*(series.dates[-1].astype(object) for series in everything), last or as_of, as_of)
    sessions = sessions_between(begin, end)
    count = len(sessions) - ahead.lookback - ahead.lag - ahead.horizon
    first_rows = np.arange(0, max(count, 0), ahead.stride)
    known = first_rows + ahead.lookback
    start = known + ahead.lag
    marks = sessions[first_rows], sessions[known], sessions[start], sessions[start + ahead.horizon]
    known_days, priced_days = common_dates(factors), common_dates(returns)
    wanted = zip(marks, (known_days, known_days, priced_days, priced_days), strict=True)
    complete = np.logical_and.reduce([find_rows(days, mark)[1] for mark, days in wanted])
    return WindowPairs(
        Steps(
            marks[0][complete], marks[1][complete], _compute_changes(factors, marks[0][complete], marks[1][complete])
        ),
        Steps(
            marks[2][complete], marks[3][complete], _compute_changes(returns, marks[2][complete], marks[3][complete])
        ),
    )


def _compute_changes(series: Sequence[Series], starts: Days, ends: Days) -> dict[SeriesRef, NDArray[np.float64]]:
    changes: dict[SeriesRef, NDArray[np.float64]] = {}
    for each in series:
        before, after = each.at(starts), each.at(ends)
        is_priced = each.ref.measure in (Measure.PRICE, Measure.TOTAL_RETURN)
        changes[each.ref] = after / before - 1.0 if is_priced else after - before
    return changes
