"""One table of a file with its cells parsed: days, symbols and numbers, and the faults of single cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.calendar import Days
from groundswell.sources.files.layouts import Layout
from groundswell.sources.tables.decimal_signs import DecimalSign
from groundswell.sources.tables.faults import Fault, TableError
from groundswell.sources.tables.headings import Heading
from groundswell.sources.tables.read import Reading
from groundswell.sources.tables.vocabulary import Role

Texts = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class DaysRead:
    """How days were read, in words."""

    label: str
    order: str
    why: str


@dataclass(frozen=True, eq=False)
class FileTable:
    """The rows of a file, of which all arrays have the length. Rows without a day, and those of no symbol, are gone.

    ``numbers`` and ``is_bad`` (cells that are no numbers) are keyed by the index of the column, as are ``decimals`` and
    the reasons for them where the numbers alone do not show their sign. ``lines`` are those of
    the file as an editor counts them, or rows of a Parquet file from 1.
    """

    file: str
    headings: tuple[Heading, ...]
    layout: Layout
    days: Days
    lines: NDArray[np.integer[Any]]
    symbols: Texts | None
    sources: Texts | None
    numbers: Mapping[int, NDArray[np.float64]]
    is_bad: Mapping[int, NDArray[np.bool_]]
    decimals: Mapping[int, DecimalSign]
    why_decimals: Mapping[int, str]
    read: DaysRead
    reading: Reading | None
    faults: tuple[Fault, ...]


@dataclass(frozen=True, eq=False)
class SymbolRows:
    """The rows of one symbol: a value for each role, NaN where it is missing; ``bad`` are cells that are no numbers.

    ``labels`` are the headings of the columns in the file.
    """

    symbol: str
    days: Days
    lines: NDArray[np.integer[Any]]
    values: Mapping[Role, NDArray[np.float64]]
    bad: Mapping[Role, NDArray[np.bool_]]
    labels: Mapping[Role, str]
    sources: Texts | None = None

    def take(self, rows: NDArray[Any]) -> SymbolRows:
        """Return some of the rows, by index or mask."""
        return SymbolRows(
            self.symbol,
            self.days[rows],
            self.lines[rows],
            {role: values[rows] for role, values in self.values.items()},
            {role: bad[rows] for role, bad in self.bad.items()},
            self.labels,
            None if self.sources is None else self.sources[rows],
        )


def leave_out_days_to_come(table: FileTable, latest: dt.date) -> FileTable:
    """Leave out rows of days after the ``latest`` that can have a value, with a fault each.

    Raises ``TableError`` where that is every row.
    """
    is_to_come = table.days > np.datetime64(latest, "D")
    if not is_to_come.any():
        return table
    places = np.flatnonzero(is_to_come)
    fix = "correct the day, or take the row out"
    found = [(int(table.lines[place]), f"{table.days[place]} is a day to come") for place in places]
    if is_to_come.all():
        raise TableError(found[0][1], fix, line=found[0][0], column=table.read.label)
    faults = (Fault(table.file, line, table.read.label, text, fix) for line, text in found)
    keep = ~is_to_come
    return replace(
        table,
        days=table.days[keep],
        lines=table.lines[keep],
        symbols=None if table.symbols is None else table.symbols[keep],
        sources=None if table.sources is None else table.sources[keep],
        numbers={index: values[keep] for index, values in table.numbers.items()},
        is_bad={index: is_bad[keep] for index, is_bad in table.is_bad.items()},
        faults=(*table.faults, *faults),
    )


def split_by_symbol(table: FileTable, file_symbol: str) -> Iterator[SymbolRows]:
    """Yield the rows of each symbol; ``file_symbol`` is that of a file of one series."""
    by_symbol: dict[str, dict[Role, int]] = {}
    for column in table.layout.values:
        by_symbol.setdefault(column.symbol or file_symbol, {}).setdefault(column.role, column.index)
    if table.symbols is None:
        for symbol, columns in by_symbol.items():
            yield _take_columns(table, symbol, columns)
        return
    (columns,) = by_symbol.values()
    whole = _take_columns(table, "", columns)
    symbols = table.symbols.tolist()
    places = {symbol: place for place, symbol in enumerate(dict.fromkeys(symbols))}  # far faster than sorting texts
    numbers = np.fromiter(map(places.__getitem__, symbols), dtype=np.intp, count=len(symbols))
    order = np.argsort(numbers, kind="stable")
    starts = np.searchsorted(numbers[order], np.arange(len(places) + 1))
    for symbol, place in places.items():
        rows = whole.take(order[starts[place] : starts[place + 1]])
        yield SymbolRows(str(symbol), rows.days, rows.lines, rows.values, rows.bad, rows.labels, rows.sources)


def _take_columns(table: FileTable, symbol: str, columns: Mapping[Role, int]) -> SymbolRows:
    values = {role: table.numbers[index] for role, index in columns.items()}
    bad = {role: table.is_bad[index] for role, index in columns.items()}
    labels = {role: table.headings[index].label for role, index in columns.items()}
    return SymbolRows(symbol, table.days, table.lines, values, bad, labels, table.sources)
