"""Which defects of data lie in the windows of a claim."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from groundswell.claims.registry import ESTIMANDS
from groundswell.model import DataIssue, Evaluation, Impact, IssueKind, Reading

Spans = tuple[tuple[dt.date, dt.date], ...]


def add_impacts(evaluation: Evaluation, data_issues: Mapping[str, Collection[DataIssue]]) -> Evaluation:
    """The evaluation with the defects that touch it; ``data_issues`` are by the name of their series.

    A defect touches a measurement when the measurement uses its series and one of its days lies in a window, both ends
    included. A series that ends early touches what is measured up to the day of the evaluation, and events after its
    end. Where nothing was measured, nothing is touched.
    """
    main = _touching(evaluation, evaluation, data_issues)
    counted: dict[DataIssue, int] = {}
    for reading in evaluation.readings:
        for issue in _touching(reading, evaluation, data_issues):
            counted[issue] = counted.get(issue, 0) + 1
    impacts = [Impact(issue, issue in main, counted.get(issue, 0)) for issue in dict.fromkeys((*main, *counted))]
    return replace(evaluation, impacts=tuple(sorted(impacts, key=_order)))


def _touching(
    measured: Evaluation | Reading, evaluation: Evaluation, data_issues: Mapping[str, Collection[DataIssue]]
) -> tuple[DataIssue, ...]:
    concerned = {use.series: data_issues[use.series] for use in measured.sources if use.series in data_issues}
    if not concerned:
        return ()
    windows = tuple((event.start, event.end) for event in measured.events)
    missed = tuple((absence.date, absence.date) for absence in measured.absent)
    by_events = evaluation.estimand is not None and ESTIMANDS[evaluation.estimand].rows == "Events"
    until = missed if by_events else ((windows[-1][1], evaluation.as_of),) if windows else ()
    return tuple(
        issue
        for found in concerned.values()
        for issue in found
        if _lies_in(issue, (*windows, *until) if issue.kind is IssueKind.ENDS_EARLY else windows)
    )


def _lies_in(issue: DataIssue, windows: Iterable[tuple[dt.date, dt.date]]) -> bool:
    return any(issue.within(start, end) for start, end in windows)


def _order(impact: Impact) -> tuple[bool, str, str, dt.date]:
    return not impact.main, impact.issue.series, impact.issue.kind, impact.issue.first
