"""Closes with dividends and splits beside them, as a price and a total return."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from groundswell.errors import BadInputError
from groundswell.markets.series.adjust import PayoutError, adjust
from groundswell.sources.files.cells import to_dates, to_numbers
from groundswell.sources.files.layouts import Table


def with_adjusted(table: Table, group: pl.DataFrame) -> pl.DataFrame:
    """The rows of one symbol with ``close`` adjusted for splits and ``adj_close`` for dividends too, by ``adjust``.

    Rows without a positive close are left as they are. Raises ``BadInputError`` naming the file and the row of a
    payout that cannot be right.
    """
    file, numbers = table.path.name, table.row_numbers(group)
    paid = {name: _filled(table, group, name, default) for name, default in (("dividend", 0.0), ("split", 1.0))}
    closes = _filled(table, group, "close", 0.0)
    priced = np.isfinite(closes) & (closes > 0.0)
    lost = (paid["dividend"] > 0.0) & ~priced
    if lost.any():
        row = numbers[np.argmax(lost)]
        raise BadInputError(f"{file}, row {row}: a dividend on a day without a close; add the close of the day")
    days = to_dates(group[table.date], numbers, file)
    order = np.flatnonzero(priced)[np.argsort(days[priced], kind="stable")]
    adjusted = {name: closes.copy() for name in ("close", "adj_close")}
    if len(order):
        try:
            made = adjust(closes[order], paid["dividend"][order], paid["split"][order])
        except PayoutError as error:
            row = numbers[order[error.place]]
            raise BadInputError(f"{file}, row {row}: {error}; mend the row") from error
        adjusted["close"][order], adjusted["adj_close"][order] = made.price, made.total
    return group.with_columns(
        pl.Series(name, np.where(group["close"].is_null().to_numpy(), np.nan, values)).fill_nan(None)
        for name, values in adjusted.items()
    )


def _filled(table: Table, group: pl.DataFrame, name: str, default: float) -> NDArray[np.float64]:
    """The numbers of a column, the default where a cell is empty or the column is not there."""
    if name not in group.columns:
        return np.full(len(group), default)
    filled = group[name].cast(pl.String).fill_null(str(default))
    return to_numbers(filled, table.row_numbers(group), table.path.name)
