"""Defects of data in the terminal: those alike on one line, the mend of each kind below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from groundswell.cli.output import print_table

if TYPE_CHECKING:
    from groundswell.model import DataIssue
    from groundswell.wording.quality import IssueGroup

NAMED = 4


def print_data_issues(
    title: str, data_issues: Iterable[DataIssue], claims: Mapping[DataIssue, Sequence[str]] | None = None
) -> None:
    """Print a table of defects, with the claims that each touches where they are given; nothing if there are none."""
    from groundswell.wording.quality import group_issues, write_size

    groups = group_issues(data_issues)
    if not groups:
        return
    columns = ("kind", "series", "days", "largest", "done", "source", *(("claims",) if claims else ()))
    rows = [
        (
            group.issue.kind.value,
            group.names(NAMED),
            group.days,
            write_size(group.issue.size, group.issue.unit),
            group.issue.action.value,
            group.issue.source,
            *((_of(group, claims),) if claims else ()),
        )
        for group in groups
    ]
    print_table(title, columns, rows)
    mends = {group.issue.kind: group.issue.remedy for group in groups}
    print_table("Mends", ("kind", "mend"), ((kind.value, remedy) for kind, remedy in mends.items()))


def _of(group: IssueGroup, claims: Mapping[DataIssue, Sequence[str]]) -> str:
    return ", ".join(dict.fromkeys(name for one in group.data_issues for name in claims[one]))
