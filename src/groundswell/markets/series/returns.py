"""Returns over windows, as arrays. NaN marks a window without a value, and ``why_missing`` gives the reason."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.calendar import Days
from groundswell.model import Measure, Series
from groundswell.model.series import values_on

Returns = NDArray[np.float64]


def window_returns(series: Series, starts: Days, ends: Days) -> Returns:
    """Return the simple return of ``series`` over each window as a fraction; NaN if a value is missing.

    For prices and total returns, it is the value at ``ends`` over the value at ``starts``, minus one. Period returns
    are compounded over the calendar months after the month of ``starts`` up to the month of ``ends``. For rates, it is
    the change in percentage points.
    """
    if series.ref.measure is Measure.PERIOD_RETURN:
        return _compound_months(series, starts, ends)
    if series.ref.measure is Measure.RATE:
        return series.at(ends) - series.at(starts)
    return series.at(ends) / series.at(starts) - 1.0


def relative_returns(long: Series, short: Series | None, starts: Days, ends: Days) -> Returns:
    """Return what ``long`` gained over each window, minus what ``short`` gained if there is a ``short``."""
    returns = window_returns(long, starts, ends)
    return returns if short is None else returns - window_returns(short, starts, ends)


def why_missing(series: Series, start: date, end: date) -> str | None:
    """Describe the first missing value of a window, with the begin or end of the series; None if none is missing."""
    if series.ref.measure is Measure.PERIOD_RETURN:
        return _first_gap(series, _list_months(start, end), "datetime64[M]", "for")
    return _first_gap(series, np.array([start, end], dtype="datetime64[D]"), "datetime64[D]", "on")


def _compound_months(series: Series, starts: Days, ends: Days) -> Returns:
    series_months = series.dates.astype("datetime64[M]")
    months, last = starts.astype("datetime64[M]"), ends.astype("datetime64[M]")
    growth = np.ones(len(starts))
    while (inside := months < last).any():
        months = months + np.timedelta64(1, "M")
        growth[inside] *= 1.0 + values_on(series_months, series.values, months[inside])
    return growth - 1.0


def _list_months(start: date, end: date) -> Days:
    first = np.datetime64(start, "M") + np.timedelta64(1, "M")
    return np.arange(first, np.datetime64(end, "M") + np.timedelta64(1, "M"))


def _first_gap(series: Series, wanted: Days, unit: str, preposition: str) -> str | None:
    available = series.dates.astype(unit, copy=False)
    missing = wanted[np.isnan(values_on(available, series.values, wanted))]
    if not len(missing):
        return None
    bound = ""
    if missing[0] < available[0]:
        bound = f": it begins {available[0]}"
    elif missing[0] > available[-1]:
        bound = f": it ends {available[-1]}"
    return f"{series.ref} has no value {preposition} {missing[0]}{bound}"
