"""Whether series begin where they ought to: some services give only the last years of a long series."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from groundswell.markets.quality.finding import Finding
from groundswell.markets.series.begins import begins_too_late, declared_begin
from groundswell.model import DataIssue, IssueKind, Series


def list_short_series(series: Iterable[Series]) -> Iterator[DataIssue]:
    """List the series that begin later than declared, each as an issue over the span that is missing."""
    for each in series:
        declared = declared_begin(each.ref)
        if declared is not None and begins_too_late(each.dates[0].item(), declared):
            yield _find_missing_span(each, declared).to_issue(str(each.ref), each.source)


def _find_missing_span(series: Series, declared: dt.date) -> Finding:
    first: dt.date = series.dates[0].item()
    text = f"it begins on {first}, and ought to begin on {declared}"
    size = float((first - declared).days)
    return Finding(IssueKind.SERVED_SHORT, (), text, size, "days", (declared, first - dt.timedelta(days=1)))
