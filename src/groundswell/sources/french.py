"""The monthly Fama-French factors from 1926-07 to 2018-11, as shipped in the package ``arch``."""

from __future__ import annotations

from importlib.metadata import distribution
from pathlib import Path

import numpy as np

from groundswell.markets.series.catalogue import FRENCH_FACTORS
from groundswell.model import Frequency, Series
from groundswell.sources.release_times import known_at

SOURCE = "Kenneth R. French data library, monthly research factors, as shipped in the Python package arch"
MAX_MISSING = -99.0
"""The library writes a missing return as -99.99."""


def load_french_factors() -> tuple[Series, ...]:
    """Load ``ff.mkt-rf``, ``ff.smb``, ``ff.hml`` and ``ff.rf``: period returns as fractions, dated at month ends.

    The library recomputes its past with every release, so the series are revised; the file is one vintage.
    """
    import polars as pl  # noqa: PLC0415 - not needed to read a hub file

    table = pl.read_csv(_packaged_file())
    months = table["Date"].cast(pl.String).str.to_date("%Y%m").dt.month_end().to_numpy().astype("datetime64[D]")
    return tuple(
        _build_series(name.lower(), months, table[name].cast(pl.Float64).to_numpy())
        for name in table.columns
        if name != "Date"
    )


def _build_series(name: str, months: np.ndarray, percent: np.ndarray) -> Series:
    ref = FRENCH_FACTORS.ref(name)
    is_present = np.isfinite(percent) & (percent > MAX_MISSING)
    dates = months[is_present]
    return Series(
        ref=ref,
        frequency=Frequency.MONTHLY,
        source=SOURCE,
        dates=dates,
        values=percent[is_present] / 100.0,
        known_at=known_at(ref, Frequency.MONTHLY, dates),
        revised=FRENCH_FACTORS.revised,
    )


def _packaged_file() -> Path:
    # Found without importing arch, which would bring statsmodels and pandas with it.
    return Path(str(distribution("arch").locate_file("arch/data/frenchdata/frenchdata.csv.gz")))
