"""The series behind a claim as CSV, one column a series."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import numpy as np

from groundswell.types import Series


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
