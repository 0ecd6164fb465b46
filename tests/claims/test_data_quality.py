"""Which defects lie in the windows of a claim."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from groundswell.claims.data_quality import add_impacts
from groundswell.markets.quality.finding import Finding
from groundswell.model import Absence, DataIssue, Evaluation, EventValue, IssueKind, Reading, SeriesUse, Verdict

IWM, SPY = SeriesUse("IWM (total return)", "file", None), SeriesUse("SPY (total return)", "file", None)
EVENT = EventValue(date(2019, 7, 31), 0.01, date(2019, 7, 31), date(2019, 10, 29))
LATER = EventValue(date(2024, 9, 18), 0.01, date(2024, 9, 18), date(2024, 12, 17))
READING = Reading("later", Verdict.INCONCLUSIVE, "", 0.01, None, None, 1, "63 sessions", (LATER,), (), (IWM, SPY))
CLAIM = Evaluation(
    "C1", "small-caps", "So it is", Verdict.INCONCLUSIVE, "because", date(2026, 8, 20), "event-study", "return",
    events=(EVENT,), absent=(Absence(date(2026, 6, 17), "IWM ends"),), sources=(IWM,), readings=(READING,),
)  # fmt: skip


def on(*days: date, series: str = "IWM (total return)") -> DataIssue:
    return Finding(IssueKind.STALE, days, "stood still", 0.02, "return").to_issue(series, "file")


def from_to(kind: IssueKind, first: date, last: date) -> DataIssue:
    return Finding(kind, (), "so", span=(first, last)).to_issue("IWM (total return)", "file")


def impacts(claim: Evaluation, *data_issues: DataIssue) -> list[tuple[bool, int]]:
    by_name: dict[str, list[DataIssue]] = {}
    for one in data_issues:
        by_name.setdefault(one.series, []).append(one)
    return [(impact.main, impact.readings) for impact in add_impacts(claim, by_name).impacts]


@pytest.mark.parametrize(
    ("issue", "expected"),
    [
        pytest.param(on(date(2019, 8, 1)), [(True, 0)], id="within the main window"),
        pytest.param(on(date(2019, 7, 31)), [(True, 0)], id="on its first day"),
        pytest.param(on(date(2019, 10, 29)), [(True, 0)], id="on its last day"),
        pytest.param(on(date(2019, 10, 30)), [], id="a day late"),
        pytest.param(on(date(2018, 1, 2), date(2022, 1, 3)), [], id="its days lie around the window"),
        pytest.param(on(date(2024, 10, 1)), [(False, 1)], id="within the window of a reading"),
        pytest.param(on(date(2019, 8, 1), date(2024, 10, 1)), [(True, 1)], id="within both"),
        pytest.param(on(date(2019, 8, 1), series="SPY (total return)"), [], id="a series that only the reading uses"),
        pytest.param(on(date(2019, 8, 1), series="KRE (total return)"), [], id="a series that is not used"),
        pytest.param(from_to(IssueKind.SURVIVORS, date(2005, 1, 3), date(2020, 1, 2)), [(True, 0)], id="a span"),
        pytest.param(from_to(IssueKind.ENDS_EARLY, date(2026, 5, 4), date(2026, 8, 20)), [(True, 0)], id="event lost"),
        pytest.param(from_to(IssueKind.ENDS_EARLY, date(2026, 7, 1), date(2026, 8, 20)), [], id="no event lost"),
    ],
)  # fmt: skip
def test_a_defect_touches_what_its_days_lie_in(issue, expected):
    assert impacts(CLAIM, issue) == expected


def test_a_series_that_ends_early_touches_what_is_measured_up_to_the_day():
    slope = replace(CLAIM, estimand="sensitivity", absent=(), readings=())
    ends = from_to(IssueKind.ENDS_EARLY, date(2026, 5, 4), date(2026, 8, 20))
    assert impacts(slope, ends) == [(True, 0)]
    assert impacts(replace(slope, as_of=date(2026, 4, 30)), ends) == []


def test_where_nothing_was_measured_nothing_is_touched():
    assert impacts(replace(CLAIM, events=(), absent=(), readings=()), on(date(2019, 8, 1))) == []
    assert impacts(CLAIM) == []


def test_those_of_the_main_measurement_come_first():
    late, early = on(date(2024, 10, 1)), on(date(2019, 8, 1))
    assert impacts(CLAIM, late, early) == [(True, 0), (False, 1)]
