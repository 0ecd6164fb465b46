"""A claim's event rows and a chart's values as CSV, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import numpy as np

from groundswell.hubs.charts import Line
from groundswell.model import Evaluation, Series

COLUMNS = ("reading", "date", "start", "end", "value", "error", "beta")
MAIN = "main"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def events_csv(evaluation: Evaluation) -> str:
    """The event rows of the main measurement and of every reading; values in the claim's unit (returns as fractions).

    Errors and betas are those of the market model, empty elsewhere.

    Text that a spreadsheet would run as a formula is preceded by an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    measurements = [(MAIN, evaluation.events)] + [(reading.name, reading.events) for reading in evaluation.readings]
    for name, events in measurements:
        for event in events:
            figures = (event.value, event.error, event.beta)
            told = ("" if figure is None else repr(float(figure)) for figure in figures)
            writer.writerow([_inert(name), event.date, event.start, event.end, *told])
    return out.getvalue()


def line_csv(line: Line) -> str:
    """The values of a chart, a row a date: index levels, or levels in the unit named (shares as fractions)."""
    out = io.StringIO()
    writer = csv.writer(out)
    unit = "" if line.unit == "index" else f" ({line.unit})"
    names = ["index"] if line.unit == "index" else [_inert(curve.label) + unit for curve in line.curves]
    writer.writerow(["date", *names])
    columns = [dict(zip(curve.dates.tolist(), curve.values.tolist(), strict=True)) for curve in line.curves]
    for day in sorted({day for column in columns for day in column}):
        writer.writerow([day, *("" if (value := column.get(day)) is None else repr(value) for column in columns)])
    return out.getvalue()


def _inert(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA) else text


def series_csv(series: Sequence[Series]) -> str:
    """A row for each date that any of ``series`` has, with their values; a cell is empty where one has none.

    Rates are in percent, prices and total returns in the level that the source gives.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["date", *(str(one.ref) for one in series)])
    dates = np.unique(np.concatenate([one.dates for one in series])) if series else np.array([], dtype="datetime64[D]")
    columns = np.full((len(dates), len(series)), "", dtype=object)
    for place, one in enumerate(series):
        columns[np.searchsorted(dates, one.dates), place] = [repr(value) for value in one.values.tolist()]
    writer.writerows([day, *row] for day, row in zip(dates.tolist(), columns.tolist(), strict=True))
    return out.getvalue()
