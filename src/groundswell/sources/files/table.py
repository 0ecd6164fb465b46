"""The series in one data file of any kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from groundswell.markets.quality.finding import Finding
from groundswell.markets.series.calendar import Days
from groundswell.model import Action, SeriesRef
from groundswell.sources.files.file_table import FileTable, SymbolRows, leave_out_days_to_come, split_by_symbol
from groundswell.sources.files.layouts import Form
from groundswell.sources.files.listing import DataFile
from groundswell.sources.files.names import PLAIN_TEXT_SUFFIXES, find_symbol_in_name, spell_symbols
from groundswell.sources.files.parquet_file import ParquetSource, read_parquet_file
from groundswell.sources.files.parts import PartsRead, Wanted, read_parts
from groundswell.sources.files.query import QueryError, describe_failure
from groundswell.sources.files.repeated_days import MergedRows, merge_days
from groundswell.sources.files.splice import Part
from groundswell.sources.files.text_file import parse_table, read_text_file
from groundswell.sources.files.wide_dividends import (
    add_adjustments,
    find_adjustments,
    find_closes,
    rename_values,
)
from groundswell.sources.files.workbook import is_workbook, read_workbook
from groundswell.sources.tables.faults import Fault, TableError, shorten

NO_DATES: Days = np.array([], dtype="datetime64[D]")
NO_WANTED_SERIES = "it holds none of the series that are used"
NAME_IT = "name it after its symbol, such as IWM.csv, or add a column symbol"


@dataclass(frozen=True, eq=False)
class Contents:
    """What was read from a file: parts of series, or the reason why there are none.

    ``by_source`` are the copies of several sources in one file, which are no series but can be compared with series.
    ``dropped`` counts values that are no prices, ``repeated`` rows that said nothing new. ``usable`` is false where the
    file can never be used, whatever is wanted. A file of dividends or splits ``belongs_to`` the file of its closes.
    ``faults`` are its mistakes, ``findings`` those that touch a series, with what was done about them.
    """

    parts: tuple[Part, ...] = ()
    by_source: tuple[Part, ...] = ()
    dropped: int = 0
    repeated: int = 0
    reason: str = ""
    usable: bool = True
    belongs_to: str = ""
    faults: tuple[Fault, ...] = ()
    findings: tuple[tuple[SeriesRef, Finding, Action | None], ...] = ()
    is_plain_text: bool = False


def read_table(file: DataFile, wanted: Wanted, latest: dt.date, others: Sequence[DataFile] = ()) -> Contents:
    """Read the ``wanted`` series (None: all) of one file; ``latest`` is the last day that a value can have.

    Never raises for what is in the file: a file of another kind gives the reason it is not used, one that is damaged
    its fault. ``others`` are the files among which those of dividends and splits are looked for.
    """
    names = {other.name: other for other in others}
    closes = find_closes(file.name, list(names))
    if closes is not None:
        return Contents(belongs_to=closes)
    try:
        return _read(file, wanted, latest, names)
    except TableError as error:
        is_plain_text = file.name.lower().endswith(PLAIN_TEXT_SUFFIXES)
        fault = error.to_fault(file.name)
        if error.is_other_kind:
            return Contents(reason=error.text, usable=False, is_plain_text=is_plain_text)
        return Contents(reason=fault.without_file, usable=False, faults=(fault,), is_plain_text=is_plain_text)


def read_tables(file: DataFile, ids: Collection[str] | None, latest: dt.date) -> tuple[FileTable, ...]:
    """Read the tables of a file: one, or one a sheet. Raises ``TableError``."""
    try:
        return tuple(leave_out_days_to_come(table, latest) for table in _read_tables(file, ids, latest))
    except QueryError as error:
        raise TableError(f"it cannot be read: {_first_line(error)}", "replace the file or take it out") from error
    except OSError as error:
        reason = error.strerror or _first_line(error)
        raise TableError(f"it cannot be read: {reason}", "replace the file or take it out") from error


def _read_tables(file: DataFile, ids: Collection[str] | None, latest: dt.date) -> tuple[FileTable, ...]:
    if file.is_parquet:
        return (read_parquet_file(ParquetSource(file.name, file.paths, file.has_keys), ids, latest),)
    if is_workbook(file.path):
        return tuple(parse_table(sheet, ids, latest) for sheet in read_workbook(file.name, file.path))
    return (read_text_file(file.name, file.path, ids, latest),)


def _read(file: DataFile, wanted: Wanted, latest: dt.date, others: dict[str, DataFile]) -> Contents:
    ids = None if wanted is None else frozenset(ref.id for ref in wanted)
    read = PartsRead()
    has_rows = False
    tables = read_tables(file, ids, latest)
    for table in tables:
        read.faults += table.faults
        groups = list(
            split_by_symbol(
                table,
                _name_series(file, table, ids, has_others=[one.layout.form for one in tables].count(Form.ONE) > 1),
            )
        )
        adjustments = find_adjustments(file.name, list(others)) if table.layout.form is Form.WIDE else {}
        if adjustments:
            raw = [rename_values(rows) for rows in groups]
            groups, faults = add_adjustments(
                raw, file.name, adjustments, lambda name: read_tables(others[name], ids, latest)
            )
            read.faults += faults
        has_rows = has_rows or any(len(rows.days) for rows in groups if ids is None or rows.symbol in ids)
        merged = [merge_days(rows) for rows in groups]
        several = _find_several_rows(merged, groups)
        if several:
            return Contents(
                by_source=_read_by_source(file.name, groups, wanted),
                reason=f"it holds several rows for {several}: several sources side by side are not one series",
                usable=False,
                faults=shorten(read.faults),
            )
        for rows in merged:
            is_wide = table.layout.form is Form.WIDE and not adjustments
            read_parts(file.name, rows, wanted, read, is_wide=is_wide)
    reason = "" if read.parts or has_rows else NO_WANTED_SERIES
    return Contents(
        tuple(read.parts),
        dropped=read.dropped,
        repeated=read.repeated,
        reason=reason,
        faults=shorten(read.faults),
        findings=tuple(read.findings),
    )


def _name_series(file: DataFile, table: FileTable, ids: Collection[str] | None, *, has_others: bool) -> str:
    """Return the symbol of a table of one series: the name of its file, or of its sheet where there are several.

    Raises ``TableError`` where neither is one.
    """
    if table.layout.form is not Form.ONE:
        return ""
    sheet = find_symbol_in_name(f"{table.reading.sheet}.") if table.reading and table.reading.sheet else None
    name = (sheet if has_others else None) or find_symbol_in_name(file.name) or sheet
    if name is None:
        raise TableError("its name is not that of a series", NAME_IT)
    return spell_symbols([name], ids)[name]


def _find_several_rows(groups: Sequence[MergedRows], raw: Sequence[SymbolRows]) -> str:
    """Name the first day and symbol of which different sources, or too many rows, have a value."""
    for merged, rows in zip(groups, raw, strict=True):
        if len(merged.rows.days) == len(rows.days):
            continue
        if merged.is_several_series or _differs_by_source(rows):
            days, counts = np.unique(rows.days, return_counts=True)
            return f"{days[np.argmax(counts > 1)]} and {rows.symbol}"
    return ""


def _differs_by_source(rows: SymbolRows) -> bool:
    """Whether rows of one day name different sources."""
    if rows.sources is None:
        return False
    pairs = set(zip(rows.days.tolist(), rows.sources.tolist(), strict=True))
    return len(pairs) > len(np.unique(rows.days))


def _read_by_source(file: str, groups: Sequence[SymbolRows], wanted: Wanted) -> tuple[Part, ...]:
    """Return the parts of each source where a column names it; the source stands in the name of their file."""
    read = PartsRead()
    for rows in groups:
        if rows.sources is None:
            return ()
        for source in dict.fromkeys(rows.sources.tolist()):
            merged = merge_days(rows.take(np.flatnonzero(rows.sources == source)))
            if not merged.doubtful:
                read_parts(file, merged, wanted, read)
    return tuple(replace(part, file=f"{part.source} in {part.file}") for part in read.parts)


def _first_line(error: Exception) -> str:
    return str(describe_failure("", error)).removeprefix(" cannot be read: ").partition("; replace")[0]
