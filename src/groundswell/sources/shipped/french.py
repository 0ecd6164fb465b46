"""The monthly Fama-French factors from 1926-07 to 2018-11: published figures in ``french_factors.csv``.

``tools/french_factors.py`` writes the table. Where the package ``arch`` is installed (the extra ``factors``), its file
is read instead, which may be of a later vintage. NOTICE names the source, and says that the figures are
not under the program's licence.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files
from pathlib import Path

import numpy as np

from groundswell.markets.series.catalogue import FRENCH_FACTORS
from groundswell.model import Frequency, Series
from groundswell.sources.release_times import known_at

SOURCE = "Kenneth R. French data library, monthly research factors"
TABLE = "french_factors.csv"
FACTORS = ("Mkt-RF", "SMB", "RF")
"""Those that something uses; the library has more."""

MAX_MISSING = -99.0
"""The library writes a missing return as -99.99."""


def load_french_factors() -> tuple[Series, ...]:
    """Load ``ff.mkt-rf``, ``ff.smb`` and ``ff.rf``: period returns as fractions, dated at month ends.

    The library recomputes its past with every release, so the series are revised; the table is one vintage.
    """
    source, lines = _read_lines()
    names, *rows = csv.reader(lines)
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    months = np.array([f"{month[:4]}-{month[4:]}" for month in columns.pop("Date")], "datetime64[M]")
    ends = (months + 1).astype("datetime64[D]") - 1
    return tuple(_build_series(name.lower(), ends, np.array(columns[name], dtype=float), source) for name in FACTORS)


def read_arch_file() -> tuple[str, list[str]] | None:
    """Return the version of the installed package ``arch`` and the lines of its file of factors, or None."""
    try:
        package = distribution("arch")
        # Read without importing arch, which would bring statsmodels and pandas with it.
        path = Path(str(package.locate_file("arch/data/frenchdata/frenchdata.csv.gz")))
        lines = gzip.decompress(path.read_bytes()).decode("ascii").splitlines()
    except (PackageNotFoundError, OSError, EOFError, ValueError):  # not installed, or without a whole file
        return None
    return (package.version, lines) if lines and {"Date", *FACTORS} <= set(lines[0].split(",")) else None


def _read_lines() -> tuple[str, Iterable[str]]:
    """Return where the figures are from, and the lines of their table."""
    if (found := read_arch_file()) is not None:
        version, lines = found
        return f"{SOURCE}, as shipped in the Python package arch {version}", lines
    return f"{SOURCE}, figures as published in 2018", list(_read_table())


def _read_table() -> Iterator[str]:
    with files("groundswell.sources.shipped").joinpath(TABLE).open(encoding="ascii") as file:
        yield from (line for line in file if not line.startswith("#"))


def _build_series(name: str, months: np.ndarray, percent: np.ndarray, source: str) -> Series:
    ref = FRENCH_FACTORS.ref(name)
    is_present = np.isfinite(percent) & (percent > MAX_MISSING)
    dates = months[is_present]
    return Series(
        ref=ref,
        frequency=Frequency.MONTHLY,
        source=source,
        dates=dates,
        values=percent[is_present] / 100.0,
        known_at=known_at(ref, Frequency.MONTHLY, dates),
        revised=FRENCH_FACTORS.revised,
    )
