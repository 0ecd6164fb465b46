"""The heading of a table: where it is, and what each column holds, whether it has one line or three."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from groundswell.sources.tables.days import find_first_day
from groundswell.sources.tables.numbers import is_missing, parse_number
from groundswell.sources.tables.vocabulary import Role, find_role, find_series_name, is_weak, rank_role

MAX_HEADING_ROW = 60
MAX_LINES_ABOVE = 6
LOOK_AHEAD = 12
"""Rows below a heading among which one must have a day."""

MIN_DAY_SHARE = 0.8

SYMBOL = re.compile(r"[\^.$]?[^\W_][\w.\-=^/&:]{0,31}")
"""What the symbol of a security or the id of a series looks like: no spaces."""

LEVEL_LABELS = frozenset(("price", "ticker", "tickers", "symbol", "symbols", "attributes", "field", "metric", ""))
"""What stands left of the symbols or the roles in a heading of several lines."""

DESCRIPTION_LABELS = frozenset(("unit", "units", "multiplier", "currency", "uniqueidentifier", "seriesdescription"))
"""What stands left of the lines above the heading in files of the Federal Reserve."""

NO_SYMBOLS = (
    frozenset(
        (
            "ADJ",
            "ADJUSTED",
            "UNADJUSTED",
            "RAW",
            "PRICE",
            "TOTAL",
            "NET",
            "DAILY",
            "PCT",
            "LOG",
            "AVG",
            "MEAN",
            "RETURN",
        )
    )
    | frozenset(
        ("MARKET", "INDEX", "NAV", "BID", "ASK", "MID", "LAST", "OPENING", "CLOSING", "SETTLEMENT", "VOLUME", "VWAP")
    )
    | frozenset(("USD", "EUR", "GBP", "CHF", "JPY", "CAD", "LOCAL"))
)
"""Words next to a role that are no symbols: close_USD."""

_TUPLE = re.compile(r"""\(\s*['"](.*?)['"]\s*,\s*['"](.*?)['"]\s*\)""")
_JOINT = re.compile(r"[_ .\-:/|]")


@dataclass(frozen=True, slots=True)
class Heading:
    """What one column holds: its label in the file, its role if known, and the symbol or series that it is of."""

    label: str
    role: Role | None
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class HeadingBlock:
    """The heading of a table: a heading a column, its place among the rows, and the index of the column of days.

    ``details`` are the lines above it that describe the columns: unit, multiplier.
    """

    headings: tuple[Heading, ...]
    first: int
    last: int
    day: int
    details: dict[str, tuple[str, ...]]


def find_heading(rows: Sequence[Sequence[str]]) -> HeadingBlock | None:
    """Find the heading among the first rows: a row that names the days, with days below it. None without one."""
    for place, row in enumerate(rows[:MAX_HEADING_ROW]):
        if (day := _find_day_column(row, rows[place + 1 : place + 1 + LOOK_AHEAD])) is not None:
            return _build_block(rows, place, day)
    for place, row in enumerate(rows[:MAX_HEADING_ROW]):  # without a day below, so that the error names the cells
        named = [index for index, cell in enumerate(row) if find_role(cell) is Role.DAY and not is_weak(cell)]
        if named and sum(bool(cell.strip()) for cell in row) > 1 and place + 1 < len(rows):
            return _build_block(rows, place, named[0])
    return None


def find_lone_heading(rows: Sequence[Sequence[str]]) -> HeadingBlock | None:
    """Find the heading of a table without rows: a single row of several cells that names the days. None without one."""
    if len(rows) != 1 or len(rows[0]) == 1:
        return None
    day = next((index for index, cell in enumerate(rows[0]) if find_role(cell) is Role.DAY), None)
    return None if day is None else _build_block(rows, 0, day)


def _find_day_column(row: Sequence[str], below: Sequence[Sequence[str]]) -> int | None:
    """Return the column of days that a row heads: by its name, or without a name by the days below it."""
    candidates = [index for index, cell in enumerate(row) if find_role(cell) is Role.DAY and _has_day(below, index)]
    strong = [index for index in candidates if not is_weak(row[index])]
    if candidates:
        chosen = min(strong or candidates, key=lambda index: rank_role(row[index]))
        if len(row) > 1 or len(row) == len(below[0]):
            return chosen
    is_heading = sum(bool(cell.strip()) for cell in row) > 0 and find_first_day(row) is None and len(row) > 1
    if not is_heading or any(parse_number(cell) is not None for cell in row if cell.strip()):
        return None
    unnamed = [index for index, cell in enumerate(row) if not cell.strip() or cell.startswith("Unnamed")]
    return next((index for index in unnamed if _has_only_days(below, index)), None)


def _has_day(rows: Sequence[Sequence[str]], column: int) -> bool:
    return find_first_day(row[column] for row in rows if column < len(row)) is not None


def _has_only_days(rows: Sequence[Sequence[str]], column: int) -> bool:
    cells = [row[column] for row in rows if column < len(row) and row[column].strip()]
    days = [cell for cell in cells if not cell.isdigit() and find_first_day([cell]) is not None]
    return len(days) >= max(1.0, MIN_DAY_SHARE * len(cells))


def _build_block(rows: Sequence[Sequence[str]], place: int, day: int) -> HeadingBlock:
    """Build the heading from the row that names the days and the rows around it that belong to it."""
    first, last = place, place
    details: dict[str, tuple[str, ...]] = {}
    while first > 0 and place - first < MAX_LINES_ABOVE and _belongs_above(rows[first - 1], day, rows[place]):
        first -= 1
    while last + 1 < len(rows) and last - place < 2 and _belongs_below(rows[last + 1], day):
        last += 1
    width = max(len(row) for row in rows[first : last + 1])
    levels: list[list[str]] = []
    for row in rows[first : last + 1]:
        padded = [cell.strip() for cell in (*row, *[""] * (width - len(row)))]
        key = _simplify(padded[day]) if day < len(padded) else ""
        if key in DESCRIPTION_LABELS:
            details[key] = tuple(padded)
        elif any(cell for index, cell in enumerate(padded) if index != day) or len(levels) == 0:
            levels.append(padded)
    named = [row[day].strip() for row in rows[first : last + 1] if day < len(row)]
    day_label = next((cell for cell in reversed(named) if find_role(cell) is Role.DAY), "") or named[-1]
    headings = combine_levels(levels, width, day, day_label)
    return HeadingBlock(headings, first, last, day, details)


def _belongs_above(row: Sequence[str], day: int, heading: Sequence[str]) -> bool:
    """Whether a row above the one that names the days is part of the heading."""
    if day >= len(row):
        return False
    label, others = row[day].strip(), [cell.strip() for index, cell in enumerate(row) if index != day]
    if _simplify(label) in DESCRIPTION_LABELS:
        return True
    if not any(others) or len(row) < max(2, len(heading) - 1) or find_first_day([label]) is not None:
        return False
    is_level = _simplify(label) in LEVEL_LABELS or find_role(label) is Role.DAY
    return is_level and all(not cell or SYMBOL.fullmatch(cell) or find_role(cell) for cell in others)


def _belongs_below(row: Sequence[str], day: int) -> bool:
    """Whether a row below the one that names the days is part of the heading: symbols, without a day or a number."""
    if day >= len(row) or len(row) < 2 or _simplify(row[day]) not in LEVEL_LABELS:
        return False
    others = [cell.strip() for index, cell in enumerate(row) if index != day and cell.strip()]
    are_names = all(SYMBOL.fullmatch(cell) or find_role(cell) for cell in others)
    return bool(others) and are_names and not any(is_missing(cell) or parse_number(cell) is not None for cell in others)


def combine_levels(levels: Sequence[Sequence[str]], width: int, day: int, day_label: str) -> tuple[Heading, ...]:
    """Make one heading a column from a line of roles, a line of symbols, or one line of both."""
    labels = list(levels[-1]) if len(levels) == 1 else []
    if len(levels) > 1:
        scores = [sum(find_role(cell) is not None for i, cell in enumerate(level) if i != day) for level in levels]
        roles = levels[scores.index(max(scores))]
        symbols = next(level for level in levels if level is not roles)
        roles, symbols = _fill_right(roles, symbols, day), _fill_right(symbols, roles, day)
        return tuple(
            Heading(day_label, Role.DAY)
            if index == day
            else Heading(f"{roles[index]} {symbols[index]}".strip(), find_role(roles[index]), symbols[index])
            for index in range(width)
        )
    pairs = [_split_label(label) if index != day else None for index, label in enumerate(labels)]
    unknown = [index for index, label in enumerate(labels) if index != day and label and find_role(label) is None]
    if unknown and all(pairs[index] for index in unknown):
        return tuple(
            Heading(label, *pair)
            if (pair := pairs[index]) and index in unknown
            else Heading(label, Role.DAY if index == day else find_role(label))
            for index, label in enumerate(labels)
        )
    return tuple(
        Heading(day_label if index == day else label, Role.DAY if index == day else find_role(label), "")
        for index, label in enumerate(labels)
    )


def _fill_right(level: Sequence[str], other: Sequence[str], day: int) -> list[str]:
    """Fill the empty cells of a line with the cell left of them: merged cells are written once."""
    filled, before = [], ""
    for index, cell in enumerate(level):
        before = cell if cell or index == day or index >= len(other) or not other[index] else before
        filled.append("" if index == day else before)
        before = "" if index == day else before
    return filled


def _split_label(label: str) -> tuple[Role | None, str] | None:
    """Return role and symbol of a label that joins both: ``Close_IWM``, ``IWM.Adjusted``, ``('Close', 'IWM')``."""
    match = _TUPLE.fullmatch(label)
    if match:
        sides = [(match[1], match[2])]
    else:
        joints = [joint.start() for joint in _JOINT.finditer(label)]
        sides = [(label[:joint], label[joint + 1 :]) for joint in joints if 0 < joint < len(label) - 1]
    for one, other in sides:
        for role, symbol in ((one, other), (other, one)):
            found = find_role(role)
            is_symbol = SYMBOL.fullmatch(symbol) and symbol == symbol.upper() and symbol not in NO_SYMBOLS
            if is_symbol and found not in (None, Role.DAY, Role.SYMBOL, Role.VALUE):
                return found, symbol
    return None


def _simplify(label: str) -> str:
    return "".join(sign for sign in label.lower() if sign.isalnum())


def name_series(heading: Heading) -> str:
    """Return the series that a column of a wide table is of, under the program's own name."""
    return heading.symbol or find_series_name(heading.label)
