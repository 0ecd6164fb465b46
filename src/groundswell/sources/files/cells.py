"""The cells of a column as dates or numbers. An error names the file and the row of a cell that is neither."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from groundswell.errors import BadInputError

RowNumbers = NDArray[np.integer]
"""The row of each cell as an editor shows it."""


def parse_dates(column: pl.Series, rows: RowNumbers, file: str) -> NDArray[np.datetime64]:
    """Parse dates, or texts that begin with YYYY-MM-DD, as ``datetime64[D]``. Raises ``BadInputError`` for others."""
    if column.dtype == pl.String:
        parsed = column.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    elif column.dtype in (pl.Date, pl.Datetime):
        parsed = column.cast(pl.Date)
    else:
        parsed = pl.Series([None] * len(column), dtype=pl.Date)
    index = _first_null(parsed)
    if index is not None:
        raise BadInputError(f"{file}, row {rows[index]}: {column[index]!r} is not a date; write dates as YYYY-MM-DD")
    return parsed.to_numpy().astype("datetime64[D]")


def parse_numbers(column: pl.Series, rows: RowNumbers, file: str) -> NDArray[np.float64]:
    """Parse numbers as ``float64``, ignoring spaces around them. Raises ``BadInputError`` for other texts."""
    texts = column.str.strip_chars() if column.dtype == pl.String else column
    parsed = texts.cast(pl.Float64, strict=False)
    index = _first_null(parsed)
    if index is not None:
        raise BadInputError(f"{file}, row {rows[index]}: {column[index]!r} is not a number; use a decimal point")
    return parsed.to_numpy()


def _first_null(parsed: pl.Series) -> int | None:
    nulls = parsed.is_null().arg_true()
    return int(nulls[0]) if len(nulls) else None
