"""Changes of several series over the same days, weeks or months, on dates that all of the series have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.book import common_dates
from groundswell.markets.series.calendar import Days
from groundswell.model import Measure, Series, SeriesRef

Step = Literal["day", "week", "month"]


@dataclass(frozen=True, eq=False)
class Steps:
    """The change of each series over each step, from ``starts`` to ``ends``.

    Changes of prices and total returns are simple returns (fractions); those of rates and levels are differences.
    """

    starts: Days
    ends: Days
    changes: Mapping[SeriesRef, NDArray[np.float64]]

    def __len__(self) -> int:
        return len(self.ends)


def cut_into_steps(
    series: Sequence[Series], step: Step, as_of: date, first: date | None = None, last: date | None = None
) -> Steps:
    """Cut ``series`` into steps between their last common dates of each week or month, or between all common dates.

    A week is complete from its Saturday on and a month from the first of the next month, so no later day changes them.
    A step over a week or month without a common date is left out; nothing is filled in. ``first`` and ``last`` limit
    the dates.
    """
    common: Days = common_dates(series)
    low, high = np.datetime64(first or date.min, "D"), np.datetime64(min(last or as_of, as_of), "D")
    common = common[(common >= low) & (common <= high)]
    number = _number_periods(common, step)
    is_last = np.append(number[1:] != number[:-1], True) if len(common) else np.zeros(0, dtype=bool)
    if step != "day":
        is_last &= number < _number_periods(np.array([np.datetime64(as_of, "D") + 2 * (step == "week")]), step)[0]
    ends, number = common[is_last], number[is_last]
    is_consecutive = np.diff(number) == 1 if step != "day" else np.ones(max(len(ends) - 1, 0), dtype=bool)
    changes = {each.ref: _change_between(each, ends)[is_consecutive] for each in series}
    return Steps(ends[:-1][is_consecutive], ends[1:][is_consecutive], changes)


def _number_periods(days: Days, step: Step) -> NDArray[np.int64]:
    """Return the number of the day, the week (Monday to Sunday) or the month of each date."""
    if step == "month":
        return days.astype("datetime64[M]").astype(np.int64)
    count = days.astype(np.int64)
    return (count + 3) // 7 if step == "week" else count  # 1970-01-01 was a Thursday


def _change_between(series: Series, days: Days) -> NDArray[np.float64]:
    values = series.at(days)
    if series.ref.measure in (Measure.PRICE, Measure.TOTAL_RETURN):
        return values[1:] / values[:-1] - 1.0
    return np.diff(values)
