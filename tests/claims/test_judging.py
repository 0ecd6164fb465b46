"""Qualifiers, votes of readings, and the figures next to a verdict, on made data."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from groundswell.claims.estimand import Measurement
from groundswell.claims.inference.power import find_needed_n
from groundswell.claims.inference.rows import Rows
from groundswell.claims.inference.summary import Summary, summarise, summarise_coefficient
from groundswell.claims.judging.curve import judge_curve_jointly
from groundswell.claims.judging.qualifiers import is_usual, list_rows, qualify
from groundswell.claims.judging.recent import measure_recent
from groundswell.claims.judging.strength import measure_strength
from groundswell.claims.readings import summarise_measurement
from groundswell.claims.spec import MeasureSpec
from groundswell.claims.verdict import decide
from groundswell.markets.series.calendar import sessions_between
from groundswell.markets.studies.event_study import EveryWindow
from groundswell.model import Evaluation, EventValue, Qualifier, Reading, Verdict

TODAY = dt.date(2024, 12, 31)
SESSIONS = sessions_between(dt.date(2000, 1, 3), TODAY)
SPAN = 20


def make_spec(low, high, holds="reaches"):
    return MeasureSpec(estimand="event-study", range=(low, high), holds=holds, minimum_events=5)


def make_measurement(values, places=None, every=None):
    places = np.linspace(100, len(SESSIONS) - 100, len(values)).astype(int) if places is None else np.array(places)
    starts, ends = SESSIONS[places].tolist(), SESSIONS[places + SPAN].tolist()
    events = tuple(EventValue(start, value, start, end) for start, end, value in zip(starts, ends, values, strict=True))
    return Measurement(events, (), (), others=every and (lambda: every), span=SPAN)


def judge(measurement, spec, placebo_p=None, *, stale=False):
    summary = summarise_measurement(measurement, spec)
    verdict, reason = decide(summary, spec.range, 5, holds=spec.holds)
    reading = Reading("", verdict, reason, summary.mean, summary.ci_low, summary.ci_high, summary.n, "", (), (), ())
    usual = is_usual(reading, placebo_p, None)
    return verdict, qualify(reading, measurement, spec, usual, rows=list_rows(measurement), is_stale=stale)


ABOVE = [0.08, 0.09, 0.10, 0.11, 0.12, 0.10]
AROUND = [0.01, 0.12, 0.02, 0.11, 0.03, 0.07]


@pytest.mark.parametrize(
    ("values", "spec", "qualifiers"),
    [
        (ABOVE, make_spec(0.05, 0.15), [Qualifier.SIZE]),
        (AROUND, make_spec(0.05, 0.15), [Qualifier.DIRECTION_ONLY]),
        ([-value for value in ABOVE], make_spec(-0.15, -0.05), [Qualifier.SIZE]),
        ([-value for value in AROUND], make_spec(-0.15, -0.05), [Qualifier.DIRECTION_ONLY]),
        (ABOVE, make_spec(0.05, 0.15, "within"), [Qualifier.SIZE]),
        # A claim of a side alone claims no size.
        (AROUND, make_spec(0.0, np.inf), []),
    ],
)
def test_a_size_is_shown_only_by_an_interval_that_reaches_it(values, spec, qualifiers):
    verdict, qualified = judge(make_measurement(values), spec)
    assert verdict is Verdict.SUPPORTED
    assert list(qualified.qualifiers) == qualifiers


@pytest.mark.parametrize(("mean", "usual"), [(0.10, True), (0.02, False)])
def test_windows_too_long_for_a_placebo_are_usual_unless_the_interval_excludes_their_mean(mean, usual):
    """A year after the end of each year is any year: no two sets of so many such windows fit next to each other."""
    summary = summarise(ABOVE, 1)
    reading = Reading("", Verdict.SUPPORTED, "", summary.mean, summary.ci_low, summary.ci_high, 6, "", (), (), ())
    assert is_usual(reading, None, np.full(900, mean)) is usual
    assert not is_usual(reading, None, np.empty(0))


def test_what_is_not_supported_has_no_qualifier_of_support():
    verdict, qualified = judge(make_measurement([-value for value in ABOVE]), make_spec(0.05, 0.15), placebo_p=0.9)
    assert verdict is Verdict.REFUTED
    assert qualified.qualifiers == ()


@pytest.mark.parametrize(("placebo_p", "usual"), [(0.05, False), (0.0999, False), (0.1, True), (0.78, True)])
def test_windows_like_any_others_are_no_more_than_usual(placebo_p, usual):
    _, qualified = judge(make_measurement(ABOVE), make_spec(0.05, 0.15), placebo_p)
    assert (Qualifier.NO_MORE_THAN_USUAL in qualified.qualifiers) is usual


def test_hindsight_an_absent_premise_and_stale_data_are_said_of_any_verdict():
    measurement = replace(make_measurement(AROUND[:2]), hindsight="dated later", premise="in 2 of 2 no lead")
    verdict, qualified = judge(measurement, make_spec(0.05, 0.15), stale=True)
    assert verdict is Verdict.INSUFFICIENT
    assert list(qualified.qualifiers) == [Qualifier.PREMISE_ABSENT, Qualifier.HINDSIGHT, Qualifier.STALE]


def make_slope(before, after, count=600):
    """Make a measured slope that changes after two thirds of its weekly rows."""
    rng = np.random.default_rng(4)
    factor = rng.standard_normal(count)
    slopes = np.where(np.arange(count) < 2 * count // 3, before, after)
    ends = np.datetime64(TODAY) - 7 * np.arange(count)[::-1]
    rows = Rows(ends, factor, slopes * factor + 0.5 * rng.standard_normal(count), 4)
    error = 0.5 / np.sqrt(count)
    summary = summarise_coefficient(rows.estimate, error, count, count - 2, counted="week", lags=4)
    return Measurement((), (), (), summary=summary, rows=lambda: rows), ends[2 * count // 3].astype(object)


@pytest.mark.parametrize(
    ("after", "holds_until"), [(-0.3, True), (0.6, False), (0.2, False)], ids=["turned", "steady", "smaller"]
)
def test_a_claim_that_holds_only_up_to_a_break_says_so(after, holds_until):
    measurement, day = make_slope(0.6, after)
    verdict, qualified = judge(measurement, make_spec(0.0, np.inf))
    assert verdict is Verdict.SUPPORTED
    assert (Qualifier.NOT_SINCE in qualified.qualifiers) is holds_until
    assert (abs(qualified.not_since - day) < dt.timedelta(weeks=15)) if holds_until else qualified.not_since is None


def find_recent(measurement):
    return measure_recent(measurement, list_rows(measurement), TODAY)


def test_the_last_five_years_are_measured_like_the_whole():
    measurement, _ = make_slope(0.6, -0.3, count=900)
    recent = find_recent(measurement)
    assert recent.since == dt.date(2019, 12, 31)
    assert recent.n == 262
    assert recent.ci_low < -0.3 < recent.ci_high < 0.0
    events = make_measurement([0.01, 0.02, 0.03, 0.4, 0.6], places=[10, 500, 900, 5500, 6000])
    recent = find_recent(events)
    assert (recent.n, recent.estimate) == (2, pytest.approx(0.5))


def test_what_is_all_recent_or_made_of_no_rows_has_no_second_figure():
    assert find_recent(make_measurement([0.1, 0.2], places=[6000, 6100])) is None
    assert find_recent(Measurement((), (), (), summary=summarise([0.1], 1))) is None
    without = find_recent(make_measurement([0.1, 0.2], places=[10, 100]))
    assert (without.n, without.estimate, without.ci_low) == (0, None, None)


def test_the_strength_of_a_sample():
    spec = make_spec(0.05, 0.15)
    summary = summarise_measurement(make_measurement(AROUND), spec)
    strength = measure_strength(summary, spec)
    error = np.std(AROUND, ddof=1) / np.sqrt(6)
    assert strength.detectable == pytest.approx(error * (2.5706 + 0.9195), rel=0.1)
    assert strength.needed_n == pytest.approx(find_needed_n(float(np.std(AROUND, ddof=1)), 0.05), abs=1)
    assert strength.bound_p == pytest.approx(0.68, abs=0.1)
    assert measure_strength(summary, make_spec(0.0, np.inf)).needed_n is None
    assert measure_strength(summarise([0.1], 1), spec) is None
    rank = Summary(100, 2.0, None, 1.0, 4.0, None, "week", discrete=True)
    assert measure_strength(rank, MeasureSpec(estimand="rank", range=(1.0, 2.0), holds="within")) is None


def make_windows(effect_at=(), effect=0.0):
    """Make the relative return of every window of 20 sessions, with an effect after some sessions."""
    rng = np.random.default_rng(12)
    daily = 0.004 * rng.standard_normal(len(SESSIONS))
    for place in effect_at:
        daily[place + 1 : place + 1 + SPAN] += effect / SPAN
    total = np.concatenate([[0.0], np.cumsum(daily)])
    values = total[1 + SPAN :] - total[1:-SPAN]
    return EveryWindow(SESSIONS[:-SPAN], values)


PLACES = [300, 1200, 2100, 3100, 4200, 5200]


def make_curve(effect, bases=(-1, 0, 1, 2)):
    every = make_windows(PLACES, effect)
    measurements = []
    for base in bases:
        places = np.array(PLACES) + base
        events = tuple(
            EventValue(day, value, start, end)
            for day, value, start, end in zip(
                SESSIONS[PLACES].tolist(),
                every.values[places].tolist(),
                SESSIONS[places].tolist(),
                SESSIONS[places + SPAN].tolist(),
                strict=True,
            )
        )
        measurements.append(Measurement(events, (), (), others=lambda: every, span=SPAN))
    return judge_curve_jointly(measurements, make_spec(0.02, 0.10))


def test_readings_of_an_effect_differ_from_those_of_random_days():
    curve = make_curve(0.06)
    assert curve.readings == 4
    assert curve.median == pytest.approx(0.06, abs=0.02)
    assert curve.median_p < 0.01
    assert curve.share == 1.0
    assert curve.share_p < 0.01


def test_readings_of_nothing_do_not():
    curve = make_curve(0.0)
    assert curve.median_p > 0.05
    assert curve.share_p > 0.05
    assert make_curve(0.0) == curve


def test_a_curve_needs_three_readings_by_events():
    assert make_curve(0.06, bases=(0, 1)) is None
    assert judge_curve_jointly([Measurement((), (), (), summary=summarise([0.1], 1))] * 5, make_spec(0.02, 0.1)) is None


def test_readings_that_ask_another_question_are_no_votes():
    base = Reading("a", Verdict.SUPPORTED, "", 0.1, 0.0, 0.2, 9, "", (), (), ())
    readings = (
        base,
        replace(base, name="b", verdict=Verdict.REFUTED),
        replace(base, name="c", verdict=Verdict.REFUTED, asks="something else"),
        replace(base, name="d", verdict=Verdict.INSUFFICIENT),
        replace(base, name="e", verdict=Verdict.INCONCLUSIVE),
    )
    votes = Evaluation("A1", "hub", "text", Verdict.SUPPORTED, "", TODAY, readings=readings).readings_judged
    assert (votes.support, votes.refute, votes.open, votes.judged) == (1, 1, 1, 3)
