"""Data issues as readers see them: issues that differ only in their series together, and sizes with a unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from groundswell.model import DataIssue
from groundswell.wording.figures import use_minus_sign
from groundswell.wording.plurals import write_first_names

SMALL_RETURN = 0.1
"""A return below this is written in basis points."""


@dataclass(frozen=True, slots=True)
class IssueGroup:
    """Data issues of several series that differ only in the series and the size."""

    data_issues: tuple[DataIssue, ...]

    @property
    def issue(self) -> DataIssue:
        """The issue of the largest size."""
        return max(self.data_issues, key=lambda issue: abs(issue.size or 0.0))

    @property
    def days(self) -> str:
        """The day, or the first and the last day and the number of days."""
        issue = self.issue
        if issue.first == issue.last:
            return str(issue.first)
        span = f"{issue.first} to {issue.last}"
        return f"{span} ({len(issue.days)} days)" if issue.days else span

    def names(self, limit: int) -> str:
        """Write the first ``limit`` series and the number of the others."""
        return write_first_names([issue.series for issue in self.data_issues], limit)


def group_issues(data_issues: Iterable[DataIssue]) -> tuple[IssueGroup, ...]:
    """Group the issues that differ only in the series and the size, in the order of their first appearance."""
    groups: dict[tuple[object, ...], list[DataIssue]] = {}
    for issue in data_issues:
        key = issue.kind, issue.source, issue.first, issue.last, issue.days, issue.text, issue.action
        groups.setdefault(key, []).append(issue)
    return tuple(IssueGroup(tuple(issues)) for issues in groups.values())


def write_size(size: float | None, unit: str) -> str:
    """Write a size with its unit: small returns in basis points, large ones in percent, a dash for None."""
    if size is None:
        return "–"
    if unit == "return":
        text = f"{size * 1e4:+.1f} bp" if abs(size) < SMALL_RETURN else f"{size * 100:+.0f} %"
    elif unit == "points":
        text = f"{size:+.2f} points"
    else:
        text = f"{size:,.0f} {unit}"
    return use_minus_sign(text)
