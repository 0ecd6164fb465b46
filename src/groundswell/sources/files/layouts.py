"""Which form a file has: long, wide, or one symbol a file."""

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
PAYOUT_NAMES = {
    "dividend": ("dividend", "dividends", "div_cash", "divcash"),
    "split": ("split", "splits", "stock_splits", "split_factor", "splitfactor"),
}
BESIDE_PRICES = frozenset({"open", "high", "low", "volume", "source"}.union(*PAYOUT_NAMES.values()))
NO_VALUE = ["", ".", "NA", "N/A", "#N/A", "NaN", "nan", "null", "None"]
ROW = "row of the file"


@dataclass(frozen=True, slots=True)
class Table:
    """A file with its form: dates in ``date``, names in ``id`` (None: one symbol or one column a series).

    ``values`` maps the name of each value column as we call it to its name in the file, ``payouts`` that of dividends
    and splits; in the wide form both are the name of the series.
    """

    path: Path
    date: str
    id: str | None
    values: dict[str, str]
    source: str | None
    wide: bool
    payouts: dict[str, str] = field(default_factory=dict)

    @property
    def raw(self) -> bool:
        """Whether total returns are to be made of closes and payouts."""
        return "close" in self.values and "adj_close" not in self.values and bool(self.payouts)

    def row_numbers(self, rows: pl.DataFrame) -> NDArray[np.integer]:
        """The number of each row as an editor shows it: a CSV file has its header in the first."""
        return rows[ROW].to_numpy() + (1 if self.path.suffix == ".parquet" else 2)

    @property
    def stem(self) -> str:
        return stem(self.path)


def stem(path: Path) -> str:
    """The file's name without its suffix."""
    return path.name.removesuffix(".gz").rpartition(".")[0]


def scan(path: Path) -> pl.LazyFrame:
    """Open a file lazily, with the number of each row in the column ``ROW``; cells of CSV files are texts."""
    if path.suffix == ".parquet":
        return pl.scan_parquet(path, row_index_name=ROW)
    if path.suffix == ".gz":
        with path.open("rb") as opened:
            if opened.read(2) != b"\x1f\x8b":
                raise OSError("it is not compressed with gzip")
    # Texts, so that a cell that is no number can be told with its row.
    return pl.scan_csv(path, infer_schema=False, null_values=NO_VALUE, row_index_name=ROW)


def recognise(path: Path) -> Table | str:
    """Say which form a file has, or why it has none that is known."""
    frame = scan(path)
    names = {plain(name): name for name in frame.collect_schema() if name != ROW and not _is_index_column(name)}
    date = next((names[name] for name in DATE_NAMES if name in names), None)
    if date is None:
        return "it has no column date"
    id_ = next((names[name] for name in ID_NAMES if name in names), None)
    values = {name: names[name] for name in VALUE_NAMES if name in names}
    source = names.get("source")
    payouts = {ours: names[name] for ours, known in PAYOUT_NAMES.items() for name in reversed(known) if name in names}
    if id_ is not None and values:
        return Table(path, date, id_, values, source, wide=False, payouts=payouts)
    others = [name for name in names if names[name] != date]
    if values and set(others) <= BESIDE_PRICES | set(values):
        return Table(path, date, None, values, source, wide=False, payouts=payouts)
    columns = [names[name] for name in others]
    if id_ is None and columns and not values and _numeric(frame, columns):
        return Table(path, date, None, {name: name for name in columns}, None, wide=True)
    return "its columns are neither date, symbol and prices nor one column a series"


def plain(name: str) -> str:
    """A column's name in small letters and without spaces."""
    return name.strip().lower().replace(" ", "_")


def _is_index_column(name: str) -> bool:
    """Whether a column is the row number that pandas writes beside a table."""
    return not name.strip() or name.startswith(("__", "Unnamed"))


def _numeric(frame: pl.LazyFrame, columns: list[str]) -> bool:
    """Whether most of what stands in each column is a number; an empty column is no objection."""
    if any(frame.collect_schema()[name].is_temporal() for name in columns):
        return False
    numbers = [pl.col(name).cast(pl.Float64, strict=False).count() * 2 >= pl.col(name).count() for name in columns]
    return all(frame.select(numbers).collect().row(0))
