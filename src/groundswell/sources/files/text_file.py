"""A text file or a sheet as a table with its cells parsed."""

from __future__ import annotations

import datetime as dt
import gzip
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.levels import find_levels
from groundswell.sources.files.file_table import DaysRead, FileTable
from groundswell.sources.files.layouts import Form, Layout, recognise_columns
from groundswell.sources.files.names import find_symbol_in_name, spell_symbols
from groundswell.sources.tables.day_forms import Order
from groundswell.sources.tables.days import EITHER_ORDER, USE_ISO, parse_day_column
from groundswell.sources.tables.decimal_signs import Customs, DecimalSign
from groundswell.sources.tables.faults import Fault, TableError, quote
from groundswell.sources.tables.numbers import NumberColumn, is_missing, parse_number, parse_number_columns
from groundswell.sources.tables.read import TextTable, read_text_table
from groundswell.sources.tables.serials import write_serial_column
from groundswell.sources.tables.split_ratios import leave_ratios_out, put_ratios_in
from groundswell.sources.tables.vocabulary import VALUE_ROLES, Role

MAX_BYTES = 1 << 30
"""A text of more bytes is refused: as Parquet it is read in a fraction of the memory."""

MAX_BAD_SHARE = 0.5
"""Where more of a column cannot be read, it is another kind of column, and one fault stands for all."""

SAMPLE = 500
USE_POINT = "write a plain number such as 1234.56"


def read_text_bytes(path: Path) -> bytes:
    """Return the bytes of a text file, decompressed. Raises ``TableError``, or ``OSError`` where there is none."""
    with path.open("rb") as opened:
        if path.suffix != ".gz":
            body = opened.read(MAX_BYTES + 1)
        elif opened.read(2) != b"\x1f\x8b":
            raise TableError("it is not compressed with gzip", "take .gz off its name, or compress it again")
        else:
            opened.seek(0)
            try:
                with gzip.GzipFile(fileobj=opened) as unpacked:
                    body = unpacked.read(MAX_BYTES + 1)
            except (OSError, EOFError, zlib.error) as error:
                raise TableError(f"its compression is damaged ({error})", "compress it again") from None
    if len(body) > MAX_BYTES:
        raise TableError(f"it has more than {MAX_BYTES >> 20} MB", "write it as Parquet")
    return body


def read_text_file(file: str, path: Path, wanted: Collection[str] | None, latest: dt.date) -> FileTable:
    """Read a text file as a table with all its cells parsed. Raises ``TableError``."""
    return parse_table(read_text_table(file, read_text_bytes(path)), wanted, latest)


def parse_table(table: TextTable, wanted: Collection[str] | None, latest: dt.date) -> FileTable:
    """Parse the cells of a table: days, numbers and symbols. Raises ``TableError`` where it cannot be used at all.

    ``wanted`` are ids that are kept as they are spelt (see ``spell_symbols``); all rows are read.
    """
    layout = recognise_columns(table.headings, table.day, lambda index: _is_numeric(table.columns[index]))
    if isinstance(layout, str):
        line = table.reading.heading_line
        raise TableError(layout, "name the columns as docs/data-folder.md says", line=line, is_other_kind=True)
    _require_one_meaning(table, layout)
    days = _Days(table, latest)
    numbers = _parse_numbers(table, layout, days)
    keep = ~np.isnat(days.days)
    symbols, spelt_layout = _read_symbols(table, layout, wanted)
    if symbols is not None:
        keep &= symbols != ""
    faults = [*table.faults, *days.faults]
    for column in layout.values:
        faults += _describe_bad_cells(table, column.index, numbers[column.index])
    sources = None if layout.source is None else np.array(_strip(table.columns[layout.source]), dtype=object)[keep]
    return FileTable(
        table.name,
        table.headings,
        spelt_layout,
        days.days[keep],
        table.lines[keep],
        None if symbols is None else symbols[keep],
        None if sources is None else np.array([source or None for source in sources], dtype=object),
        {index: column.values[keep] for index, column in numbers.items()},
        {index: column.is_bad[keep] for index, column in numbers.items()},
        {index: column.decimal for index, column in numbers.items() if column.decimal},
        {index: column.why for index, column in numbers.items() if column.why},
        DaysRead(table.headings[table.day].label, days.order, days.why),
        table.reading,
        tuple(faults),
    )


def _require_one_meaning(table: TextTable, layout: Layout) -> None:
    """Raise ``TableError`` if a used column has the heading of another one, and other cells: either may be right."""
    columns: dict[tuple[str, str], list[int]] = {}
    for index, heading in enumerate(table.headings):
        columns.setdefault((heading.symbol, heading.label.lower()), []).append(index)
    for used in layout.values:
        heading = table.headings[used.index]
        same = columns[heading.symbol, heading.label.lower()]
        if any(table.columns[index] != table.columns[used.index] for index in same):
            text = f"{len(same)} columns have this heading and different values"
            raise TableError(text, "keep the right one", line=table.reading.heading_line, column=heading.label)


@dataclass(init=False)
class _Days:
    """The days of a table, and the faults of cells that are none. Raises ``TableError`` where no order is certain."""

    def __init__(self, table: TextTable, latest: dt.date) -> None:
        cells, label = table.columns[table.day], table.headings[table.day].label
        cells, counted = write_serial_column(cells, latest)
        column = parse_day_column(cells, latest)
        bad: list[int] = np.flatnonzero(column.is_bad).tolist()
        first = int(table.lines[bad[0]]) if bad else 0
        if column.refused:
            raise TableError(column.refused, "nothing of the file is used", line=first, column=label)
        if len(bad) > MAX_BAD_SHARE * len(cells) or len(bad) == len(cells) > 0:
            raise TableError(f"{quote(cells[bad[0]])} is not a date", USE_ISO, line=first, column=label)
        self.days, self.order, self.why = column.days, counted or column.order, column.why
        self.faults = [
            Fault(table.name, int(table.lines[index]), label, f"{quote(cells[index])} is not a date", USE_ISO)
            for index in bad
        ]


def _parse_numbers(table: TextTable, layout: Layout, days: _Days) -> dict[int, NumberColumn]:
    """Parse the columns of numbers; other columns, such as volumes, help to find the decimal sign.

    Raises ``TableError`` where no column of values can be read.
    """
    used = {column.index for column in layout.values}
    columns = {str(index): table.columns[index] for index in sorted(used)}
    splits = {str(column.index) for column in layout.values if column.role is Role.SPLIT}
    columns |= {name: leave_ratios_out(columns[name]) for name in splits}
    witnesses = [
        cells[:SAMPLE]
        for index, cells in enumerate(table.columns)
        if index not in used and table.headings[index].role in (Role.OTHER, Role.NO_CLOSE)
    ]
    customs = Customs(*_find_usual_sign(table, days), limits=lambda name: _list_limits(table, layout, int(name)))
    parsed = {int(index): column for index, column in parse_number_columns(columns, witnesses, customs).items()}
    parsed |= {int(name): put_ratios_in(parsed[int(name)], table.columns[int(name)]) for name in splits}
    of_values = [column.index for column in layout.values if column.role in VALUE_ROLES]
    if of_values and all(parsed[index].refused for index in of_values):
        first = of_values[0]
        line = int(table.lines[np.argmax(parsed[first].is_bad)])
        raise TableError(parsed[first].refused, USE_POINT, line=line, column=table.headings[first].label)
    return parsed


def _find_usual_sign(table: TextTable, days: _Days) -> tuple[DecimalSign | None, str]:
    """Return the decimal sign that goes with how a table writes its days and delimits its cells, and the reason.

    Days are written month first where decimals have a point. Dots in days, and semicolons with days first, go with
    decimal commas.
    """
    first_day = next((cell for cell in table.columns[table.day] if cell.strip()), "")
    delimiter, order = table.reading.delimiter, "" if days.why == EITHER_ORDER else days.order
    if order == Order.MONTH_FIRST.value:
        return (None, "") if delimiter == "semicolon" else (DecimalSign.POINT, "days are written month first")
    if order == Order.DAY_FIRST.value and (delimiter == "semicolon" or "." in first_day):
        return DecimalSign.COMMA, f"days are written day first, with {'dots' if '.' in first_day else 'semicolons'}"
    return None, ""


def _list_limits(table: TextTable, layout: Layout, index: int) -> list[tuple[float, float] | None]:
    """Return the possible levels of each row of a column of values, by the name of its series."""
    column = next(one for one in layout.values if one.index == index)
    if column.role not in VALUE_ROLES:
        return []
    if layout.symbol is not None:
        names = _strip(table.columns[layout.symbol])
    else:
        names = [column.symbol or find_symbol_in_name(table.name) or ""] * len(table.columns[index])
    known = {name: find_levels(spelt) for name, spelt in spell_symbols(dict.fromkeys(names), None).items()}
    return [known[name] for name in names]


def _read_symbols(
    table: TextTable, layout: Layout, wanted: Collection[str] | None
) -> tuple[NDArray[np.object_] | None, Layout]:
    """Return the symbol of each row, or the layout with the symbols in its headings, spelt as the program does."""
    if layout.symbol is not None:
        names = _strip(table.columns[layout.symbol])
        spelt = spell_symbols((name for name in dict.fromkeys(names) if name), wanted)
        return np.array([spelt.get(name, "") for name in names], dtype=object), layout
    return None, spell_layout(layout, wanted)


def spell_layout(layout: Layout, wanted: Collection[str] | None) -> Layout:
    """Return the layout with the symbols in its headings spelt as the program does."""
    if layout.form not in (Form.WIDE, Form.FIELDS):
        return layout
    spelt = spell_symbols((column.symbol for column in layout.values), wanted)
    return replace(layout, values=tuple(replace(column, symbol=spelt[column.symbol]) for column in layout.values))


def _describe_bad_cells(table: TextTable, index: int, column: NumberColumn) -> list[Fault]:
    heading, cells = table.headings[index], table.columns[index]
    bad: list[int] = np.flatnonzero(column.is_bad).tolist()
    if not bad:
        return []
    first = int(table.lines[bad[0]])
    if column.refused:
        return [Fault(table.name, first, heading.label, column.refused, f"{USE_POINT}; the column is not used")]
    present = sum(not is_missing(cell) for cell in cells)
    if len(bad) > MAX_BAD_SHARE * present and len(bad) > 1:
        text = f"{len(bad)} of its {present} cells are no numbers, first {quote(cells[bad[0]])}"
        return [Fault(table.name, first, heading.label, text, USE_POINT)]
    return [
        Fault(table.name, int(table.lines[i]), heading.label, f"{quote(cells[i])} is not a number", USE_POINT)
        for i in bad
    ]


def _is_numeric(cells: Sequence[str]) -> bool:
    """Whether most cells are numbers; an empty column counts as numeric."""
    present = list(islice((cell for cell in cells if not is_missing(cell)), SAMPLE))
    readable = sum(
        parse_number(cell) is not None or bool(parse_number_columns({"": [cell]})[""].decimal)
        for cell in present
        if any(map(str.isdigit, cell))  # far faster for texts
    )
    return readable * 2 >= len(present)


def _strip(cells: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in cells]
