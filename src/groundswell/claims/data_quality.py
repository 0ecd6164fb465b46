"""Which data issues affect a claim, and which withhold its verdict."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from groundswell.claims.registry import is_by_events
from groundswell.model import DataIssue, Evaluation, EventValue, Impact, IssueKind, Reading, Verdict
from groundswell.wording.plurals import write_count

Windows = tuple[tuple[dt.date, dt.date], ...]
"""First and last days."""

LOOK_BACK = dt.timedelta(days=400)
"""An abnormal return rests on the market model of the year before its window."""

MAX_REASONS = 2
"""A reason names this many data issues and counts the others."""


def group_by_series(issues: Iterable[DataIssue]) -> dict[str, list[DataIssue]]:
    """Group data issues by the name of their series."""
    by_series: dict[str, list[DataIssue]] = {}
    for issue in issues:
        by_series.setdefault(issue.series, []).append(issue)
    return by_series


def add_impacts(evaluation: Evaluation, data_issues: Mapping[str, Collection[DataIssue]]) -> Evaluation:
    """Add to an evaluation the data issues that affect it; ``data_issues`` are by the name of their series.

    An issue affects a measurement that uses its series when one of its days lies in a window, both ends included. A
    series that ends early affects what is measured up to the day of the evaluation, and events after its end. One that
    was served short affects whatever uses it. Where nothing was measured, no issue has an impact.

    An issue that withholds verdicts makes the measurement that it affects "not measured", with the issue as the reason
    and without figures; that of a reading is left out in the same way.
    """
    main = _list_issues(evaluation, evaluation, data_issues)
    readings: Counter[DataIssue] = Counter()
    kept: list[Reading] = []
    for reading in evaluation.readings:
        issues = _list_issues(reading, evaluation, data_issues)
        readings.update(issues)
        withheld = [issue for issue in issues if issue.withholds]
        kept.append(_withhold_reading(reading, withheld) if withheld else reading)
    impacts = [Impact(issue, issue in main, readings[issue]) for issue in dict.fromkeys((*main, *readings))]
    evaluation = replace(evaluation, impacts=tuple(sorted(impacts, key=_sort_key)), readings=tuple(kept))
    withholding = [issue for issue in main if issue.withholds]
    return _withhold_verdict(evaluation, withholding) if withholding else evaluation


def _withhold_verdict(evaluation: Evaluation, issues: Sequence[DataIssue]) -> Evaluation:
    """Return a claim without its verdict and its figures."""
    return replace(
        evaluation,
        verdict=Verdict.NOT_MEASURED,
        reason=_write_reason(issues),
        estimate=None,
        median=None,
        ci_low=None,
        ci_high=None,
        n=0,
        wins=None,
        placebo_p=None,
        sign_p=None,
        hits=None,
        flip_p=None,
        predict_low=None,
        predict_high=None,
        events=(),
        absent=(),
        notes=(),
        withheld=True,
        sequence_low=None,
        sequence_high=None,
        confirmed=False,
    )


def _withhold_reading(reading: Reading, issues: Sequence[DataIssue]) -> Reading:
    return replace(
        reading,
        verdict=Verdict.NOT_MEASURED,
        reason=_write_reason(issues),
        estimate=None,
        ci_low=None,
        ci_high=None,
        n=0,
        events=(),
        absent=(),
    )


def _write_reason(issues: Sequence[DataIssue]) -> str:
    named = "; ".join(f"{issue.series}: {issue.text}" for issue in issues[:MAX_REASONS])
    others = len(issues) - MAX_REASONS
    return f"withheld: {named}" + (f"; and {write_count(others, 'further data issue')}" if others > 0 else "")


def _list_issues(
    measured: Evaluation | Reading, evaluation: Evaluation, data_issues: Mapping[str, Collection[DataIssue]]
) -> tuple[DataIssue, ...]:
    return tuple(
        dict.fromkeys(
            issue
            for use in measured.sources
            for issue in _list_issues_of(use.series, measured, evaluation, data_issues.get(use.series, ()))
        )
    )


def _list_issues_of(
    series: str, measured: Evaluation | Reading, evaluation: Evaluation, data_issues: Collection[DataIssue]
) -> Iterator[DataIssue]:
    """List the issues of one series that lie in windows of the events that rest on it."""
    if not data_issues:
        return
    events = [event for event in measured.events if not event.series or series in event.series]
    is_past = bool(measured.events) and measured.events[-1] not in events
    windows = tuple((event.start, event.end) for event in events)
    estimated = tuple((_start_of_estimation(event), event.end) for event in events)
    absent_days = tuple((absence.date, absence.date) for absence in measured.absent)
    is_by_days = is_by_events(measured.estimand or evaluation.estimand)
    after_end = absent_days if is_by_days else ((windows[-1][1], evaluation.as_of),) if windows else ()
    for issue in data_issues:
        chosen = _choose_windows(issue, windows, () if is_past else after_end, estimated)
        if issue.kind is IssueKind.SERVED_SHORT or _lies_in(issue, chosen):
            yield issue


def _choose_windows(issue: DataIssue, windows: Windows, after_end: Windows, estimated: Windows) -> Windows:
    """Return the windows in which an issue of its kind affects a measurement."""
    if issue.kind is IssueKind.ENDS_EARLY:
        return (*windows, *after_end)
    return estimated if issue.withholds else windows


def _start_of_estimation(event: EventValue) -> dt.date:
    return event.start if event.beta is None else event.start - LOOK_BACK


def _lies_in(issue: DataIssue, windows: Iterable[tuple[dt.date, dt.date]]) -> bool:
    return any(issue.within(start, end) for start, end in windows)


def _sort_key(impact: Impact) -> tuple[bool, str, str, dt.date]:
    return not impact.main, impact.issue.series, impact.issue.kind, impact.issue.first
