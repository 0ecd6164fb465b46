"""Forecasts of events: made from what was known on their day, and scored by what happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from groundswell.claims.register.forecasts import MIN_EARLIER, make_forecasts, score_forecasts
from groundswell.markets.studies.event_study import EveryWindow
from groundswell.model import Absence, Evaluation, EventValue, Verdict

FIRST = date(2000, 1, 3)
RANGE = (0.05, 0.15)


def on(number: int) -> date:
    return FIRST + timedelta(days=100 * number)


def evaluate(values: list[float], length: int = 90, absent: tuple[Absence, ...] = ()) -> Evaluation:
    events = tuple(
        EventValue(on(number), value, on(number), on(number) + timedelta(days=length))
        for number, value in enumerate(values)
    )
    return Evaluation("C1", "h", "text", Verdict.SUPPORTED, "", on(99), "event-study", events=events, absent=absent)


def test_a_forecast_is_the_frequency_among_earlier_events_and_their_prediction_interval():
    values = [0.06, -0.02, 0.08, 0.01, 0.3]
    fourth, fifth = make_forecasts(evaluate(values), RANGE, "reaches")
    assert (fourth.n, fourth.hits, fourth.probability) == (3, 2, 3 / 5)
    assert (fifth.n, fifth.hits, fifth.probability) == (4, 2, 3 / 6)
    assert (fourth.value, fourth.hit, fourth.status) == (0.01, False, "resolved")
    half = stats.t.ppf(0.975, 2) * np.std(values[:3], ddof=1) * np.sqrt(1 + 1 / 3)
    assert (fourth.low, fourth.high) == pytest.approx((np.mean(values[:3]) - half, np.mean(values[:3]) + half))
    assert fifth.hit


def test_outcomes_have_a_probability_and_no_interval():
    *_, last = make_forecasts(evaluate([0.4, -0.6, 0.4, 0.4, -0.6, 0.4]), (0.0, 1.0), "reaches")
    assert (last.n, last.hits, last.probability) == (5, 3, 4 / 7)
    assert (last.low, last.high) == (None, None)


def test_an_event_whose_window_has_not_ended_is_not_known():
    assert [each.n for each in make_forecasts(evaluate([0.1] * 7, length=150), RANGE, "reaches")] == [3, 4, 5]


def test_an_event_without_a_value_is_open_until_its_window_ends_and_then_void():
    ends = on(5) + timedelta(days=90)
    opened, void = Absence(on(5), "window ends later", ends), Absence(on(4), "a price is missing")
    found = make_forecasts(evaluate([0.1, 0.0, 0.1, 0.1], absent=(opened, void)), RANGE, "reaches")
    assert [(each.status, each.void, each.ends) for each in found[-2:]] == [
        ("void", "a price is missing", None),
        ("open", "", ends),
    ]
    score = score_forecasts(found)
    assert (score.resolved, score.open, score.voids) == (1, 1, 1)


@given(st.lists(st.floats(-0.5, 0.5), min_size=4, max_size=12), st.integers(4, 12), st.integers(10, 250))
def test_a_forecast_is_the_same_whatever_comes_later(values, until, length):
    """What is known at the end of the day of an event gives the forecast that the whole record gives of it."""
    whole = make_forecasts(evaluate(values, length), RANGE, "reaches")
    known = [event for event in evaluate(values, length).events if event.end <= on(until)]
    still_open = tuple(
        Absence(event.date, "window ends later", event.end)
        for event in evaluate(values, length).events
        if event.date <= on(until) < event.end
    )
    then = make_forecasts(replace(evaluate([]), events=tuple(known), absent=still_open), RANGE, "reaches")
    same = [each for each in whole if each.day <= on(until)]
    made = ("day", "n", "hits", "probability", "low", "high")
    assert [[getattr(each, name) for name in made] for each in then] == [
        [getattr(each, name) for name in made] for each in same
    ]


def test_the_usual_share_is_of_windows_that_had_ended():
    days = np.arange(np.datetime64(FIRST), np.datetime64(on(5)))
    late = (days + np.timedelta64(97, "D") > np.datetime64(on(3))).astype(float)  # some windows last a week longer
    found = make_forecasts(evaluate([0.1, 0.0, 0.1, 0.1]), RANGE, "reaches", EveryWindow(days, late))
    assert [each.usual for each in found] == [0.0]  # all windows that reach the bound end after the event


def test_scores_by_hand():
    found = make_forecasts(evaluate([0.1, 0.1, 0.1, 0.1, 0.0]), RANGE, "reaches")
    score = score_forecasts(found)
    assert [each.probability for each in found] == [4 / 5, 5 / 6]
    assert score.brier == pytest.approx(((4 / 5 - 1) ** 2 + (5 / 6) ** 2) / 2)
    assert (score.coin, score.compared, score.usual) == (0.25, 0, None)
    assert [(each.n, each.share) for each in score.calibration] == [(2, 0.5)]
    assert (score.bounded, score.covered) == (0, 0)  # equal values have no interval
    assert score_forecasts([]).brier is None


def test_few_earlier_events_give_no_forecast():
    assert make_forecasts(evaluate([0.1] * MIN_EARLIER), RANGE, "reaches") == ()
