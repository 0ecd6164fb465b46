"""The monthly Fama-French factors from 1926-07 to 2018-11, as shipped in the package ``arch``."""

from __future__ import annotations

import csv
import gzip
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
    with gzip.open(_packaged_file(), "rt", encoding="ascii", newline="") as file:
        names, *rows = csv.reader(file)
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    months = np.array([f"{month[:4]}-{month[4:]}" for month in columns.pop("Date")], "datetime64[M]")
    ends = (months + 1).astype("datetime64[D]") - 1
    return tuple(_build_series(name.lower(), ends, np.array(values, dtype=float)) for name, values in columns.items())


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
