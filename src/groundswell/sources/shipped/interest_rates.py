"""Treasury yields and the effective federal funds rate of the Federal Reserve Board's release H.15, in ``h15.parquet``.

They are in the public domain. The Board publishes the yields as computed by the US Treasury. ``tools/h15.py`` writes
the file, with one column for each series.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.calendar import Days
from groundswell.model import Frequency, Measure, Series, SeriesRef
from groundswell.sources.release_times import known_at

FILE = "h15.parquet"
TITLE = "Interest rates of the Board's release H.15"
ADDRESS = "Federal Reserve Board, federalreserve.gov/releases/h15; yields of the US Treasury"
YIELDS = tuple(SeriesRef(name, Measure.RATE) for name in ("DGS2", "DGS5", "DGS10", "DGS30"))
FUNDS_RATE = SeriesRef("DFF", Measure.RATE)
SOURCES = {
    **dict.fromkeys(YIELDS, "Federal Reserve Board, release H.15: Treasury constant maturity yields (US Treasury)"),
    FUNDS_RATE: "Federal Reserve Board, release H.15: effective federal funds rate",
}


@cache
def load_interest_rates() -> tuple[Series, ...]:
    """Load the daily rates in percent a year, known when the release usually is, on the next day; once a process."""
    from groundswell.sources.files.query import fetch_columns  # noqa: PLC0415  (imports DuckDB, which is heavy)

    with as_file(files("groundswell.sources.shipped").joinpath(FILE)) as path:
        columns = fetch_columns("SELECT * FROM read_parquet(?) ORDER BY date", [str(path)])
    days = columns["date"].astype("datetime64[D]")
    return tuple(_build_series(ref, days, columns[ref.id]) for ref in sorted(SOURCES))


def _build_series(ref: SeriesRef, days: Days, column: NDArray[np.float64]) -> Series:
    """Return a series from a column in which values are masked on days that have none."""
    is_present = ~np.ma.getmaskarray(column)
    dates = days[is_present]
    return Series(
        ref=ref,
        frequency=Frequency.DAILY,
        source=SOURCES[ref],
        dates=dates,
        values=np.asarray(column[is_present], dtype=np.float64),
        known_at=known_at(ref, Frequency.DAILY, dates),
    )
