"""Which data issues affect a claim."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from groundswell.claims.registry import is_by_events
from groundswell.model import DataIssue, Evaluation, Impact, IssueKind, Reading


def add_impacts(evaluation: Evaluation, data_issues: Mapping[str, Collection[DataIssue]]) -> Evaluation:
    """Add to an evaluation the data issues that affect it; ``data_issues`` are by the name of their series.

    An issue affects a measurement that uses its series when one of its days lies in a window, both ends included. A
    series that ends early affects what is measured up to the day of the evaluation, and events after its end. Where
    nothing was measured, no issue has an impact.
    """
    main = _list_issues(evaluation, evaluation, data_issues)
    readings: Counter[DataIssue] = Counter()
    for reading in evaluation.readings:
        readings.update(_list_issues(reading, evaluation, data_issues))
    impacts = [Impact(issue, issue in main, readings[issue]) for issue in dict.fromkeys((*main, *readings))]
    return replace(evaluation, impacts=tuple(sorted(impacts, key=_sort_key)))


def _list_issues(
    measured: Evaluation | Reading, evaluation: Evaluation, data_issues: Mapping[str, Collection[DataIssue]]
) -> tuple[DataIssue, ...]:
    issues_of_used = [data_issues[use.series] for use in measured.sources if use.series in data_issues]
    if not issues_of_used:
        return ()
    windows = tuple((event.start, event.end) for event in measured.events)
    absent_days = tuple((absence.date, absence.date) for absence in measured.absent)
    after_end = absent_days if is_by_events(evaluation) else ((windows[-1][1], evaluation.as_of),) if windows else ()
    return tuple(
        dict.fromkeys(
            issue
            for issues in issues_of_used
            for issue in issues
            if _lies_in(issue, (*windows, *after_end) if issue.kind is IssueKind.ENDS_EARLY else windows)
        )
    )


def _lies_in(issue: DataIssue, windows: Iterable[tuple[dt.date, dt.date]]) -> bool:
    return any(issue.within(start, end) for start, end in windows)


def _sort_key(impact: Impact) -> tuple[bool, str, str, dt.date]:
    return not impact.main, impact.issue.series, impact.issue.kind, impact.issue.first
