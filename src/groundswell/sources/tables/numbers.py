"""Columns of cells as numbers. The decimal sign is decided by the whole column, in doubt by the whole table."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundswell.sources.tables.decimal_signs import (
    PATTERNS,
    Customs,
    DecidedSign,
    DecimalSign,
    clean_number,
    collect_evidence,
    decide_signs,
)

MISSING_MARKS = frozenset(
    (
        *("", ".", "..", "-", "--", "---", "–", "—", "\\n"),
        *("na", "n/a", "n.a.", "n/d", "#n/a", "#n/a n/a", "#na", "<na>", "nan", "null", "none", "nil", "nd", "nc"),
        *("#value!", "#ref!", "#div/0!", "#name?", "#num!"),
    )
)
"""Cells without a value, in small letters. The Federal Reserve writes ND where there was no data, FRED a dot."""

MAX_ABSOLUTE_VALUE = 1e18
TRUSTED = Customs(assume_point=True)
"""Programs write a decimal point, and no thousands, unless a number shows otherwise."""

_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True, eq=False)
class NumberColumn:
    """The number of each cell, NaN where it is missing or bad; ``is_bad`` are cells that are no numbers.

    ``decimal`` is None where no number shows it. ``refused`` says why no number could be read, ``why`` what decided
    between decimals and thousands where the numbers themselves did not.
    """

    values: NDArray[np.float64]
    is_bad: NDArray[np.bool_]
    decimal: DecimalSign | None
    refused: str = ""
    why: str = ""


def is_missing(cell: str) -> bool:
    """Whether a cell of numbers stands for no value."""
    return cell.strip().lower() in MISSING_MARKS


def parse_number_columns(
    columns: Mapping[str, Sequence[str]],
    witnesses: Iterable[Sequence[str]] = (),
    customs: Customs = TRUSTED,
) -> dict[str, NumberColumn]:
    """Parse columns of one table as numbers. Never raises.

    Where a column does not show its decimal sign, the others do, and the ``witnesses``: further columns of the table,
    such as volumes. Where none does, and 1.234 could be either, the ``customs`` of the table decide it, or the column
    is refused.
    """
    evidence = {name: collect_evidence(cells) for name, cells in columns.items()}
    decided = decide_signs(evidence, columns, [*map(collect_evidence, witnesses)], customs)
    return {name: _parse_column(cells, decided[name]) for name, cells in columns.items()}


def parse_number(cell: str, decimal: DecimalSign = DecimalSign.POINT) -> float | None:
    """Return the number in a cell with this decimal sign; None for anything else. Thousands must be whole groups."""
    text = clean_number(cell)
    if not PATTERNS[decimal].fullmatch(text):
        return None
    for sign in (" ", "'", "’", "," if decimal is DecimalSign.POINT else "."):
        text = text.replace(sign, "")
    number = float(text.replace(",", "."))
    return number if math.isfinite(number) and abs(number) <= MAX_ABSOLUTE_VALUE else None


def _parse_column(cells: Sequence[str], decided: DecidedSign) -> NumberColumn:
    decimal = decided.sign
    if decided.refused:
        is_bad = np.array([not is_missing(cell) for cell in cells], dtype=bool)
        return NumberColumn(np.full(len(cells), np.nan), is_bad, None, decided.refused)
    bad = np.zeros(len(cells), dtype=bool)
    if decimal is not DecimalSign.COMMA and (plain := _parse_plain(cells)) is not None:
        return NumberColumn(plain, bad, decimal, why=decided.why)
    values = np.full(len(cells), np.nan)
    for index, cell in enumerate(cells):
        if decimal is not DecimalSign.COMMA and _PLAIN.fullmatch(cell):  # most cells, at a third of the time
            values[index] = float(cell)
        elif not is_missing(cell):
            number = parse_number(cell, decimal or DecimalSign.POINT)
            values[index], bad[index] = (np.nan, True) if number is None else (number, False)
    return NumberColumn(values, bad, decimal, why=decided.why)


def _parse_plain(cells: Sequence[str]) -> NDArray[np.float64] | None:
    """Return the numbers of cells that are all plain or empty, in a tenth of the time; None for others."""
    try:
        values = np.array([float(cell) if cell else np.nan for cell in cells])
    except ValueError:
        return None
    is_plain = np.isfinite(values).sum() == sum(map(bool, cells)) and not any("_" in cell for cell in cells)
    return values if is_plain and (np.abs(values[np.isfinite(values)]) <= MAX_ABSOLUTE_VALUE).all() else None
