"""Wide files of closes, dividends and splits: ``mine_close.csv``, ``mine_dividends.csv``, ``mine_splits.csv``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

import numpy as np

from groundswell.sources.files.file_table import FileTable, SymbolRows, split_by_symbol
from groundswell.sources.files.layouts import Form
from groundswell.sources.files.names import SUFFIXES, strip_suffixes
from groundswell.sources.tables.faults import Fault, TableError
from groundswell.sources.tables.vocabulary import Role

CLOSE_ENDING = "_close"
ADJUSTMENT_ENDINGS = {"_dividends": Role.DIVIDEND, "_splits": Role.SPLIT}
NOTHING = {Role.DIVIDEND: (0.0,), Role.SPLIT: (0.0, 1.0)}

ReadTables = Callable[[str], Sequence[FileTable]]
"""Reads the tables of a file by its name inside the folder; raises ``TableError``."""


def find_closes(file: str, files: Sequence[str]) -> str | None:
    """Return the file of closes that a file of dividends or splits belongs to, by its name; None for other files."""
    stem = f"_{strip_suffixes(file)}"
    ending = next((ending for ending in ADJUSTMENT_ENDINGS if stem.lower().endswith(ending)), None)
    return None if ending is None else _find_sibling(file, stem[: -len(ending)] + CLOSE_ENDING, files)


def find_adjustments(file: str, files: Sequence[str]) -> dict[Role, str]:
    """Return the files of dividends and splits that belong to a file of closes, by their names."""
    stem = f"_{strip_suffixes(file)}"
    if not stem.lower().endswith(CLOSE_ENDING):
        return {}
    base = stem[: -len(CLOSE_ENDING)]
    siblings = {role: _find_sibling(file, base + ending, files) for ending, role in ADJUSTMENT_ENDINGS.items()}
    return {role: sibling for role, sibling in siblings.items() if sibling is not None}


def add_adjustments(
    closes: Sequence[SymbolRows], file: str, adjustments: Mapping[Role, str], read: ReadTables
) -> tuple[list[SymbolRows], list[Fault]]:
    """Return the rows of closes with a column for their dividends and one for their splits, and what is wrong.

    A symbol of which a dividend or split has no close on its day keeps its closes alone. So do all where a file of
    dividends or splits cannot be used.
    """
    faults: list[Fault] = []
    joined = {rows.symbol: rows for rows in closes}
    for role, sibling in adjustments.items():
        try:
            payouts = [rows for table in _read_wide(sibling, role, read, faults) for rows in split_by_symbol(table, "")]
        except TableError as error:
            return list(closes), [error.to_fault(sibling)]
        by_symbol = {rows.symbol: rows for rows in payouts}
        if by_symbol and not by_symbol.keys() & joined.keys():
            text, fix = f"none of its columns is a symbol of {file}", "give it date and one column a symbol"
            return list(closes), [*faults, Fault(sibling, 1, "", text, fix)]
        for symbol, rows in joined.items():
            if symbol not in by_symbol:  # no payouts
                joined[symbol] = _add(rows, role, np.full(len(rows.days), np.nan))
                continue
            joined[symbol], lost = _join(rows, by_symbol[symbol], role)
            if lost is not None:
                text = f"a {role.value} of {symbol} on {lost[0]}, of which {file} has no close"
                faults.append(Fault(sibling, lost[1], symbol, text, "add the close; no total return is computed"))
    refused = {fault.column for fault in faults}
    return [_leave_payouts_out(rows) if rows.symbol in refused else rows for rows in joined.values()], faults


def _read_wide(file: str, role: Role, read: ReadTables, faults: list[Fault]) -> Sequence[FileTable]:
    tables = read(file)
    if any(table.layout.form is not Form.WIDE for table in tables):
        raise TableError(f"it is not a wide file of {role.value}s", "give it date and one column a symbol")
    faults += [fault for table in tables for fault in table.faults]
    return tables


def rename_values(rows: SymbolRows) -> SymbolRows:
    """Return the rows of a wide file with their values as closes."""
    return replace(
        rows,
        values={Role.CLOSE: rows.values[Role.VALUE]},
        bad={Role.CLOSE: rows.bad[Role.VALUE]},
        labels={Role.CLOSE: rows.labels[Role.VALUE]},
    )


def _leave_payouts_out(rows: SymbolRows) -> SymbolRows:
    """Return the rows without dividends and splits."""
    return replace(rows, values={Role.CLOSE: rows.values[Role.CLOSE]}, bad={Role.CLOSE: rows.bad[Role.CLOSE]})


def _join(closes: SymbolRows, payouts: SymbolRows, role: Role) -> tuple[SymbolRows, tuple[dt.date, int] | None]:
    """Put payouts next to the closes of their days; also return the day and line of one that has no close."""
    values = payouts.values[Role.VALUE]
    is_paid = (np.isfinite(values) & ~np.isin(values, NOTHING[role])) | payouts.bad[Role.VALUE]
    column, bad = np.full(len(closes.days), np.nan), np.zeros(len(closes.days), dtype=bool)
    lost = None
    order = np.argsort(closes.days, kind="stable")
    for place in np.flatnonzero(is_paid):
        found = np.searchsorted(closes.days, payouts.days[place], sorter=order)
        row = int(order[found]) if found < len(order) else -1
        if row < 0 or closes.days[row] != payouts.days[place]:
            lost = lost or (payouts.days[place].item(), int(payouts.lines[place]))
            continue
        column[row], bad[row] = values[place], payouts.bad[Role.VALUE][place]
    joined = _add(closes, role, column)
    return replace(joined, bad={**joined.bad, role: bad}), lost


def _add(rows: SymbolRows, role: Role, column: np.ndarray) -> SymbolRows:
    no_bad = np.zeros(len(rows.days), dtype=bool)
    return replace(rows, values={**rows.values, role: column}, bad={**rows.bad, role: no_bad})


def _find_sibling(file: str, stem: str, files: Sequence[str]) -> str | None:
    names = (str(PurePath(file).with_name((stem + suffix).removeprefix("_"))) for suffix in SUFFIXES)
    return next((name for name in names if name in files), None)
