"""The layout of a file: long, wide, or one symbol a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

SUFFIXES = (".csv", ".csv.gz", ".parquet")
DATE_NAMES = ("date", "observation_date")
ID_NAMES = ("symbol", "series", "ticker")
VALUE_NAMES = ("adj_close", "close", "value")
ADJUSTMENT_NAMES = {
    "dividend": ("dividend", "dividends", "div_cash", "divcash"),
    "split": ("split", "splits", "stock_splits", "split_factor", "splitfactor"),
}
OTHER_PRICE_COLUMNS = frozenset({"open", "high", "low", "volume", "source"}.union(*ADJUSTMENT_NAMES.values()))
MISSING_VALUES = ["", ".", "NA", "N/A", "#N/A", "NaN", "nan", "null", "None"]
ROW = "row of the file"
"""The column in which ``scan`` puts the number of each row."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file with its layout: dates in ``date``, names in ``id`` (None: one symbol, or one column a series).

    ``values`` maps our name of each value column to its name in the file, ``adjustments`` those of dividends and
    splits. In the wide layout both names are that of the series.
    """

    path: Path
    date: str
    id: str | None
    values: dict[str, str]
    source: str | None
    wide: bool
    adjustments: dict[str, str] = field(default_factory=dict)

    @property
    def is_raw(self) -> bool:
        """Whether total returns must be computed from closes, dividends and splits."""
        return "close" in self.values and "adj_close" not in self.values and bool(self.adjustments)

    def row_numbers(self, rows: pl.DataFrame) -> NDArray[np.integer]:
        """Return the number of each row as an editor shows it: the first row of a CSV file is its header."""
        return rows[ROW].to_numpy() + (1 if self.path.suffix == ".parquet" else 2)

    @property
    def stem(self) -> str:
        return strip_suffixes(self.path)


def strip_suffixes(path: Path) -> str:
    """Return the file's name without its suffix."""
    return path.name.removesuffix(".gz").rpartition(".")[0]


def scan(path: Path) -> pl.LazyFrame:
    """Open a file lazily, with the number of each row in the column ``ROW``. Cells of CSV files are texts."""
    if path.suffix == ".parquet":
        return pl.scan_parquet(path, row_index_name=ROW)
    if path.suffix == ".gz":
        with path.open("rb") as opened:
            if opened.read(2) != b"\x1f\x8b":
                raise OSError("it is not compressed with gzip")
    # Texts, so that an error can quote a cell that is no number, with its row.
    return pl.scan_csv(path, infer_schema=False, null_values=MISSING_VALUES, row_index_name=ROW)


def recognise_layout(path: Path) -> Table | str:
    """Return the file with its layout, or the reason why it has none that is known."""
    frame = scan(path)
    columns = [name for name in frame.collect_schema() if name != ROW and not _is_index_column(name)]
    names = {normalise_name(name): name for name in columns}
    date = next((names[name] for name in DATE_NAMES if name in names), None)
    if date is None:
        return "it has no column date"
    id_ = next((names[name] for name in ID_NAMES if name in names), None)
    values = {name: names[name] for name in VALUE_NAMES if name in names}
    source = names.get("source")
    known_names = ((ours, name) for ours, known in ADJUSTMENT_NAMES.items() for name in reversed(known))
    adjustments = {ours: names[name] for ours, name in known_names if name in names}
    if id_ is not None and values:
        return Table(path, date, id_, values, source, wide=False, adjustments=adjustments)
    others = [name for name in names if names[name] != date]
    if values and set(others) <= OTHER_PRICE_COLUMNS | set(values):
        return Table(path, date, None, values, source, wide=False, adjustments=adjustments)
    series = [names[name] for name in others]
    if id_ is None and series and not values and _is_numeric(frame, series):
        return Table(path, date, None, {name: name for name in series}, None, wide=True)
    return "its columns are neither date, symbol and prices nor one column a series"


def normalise_name(name: str) -> str:
    """Return a column's name in lower case, with underscores for spaces."""
    return name.strip().lower().replace(" ", "_")


def _is_index_column(name: str) -> bool:
    """Whether a column is the row number that pandas adds to a table."""
    return not name.strip() or name.startswith(("__", "Unnamed"))


def _is_numeric(frame: pl.LazyFrame, columns: list[str]) -> bool:
    """Whether most cells of each column are numbers; an empty column counts as numeric."""
    if any(frame.collect_schema()[name].is_temporal() for name in columns):
        return False
    numbers = [pl.col(name).cast(pl.Float64, strict=False).count() * 2 >= pl.col(name).count() for name in columns]
    return all(frame.select(numbers).collect().row(0))
