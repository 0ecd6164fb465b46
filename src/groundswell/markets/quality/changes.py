"""The changes of a series from row to row, and the sizes that are usual and possible."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.calendar import Days, sessions_between
from groundswell.model.series import Values

MIN_MOVE = 0.2
"""In logs: no index moved so far in a day since 1926, except amid days that were nearly as bad (October 1987)."""

MIN_WITHHELD_MOVE = 0.35
"""Smaller changes in logs are shown and withhold nothing: no fund of many shares moved by 30 % in a day since 1926."""

GROWTH_OF_MIN_MOVE = 0.25
"""For each root of a session more: no index fell by 45 % within a month."""

USUAL_CHANGES = 25.0
"""A possible change is at most so many times the usual one (a standard deviation by the median)."""

USUAL_CHANGES_A_SESSION = 6.0
"""Over several sessions, so many times the usual change for each root of a session."""

ROWS_AROUND = 125


@dataclass(frozen=True, eq=False)
class Changes:
    """The changes from row to row, in logs if ``in_logs``; each is dated by its later row."""

    days: Days
    changes: Values
    in_logs: bool

    def sessions(self, rows: NDArray[np.intp]) -> NDArray[np.int64]:
        """Return how many sessions some changes span, one at least."""
        starts, ends = self.days[rows], self.days[rows + 1]
        calendar = sessions_between(self.days[0].item(), self.days[-1].item())
        spans = np.searchsorted(calendar, ends, side="right") - np.searchsorted(calendar, starts, side="right")
        counts: NDArray[np.int64] = np.maximum(spans, 1)
        return counts

    def usual(self, rows: NDArray[np.intp]) -> Values:
        """Return the usual size of a change around each of ``rows``, half that of all changes at least.

        It is the median size of changes that are not zero, as a standard deviation, over the half year before the row
        or that after it, whichever is larger.
        """
        sizes = np.abs(self.changes)
        overall = typical_size(sizes) / 2.0
        return np.array(
            [
                max(
                    typical_size(sizes[max(0, row - ROWS_AROUND) : row]),
                    typical_size(sizes[row + 1 :][:ROWS_AROUND]),
                    overall,
                )
                for row in rows.tolist()
            ]
        )

    def bounds(self, rows: NDArray[np.intp], floor: float, factor: float = USUAL_CHANGES) -> Values:
        """Return the largest possible size of each of some changes."""
        roots = np.sqrt(self.sessions(rows))
        own = self.usual(rows) * (factor + USUAL_CHANGES_A_SESSION * (roots - 1.0))
        bounds: Values = np.maximum(floor * (1.0 + GROWTH_OF_MIN_MOVE * (roots - 1.0)), own)
        return bounds


def measure_changes(days: Days, values: Values, *, in_logs: bool) -> Changes:
    """Return the changes between rows of a series."""
    return Changes(days, np.diff(np.log(values) if in_logs else values), in_logs)


def _sides(sizes: Values, row: int) -> tuple[Values, Values]:
    return sizes[max(0, row - ROWS_AROUND) : row], sizes[row + 1 :][:ROWS_AROUND]


def typical_size(sizes: Values) -> float:
    """Return the median of the sizes that are not zero, as a standard deviation."""
    moved = sizes[sizes > 0.0]
    return 1.4826 * float(np.median(moved)) if len(moved) else 0.0
