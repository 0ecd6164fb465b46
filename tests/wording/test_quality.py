from __future__ import annotations

from datetime import date

import pytest

from groundswell.markets.quality.finding import Finding
from groundswell.model import DataIssue, IssueKind
from groundswell.wording.quality import group_issues, write_size


def ends(series: str, size: float) -> DataIssue:
    finding = Finding(IssueKind.ENDS_EARLY, (), "it ends", size, "sessions", (date(2026, 5, 2), date(2026, 8, 21)))
    return finding.to_issue(series, "file")


def test_what_differs_in_the_series_alone_stands_together():
    stale = Finding(IssueKind.STALE, (date(2024, 1, 2),), "it stands still").to_issue("B", "file")
    groups = group_issues([ends("A", 77.0), stale, ends("B", -80.0), ends("C", 77.0)])
    assert [group.names(2) for group in groups] == ["A, B and 1 more", "B"]
    assert groups[0].issue.series == "B", "the one of the largest size stands for all"
    assert [group.days for group in groups] == ["2026-05-02 to 2026-08-21", "2024-01-02"]
    days = Finding(IssueKind.STALE, (date(2024, 1, 2), date(2024, 2, 2)), "so").to_issue("B", "file")
    assert group_issues([days])[0].days == "2024-01-02 to 2024-02-02 (2 days)"
    assert group_issues([]) == ()


@pytest.mark.parametrize(
    ("size", "unit", "words"),
    [
        (None, "return", "–"), (-0.00237, "return", "−23.7 bp"), (-0.5, "return", "−50 %"),
        (2.61, "points", "+2.61 points"), (1428.0, "sessions", "1,428 sessions"),
    ],
)  # fmt: skip
def test_sizes_are_written_with_their_unit(size, unit, words):
    assert write_size(size, unit) == words
