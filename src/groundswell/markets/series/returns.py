"""Returns over windows, as arrays: NaN marks a window whose value is missing, and ``why_missing`` says why."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.calendar import Days
from groundswell.model import Measure, Series
from groundswell.model.series import values_on

Returns = NDArray[np.float64]


def window_returns(series: Series, starts: Days, ends: Days) -> Returns:
    """Simple return of ``series`` over each window, a fraction; NaN where a value it needs is missing.

    Of prices and total returns: value at ``ends`` over value at ``starts``, minus one, on exactly these days. Of
    period returns: compounded over the calendar months after the month of ``starts`` up to the month of ``ends``. Of
    rates: the change in percentage points.
    """
    if series.ref.measure is Measure.PERIOD_RETURN:
        return _compounded(series, starts, ends)
    if series.ref.measure is Measure.RATE:
        return series.at(ends) - series.at(starts)
    return series.at(ends) / series.at(starts) - 1.0


def relative_returns(long: Series, short: Series | None, starts: Days, ends: Days) -> Returns:
    """Return of ``long`` minus return of ``short`` over each window; of ``long`` alone when there is no ``short``."""
    gained = window_returns(long, starts, ends)
    return gained if short is None else gained - window_returns(short, starts, ends)


def why_missing(series: Series, start: date, end: date) -> str | None:
    """Say which value of ``series`` the window lacks, and where the series begins or ends; None if it lacks none."""
    if series.ref.measure is Measure.PERIOD_RETURN:
        return _first_gap(series, _months(start, end), "datetime64[M]", "for")
    return _first_gap(series, np.array([start, end], dtype="datetime64[D]"), "datetime64[D]", "on")


def _compounded(series: Series, starts: Days, ends: Days) -> Returns:
    have = series.dates.astype("datetime64[M]")
    months, last = starts.astype("datetime64[M]"), ends.astype("datetime64[M]")
    growth = np.ones(len(starts))
    while (inside := months < last).any():
        months = months + np.timedelta64(1, "M")
        growth[inside] *= 1.0 + values_on(have, series.values, months[inside])
    return growth - 1.0


def _months(start: date, end: date) -> Days:
    first = np.datetime64(start, "M") + np.timedelta64(1, "M")
    return np.arange(first, np.datetime64(end, "M") + np.timedelta64(1, "M"))


def _first_gap(series: Series, want: Days, unit: str, preposition: str) -> str | None:
    have = series.dates.astype(unit)
    lacking = want[np.isnan(values_on(have, series.values, want))]
    if not len(lacking):
        return None
    bound = ""
    if lacking[0] < have[0]:
        bound = f": it begins {have[0]}"
    elif lacking[0] > have[-1]:
        bound = f": it ends {have[-1]}"
    return f"{series.ref} has no value {preposition} {lacking[0]}{bound}"
