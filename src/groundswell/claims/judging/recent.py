"""The later part of an estimate, next to the whole: the last five years, or all after a day."""

from __future__ import annotations

import datetime as dt

import numpy as np

from groundswell.claims.estimand import Measurement
from groundswell.claims.inference.rows import Rows
from groundswell.claims.inference.summary import Summary, summarise_coefficient
from groundswell.claims.judging.qualifiers import list_rows
from groundswell.markets.series.calendar import add_months, as_days
from groundswell.markets.studies.ols import sum_lagged_products
from groundswell.model import Recent

YEARS = 5


def measure_recent(measurement: Measurement, rows: Rows | None, as_of: dt.date) -> Recent | None:
    """Measure the same on what was complete in the last five years; ``rows`` are those of ``list_rows``.

    None where the estimate is made of no rows, or all of them lie in these years. Without any row, n is zero.
    """
    since = add_months(as_days(as_of), -12 * YEARS)[0].item()
    if rows is None or rows.ends[0].item() >= since:
        return None
    if measurement.summary is None:
        summary = measurement.law.summarise([event for event in measurement.values if event.end >= since], 1)
    else:
        summary = _summarise_slope(rows.since(since))
    return Recent(since, summary.n, summary.mean, summary.ci_low, summary.ci_high)


def measure_after(measurement: Measurement, day: dt.date) -> Summary | None:
    """Measure the same slope on the rows that were complete after a day; None where it is made of no rows."""
    rows = list_rows(measurement)
    if rows is None or measurement.summary is None:
        return None
    return _summarise_slope(rows.since(day + dt.timedelta(days=1)))


def _summarise_slope(rows: Rows) -> Summary:
    n, square = len(rows), float(rows.regressor @ rows.regressor)
    if n < 3 or not square > 0.0:
        return Summary(n, None, None, None, None, None)
    scores = rows.regressor * (rows.response - rows.regressor * rows.estimate)
    middle = float(sum_lagged_products(scores[:, None], rows.lags)[0, 0])
    error = float(np.sqrt(middle * n / (n - 2))) / square
    return summarise_coefficient(rows.estimate, error, n, n - 2, counted="row", lags=rows.lags)
