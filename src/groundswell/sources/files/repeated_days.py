"""Days that have several rows: equal ones are one row, different ones are doubtful and dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.calendar import Days
from groundswell.sources.files.file_table import SymbolRows
from groundswell.sources.tables.vocabulary import Role

EQUAL_TOLERANCE = 1e-6
"""Relative difference up to which two values of a day in one file are the same number, written twice."""

MAX_DOUBTFUL_DAYS = 3
MAX_DOUBTFUL_SHARE = 0.05
"""A file with more doubtful days, and a larger share, holds several sources or several rows a day."""


@dataclass(frozen=True, eq=False)
class MergedRows:
    """The rows of a symbol, one a day in order of days.

    ``repeated`` counts rows that said nothing new. ``doubtful`` has the days of each role with different values, which
    are missing in ``rows``; ``lines`` has the lines of such a day.
    """

    rows: SymbolRows
    repeated: int
    doubtful: Mapping[Role, Days]
    lines: Mapping[np.datetime64, tuple[int, ...]]

    @property
    def is_several_series(self) -> bool:
        """Whether too many days are doubtful for the rows to be one series."""
        days = max((len(days) for days in self.doubtful.values()), default=0)
        return days > MAX_DOUBTFUL_DAYS and days > MAX_DOUBTFUL_SHARE * len(self.rows.days)


def merge_days(rows: SymbolRows) -> MergedRows:
    """Merge the rows of each day: a value that all rows of the day agree on stays, others become NaN."""
    order = np.argsort(rows.days, kind="stable")
    in_order = rows.take(order)
    days = in_order.days
    is_first = np.append(True, days[1:] != days[:-1]) if len(days) else np.zeros(0, dtype=bool)
    if is_first.all():
        return MergedRows(in_order, 0, {}, {})
    starts = np.flatnonzero(is_first)
    counts = np.diff(np.append(starts, len(days)))
    values, bad, doubtful = {}, {}, {}
    for role, cells in in_order.values.items():
        with np.errstate(invalid="ignore"):
            low, high = np.fmin.reduceat(cells, starts), np.fmax.reduceat(cells, starts)
            differs = high - low > EQUAL_TOLERANCE * np.maximum(np.abs(high), np.abs(low))
        values[role] = np.where(differs, np.nan, _take_first_present(cells, starts, counts, low))
        is_unreadable: NDArray[np.bool_] = np.logical_or.reduceat(in_order.bad[role], starts)
        bad[role] = is_unreadable & np.isnan(values[role])
        if differs.any():
            doubtful[role] = days[starts[differs]]
    named = np.unique(np.concatenate(list(doubtful.values()))) if doubtful else days[:0]
    bounds = (np.searchsorted(days, named[:MAX_NAMED], side=side) for side in ("left", "right"))
    lines = {
        day: tuple(in_order.lines[first:last].tolist())
        for day, first, last in zip(named[:MAX_NAMED], *bounds, strict=True)
    }
    sources = None if in_order.sources is None else in_order.sources[starts]
    merged = SymbolRows(rows.symbol, days[starts], in_order.lines[starts], values, bad, rows.labels, sources)
    repeated = int((counts - 1).sum()) - sum(len(found) - 1 for found in lines.values())
    return MergedRows(merged, max(repeated, 0), doubtful, lines)


def _take_first_present(
    cells: NDArray[np.float64], starts: NDArray[np.intp], counts: NDArray[np.intp], low: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the first value of each day, or that of its other rows where the first has none."""
    first = cells[starts]
    return np.where((counts > 1) & np.isnan(first), low, first)


MAX_NAMED = 1000
"""Days whose lines are looked up; more are counted only."""
