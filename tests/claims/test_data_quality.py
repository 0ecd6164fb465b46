"""Which defects lie in the windows of a claim."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from groundswell.claims.data_quality import add_impacts
from groundswell.claims.verdict_changes import find_changes
from groundswell.markets.quality.finding import Finding
from groundswell.model import (
    Absence,
    Action,
    Basis,
    DataIssue,
    Evaluation,
    EventValue,
    IssueKind,
    Reading,
    SeriesUse,
    Verdict,
    VerdictAt,
)

IWM, SPY = SeriesUse("IWM (total return)", "file", None), SeriesUse("SPY (total return)", "file", None)
KRE = SeriesUse("KRE (total return)", "file", None)
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


def test_a_reading_of_another_kind_is_touched_by_its_own():
    slope = replace(READING, estimand="sensitivity", sources=(KRE,))
    ends = replace(from_to(IssueKind.ENDS_EARLY, date(2026, 5, 4), date(2026, 8, 20)), series=KRE.series)
    assert impacts(replace(CLAIM, readings=(slope,)), ends) == [(False, 1)]
    assert impacts(replace(CLAIM, readings=(replace(slope, estimand="event-study"),)), ends) == []


def test_where_nothing_was_measured_nothing_is_touched():
    assert impacts(replace(CLAIM, events=(), absent=(), readings=()), on(date(2019, 8, 1))) == []
    assert impacts(CLAIM) == []


def test_those_of_the_main_measurement_come_first():
    late, early = on(date(2024, 10, 1)), on(date(2019, 8, 1))
    assert impacts(CLAIM, late, early) == [(True, 0), (False, 1)]


SPLIT = Finding(
    IssueKind.SPLIT, (date(2019, 8, 1),), "it falls by 50.0 % on 2019-08-01, as a split would", -0.5, "return"
)
UNIT = Finding(IssueKind.OTHER_UNIT, (), "fractions", span=(date(2024, 1, 2), date(2024, 12, 31)))


def judge(claim: Evaluation, *data_issues: DataIssue) -> Evaluation:
    return add_impacts(claim, {IWM.series: data_issues})


def test_an_issue_in_a_window_withholds_the_verdict_and_every_figure():
    measured = replace(
        CLAIM, estimate=0.02, ci_low=-0.1, ci_high=0.1, n=1, wins=1, placebo_p=0.2, sign_p=1.0, notes=("a",)
    )
    judged = judge(measured, SPLIT.to_issue(IWM.series, "file"))
    assert judged.verdict is Verdict.NOT_MEASURED
    assert judged.reason == "withheld: IWM (total return): it falls by 50.0 % on 2019-08-01, as a split would"
    assert judged.basis is Basis.WITHHELD
    assert (judged.estimate, judged.ci_low, judged.ci_high, judged.n, judged.wins) == (None, None, None, 0, None)
    assert (judged.placebo_p, judged.sign_p, judged.median, judged.events, judged.notes) == (None, None, None, (), ())
    assert [impact.issue.kind for impact in judged.impacts] == [IssueKind.SPLIT]
    assert judged.readings == (READING,)  # its window lies elsewhere


def test_an_issue_in_the_window_of_a_reading_withholds_that_reading():
    judged = judge(CLAIM, UNIT.to_issue(IWM.series, "file"))
    assert (judged.verdict, judged.withheld) == (Verdict.INCONCLUSIVE, False)
    (reading,) = judged.readings
    assert (reading.verdict, reading.estimate, reading.n) == (Verdict.NOT_MEASURED, None, 0)
    assert reading.reason == "withheld: IWM (total return): fractions"


def test_an_issue_elsewhere_and_one_of_an_unused_source_withhold_nothing():
    elsewhere = replace(SPLIT, days=(date(2015, 8, 3),)).to_issue(IWM.series, "file")
    assert not judge(CLAIM, elsewhere).withheld
    assert not judge(CLAIM, SPLIT.to_issue(IWM.series, "file", Action.UNUSED)).withheld
    assert not judge(CLAIM, on(date(2019, 8, 1))).withheld


def test_an_issue_in_the_estimation_of_a_market_model_withholds():
    before = replace(SPLIT, days=(date(2019, 3, 1),)).to_issue(IWM.series, "file")
    assert not judge(CLAIM, before).withheld
    assert judge(replace(CLAIM, events=(replace(EVENT, beta=1.1),)), before).withheld


def test_many_issues_are_counted():
    issues = [replace(SPLIT, text=str(number)).to_issue(IWM.series, "file") for number in range(5)]
    reason = judge(CLAIM, *issues).reason
    assert reason == "withheld: IWM (total return): 0; IWM (total return): 1; and 3 further data issues"


def test_a_withheld_verdict_is_no_change_of_verdict():
    days = [date(2024, 1, day) for day in (2, 3, 4)]
    past = [VerdictAt(days[0], Verdict.SUPPORTED), VerdictAt(days[1], Verdict.NOT_MEASURED, Basis.WITHHELD)]
    assert list(find_changes([*past, VerdictAt(days[2], Verdict.SUPPORTED)])) == []
    refuted = VerdictAt(days[2], Verdict.REFUTED)
    assert list(find_changes([*past, refuted])) == [(past[0], refuted)]
