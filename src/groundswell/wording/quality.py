"""Defects as readers are told them: those that are alike together, sizes in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from groundswell.model import DataIssue


@dataclass(frozen=True, slots=True)
class Group:
    """Defects of several series that are the same but for the series and the size."""

    data_issues: tuple[DataIssue, ...]

    @property
    def issue(self) -> DataIssue:
        """The one of the largest size."""
        return max(self.data_issues, key=lambda one: abs(one.size or 0.0))

    @property
    def days(self) -> str:
        """When, in brief: a day, or the first and the last and how many."""
        one = self.issue
        if one.first == one.last:
            return str(one.first)
        span = f"{one.first} to {one.last}"
        return f"{span} ({len(one.days)} days)" if one.days else span

    def names(self, most: int) -> str:
        """The series, those after ``most`` counted."""
        names = [one.series for one in self.data_issues]
        more = f" and {len(names) - most} more" if len(names) > most else ""
        return ", ".join(names[:most]) + more


def grouped(data_issues: Iterable[DataIssue]) -> tuple[Group, ...]:
    """Put together what differs in the series alone, in the order of first appearance."""
    together: dict[tuple[object, ...], list[DataIssue]] = {}
    for one in data_issues:
        key = one.kind, one.source, one.first, one.last, one.days, one.text, one.action
        together.setdefault(key, []).append(one)
    return tuple(Group(tuple(found)) for found in together.values())


def size_in_words(size: float | None, unit: str) -> str:
    """A size with its unit: basis points for small returns, percent for large ones, a dash where there is none."""
    if size is None:
        return "–"
    if unit == "return":
        small = abs(size) < 0.1
        text = f"{size * 1e4:+.1f} bp" if small else f"{size * 100:+.0f} %"
    elif unit == "points":
        text = f"{size:+.2f} points"
    else:
        text = f"{size:,.0f} {unit}"
    return text.replace("-", "−")
