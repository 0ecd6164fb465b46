"""A Parquet file, or a data set of several, as a table with its cells parsed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.calendar import Days
from groundswell.sources.files.file_table import DaysRead, FileTable
from groundswell.sources.files.layouts import Form, Layout, recognise_columns
from groundswell.sources.files.names import HIVE_KEY, spell_symbols
from groundswell.sources.files.query import Columns, fetch_columns, fetch_rows, quote_name, write_path
from groundswell.sources.files.text_file import MAX_BAD_SHARE, USE_POINT, spell_layout
from groundswell.sources.tables.days import USE_ISO, parse_day_column
from groundswell.sources.tables.decimal_signs import Customs
from groundswell.sources.tables.faults import Fault, TableError, quote
from groundswell.sources.tables.headings import Heading, combine_levels
from groundswell.sources.tables.numbers import NumberColumn, is_missing, parse_number, parse_number_columns
from groundswell.sources.tables.split_ratios import leave_ratios_out, put_ratios_in
from groundswell.sources.tables.vocabulary import Role, find_role, is_weak, rank_role

NUMERIC_TYPES = re.compile(r"(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|REAL|DECIMAL.*)")
DAY_TYPES = re.compile(r"DATE|TIMESTAMP.*")
READ = (
    "read_parquet(?, hive_partitioning = {hive}, hive_types_autocast = {cast}, union_by_name = {union}, "
    "file_row_number = true)"
)
ROW = "file_row_number"
SAMPLE = 200


@dataclass(frozen=True, slots=True)
class ParquetSource:
    """The files of a table: one, or the parts of a data set, whose folders may name values (``symbol=IWM``)."""

    name: str
    files: tuple[Path, ...]
    has_keys: bool = False

    @property
    def read(self) -> str:
        hive, union = str(self.has_keys).lower(), str(len(self.files) > 1).lower()
        return READ.format(hive=hive, cast="false" if self.has_keys else "true", union=union)

    @property
    def keys(self) -> frozenset[str]:
        """The names of values in the folders that are no symbols, such as years."""
        matches = (HIVE_KEY.fullmatch(part) for file in self.files for part in file.parts if self.has_keys)
        return frozenset(match["key"] for match in matches if match and find_role(match["key"]) is not Role.SYMBOL)

    @property
    def parameter(self) -> list[list[str]]:
        return [[write_path(file) for file in self.files]]


def read_parquet_file(source: ParquetSource, wanted: Collection[str] | None, latest: dt.date) -> FileTable:
    """Read the rows of the ``wanted`` ids (None: all). Raises ``TableError``, and ``QueryError`` for a damaged file."""
    types = {
        str(name): str(kind)
        for name, kind, *_ in fetch_rows(f"DESCRIBE SELECT * FROM {source.read}", source.parameter)
        if name not in (ROW, *source.keys)
    }
    headings, day, names = _read_headings(types)
    sample = _Sample(source, types)
    layout = recognise_columns(headings, day, lambda index: sample.is_numeric(names[index]))
    if isinstance(layout, str):
        raise TableError(layout, "name the columns as docs/data-folder.md says", is_other_kind=True)
    spelt = spell_layout(layout, wanted)
    if wanted is not None and layout.form in (Form.WIDE, Form.FIELDS):
        used = tuple(column for column in spelt.values if column.symbol in wanted)
        spelt = Layout(layout.form, day, None, None, used)
    opened = _OpenFile(source, headings, names, types, spelt)
    columns, spelling = opened.fetch(wanted)
    return opened.build(columns, spelling, latest)


def _read_headings(types: Mapping[str, str]) -> tuple[tuple[Heading, ...], int, list[str]]:
    """Return the headings of all columns, the index of that of the days, and the names of the columns."""
    names = list(types)
    named = [index for index, name in enumerate(names) if find_role(name) is Role.DAY and not is_weak(name)]
    days = [index for index, name in enumerate(names) if DAY_TYPES.fullmatch(types[name])]
    is_index = [index for index in days if names[index].startswith("__index") or not find_role(names[index])]
    weak = [index for index, name in enumerate(names) if find_role(name) is Role.DAY]
    if named:
        day = min(named, key=lambda index: rank_role(names[index]))
    elif weak or len(is_index) == 1:
        day = (weak or is_index)[0]
    else:
        raise TableError("it has no column date", "name the column of days date", is_other_kind=True)
    return combine_levels([names], len(names), day, names[day]), day, names


class _Sample:
    """The first texts of columns that may hold numbers."""

    def __init__(self, source: ParquetSource, types: Mapping[str, str]) -> None:
        self.source, self.types = source, types

    def is_numeric(self, name: str) -> bool:
        """Whether a column holds numbers, or texts most of which are numbers."""
        if NUMERIC_TYPES.fullmatch(self.types[name]):
            return True
        if self.types[name] != "VARCHAR":
            return False
        query = f"SELECT {quote_name(name)} FROM {self.source.read} WHERE {quote_name(name)} IS NOT NULL LIMIT {SAMPLE}"
        cells = [str(row[0]) for row in fetch_rows(query, self.source.parameter) if not is_missing(str(row[0]))]
        return sum(parse_number(cell) is not None for cell in cells) * 2 >= len(cells)


@dataclass(frozen=True, eq=False)
class _OpenFile:
    """A file whose layout is known: the headings, names and types of its columns."""

    source: ParquetSource
    headings: tuple[Heading, ...]
    names: Sequence[str]
    types: Mapping[str, str]
    layout: Layout

    def fetch(self, wanted: Collection[str] | None) -> tuple[Columns, dict[str, str]]:
        """Fetch the columns of the layout, of the wanted symbols alone; also return how symbols are spelt."""
        day = self.names[self.layout.day]
        fields = {ROW: ROW, "day": _write_day(day, self.types[day])}
        where, parameters, spelling = "", list[object](self.source.parameter), dict[str, str]()
        if self.layout.symbol is not None:
            symbol = f"trim(CAST({quote_name(self.names[self.layout.symbol])} AS VARCHAR))"
            fields["symbol"] = symbol
            present = fetch_rows(f"SELECT DISTINCT {symbol} FROM {self.source.read}", self.source.parameter)
            spelling = spell_symbols((str(row[0]) for row in present if row[0]), wanted)
            where = f" WHERE {symbol} IN (SELECT unnest(?))"
            parameters.append([name for name, spelt in spelling.items() if wanted is None or spelt in wanted])
        if self.layout.source is not None:
            fields["source"] = f"CAST({quote_name(self.names[self.layout.source])} AS VARCHAR)"
        for column in self.layout.values:
            kind = "DOUBLE" if self._is_number(column.index) else "VARCHAR"
            fields[str(column.index)] = f"CAST({quote_name(self.names[column.index])} AS {kind})"
        selected = ", ".join(f"{expression} AS {quote_name(name)}" for name, expression in fields.items())
        return fetch_columns(f"SELECT {selected} FROM {self.source.read}{where}", parameters), spelling

    def build(self, columns: Columns, spelling: Mapping[str, str], latest: dt.date) -> FileTable:
        """Build the table of fetched columns."""
        lines = np.ma.filled(columns[ROW], 0).astype(np.int64) + 1
        label = self.headings[self.layout.day].label
        days, read, faults = _parse_days(self.source.name, label, columns["day"], lines, latest)
        keep = ~np.isnat(days)
        numbers, is_bad = {}, {}
        texts = {
            str(column.index): _fill_texts(columns[str(column.index)]).tolist()
            for column in self.layout.values
            if not self._is_number(column.index)
        }
        splits = {str(column.index) for column in self.layout.values if column.role is Role.SPLIT}.intersection(texts)
        plain = texts | {name: leave_ratios_out(texts[name]) for name in splits}
        parsed = parse_number_columns(plain, customs=Customs())
        parsed |= {name: put_ratios_in(parsed[name], texts[name]) for name in splits}
        for column in self.layout.values:
            cells, name = columns[str(column.index)], str(column.index)
            if self._is_number(column.index):
                values = np.ma.filled(cells.astype(np.float64), np.nan)
                bad = np.zeros(len(values), dtype=bool)
            else:
                values, bad = parsed[name].values, parsed[name].is_bad
                label = self.headings[column.index].label
                faults += _describe_bad(self.source.name, label, cells, parsed[name], lines)
            numbers[column.index], is_bad[column.index] = values[keep], bad[keep]
        return FileTable(
            self.source.name,
            self.headings,
            self.layout,
            days[keep],
            lines[keep],
            _spell(columns["symbol"], spelling)[keep] if "symbol" in columns else None,
            _leave_unstated_out(columns["source"])[keep] if "source" in columns else None,
            numbers,
            is_bad,
            {},
            {},
            read,
            None,
            tuple(faults),
        )

    def _is_number(self, index: int) -> bool:
        return NUMERIC_TYPES.fullmatch(self.types[self.names[index]]) is not None


def _spell(names: NDArray[Any], spelling: Mapping[str, str]) -> NDArray[np.object_]:
    # The query fetches the names of the spelling alone, so that none is missing.
    return np.array([*map(spelling.__getitem__, names.tolist())], dtype=object)


def _leave_unstated_out(sources: NDArray[Any]) -> NDArray[np.object_]:
    stated = np.array(np.ma.getdata(sources), dtype=object)
    stated[np.ma.getmaskarray(sources)] = None
    return stated


def _write_day(name: str, kind: str) -> str:
    """Return the expression of a day: a date where the type has no zone, else a text that the parser of days reads."""
    column = quote_name(name)
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"strftime({column} AT TIME ZONE 'UTC', '%Y-%m-%d %H:%M:%SZ')"
    return f"CAST({column} AS DATE)" if DAY_TYPES.fullmatch(kind) else f"CAST({column} AS VARCHAR)"


def _parse_days(
    file: str, label: str, column: NDArray[Any], lines: NDArray[np.int64], latest: dt.date
) -> tuple[Days, DaysRead, list[Fault]]:
    if column.dtype.kind == "M":
        days = np.ma.filled(column.astype("datetime64[D]"), np.datetime64("NaT"))
        return days, DaysRead(label, "dates", ""), []
    cells = _fill_texts(column).tolist()
    parsed = parse_day_column(cells, latest)
    bad = np.flatnonzero(parsed.is_bad)
    if parsed.refused:
        raise TableError(parsed.refused, "nothing of the file is used", line=int(lines[bad[0]]), column=label)
    if len(bad) > MAX_BAD_SHARE * len(cells):
        first = int(bad[0])
        raise TableError(f"{quote(cells[first])} is not a date", USE_ISO, line=int(lines[first]), column=label)
    faults = [Fault(file, int(lines[i]), label, f"{quote(cells[i])} is not a date", USE_ISO) for i in bad if cells[i]]
    return parsed.days, DaysRead(label, parsed.order, parsed.why), faults


def _describe_bad(
    file: str, label: str, cells: NDArray[Any], column: NumberColumn, lines: NDArray[np.int64]
) -> list[Fault]:
    texts, bad = _fill_texts(cells), np.flatnonzero(column.is_bad)
    if column.refused and len(bad):
        return [Fault(file, int(lines[bad[0]]), label, column.refused, f"{USE_POINT}; the column is not used")]
    return [Fault(file, int(lines[i]), label, f"{quote(texts[i])} is not a number", USE_POINT) for i in bad]


def _fill_texts(column: NDArray[Any]) -> NDArray[np.object_]:
    """Return a column of texts, with empty ones where there is none."""
    texts = np.ma.filled(column, "") if np.ma.isMaskedArray(column) else column
    return np.array(["" if text is None else str(text) for text in texts], dtype=object)
