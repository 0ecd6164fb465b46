"""Why a verdict changed from one evaluation to the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from groundswell.claims.verdict_changes import explain_change, find_changes
from groundswell.model import Basis, Evaluation, EventValue, SeriesUse, Verdict, VerdictAt

JUNE, JULY = date(2024, 6, 30), date(2024, 7, 31)


def event(day: date, value: float) -> EventValue:
    return EventValue(day, value, day, day)


OLD = event(date(2019, 7, 31), -0.0188)
NEW = event(date(2024, 3, 20), 0.05)
IWM = SeriesUse("IWM (total return)", "prices.csv", JUNE)
BEFORE = Evaluation(
    "C1", "small-caps", "So it is", Verdict.INCONCLUSIVE, "because", JUNE, "event-study", "return",
    estimate=-0.0188, n=1, window="63 sessions", events=(OLD,), sources=(IWM,),
)  # fmt: skip
AFTER = replace(BEFORE, as_of=JULY, verdict=Verdict.SUPPORTED, estimate=0.0156)
SLOPE = replace(BEFORE, estimand="sensitivity", unit="return per percentage point")
SHIFT = "the estimate went from −1.9 % to +1.6 %"


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        pytest.param(BEFORE, AFTER, SHIFT, id="only the estimate"),
        pytest.param(
            BEFORE, replace(AFTER, events=(OLD, NEW)), f"1 new event: 20 March 2024 (+5.0 %); {SHIFT}", id="a new event"
        ),
        pytest.param(
            BEFORE,
            replace(AFTER, events=(NEW,)),
            f"1 new event: 20 March 2024 (+5.0 %); 1 event no longer counted: 31 July 2019 (−1.9 %); {SHIFT}",
            id="another event",
        ),
        pytest.param(
            BEFORE,
            replace(AFTER, events=(replace(OLD, value=0.01),), sources=(replace(IWM, source="other.csv"),)),
            f"1 event measured again with another value; another source of IWM (total return); {SHIFT}",
            id="another source",
        ),
        pytest.param(
            BEFORE,
            replace(AFTER, window="21 sessions"),
            f"the claim is measured in another way: event-study, 21 sessions; {SHIFT}",
            id="another measurement",
        ),
        pytest.param(
            SLOPE,
            replace(SLOPE, as_of=JULY, estimate=0.01, sources=(replace(IWM, last=JULY),)),
            "new data up to 31 July 2024; the estimate went from −1.88 % per percentage point to +1.00 % per "
            "percentage point",
            id="new data of a slope",
        ),
        pytest.param(
            replace(BEFORE, verdict=Verdict.NOT_MEASURED, reason="no prices of IWM", estimate=None),
            AFTER,
            "it can be measured now; before: no prices of IWM",
            id="measured for the first time",
        ),
        pytest.param(
            BEFORE,
            replace(AFTER, verdict=Verdict.NOT_MEASURED, reason="no prices of IWM"),
            "no prices of IWM",
            id="no longer measured",
        ),
    ],
)
def test_the_reason_names_what_differs(before, after, why):
    found = explain_change(before, after)
    assert found.why == why
    assert (found.since, found.as_of, found.before, found.after) == (JUNE, JULY, before.verdict, after.verdict)


def test_many_new_events_are_counted():
    days = [event(date(2020, month, 1), 0.01) for month in range(1, 7)]
    assert explain_change(BEFORE, replace(AFTER, events=(OLD, *days))).why.startswith(
        "6 new events: 1 April 2020 (+1.0 %), 1 May 2020 (+1.0 %), 1 June 2020 (+1.0 %) and 3 before"
    )


def test_turns_are_neighbours_that_differ():
    verdicts = [Verdict.INCONCLUSIVE, Verdict.INCONCLUSIVE, Verdict.REFUTED, Verdict.INCONCLUSIVE]
    history = [VerdictAt(date(2024, month, 1), verdict) for month, verdict in enumerate(verdicts, start=1)]
    assert list(find_changes(history)) == [(history[1], history[2]), (history[2], history[3])]
    assert list(find_changes(history[:1])) == list(find_changes([])) == []


def test_a_verdict_on_a_stand_in_is_no_change_and_hides_none():
    declared = [Verdict.SUPPORTED, None, None, Verdict.SUPPORTED, None, Verdict.REFUTED]
    history = [
        VerdictAt(date(2024, month, 1), verdict or Verdict.INSUFFICIENT, Basis.DECLARED if verdict else Basis.STAND_IN)
        for month, verdict in enumerate(declared, start=1)
    ]
    assert list(find_changes(history)) == [(history[3], history[5])]
    assert list(find_changes(history[:3])) == list(find_changes(history[1:4])) == []


S, R, INCONCLUSIVE, INSUFFICIENT, ABSENT = Verdict.SUPPORTED, Verdict.REFUTED, *list(Verdict)[2:]


@pytest.mark.parametrize(
    ("past", "changes"),
    [
        pytest.param([(INCONCLUSIVE, False), (S, False), (INCONCLUSIVE, False), (R, False)], [], id="none confirmed"),
        pytest.param([(INCONCLUSIVE, False), (S, False), (S, True), (S, True)], [(1, 2)], id="confirmed"),
        pytest.param([(S, True), (S, False), (INCONCLUSIVE, False)], [(0, 1)], id="no longer confirmed"),
        pytest.param([(S, True), (R, True)], [(0, 1)], id="the other confirmed"),
        pytest.param([(S, True), (INSUFFICIENT, False), (ABSENT, False), (S, True)], [], id="data away for a while"),
        pytest.param([(S, True), (ABSENT, False), (INCONCLUSIVE, False)], [(0, 2)], id="another after data were away"),
        pytest.param([(ABSENT, False), (INSUFFICIENT, False), (S, True)], [], id="data are loaded"),
        pytest.param([(INCONCLUSIVE, None), (S, None), (S, True), (S, True)], [(0, 1)], id="an upgrade"),
        pytest.param([(S, None), (INCONCLUSIVE, False), (S, True)], [(1, 2)], id="after an upgrade"),
        pytest.param([(S, None), (INSUFFICIENT, False), (R, None), (R, None)], [(0, 2)], id="a fact"),
    ],
)
def test_a_change_is_of_what_is_confirmed(past, changes):
    history = [
        VerdictAt(date(2024, month, 1), verdict, confirmed=confirmed)
        for month, (verdict, confirmed) in enumerate(past, start=1)
    ]
    assert list(find_changes(history)) == [(history[before], history[after]) for before, after in changes]


def test_a_change_says_what_was_confirmed_and_by_which_sequence():
    confirmed = replace(AFTER, sequence_low=0.01, sequence_high=0.02, confirmed=True)
    change = explain_change(replace(BEFORE, verdict=Verdict.SUPPORTED), confirmed)
    assert (change.was_confirmed, change.confirmed) == (False, True)
    assert change.why == f"{SHIFT}; the confidence sequence is +1.0 % to +2.0 %"
