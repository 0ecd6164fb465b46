"""The later part of an estimate, next to the whole: the last five years, or all after a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np

from groundswell.claims.estimand import Measurement
from groundswell.claims.inference.rows import Rows
from groundswell.claims.inference.summary import Summary, summarise, summarise_coefficient
from groundswell.markets.series.calendar import add_months, as_days
from groundswell.markets.studies.ols import sum_lagged_products
from groundswell.model import EventValue, Part

YEARS = 5


def measure_recent(measurement: Measurement, rows: Rows | None, as_of: dt.date) -> Part | None:
    """Measure the same on what was complete in the last five years; ``rows`` are those of ``list_rows``.

    None where the estimate is made of no rows, or all of them lie in these years. Without any row, n is zero.
    """
    since = add_months(as_days(as_of), -12 * YEARS)[0].item()
    if rows is None or rows.ends[0].item() >= since:
        return None
    if measurement.summary is not None:
        return measure_slope_since(rows, since)
    later = [event for event in measurement.values if event.end >= since]
    return _build_part(since, measurement.law.summarise(later, 1))


def measure_slope_since(rows: Rows, since: dt.date) -> Part:
    """Measure a slope on the rows that were complete on a day or later."""
    return _build_part(since, _summarise_slope(rows.since(since)))


def measure_events_since(events: Iterable[EventValue], since: dt.date) -> Part:
    """Measure the mean of the events on a day or later."""
    return _build_part(since, summarise([event.value for event in events if event.date >= since], 1))


def _build_part(since: dt.date, summary: Summary) -> Part:
    return Part(since, summary.n, summary.mean, summary.ci_low, summary.ci_high)


def _summarise_slope(rows: Rows) -> Summary:
    n, square = len(rows), float(rows.regressor @ rows.regressor)
    if n < 3 or not square > 0.0:
        return Summary(n, None, None, None, None, None)
    scores = rows.regressor * (rows.response - rows.regressor * rows.estimate)
    middle = float(sum_lagged_products(scores[:, None], rows.lags)[0, 0])
    error = float(np.sqrt(middle * n / (n - 2))) / square
    return summarise_coefficient(rows.estimate, error, n, n - 2, counted="row", lags=rows.lags)
