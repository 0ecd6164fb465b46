"""The sheets of a workbook of Excel as rows of texts."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from groundswell.sources.tables.faults import TableError
from groundswell.sources.tables.grid import Grid
from groundswell.sources.tables.read import TextTable, build_table
from groundswell.sources.tables.serials import EPOCHS, write_serial

MAX_BYTES = 100 << 20
MAX_UNPACKED_BYTES = 500 << 20
MAX_CELLS = 10_000_000
WORKBOOK_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def is_workbook(path: Path) -> bool:
    """Whether a file begins as a workbook does, whatever its name: services send texts that are called ``.xls``."""
    with path.open("rb") as opened:
        start = opened.read(4)
    return start in WORKBOOK_STARTS or (path.suffix.lower() == ".xlsx" and start.startswith(b"PK"))


def read_workbook(file: str, path: Path) -> tuple[TextTable, ...]:
    """Read each sheet that holds a table. Raises ``TableError`` where none does, naming what the first one lacks."""
    try:
        _require_bounds(path)
        workbook = CalamineWorkbook.from_path(str(path))
        sheets = [
            (name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in workbook.sheet_names
        ]
    except (CalamineError, ValueError, zipfile.BadZipFile) as error:
        raise TableError(f"it is no workbook that can be read ({error})", "save it again as .xlsx or CSV") from None
    epoch = EPOCHS[_counts_from_1904(path)]
    tables, reasons = [], []
    for name, cells in sheets:
        try:
            tables.append(_read_sheet(file, name, cells, epoch))
        except TableError as error:
            reasons.append(error)
    if not tables:
        raise reasons[0] if reasons else TableError("it has no sheet", "save it again as .xlsx or CSV")
    return tuple(tables)


def _require_bounds(path: Path) -> None:
    """Raise ``TableError`` for a workbook that would fill the memory: all cells up to the last one are made."""
    too_large = TableError("it is too large for a workbook", "write it as CSV or Parquet")
    if path.stat().st_size > MAX_BYTES:
        raise too_large
    if not zipfile.is_zipfile(path):
        return  # the old format has at most 65,536 rows of 256 cells
    with zipfile.ZipFile(path) as archive:
        if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED_BYTES:
            raise too_large
        for name in archive.namelist():
            if (
                name.startswith("xl/worksheets/")
                and name.endswith(".xml")
                and _count_cells(archive.read(name)) > MAX_CELLS
            ):
                raise too_large


def _count_cells(sheet: bytes) -> int:
    """Return the number of cells up to the last one that a sheet names, whether they are written or not."""
    rows, columns = 0, 0
    for letters, number in set(re.findall(rb'[ \n]r="([A-Z]{0,3})(\d{1,7})"', sheet)):
        place = 0
        for letter in letters:
            place = place * 26 + letter - 64
        rows, columns = max(rows, int(number)), max(columns, place)
    return rows * columns


def _read_sheet(file: str, name: str, cells: Sequence[Sequence[object]], epoch: dt.date) -> TextTable:
    rows, lines = [], []
    for line, row in enumerate(cells, 1):
        texts = [_write_cell(cell) for cell in row]
        if any(texts):
            rows.append(texts)
            lines.append(line)
    if not rows:
        raise TableError("it is empty", "replace the file or take it out")
    table = build_table(file, Grid(rows, lines), "Excel", name)
    days = [write_serial(cell, epoch) for cell in table.columns[table.day]]
    columns = tuple(days if index == table.day else cells for index, cells in enumerate(table.columns))
    return TextTable(file, table.headings, columns, table.lines, table.day, table.reading, table.faults)


def _write_cell(cell: object) -> str:
    """Return a cell as a text that the parsers of days and numbers read."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        text = str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        return f"{text}0" if text[-4:-3] == "." else text  # so that three decimals are not taken for thousands
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ")
    return "" if cell is None else str(cell).strip()


def _counts_from_1904(path: Path) -> bool:
    """Whether the days of a workbook are counted from 1904, as old ones of the Macintosh are."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return False
        properties = re.search(rb"<(?:\w+:)?workbookPr\b[^>]*>", archive.read("xl/workbook.xml")[:1_000_000])
    return properties is not None and re.search(rb'date1904="(1|true)"', properties[0]) is not None
