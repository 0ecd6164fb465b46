"""The layout of a table: long, wide, one series a file, or a column for each field of each symbol."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from groundswell.sources.tables.headings import SYMBOL, Heading, name_series
from groundswell.sources.tables.vocabulary import NUMBER_ROLES, VALUE_ROLES, Role, is_weak, rank_role
from groundswell.wording.plurals import choose_verb, write_list

IsNumeric = Callable[[int], bool]
"""Whether the cells of the column at an index are numbers."""


UNKNOWN_COLUMNS = "its columns are neither date, symbol and prices nor one column a series"


class Form(Enum):
    """How a table is laid out, in words for a report."""

    LONG = "a row for each day and symbol"
    ONE = "one series, named after the file"
    WIDE = "a column for each series"
    FIELDS = "a column for each field of each symbol"


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """A column that is used: its index, its role, and its symbol where the heading names one."""

    index: int
    role: Role
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """The form of a table, the indices of its columns of days, symbols and sources, and its columns of numbers."""

    form: Form
    day: int
    symbol: int | None
    source: int | None
    values: tuple[ValueColumn, ...]


def recognise_columns(headings: Sequence[Heading], day: int, is_numeric: IsNumeric) -> Layout | str:
    """Return the layout of columns with these headings, or the reason why it is not known."""
    symbol = _find(headings, Role.SYMBOL)
    if symbol is not None:
        values = _choose_columns(headings, allow_weak=True)
        if not {column.role for column in values}.intersection(VALUE_ROLES):
            return "it has symbols, and no column close, adj_close or value"
        return Layout(Form.LONG, day, symbol, _find(headings, Role.SOURCE), values)
    fields = tuple(
        ValueColumn(index, heading.role, heading.symbol)
        for index, heading in enumerate(headings)
        if heading.symbol and heading.role in NUMBER_ROLES
    )
    if fields:
        return Layout(Form.FIELDS, day, None, None, fields)
    if any(heading.role is Role.KEY for heading in headings):
        return UNKNOWN_COLUMNS
    return _recognise_one(headings, day, is_numeric) or _recognise_wide(headings, day, is_numeric)


def _recognise_one(headings: Sequence[Heading], day: int, is_numeric: IsNumeric) -> Layout | None:
    """Return the layout of one series, where the columns name its fields."""
    numeric = [
        index
        for index, heading in enumerate(headings)
        if index != day
        and heading.role is None
        and heading.label
        and not _is_index(heading.label)
        and is_numeric(index)
    ]
    values = _choose_columns(headings, allow_weak=not numeric)
    roles = {column.role for column in values}
    if roles.intersection((Role.CLOSE, Role.ADJ_CLOSE)) or (Role.VALUE in roles and not numeric):
        return Layout(Form.ONE, day, None, _find(headings, Role.SOURCE), values)
    return None


def _recognise_wide(headings: Sequence[Heading], day: int, is_numeric: IsNumeric) -> Layout | str:
    columns = [
        index
        for index, heading in enumerate(headings)
        if index != day and heading.label and not _is_index(heading.label) and heading.role is not Role.DAY
    ]
    named = [index for index in columns if SYMBOL.fullmatch(name_series(headings[index]))]
    # LOW and OPEN are symbols of companies, Low and open are fields.
    used = [index for index in named if headings[index].role is None or headings[index].label.isupper()]
    if not used or all(headings[index].role is not None for index in used):
        others = [heading.label for heading in headings if heading.role is Role.NO_CLOSE]
        if others:
            return f"{write_list(others)} {choose_verb(len(others))} no closing price, and it has no column of closes"
        labels = ", ".join(heading.label for index, heading in enumerate(headings) if index != day and heading.label)
        return (
            f"it has no column close, adj_close or value, and no column named after a series, among {labels or 'none'}"
        )
    odd = [index for index in columns if not is_numeric(index)]
    if odd or any(
        headings[i].role is Role.DAY and is_weak(headings[i].label) for i in range(len(headings)) if i != day
    ):
        return UNKNOWN_COLUMNS
    if any(headings[i].role is Role.VALUE and not _is_symbol(headings[i].label, allow_weak=False) for i in columns):
        return UNKNOWN_COLUMNS
    names = [name_series(headings[index]) for index in used]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        return f"two of its columns are called {twice}"
    return Layout(Form.WIDE, day, None, None, tuple(ValueColumn(i, Role.VALUE, name_series(headings[i])) for i in used))


def _choose_columns(headings: Sequence[Heading], *, allow_weak: bool) -> tuple[ValueColumn, ...]:
    """Return one column for each role: of several the one whose heading comes first in the vocabulary."""
    chosen: dict[Role, int] = {}
    for index, heading in enumerate(headings):
        if heading.symbol or heading.role not in NUMBER_ROLES or _is_symbol(heading.label, allow_weak=allow_weak):
            continue
        before = chosen.get(heading.role)
        if before is None or rank_role(heading.label) < rank_role(headings[before].label):
            chosen[heading.role] = index
    value = chosen.get(Role.VALUE)
    if value is not None and is_weak(headings[value].label) and not {Role.CLOSE, Role.ADJ_CLOSE}.isdisjoint(chosen):
        del chosen[Role.VALUE]  # the yield of a fund, next to its price
    return tuple(ValueColumn(index, role) for role, index in sorted(chosen.items()))


def _is_symbol(label: str, *, allow_weak: bool) -> bool:
    """Whether a heading is rather a symbol: PRICE next to other columns of numbers, and never Price."""
    return is_weak(label) and label.isupper() and not allow_weak


def _find(headings: Sequence[Heading], role: Role) -> int | None:
    found = [index for index, heading in enumerate(headings) if heading.role is role and not heading.symbol]
    return min(found, key=lambda index: rank_role(headings[index].label), default=None)


def _is_index(label: str) -> bool:
    """Whether a column is the row number that pandas adds to a table."""
    return label.startswith(("__", "Unnamed"))
