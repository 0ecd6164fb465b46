"""Wide files of payouts beside one of closes: ``mine_close.csv``, ``mine_dividends.csv``, ``mine_splits.csv``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from groundswell.errors import BadInputError
from groundswell.sources.files.cells import to_dates, to_numbers
from groundswell.sources.files.layouts import ROW, SUFFIXES, Table, recognise, scan, stem

CLOSE = "_close"
PAYOUTS = {"_dividends": "dividend", "_splits": "split"}


def closes_beside(path: Path) -> Path | None:
    """The file of closes that a file of payouts belongs to, by its name."""
    ending = next((ending for ending in PAYOUTS if stem(path).lower().endswith(ending)), None)
    return None if ending is None else _sibling(path, stem(path)[: -len(ending)] + CLOSE)


def payouts_beside(path: Path) -> dict[str, Path]:
    """The files of dividends and splits of a file of closes, by their names."""
    if not stem(path).lower().endswith(CLOSE):
        return {}
    base = stem(path)[: -len(CLOSE)]
    found = {name: _sibling(path, base + ending) for ending, name in PAYOUTS.items()}
    return {name: file for name, file in found.items() if file is not None}


def with_payouts(table: Table, rows: pl.DataFrame, files: Mapping[str, Path]) -> pl.DataFrame:
    """The closes of one symbol (``close``) with what its column in each file of payouts says of their days.

    Raises ``BadInputError`` for a payout on a day without a close, and a file of payouts that is not wide.
    """
    days = to_dates(rows[table.date], table.row_numbers(rows), table.path.name)
    joined = rows.with_columns(pl.Series("day", days))
    for name, file in files.items():
        paid = _paid(file, str(rows["id"][0]), name)
        lost = paid.join(joined, on="day", how="anti")
        if len(lost):
            day = lost["day"][0]
            raise BadInputError(f"{file.name}: a {name} on {day}, of which {table.path.name} has no row; add the close")
        joined = joined.join(paid, on="day", how="left", maintain_order="left")
    return joined.drop("day")


def _paid(file: Path, symbol: str, name: str) -> pl.DataFrame:
    table = recognise(file)
    if isinstance(table, str) or not table.wide:
        raise BadInputError(f"{file.name} is not a wide file of payouts; give it date and one column a symbol")
    if symbol not in table.values:
        return pl.DataFrame(schema={"day": pl.Date, name: pl.Float64})
    rows = scan(file).select(ROW, table.date, pl.col(symbol).alias(name)).drop_nulls(name).collect()
    numbers = table.row_numbers(rows)
    days, values = to_dates(rows[table.date], numbers, file.name), to_numbers(rows[name], numbers, file.name)
    none = [0.0] if name == "dividend" else [0.0, 1.0]
    return pl.DataFrame({"day": days, name: values}).filter(~pl.col(name).is_in(none))


def _sibling(path: Path, name: str) -> Path | None:
    return next((file for suffix in SUFFIXES if (file := path.with_name(name + suffix)).is_file()), None)
