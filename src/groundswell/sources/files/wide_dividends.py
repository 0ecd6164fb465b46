"""Wide files of closes, dividends and splits: ``mine_close.csv``, ``mine_dividends.csv``, ``mine_splits.csv``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from groundswell.errors import BadInputError
from groundswell.sources.files.cells import parse_dates, parse_numbers
from groundswell.sources.files.layouts import ROW, SUFFIXES, Table, recognise_layout, scan, strip_suffixes

CLOSE_ENDING = "_close"
ADJUSTMENT_ENDINGS = {"_dividends": "dividend", "_splits": "split"}


def find_closes(path: Path) -> Path | None:
    """Return the file of closes that a file of dividends or splits belongs to, by its name; None for other files."""
    ending = next((ending for ending in ADJUSTMENT_ENDINGS if strip_suffixes(path).lower().endswith(ending)), None)
    return None if ending is None else _find_sibling(path, strip_suffixes(path)[: -len(ending)] + CLOSE_ENDING)


def find_adjustments(path: Path) -> dict[str, Path]:
    """Return the files of dividends and splits that belong to a file of closes, by their names."""
    if not strip_suffixes(path).lower().endswith(CLOSE_ENDING):
        return {}
    base = strip_suffixes(path)[: -len(CLOSE_ENDING)]
    siblings = {name: _find_sibling(path, base + ending) for ending, name in ADJUSTMENT_ENDINGS.items()}
    return {name: file for name, file in siblings.items() if file is not None}


def add_adjustments(table: Table, rows: pl.DataFrame, files: Mapping[str, Path]) -> pl.DataFrame:
    """Return the closes of one symbol (``close``) with a column for its dividends and one for its splits.

    Raises ``BadInputError`` for a dividend or split on a day without a close, and for a file of them that is not wide.
    """
    days = parse_dates(rows[table.date], table.row_numbers(rows), table.path.name)
    joined = rows.with_columns(pl.Series("day", days))
    for name, file in files.items():
        adjustments = _read_adjustments(file, str(rows["id"][0]), name)
        without_close = adjustments.join(joined, on="day", how="anti")
        if len(without_close):
            day = without_close["day"][0]
            raise BadInputError(f"{file.name}: a {name} on {day}, of which {table.path.name} has no row; add the close")
        joined = joined.join(adjustments, on="day", how="left", maintain_order="left")
    return joined.drop("day")


def _read_adjustments(file: Path, symbol: str, name: str) -> pl.DataFrame:
    """Read the days of a symbol that have a dividend or split: columns ``day`` and ``name``."""
    table = recognise_layout(file)
    if isinstance(table, str) or not table.wide:
        raise BadInputError(f"{file.name} is not a wide file of {name}s; give it date and one column a symbol")
    if symbol not in table.values:
        return pl.DataFrame(schema={"day": pl.Date, name: pl.Float64})
    rows = scan(file).select(ROW, table.date, pl.col(symbol).alias(name)).drop_nulls(name).collect()
    numbers = table.row_numbers(rows)
    days, values = parse_dates(rows[table.date], numbers, file.name), parse_numbers(rows[name], numbers, file.name)
    no_adjustment = [0.0] if name == "dividend" else [0.0, 1.0]
    return pl.DataFrame({"day": days, name: values}).filter(~pl.col(name).is_in(no_adjustment))


def _find_sibling(path: Path, name: str) -> Path | None:
    return next((file for suffix in SUFFIXES if (file := path.with_name(name + suffix)).is_file()), None)
