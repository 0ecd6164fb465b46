"""Data issues, faults of files and inspected files in the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from groundswell.cli.output import print_table

if TYPE_CHECKING:
    from groundswell.model import DataIssue
    from groundswell.schemas.data import DataInspection, FaultOut, InspectedTableOut
    from groundswell.wording.quality import IssueGroup

MAX_SERIES_NAMED = 4


def print_data_issues(
    title: str, data_issues: Iterable[DataIssue], claims: Mapping[DataIssue, Sequence[str]] | None = None
) -> None:
    """Print a table of data issues and one of remedies; nothing if there are none. ``claims`` adds those affected."""
    from groundswell.model import Action, IssueKind
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
    named_in_text = (IssueKind.CARRIED, IssueKind.TWO_SECURITIES)
    details = [
        (group.names(MAX_SERIES_NAMED), group.issue.text)
        for group in groups
        if group.issue.action in (Action.WITHHELD, Action.CORRECTED) or group.issue.kind in named_in_text
    ]
    if details:
        print_table("What withholds verdicts, and what was changed", ("series", "text"), list(dict.fromkeys(details)))
    remedies = {group.issue.kind.value: group.issue.remedy for group in groups}
    print_table("Remedies", ("kind", "remedy"), remedies.items())


def print_inspection(inspection: DataInspection) -> None:
    """Print how each table of a file was understood, the series that it would give, and what is wrong with it."""
    for table in inspection.tables:
        title = f"{inspection.file}{f', sheet {table.sheet}' if table.sheet else ''}"
        print_table(title, ("what", "understood as"), _list_facts(table))
        columns = (
            (
                column.heading or "(no heading)",
                column.role or "not known",
                column.symbol,
                "yes" if column.used else "no",
            )
            for column in table.columns
        )
        print_table("Columns", ("heading", "holds", "series", "used"), columns)
    series = (
        (f"{one.id} ({one.measure})", str(one.first), str(one.last), f"{one.observations:,}", one.adjustment)
        for one in inspection.series
    )
    if inspection.series:
        print_table("Series", ("series", "first", "last", "values", "adjustment"), series, ("first", "last"))
    for remark in inspection.remarks:
        print(f"Note: {remark}.")
    print_faults(inspection.faults)
    if inspection.reason:
        print(f"{inspection.file} would not be used: {inspection.reason}.")


def print_faults(faults: Iterable[FaultOut]) -> None:
    """Print a table of faults; nothing if there are none."""
    rows = [
        (f"{fault.file}{f', line {fault.line}' if fault.line else ''}", fault.column, fault.text, fault.fix)
        for fault in faults
    ]
    if rows:
        print_table("Faults", ("place", "column", "what is wrong", "fix"), rows)


def _list_facts(table: InspectedTableOut) -> Iterator[tuple[str, str]]:
    yield "encoding", table.encoding
    if table.delimiter:
        yield "delimiter", table.delimiter
    if table.decimal_sign:
        yield "decimal sign", table.decimal_sign
    for line in table.lines_above:
        yield "line above the heading", line
    if table.heading_line:
        yield "heading", f"line {table.heading_line}"
    for name, cells in table.descriptions.items():
        yield name, ", ".join(dict.fromkeys(cell for cell in cells[1:] if cell))
    yield "layout", table.layout
    yield "dates", f"column {table.date_column}: {table.date_order}"
    if table.date_reason:
        yield "reason", table.date_reason
    yield "rows", f"{table.rows:,}"
    for line in table.lines_left_out:
        yield "left out", line


def _join_claims(group: IssueGroup, claims: Mapping[DataIssue, Sequence[str]]) -> str:
    return ", ".join(dict.fromkeys(claim for issue in group.data_issues for claim in claims[issue]))
