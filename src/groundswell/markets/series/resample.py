"""Changes of several series over the same steps: days, weeks or months, taken on dates that all of them have."""

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

    Changes of prices and total returns are simple returns (fractions), those of rates and levels differences.
    """

    starts: Days
    ends: Days
    changes: Mapping[SeriesRef, NDArray[np.float64]]

    def __len__(self) -> int:
        return len(self.ends)


def steps(
    series: Sequence[Series], step: Step, as_of: date, first: date | None = None, last: date | None = None
) -> Steps:
    """Cut ``series`` into steps between the last dates of weeks or months (or single dates) that all have in common.

    A week counts from its Saturday on and a month from the first of the next: no later day changes them. A step over a
    week or month without a common date is left out; nothing is filled. ``first`` and ``last`` bound the dates.
    """
    common: Days = common_dates(series)
    low, high = np.datetime64(first or date.min, "D"), np.datetime64(min(last or as_of, as_of), "D")
    common = common[(common >= low) & (common <= high)]
    number = _numbers(common, step)
    closing = np.append(number[1:] != number[:-1], True) if len(common) else np.zeros(0, dtype=bool)
    if step != "day":
        closing &= number < _numbers(np.array([np.datetime64(as_of, "D") + 2 * (step == "week")]), step)[0]
    ends, number = common[closing], number[closing]
    next_to = np.diff(number) == 1 if step != "day" else np.ones(max(len(ends) - 1, 0), dtype=bool)
    changes = {one.ref: _change(one, ends)[next_to] for one in series}
    return Steps(ends[:-1][next_to], ends[1:][next_to], changes)


def _numbers(days: Days, step: Step) -> NDArray[np.int64]:
    """Number the day, the week (Monday to Sunday) or the month of each date."""
    if step == "month":
        return days.astype("datetime64[M]").astype(np.int64)
    count = days.astype(np.int64)
    return (count + 3) // 7 if step == "week" else count  # 1970-01-01 was a Thursday


def _change(series: Series, days: Days) -> NDArray[np.float64]:
    values = series.at(days)
    if series.ref.measure in (Measure.PRICE, Measure.TOTAL_RETURN):
        return values[1:] / values[:-1] - 1.0
    return np.diff(values)
