"""Cells of a column as dates and numbers; one that is neither is told with its file and row."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from groundswell.errors import BadInputError

Rows = NDArray[np.integer]
"""The row of each cell as an editor shows it."""


def to_dates(column: pl.Series, rows: Rows, file: str) -> NDArray[np.datetime64]:
    """Read dates, or texts that begin with YYYY-MM-DD, as ``datetime64[D]``; else ``BadInputError``."""
    if column.dtype == pl.String:
        parsed = column.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    elif column.dtype in (pl.Date, pl.Datetime):
        parsed = column.cast(pl.Date)
    else:
        parsed = pl.Series([None] * len(column), dtype=pl.Date)
    at = _first_unread(parsed)
    if at is not None:
        raise BadInputError(f"{file}, row {rows[at]}: {column[at]!r} is not a date; write dates as YYYY-MM-DD")
    return parsed.to_numpy().astype("datetime64[D]")


def to_numbers(column: pl.Series, rows: Rows, file: str) -> NDArray[np.float64]:
    """Read numbers as ``float64``, spaces around them left aside; a text that is none raises ``BadInputError``."""
    texts = column.str.strip_chars() if column.dtype == pl.String else column
    parsed = texts.cast(pl.Float64, strict=False)
    at = _first_unread(parsed)
    if at is not None:
        raise BadInputError(f"{file}, row {rows[at]}: {column[at]!r} is not a number; write it with a decimal point")
    return parsed.to_numpy()


def _first_unread(parsed: pl.Series) -> int | None:
    unread = parsed.is_null().arg_true()
    return int(unread[0]) if len(unread) else None
