"""Event rows of a claim, values of a chart and values of series as CSV, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import numpy as np

from groundswell.claims.readings import MAIN_LABEL
from groundswell.hubs.charts import Chart
from groundswell.model import Evaluation, EventValue, Series

COLUMNS = ("reading", "date", "start", "end", "value", "error", "beta", "before", "series", "unit")
_FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_events(evaluation: Evaluation) -> str:
    """Write the event rows of the main measurement and of every reading, each in its unit (returns as fractions).

    Errors and betas are those of the market model, ``before`` is what a difference subtracts, and the
    series are named where they differ between events; all are empty elsewhere. Text that a spreadsheet would run as a
    formula gets an apostrophe in front.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    measurements = [(MAIN_LABEL, evaluation.events, evaluation.unit)] + [
        (reading.name, reading.events, reading.unit or evaluation.unit) for reading in evaluation.readings
    ]
    for name, events, unit in measurements:
        for event in events:
            values = (event.value, event.error, event.beta, event.before)
            cells = ("" if value is None else repr(float(value)) for value in values)
            dates = (event.date, event.start, event.end)
            writer.writerow([_escape_formula(name), *dates, *cells, _list_series(event), unit or ""])
    return out.getvalue()


def write_chart(chart: Chart) -> str:
    """Write the values of a chart, one row a date: index levels, or levels in the named unit (shares as fractions)."""
    out = io.StringIO()
    writer = csv.writer(out)
    unit = "" if chart.unit == "index" else f" ({chart.unit})"
    names = ["index"] if chart.unit == "index" else [_escape_formula(series.label) + unit for series in chart.series]
    writer.writerow(["date", *names])
    columns = [dict(zip(series.dates.tolist(), series.values.tolist(), strict=True)) for series in chart.series]
    for day in sorted({day for column in columns for day in column}):
        writer.writerow([day, *("" if (value := column.get(day)) is None else repr(value) for column in columns)])
    return out.getvalue()


def _list_series(event: EventValue) -> str:
    return _escape_formula("; ".join(event.series))


def _escape_formula(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA_PREFIXES) else text


def write_series(series: Sequence[Series]) -> str:
    """Write one row for each date of any of ``series``, with a value or an empty cell for each series.

    Rates are in percent; prices and total returns are levels as published by the source.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["date", *(str(column.ref) for column in series)])
    dates = (
        np.unique(np.concatenate([column.dates for column in series]))
        if series
        else np.array([], dtype="datetime64[D]")
    )
    cells = np.full((len(dates), len(series)), "", dtype=object)
    for index, column in enumerate(series):
        cells[np.searchsorted(dates, column.dates), index] = [repr(value) for value in column.values.tolist()]
    writer.writerows([day, *row] for day, row in zip(dates.tolist(), cells.tolist(), strict=True))
    return out.getvalue()
