"""Data issues in the terminal: similar ones on one line, the remedy of each kind below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from groundswell.cli.output import print_table

if TYPE_CHECKING:
    from groundswell.model import DataIssue
    from groundswell.wording.quality import IssueGroup

MAX_SERIES_NAMED = 4


def print_data_issues(
    title: str, data_issues: Iterable[DataIssue], claims: Mapping[DataIssue, Sequence[str]] | None = None
) -> None:
    """Print a table of data issues and one of remedies; nothing if there are none. ``claims`` adds those affected."""
    from groundswell.wording.quality import group_issues, write_size

    groups = group_issues(data_issues)
    if not groups:
        return
    columns = ("kind", "series", "days", "largest", "action", "source", *(("claims",) if claims else ()))
    rows = [
        (
            group.issue.kind.value,
            group.names(MAX_SERIES_NAMED),
            group.days,
            write_size(group.issue.size, group.issue.unit),
            group.issue.action.value,
            group.issue.source,
            *((_join_claims(group, claims),) if claims else ()),
        )
        for group in groups
    ]
    print_table(title, columns, rows)
    remedies = {group.issue.kind.value: group.issue.remedy for group in groups}
    print_table("Remedies", ("kind", "remedy"), remedies.items())


def _join_claims(group: IssueGroup, claims: Mapping[DataIssue, Sequence[str]]) -> str:
    return ", ".join(dict.fromkeys(claim for issue in group.data_issues for claim in claims[issue]))
