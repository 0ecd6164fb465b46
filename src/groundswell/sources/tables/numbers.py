"""Columns of cells as numbers. The decimal sign is decided by the whole column, in doubt by the whole table."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

MISSING_MARKS = frozenset(
    (
        *("", ".", "..", "-", "--", "---", "–", "—", "\\n"),
        *("na", "n/a", "n.a.", "n/d", "#n/a", "#n/a n/a", "#na", "<na>", "nan", "null", "none", "nil", "nd", "nc"),
        *("#value!", "#ref!", "#div/0!", "#name?", "#num!"),
    )
)
"""Cells without a value, in small letters. The Federal Reserve writes ND where there was no data, FRED a dot."""

MAX_CONFLICTING_SHARE = 0.02
"""Up to this share of cells that fit the other decimal sign alone are mistakes of single cells."""

MIN_ROUND = 10
"""So many different numbers that all end in zero are no thousands."""

MAX_SAMPLE = 600
"""The decimal sign is decided by so many cells from all of the column; the others must fit it, or are no numbers."""

MAX_ABSOLUTE_VALUE = 1e18
SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2009\u2007"), " ")
_CURRENCY = re.compile(r"^([+-]?)\s*(?:[$€£¥₹]|US\$|USD|EUR|GBP|CHF)\s*|\s*(?:[$€£¥₹]|USD|EUR|GBP|CHF)$")
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
_SCALED = re.compile(r"(.*\d)\s*[KMBTkmbt]")
_GROUPED = r"(?:\d+|[1-9]\d{{0,2}}(?P<{name}>[{signs}])\d{{3}}(?:(?P={name})\d{{3}})*)"


class DecimalSign(Enum):
    """The sign before the decimals of numbers."""

    POINT = "."
    COMMA = ","


_PATTERNS = {
    sign: re.compile(
        rf"[+-]?(?:{_GROUPED.format(name='group', signs=groups)}(?:{re.escape(sign.value)}\d*)?"
        rf"|{re.escape(sign.value)}\d+)(?:[eE][+-]?\d+)?"
    )
    for sign, groups in ((DecimalSign.POINT, ", '’"), (DecimalSign.COMMA, ". '’"))
}


@dataclass(frozen=True, eq=False)
class NumberColumn:
    """The number of each cell, NaN where it is missing or bad; ``is_bad`` are cells that are no numbers.

    ``decimal`` is None where no number shows it. ``refused`` says why no number could be read.
    """

    values: NDArray[np.float64]
    is_bad: NDArray[np.bool_]
    decimal: DecimalSign | None
    refused: str = ""


@dataclass(slots=True)
class _Evidence:
    """How many cells fit only a decimal point, only a decimal comma, or both with different values."""

    point: int = 0
    comma: int = 0
    unclear: str = ""
    are_round: bool = True
    has_short_integers: bool = False
    examples: tuple[str, str] = ("", "")

    @property
    def decided(self) -> DecimalSign | None:
        if bool(self.point) == bool(self.comma):
            return None
        return DecimalSign.POINT if self.point else DecimalSign.COMMA


def is_missing(cell: str) -> bool:
    """Whether a cell of numbers stands for no value."""
    return cell.strip().lower() in MISSING_MARKS


def parse_number_columns(
    columns: Mapping[str, Sequence[str]], witnesses: Iterable[Sequence[str]] = (), *, assume_point: bool = True
) -> dict[str, NumberColumn]:
    """Parse columns of one table as numbers. Never raises.

    Where a column does not show its decimal sign, the others do, and the ``witnesses``: further columns of the table,
    such as volumes. Where none does, and 1.234 could be either, it has a decimal point if ``assume_point``, the column
    has no shorter integers next to it, and is refused otherwise, as is 1,234.
    """
    evidence = {name: _collect_evidence(cells) for name, cells in columns.items()}
    signs = {one.decided for one in (*evidence.values(), *map(_collect_evidence, witnesses)) if one.decided}
    shared = signs.pop() if len(signs) == 1 else None
    return {
        name: _parse_column(cells, evidence[name], shared, assume_point=assume_point) for name, cells in columns.items()
    }


def parse_number(cell: str, decimal: DecimalSign = DecimalSign.POINT) -> float | None:
    """Return the number in a cell with this decimal sign; None for anything else. Thousands must be whole groups."""
    text = clean_number(cell)
    if not _PATTERNS[decimal].fullmatch(text):
        return None
    for sign in (" ", "'", "’", "," if decimal is DecimalSign.POINT else "."):
        text = text.replace(sign, "")
    number = float(text.replace(",", "."))
    return number if math.isfinite(number) and abs(number) <= MAX_ABSOLUTE_VALUE else None


def clean_number(cell: str) -> str:
    """Return a cell without spaces around it, currency and percent signs, and with a plain minus sign."""
    text = cell.translate(SPACES).strip().replace("\u2212", "-")
    if text.startswith("(") and text.endswith(")"):  # how accountants write negative numbers
        text = f"-{text[1:-1].strip()}"
    return _CURRENCY.sub(r"\1", text).removesuffix("%").rstrip()


def _collect_evidence(cells: Sequence[str]) -> _Evidence:
    found = _Evidence()
    examples = ["", ""]
    is_grouped_nowhere, unclear = False, 0
    for cell in dict.fromkeys(cells[:: len(cells) // MAX_SAMPLE + 1]):
        text = clean_number(cell)
        if scaled := _SCALED.fullmatch(text):
            text = scaled[1].rstrip()
        if text.isdigit():
            is_grouped_nowhere = is_grouped_nowhere or len(text) > 3
            found.has_short_integers = found.has_short_integers or len(text) <= 3
            continue
        point, comma = (bool(_PATTERNS[sign].fullmatch(text)) for sign in DecimalSign)
        if point and comma:
            found.unclear = found.unclear or (cell.strip() if "," in text or "." in text else "")
            found.are_round = found.are_round and text.endswith("0")
            unclear += 1
        elif point:
            found.point += 1
            examples[0] = examples[0] or cell.strip()
        elif comma:
            found.comma += 1
            examples[1] = examples[1] or cell.strip()
    if found.unclear and is_grouped_nowhere and not (found.point or found.comma):
        # Thousands are not grouped in this column, so that the sign in 1.234 can only be a decimal one.
        found.point, found.comma = ("." in found.unclear), ("," in found.unclear)
    found.are_round = found.are_round and unclear >= MIN_ROUND
    found.examples = (examples[0], examples[1])
    return found


def _parse_column(
    cells: Sequence[str], evidence: _Evidence, shared: DecimalSign | None, *, assume_point: bool
) -> NumberColumn:
    decimal, refused = _decide_sign(evidence, shared, assume_point=assume_point)
    if refused:
        is_bad = np.array([not is_missing(cell) for cell in cells], dtype=bool)
        return NumberColumn(np.full(len(cells), np.nan), is_bad, None, refused)
    bad = np.zeros(len(cells), dtype=bool)
    if decimal is not DecimalSign.COMMA and (plain := _parse_plain(cells)) is not None:
        return NumberColumn(plain, bad, decimal)
    values = np.full(len(cells), np.nan)
    for index, cell in enumerate(cells):
        if decimal is not DecimalSign.COMMA and _PLAIN.fullmatch(cell):  # most cells, at a third of the time
            values[index] = float(cell)
        elif not is_missing(cell):
            number = parse_number(cell, decimal or DecimalSign.POINT)
            values[index], bad[index] = (np.nan, True) if number is None else (number, False)
    return NumberColumn(values, bad, decimal)


def _decide_sign(
    evidence: _Evidence, shared: DecimalSign | None, *, assume_point: bool
) -> tuple[DecimalSign | None, str]:
    """Return the decimal sign of a column (None where no number shows it), or the reason to refuse the column."""
    if evidence.point and evidence.comma:
        fewer, more = sorted((evidence.point, evidence.comma))
        if fewer > MAX_CONFLICTING_SHARE * (fewer + more):
            one, other = evidence.examples
            return None, f"it mixes decimal points and decimal commas: {one!r} and {other!r}"
        return (DecimalSign.POINT if evidence.point > evidence.comma else DecimalSign.COMMA), ""
    if evidence.decided is None and evidence.unclear:
        assumed = shared or _assume_sign(evidence, assume_point=assume_point)
        if assumed is None:
            return None, f"{evidence.unclear!r} can be a decimal number or thousands, and no cell decides it"
        return assumed, ""
    return evidence.decided, ""


def _parse_plain(cells: Sequence[str]) -> NDArray[np.float64] | None:
    """Return the numbers of cells that are all plain or empty, in a tenth of the time; None for others."""
    try:
        values = np.array([float(cell) if cell else np.nan for cell in cells])
    except ValueError:
        return None
    is_plain = np.isfinite(values).sum() == sum(map(bool, cells)) and not any("_" in cell for cell in cells)
    return values if is_plain and (np.abs(values[np.isfinite(values)]) <= MAX_ABSOLUTE_VALUE).all() else None


def _assume_sign(evidence: _Evidence, *, assume_point: bool) -> DecimalSign | None:
    """Return the sign of a column in which all numbers have three digits after one: 1.234 or 1,234.

    Thousands that all end in zero are unlikely: these are two decimals, written as three.
    """
    sign = DecimalSign.POINT if "." in evidence.unclear else DecimalSign.COMMA
    if evidence.are_round:
        return sign
    is_usual = assume_point and sign is DecimalSign.POINT and not evidence.has_short_integers
    return sign if is_usual else None
