"""What is wrong in a file: where, what, and how to correct it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

MAX_FAULTS_OF_ONE_KIND = 200
"""A column may have this many faults of one kind listed; the last one counts those that follow it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake in a file. ``line`` is counted as an editor does, from 1; 0 where the whole file is meant.

    ``column`` is the heading of the column, or empty; ``text`` says what is wrong, ``fix`` how to correct it.
    """

    file: str
    line: int
    column: str
    text: str
    fix: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}; {self.fix}"

    @property
    def place(self) -> str:
        """The file, the line and the column, as far as they are known."""
        line = f", line {self.line}" if self.line else ""
        return f"{self.file}{line}{f', column {self.column}' if self.column else ''}"

    @property
    def without_file(self) -> str:
        """The fault without the name of its file, for a list of faults of one file."""
        place = self.place.removeprefix(self.file).removeprefix(", ")
        return f"{place}: {self.text}; {self.fix}" if place else f"{self.text}; {self.fix}"


class TableError(Exception):
    """A file of which no table can be made, with the fault that says why.

    ``is_other_kind`` marks a file without a fault that holds something else than prices and rates.
    """

    def __init__(self, text: str, fix: str, line: int = 0, column: str = "", *, is_other_kind: bool = False) -> None:
        super().__init__(text)
        self.text, self.fix, self.line, self.column = text, fix, line, column
        self.is_other_kind = is_other_kind

    def to_fault(self, file: str) -> Fault:
        """Return the fault of the file that has this name."""
        return Fault(file, self.line, self.column, self.text, self.fix)


def shorten(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return the faults without most of those of one kind in one column, which are counted instead."""
    kinds: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults:
        kinds.setdefault((fault.file, fault.column, fault.fix), []).append(fault)
    kept: list[Fault] = []
    for group in kinds.values():
        first, others = group[:MAX_FAULTS_OF_ONE_KIND], group[MAX_FAULTS_OF_ONE_KIND:]
        if others:
            first[-1] = replace(first[-1], text=f"{first[-1].text}, and {len(others)} more of this kind below")
        kept += first
    return tuple(kept)


def quote(cell: str) -> str:
    """Write a cell in quotes, cut to a readable length, on one line."""
    text = " ".join(cell.split())
    return repr(text if len(text) <= MAX_QUOTED_CHARACTERS else f"{text[:MAX_QUOTED_CHARACTERS]}…")


MAX_QUOTED_CHARACTERS = 60
