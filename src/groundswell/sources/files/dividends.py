"""Prices and total returns computed from closes, dividends and splits."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from groundswell.errors import BadInputError
from groundswell.markets.series.adjust import PayoutError, adjust
from groundswell.sources.files.cells import parse_dates, parse_numbers
from groundswell.sources.files.layouts import Table


def add_adjusted_closes(table: Table, group: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of one symbol with ``close`` adjusted for splits, and ``adj_close`` for dividends too.

    Rows without a positive close stay as they are. Raises ``BadInputError`` naming the file and the row of a dividend
    or split that cannot be right.
    """
    file, numbers = table.path.name, table.row_numbers(group)
    cells = {name: _fill_column(table, group, name, default) for name, default in (("dividend", 0.0), ("split", 1.0))}
    closes = _fill_column(table, group, "close", 0.0)
    has_close = np.isfinite(closes) & (closes > 0.0)
    without_close = (cells["dividend"] > 0.0) & ~has_close
    if without_close.any():
        row = numbers[np.argmax(without_close)]
        raise BadInputError(f"{file}, row {row}: a dividend on a day without a close; add the close of the day")
    days = parse_dates(group[table.date], numbers, file)
    order = np.flatnonzero(has_close)[np.argsort(days[has_close], kind="stable")]
    adjusted = {name: closes.copy() for name in ("close", "adj_close")}
    if len(order):
        try:
            prices = adjust(closes[order], cells["dividend"][order], cells["split"][order])
        except PayoutError as error:
            row = numbers[order[error.place]]
            raise BadInputError(f"{file}, row {row}: {error}; correct the row") from error
        adjusted["close"][order], adjusted["adj_close"][order] = prices.price, prices.total
    return group.with_columns(
        pl.Series(name, np.where(group["close"].is_null().to_numpy(), np.nan, values)).fill_nan(None)
        for name, values in adjusted.items()
    )


def _fill_column(table: Table, group: pl.DataFrame, name: str, default: float) -> NDArray[np.float64]:
    """Return the numbers of a column, the default where a cell is empty or the column does not exist."""
    if name not in group.columns:
        return np.full(len(group), default)
    filled = group[name].cast(pl.String).fill_null(str(default))
    return parse_numbers(filled, table.row_numbers(group), table.path.name)
