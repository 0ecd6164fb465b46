"""What was understood of a file, before anything of it is loaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from groundswell.errors import BadInputError, NotFoundError
from groundswell.model import IssueKind, Measure, SeriesRef
from groundswell.sources.files.file_table import FileTable
from groundswell.sources.files.layouts import Form
from groundswell.sources.files.listing import DataFile, list_data_files
from groundswell.sources.files.table import Contents, read_table, read_tables
from groundswell.sources.tables.decimal_signs import DecimalSign
from groundswell.sources.tables.faults import Fault, TableError
from groundswell.sources.tables.vocabulary import Role
from groundswell.wording.plurals import write_count

MAX_LINES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class InspectedColumn:
    """A column: its heading, its role, the symbol it is of where the heading names one, and whether it is used."""

    heading: str
    role: str
    symbol: str
    used: bool


@dataclass(frozen=True, slots=True)
class InspectedTable:
    """How one table of a file was understood: a text file has one, a workbook one for each sheet that has rows."""

    sheet: str
    encoding: str
    delimiter: str
    decimal_sign: str
    lines_above: tuple[str, ...]
    heading_line: int
    layout: str
    date_column: str
    date_order: str
    date_reason: str
    columns: tuple[InspectedColumn, ...]
    rows: int
    lines_left_out: tuple[str, ...]
    descriptions: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class InspectedSeries:
    """A series that the file would give: its span and how its values come about."""

    id: str
    measure: str
    first: dt.date
    last: dt.date
    observations: int
    adjustment: str


@dataclass(frozen=True, eq=False)
class Inspection:
    """What was understood of a file, the series that it would give, its faults, and what to look at.

    ``reason`` says why the file would not be used; it is empty where it would.
    """

    file: str
    tables: tuple[InspectedTable, ...]
    series: tuple[InspectedSeries, ...]
    faults: tuple[Fault, ...]
    remarks: tuple[str, ...]
    reason: str


def inspect_file(path: Path, latest: dt.date) -> Inspection:
    """Read a file, or a folder that is a Parquet data set, as loading would, and say how; nothing is stored.

    ``latest`` is the last day that a value can have. Raises ``NotFoundError`` and ``BadInputError`` for a path that is
    no data file.
    """
    file, others = _find_file(path)
    contents = read_table(file, None, latest, others)
    try:
        tables = read_tables(file, None, latest)
    except TableError:  # the contents say why
        tables = ()
    return Inspection(
        file.name,
        tuple(map(_describe_table, tables)),
        tuple(_describe_series(contents, tables)),
        contents.faults,
        tuple(_list_remarks(contents, tables)),
        contents.reason,
    )


def _find_file(path: Path) -> tuple[DataFile, tuple[DataFile, ...]]:
    if path.is_dir():
        found = list_data_files(path)
        if len(found) == 1 and found[0].is_parquet:
            return DataFile(path.name, found[0].paths, found[0].has_keys), ()
        raise BadInputError(f"{path} is a folder and no data set of Parquet files; name a file in it, or check it all")
    if not path.exists():
        raise NotFoundError(f"there is no file {path}; name a CSV, Excel or Parquet file")
    siblings = (DataFile(other.name, (other,)) for other in sorted(path.parent.iterdir()) if other.is_file())
    return DataFile(path.name, (path,)), tuple(siblings)


def _describe_table(table: FileTable) -> InspectedTable:
    reading = table.reading
    used = {column.index: column for column in table.layout.values}
    special = {table.layout.day, table.layout.symbol, table.layout.source}
    columns = tuple(
        InspectedColumn(
            heading.label,
            str(heading.role or (used[index].role if index in used else "")),
            used[index].symbol if index in used else heading.symbol,
            index in used or index in special,
        )
        for index, heading in enumerate(table.headings)
    )
    return InspectedTable(
        sheet=reading.sheet if reading else "",
        encoding=reading.encoding if reading else "Parquet",
        delimiter=reading.delimiter if reading else "",
        decimal_sign=_name_signs(table.decimals),
        lines_above=reading.preamble[:MAX_LINES_SHOWN] if reading else (),
        heading_line=reading.heading_line if reading else 0,
        layout=table.layout.form.value,
        date_column=table.read.label,
        date_order=table.read.order,
        date_reason=table.read.why,
        columns=columns,
        rows=len(table.days),
        lines_left_out=tuple(f"line {line}: {text}" for line, text in reading.skipped[:MAX_LINES_SHOWN])
        if reading
        else (),
        descriptions=reading.details if reading else {},
    )


def _name_signs(decimals: Mapping[int, DecimalSign]) -> str:
    names = {DecimalSign.POINT: "point", DecimalSign.COMMA: "comma"}
    return " and ".join(dict.fromkeys(names[sign] for sign in decimals.values()))


def _describe_series(contents: Contents, tables: Iterable[FileTable]) -> Iterable[InspectedSeries]:
    roles = {column.role for table in tables for column in table.layout.values}
    including = {ref.id for ref, finding, _ in contents.findings if finding.kind is IssueKind.INCLUDES_DIVIDENDS}
    for part in contents.parts:
        yield InspectedSeries(
            part.ref.id,
            part.ref.measure.value,
            part.dates[0].item(),
            part.dates[-1].item(),
            len(part.dates),
            _describe_adjustment(part.ref, roles, includes_dividends=part.ref.id in including),
        )


def _describe_adjustment(ref: SeriesRef, roles: set[Role], *, includes_dividends: bool) -> str:
    if Role.CLOSE in roles and includes_dividends:
        is_total = ref.measure is Measure.TOTAL_RETURN
        return "closes, which include the dividends" if is_total else "closes less the dividends in them"
    if ref.measure is Measure.TOTAL_RETURN and Role.CLOSE in roles and Role.ADJ_CLOSE not in roles:
        return "computed from close, dividends and splits"
    if ref.measure is Measure.PRICE and Role.SPLIT in roles:
        return "closes, adjusted for the splits of the file"
    return "values as they are"


def _list_remarks(contents: Contents, tables: Iterable[FileTable]) -> Iterable[str]:
    for _, finding, _ in contents.findings:
        yield finding.text
    if contents.repeated:
        yield f"{write_count(contents.repeated, 'repeated row')} left out"
    if contents.dropped:
        yield f"{write_count(contents.dropped, 'price')} not above zero left out"
    if contents.belongs_to:
        yield f"it is read with {contents.belongs_to}"
    for table in tables:
        yield from _describe_decisions(table)
        roles = {column.role for column in table.layout.values}
        if table.layout.form is Form.FIELDS and Role.CLOSE in roles and Role.ADJ_CLOSE not in roles:
            yield (
                "closes are read as prices; yfinance writes closes that include dividends under Close, "
                "unless it was called with auto_adjust=False, which adds Adj Close"
            )


def _describe_decisions(table: FileTable) -> Iterable[str]:
    """Say of each column whose numbers alone do not show their decimal sign how they are read, and why."""
    for index, why in table.why_decimals.items():
        sign = table.decimals[index]
        numbers = f"1{sign.value}234 is a decimal number, 1{sign.other.value}234 more than a thousand"
        yield f"in column {table.headings[index].label}, {numbers}: {why}"
