"""Prices of the members of funds, as columns of numbers: the files hold millions of rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from groundswell.sources.files.names import DATE_NAMES, ID_NAMES, normalise_name
from groundswell.sources.files.query import (
    QueryError,
    describe_failure,
    fetch_columns,
    fetch_rows,
    list_columns,
    quote_name,
    write_path,
    write_scan,
)

PRICE_NAMES = ("adj_close", "close")


@dataclass(frozen=True, slots=True)
class MemberColumns:
    """The names that a file gives its columns: of days, of symbols, and of prices if it has any."""

    date: str
    symbol: str
    price: str | None


@dataclass(frozen=True, eq=False)
class MemberPrices:
    """One row a price, in the order of the file: its day since 1970, the place of its member in ``names``, itself."""

    names: tuple[str, ...]
    days: NDArray[np.int32]
    members: NDArray[np.int32]
    prices: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.days)


def find_member_columns(file: Path) -> MemberColumns | None:
    """Return the columns of days, symbols and prices; None for a file that lacks days or symbols.

    Raises ``QueryError`` for a file that is damaged.
    """
    names = {normalise_name(name): name for name in list_columns(file)}
    date, symbol, price = (
        next((names[name] for name in known if name in names), None) for known in (DATE_NAMES, ID_NAMES, PRICE_NAMES)
    )
    return MemberColumns(date, symbol, price) if date is not None and symbol is not None else None


def read_member_prices(file: Path, columns: MemberColumns, names: Collection[str] | None = None) -> MemberPrices:
    """Read the positive prices of ``names`` (None: of all members).

    Raises ``BadInputError`` for a file that is damaged or has no prices, or a day or price that is none.
    """
    date, symbol, price = (quote_name(name or "") for name in (columns.date, columns.symbol, columns.price))
    rows = (
        f"(SELECT {date}::DATE AS day, {symbol} AS symbol, {price}::FLOAT AS price FROM {write_scan(file)}) "
        "WHERE symbol IS NOT NULL AND day IS NOT NULL AND price > 0 AND isfinite(price)"
    )
    try:
        if names is None:
            names = [name for (name,) in fetch_rows(f"SELECT DISTINCT symbol FROM {rows}", [write_path(file)])]
        ordered = tuple(sorted(names))
        found = fetch_columns(
            "WITH members AS (SELECT unnest(?::VARCHAR[]) AS symbol, unnest(range(?))::INTEGER AS member) "
            "SELECT (day - DATE '1970-01-01')::INTEGER AS day, member, price "
            f"FROM (SELECT * FROM {rows}) JOIN members USING (symbol)",
            [list(ordered), len(ordered), write_path(file)],
        )
    except QueryError as error:
        raise describe_failure(file.name, error) from error
    return MemberPrices(ordered, found["day"], found["member"], found["price"])
