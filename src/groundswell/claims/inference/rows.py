"""The rows that a mean or a slope is made of, for what looks at parts of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.calendar import Days
from groundswell.model import EventValue

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Rows:
    """One row per observation, oldest first: the day on which it was complete, and what the estimate makes of it.

    The estimate over any run of rows is ``sum(regressor * response) / sum(regressor ** 2)``. For a slope both are net
    of the constant and of the other factors over all rows; for a mean the regressor is one. ``lags`` are those of the
    Newey-West errors; without dependence there are none.
    """

    ends: Days
    regressor: Array
    response: Array
    lags: int = 0

    def __len__(self) -> int:
        return len(self.response)

    @property
    def estimate(self) -> float:
        """The estimate over all rows, of which there must be one at least."""
        return float(self.regressor @ self.response / (self.regressor @ self.regressor))

    def since(self, day: dt.date) -> Rows:
        """Select the rows that were complete on ``day`` or later."""
        return self.part(slice(int(np.searchsorted(self.ends, np.datetime64(day, "D"))), None))

    def part(self, chosen: slice) -> Rows:
        """Select a run of rows."""
        return Rows(self.ends[chosen], self.regressor[chosen], self.response[chosen], self.lags)


def list_event_rows(values: Sequence[EventValue]) -> Rows:
    """Make the rows of a mean over events, each dated at the end of its window."""
    ordered = sorted(values, key=lambda event: (event.end, event.date))
    ends = np.array([event.end for event in ordered], dtype="datetime64[D]")
    return Rows(ends, np.ones(len(ordered)), np.array([event.value for event in ordered], dtype=np.float64))


def list_slope_rows(ends: Days, response: Array, factors: Sequence[Array], lags: int | None) -> Rows:
    """Make the rows of the coefficient of the first of ``factors``, with the constant and the others partialled out.

    R. Frisch and F. V. Waugh, "Partial Time Regressions as Compared with Individual Trends" (1933).
    """
    others = np.column_stack([np.ones(len(response)), *factors[1:]])
    sides = np.column_stack([factors[0], response])
    sides = sides - others @ np.linalg.lstsq(others, sides, rcond=None)[0]
    return Rows(ends, sides[:, 0], sides[:, 1], lags or 0)
