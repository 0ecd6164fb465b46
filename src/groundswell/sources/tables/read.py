"""A file of texts as a table: columns of cells under headings, with the line of each row, and what was understood."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from groundswell.sources.tables.days import find_first_day
from groundswell.sources.tables.encoding import decode_text
from groundswell.sources.tables.faults import Fault, TableError, quote
from groundswell.sources.tables.grid import (
    DELIMITERS,
    MAX_HEAD_LINES,
    Grid,
    describe_first_line,
    require_table,
    split_rows,
    write_delimiter,
)
from groundswell.sources.tables.headings import Heading, HeadingBlock, find_heading, find_lone_heading
from groundswell.sources.tables.numbers import is_missing, parse_number
from groundswell.sources.tables.vocabulary import Role, find_role

MAX_RAGGED_SHARE = 0.5
"""A file in which more of the rows have too many cells was split by the wrong delimiter."""


MIN_ROWS_BEFORE_CUT = 60
"""Of so many prices some end in zero: where none has fewer decimals, all are written with as many."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file was understood: encoding, delimiter and sheet in words, and the lines that are no rows of data."""

    encoding: str
    delimiter: str
    preamble: tuple[str, ...]
    heading_line: int
    details: dict[str, tuple[str, ...]]
    skipped: tuple[tuple[int, str], ...]
    sheet: str = ""


@dataclass(frozen=True, eq=False)
class TextTable:
    """Columns of cells of equal length, one for each heading; ``lines`` has the line of each row in the file.

    ``day`` is the index of the column of days. ``faults`` are rows that were left out.
    """

    name: str
    headings: tuple[Heading, ...]
    columns: tuple[Sequence[str], ...]
    lines: NDArray[np.int64]
    day: int
    reading: Reading
    faults: tuple[Fault, ...]


def read_text_table(name: str, body: bytes, *, may_be_empty: bool = False) -> TextTable:
    """Read the bytes of a file that is called ``name``. Raises ``TableError`` where no table can be made of them.

    A heading without rows is a table if it ``may_be_empty``.
    """
    decoded = decode_text(body)
    require_table(decoded.text)
    delimiter = _choose_delimiter(decoded.text)
    grid = split_rows(decoded.text, delimiter)
    table = build_table(name, grid, decoded.encoding, may_be_empty=may_be_empty)
    return table if decoded.text.endswith("\n") else _leave_out_cut_number(table, grid.lines[-1])


def build_table(name: str, grid: Grid, encoding: str, sheet: str = "", *, may_be_empty: bool = False) -> TextTable:
    """Build the table in rows of cells. Raises ``TableError`` where they have no heading, or no rows below it."""
    block = find_heading(grid.rows) or (find_lone_heading(grid.rows) if may_be_empty else None)
    if block is None:
        raise _explain_missing_heading(grid)
    kept, skipped, faults = _sort_rows(name, grid, block)
    width = len(block.headings)
    rows = [row if len(row := grid.rows[index]) == width else [*row, *[""] * width][:width] for index in kept]
    columns = zip(*rows, strict=True) if rows else [()] * width
    reading = Reading(
        encoding,
        write_delimiter(grid.delimiter),
        tuple(" ".join(", ".join(cell for cell in row if cell).split()) for row in grid.rows[: block.first]),
        grid.lines[block.first],
        block.details,
        tuple(skipped),
        sheet,
    )
    lines = np.array([grid.lines[index] for index in kept], dtype=np.int64)
    return TextTable(name, block.headings, tuple(columns), lines, block.day, reading, tuple(faults))


def _leave_out_cut_number(table: TextTable, last_line: int) -> TextTable:
    """Leave out the last row if its last number has fewer decimals than all others: 213 of 213.45, say."""
    rows = len(table.lines)
    if rows < MIN_ROWS_BEFORE_CUT or table.lines[-1] != last_line or table.day == len(table.columns) - 1:
        return table
    *others, last = (
        len(re.split("[.,]", cell.strip())[-1]) if re.search("[.,]", cell) else 0 for cell in table.columns[-1]
    )
    is_cut = bool(table.columns[-1][-1].strip()) and last < min(others)
    if not is_cut:
        return table
    fault = Fault(
        table.name, last_line, table.headings[-1].label, "the last number is cut off", "download the file again"
    )
    columns = tuple(column[:-1] for column in table.columns)
    return replace(table, columns=columns, lines=table.lines[:-1], faults=(*table.faults, fault))


def _choose_delimiter(text: str) -> str:
    """Return the delimiter by which the first lines have a heading, and most columns."""
    best, most = ",", 0
    for delimiter in DELIMITERS:
        try:
            head = split_rows(text, delimiter, MAX_HEAD_LINES)
        except TableError:
            continue
        block = find_heading(head.rows)
        columns = sum(bool(heading.label) for heading in block.headings) if block else 0
        if columns > most:
            best, most = delimiter, columns
    if not most:  # so that the message shows the columns as a person sees them
        counts = {delimiter: text[:2000].count(delimiter) for delimiter in DELIMITERS}
        best = max(counts, key=lambda delimiter: counts[delimiter])
    return best


def _sort_rows(name: str, grid: Grid, block: HeadingBlock) -> tuple[list[int], list[tuple[int, str]], list[Fault]]:
    """Return the rows of data, the lines of text among and below them, and the faults of rows that are left out."""
    width = len(block.headings)
    repeated = {tuple(row) for row in grid.rows[block.first : block.last + 1]}
    places = range(block.last + 1, len(grid.rows))
    wide = [
        place for place in places if len(row := grid.rows[place]) > width and any(cell.strip() for cell in row[width:])
    ]
    if wide and len(wide) > MAX_RAGGED_SHARE * len(places):
        usual = Counter(len(grid.rows[place]) for place in wide).most_common(1)[0][0]
        raise TableError(
            f"its rows have {usual} cells and its heading {width}",
            "write decimal points, or put numbers with commas in quotation marks",
            line=grid.lines[wide[0]],
        )
    too_wide, kept, skipped, faults = set(wide), [], [], []
    is_full = all(len(grid.rows[place]) >= width for place in places[:-1])
    known_days: set[str] = set()
    for place in places:
        row, line = grid.rows[place], grid.lines[place]
        if len(row) == width and row[block.day] in known_days:
            kept.append(place)
        elif tuple(row) in repeated or _is_text(row, block):
            skipped.append((line, quote(", ".join(cell.strip() for cell in row if cell.strip()))))
        elif place in too_wide:
            faults.append(Fault(name, line, "", f"it has {len(row)} cells and the heading {width}", "correct the row"))
        elif is_full and len(row) < width and place == places[-1] and len(places) > 1:
            faults.append(Fault(name, line, "", "the last row is cut off", "download the file again"))
        else:
            kept.append(place)
            if len(row) == width and find_first_day([row[block.day]]) is not None:
                known_days.add(row[block.day])
    return kept, skipped, faults


def _is_text(row: Sequence[str], block: HeadingBlock) -> bool:
    """Whether a row is a line of text such as a footer: it has no day, and no number under any heading."""
    day = row[block.day].strip() if block.day < len(row) else ""
    others = [cell for index, cell in enumerate(row) if index != block.day and cell.strip()]
    if find_first_day([day]) is not None:
        return False
    return not any(parse_number(cell) is not None for cell in others if not is_missing(cell))


def _explain_missing_heading(grid: Grid) -> TableError:
    if not grid.rows:
        return TableError("it is empty", "replace the file or take it out")
    first = grid.rows[0]
    named = [cell for cell in first if find_role(cell)]
    if len(grid.rows) == 1 and len(first) == 1:
        return TableError(
            f"it holds a message in place of a table: {describe_first_line(grid.rows)}", "download the file again"
        )
    if any(parse_number(cell) is not None for cell in first) and not named:
        return TableError("it has no heading", "add a first line such as date,close", line=grid.lines[0])
    if any(find_role(cell) is Role.DAY for cell in first):
        return TableError("it has a heading and no rows", "download the file again")
    shown = describe_first_line(grid.rows)
    return TableError(f"it has no column date among {shown}", "name the column of days date", is_other_kind=True)
