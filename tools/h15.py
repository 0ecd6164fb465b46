"""Write the shipped rates of the Federal Reserve Board's release H.15: src/groundswell/sources/shipped/h15.parquet.

The values are read from a CSV or Parquet file in any layout that docs/data-folder.md describes, such as the files of
FRED. Only the series named below are taken; they are works of the United States government, in the public domain.

    python tools/h15.py FILE...
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import duckdb
import numpy as np

from groundswell.sources.files.listing import DataFile
from groundswell.sources.files.table import read_table
from groundswell.sources.shipped.interest_rates import FILE, SOURCES

TABLE = Path(__file__).parents[1] / "src/groundswell/sources/shipped" / FILE


def write_rates(files: list[Path], table: Path = TABLE) -> None:
    """Write one column for each series and one row for each day on which any of them has a value."""
    read = [read_table(DataFile(file.name, (file,)), set(SOURCES), date.max) for file in files]
    parts = {part.ref: part for contents in read for part in contents.parts}
    if missing := sorted(ref.id for ref in SOURCES if ref not in parts):
        raise SystemExit(f"no values of {', '.join(missing)} in {', '.join(map(str, files))}")
    days = np.unique(np.concatenate([part.dates for part in parts.values()]))
    rates = {"date": days.astype("datetime64[s]")}
    for ref in SOURCES:
        rates[ref.id] = np.full(len(days), np.nan)
        rates[ref.id][np.searchsorted(days, parts[ref].dates)] = parts[ref].values
    # The release has two decimals: as decimals the file is half the size, and the values read back are the same.
    decimals = ", ".join(f"nullif({ref.id}, 'nan')::DECIMAL(6, 2) AS {ref.id}" for ref in SOURCES)
    query = f"SELECT date::DATE AS date, {decimals} FROM rates ORDER BY date"  # noqa: S608  (names of our own)
    duckdb.sql(f"COPY ({query}) TO '{table}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19)")
    print(f"{len(days)} days, {days[0]} to {days[-1]}, {table.stat().st_size} bytes")


if __name__ == "__main__":
    if not sys.argv[1:]:
        raise SystemExit(__doc__)
    write_rates([Path(name) for name in sys.argv[1:]])
