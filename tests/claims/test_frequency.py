"""How often a return after events lies beyond a bound, against counting by hand and scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from groundswell.claims.estimand import Measurement
from groundswell.claims.estimands.events.frequency import FrequencyArguments
from groundswell.claims.inference.sequences import bet_on_mean
from groundswell.claims.inference.summary import Summary
from groundswell.claims.registry import bind
from groundswell.claims.spec import MeasureSpec
from groundswell.claims.validate import check_claim
from groundswell.claims.verdict import decide
from groundswell.model import Measure, Verdict
from groundswell.wording.figures import DIFFERENCE

from .made import DAYS, END, book, claim, evaluate_claim, normal, price, series

PAIR = {"long": "A", "short": "B"}
A, B = price("A", normal(11, 0.01)), price("B", normal(12, 0.01))
VIX = series("^VIX", 20.0 + 25.0 * np.sin(np.arange(len(DAYS)) / 90.0) ** 2, Measure.PRICE)
BOOK = book(A, B, VIX)
MANY = {**PAIR, "events": "vix_above_40", "horizon": 21}
H = 21


def measure_both(**arguments: object) -> tuple[Measurement, Measurement]:
    """The event study, and the frequency of its outcome."""
    study = bind(MeasureSpec(estimand="event-study", arguments=MANY, range=(0.0, 1.0)))
    frequency = bind(MeasureSpec(estimand="frequency", arguments={**MANY, **arguments}, range=(0.0, 1.0)))
    found = study.measure(BOOK, END), frequency.measure(BOOK, END)
    assert all(isinstance(each, Measurement) for each in found)
    return found  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("arguments", "has_outcome"),
    [
        ({}, lambda value: value > 0.0),
        ({"above": 0.03}, lambda value: value > 0.03),
        ({"below": -0.01}, lambda value: value < -0.01),
    ],
)
def test_the_events_with_the_outcome_are_counted(arguments, has_outcome):
    study, found = measure_both(**arguments)
    hits = [has_outcome(event.value) for event in study.values]
    assert [event.value for event in found.values] == [float(hit) for hit in hits]
    assert [event.date for event in found.values] == [event.date for event in study.values]
    n, count = len(hits), sum(hits)
    exact = stats.binomtest(count, n)
    summary = found.law.summarise(found.values, 1)
    assert summary.mean == count / n
    assert (summary.ci_low, summary.ci_high) == pytest.approx(tuple(exact.proportion_ci(method="exact")))
    usual = np.mean([has_outcome(value) for value in study.others().values])
    assert summary.p == pytest.approx(stats.binomtest(count, n, usual).pvalue)
    assert found.others().values.mean() == pytest.approx(usual)
    assert any(note.startswith(f"{count} of {n} events ") for note in found.notes)


def test_against_what_is_usual():
    plain, less = measure_both()[1], measure_both(against="usual")[1]
    usual = plain.others().values.mean()
    share, difference = (each.law.summarise(each.values, 1) for each in (plain, less))
    assert difference.mean == pytest.approx(share.mean - usual)
    assert difference.ci_low == pytest.approx(share.ci_low - usual)
    assert difference.ci_high == pytest.approx(share.ci_high - usual)
    assert np.mean([event.value for event in less.values]) == pytest.approx(difference.mean)
    assert less.others().values.mean() == pytest.approx(0.0, abs=1e-12)
    bound = bind(MeasureSpec(estimand="frequency", arguments={**MANY, "against": "usual"}, range=(0.0, 1.0)))
    assert bound.unit == DIFFERENCE
    assert bound.describe()


def test_the_evaluation_of_a_frequency():
    found = evaluate_claim("h", claim("frequency", (0.5, 1.0), MANY), BOOK, END)
    assert found.unit == "share"
    assert found.median is None
    assert found.wins is None
    assert found.sign_p is None
    assert 0.0 < found.placebo_p <= 1.0
    assert "share" in found.reason


@pytest.mark.parametrize("against", ["", "usual"])
def test_a_part_of_the_events_has_the_exact_interval_too(against):
    found = measure_both(above=0.01, against=against)[1]
    less = found.others().values.min() if against else 0.0  # what a window without the outcome has
    part = found.values[3:9]
    hits = sum(event.value > 0.0 for event in part)
    summary = found.law.summarise(part, 1)
    exact = stats.binomtest(hits, len(part)).proportion_ci(method="exact")
    assert (summary.ci_low, summary.ci_high) == pytest.approx((exact.low + less, exact.high + less))
    columns = np.array([[event.value for event in part]] * 2).T
    for bounds, bound in zip(found.law.intervals(columns), exact, strict=True):
        assert bounds.tolist() == pytest.approx([bound + less] * 2)


def test_small_samples_recent_years_and_strength_are_those_of_a_share():
    few = {**MANY, "horizon": 500}
    found = evaluate_claim("h", claim("frequency", (0.5, 1.0), few), BOOK, END)
    assert any(note.startswith(f"Small sample, {found.n} events") for note in found.notes)
    many = evaluate_claim("h", claim("frequency", (0.5, 1.0), MANY), BOOK, END)
    assert 0.0 <= many.recent.ci_low < many.recent.estimate < many.recent.ci_high <= 1.0
    assert many.strength.needed_n is None  # a majority is what support must exclude, and no effect beyond it
    most = evaluate_claim("h", claim("frequency", (0.8, 1.0), MANY), BOOK, END)
    assert most.strength.needed_n > 5


def test_the_sequence_of_a_difference_is_that_of_its_share():
    plain, less = (
        evaluate_claim("h", claim("frequency", claimed, {**MANY, "against": against}), BOOK, END)
        for claimed, against in (((0.5, 1.0), ""), ((0.0, 1.0), "usual"))
    )
    usual = plain.estimate - less.estimate
    assert 0.0 < usual < 1.0
    assert (plain.sequence_low, plain.sequence_high) == bet_on_mean([event.value for event in plain.events])
    assert (less.sequence_low, less.sequence_high) == pytest.approx(
        (plain.sequence_low - usual, plain.sequence_high - usual)
    )


def test_readings_of_shares_are_tested_together():
    spec = claim("frequency", (0.5, 1.0), MANY, grid={"axes": {"base": [0, 1, 2]}})
    curve = evaluate_claim("h", spec, BOOK, END).curve
    assert curve.readings == 3
    assert 0.0 <= curve.median <= 1.0
    assert curve.share_p > 0.05  # made returns do not know of the events


@pytest.mark.parametrize(
    ("hits", "n", "claimed", "verdict"),
    [
        pytest.param(4, 5, (0.8, 1.0), Verdict.INCONCLUSIVE, id="four of five show no majority"),
        pytest.param(6, 6, (0.8, 1.0), Verdict.SUPPORTED, id="six of six do"),
        pytest.param(18, 20, (0.8, 1.0), Verdict.SUPPORTED, id="in direction, though the interval is below 80 % too"),
        pytest.param(60, 200, (0.2, 1.0), Verdict.SUPPORTED, id="more than a fifth needs no majority"),
        pytest.param(45, 200, (0.2, 1.0), Verdict.INCONCLUSIVE, id="a fifth itself must be excluded"),
        pytest.param(1, 20, (0.5, 1.0), Verdict.REFUTED, id="hardly ever"),
    ],
)
def test_a_frequency_must_beat_more_than_zero(hits, n, claimed, verdict):
    low, high = stats.binomtest(hits, n).proportion_ci(method="exact")
    summary = Summary(n, hits / n, None, low, high, None, named="share", null=0.5)
    assert decide(summary, claimed, 5, "share")[0] is verdict


def test_a_mean_still_has_to_exclude_zero_alone():
    summary = Summary(6, 0.06, 0.06, 0.01, 0.11, 6)
    assert decide(summary, (0.05, 0.15), 5)[0] is Verdict.SUPPORTED
    assert "excludes zero" in decide(summary, (0.05, 0.15), 5)[1]


def test_an_outcome_that_rests_on_other_series_may_be_in_doubt():
    # The fund has the index's returns and a dividend a day, so that its return over the window is higher by about 2 %.
    index = normal(21, 0.006)
    late = np.datetime64("2004-01-02")
    own = price("A", index + 0.001)
    own = series("A", own.values[late <= DAYS], dates=DAYS[late <= DAYS])
    made = book(own, price("^I", index, Measure.PRICE), VIX)
    events = {"events": "vix_above_40", "horizon": H}
    alone = {"long": "A", "alone": True, "extend": {"A": "^I"}, **events}
    study = bind(MeasureSpec(estimand="event-study", arguments=alone, range=(0.0, 1.0))).measure(made, END)
    early = [event for event in study.values if event.series == ("^I (price)",)]
    assert early
    bound = early[0].value + 0.5 * study.cost.mean  # below the bound on the index, above it on the fund
    frequency = bind(MeasureSpec(estimand="frequency", arguments={**alone, "above": bound}, range=(0.0, 1.0)))
    found = frequency.measure(made, END)
    hits, n = sum(event.value for event in found.values), len(found.values)
    high = found.law.summarise(found.values, 1).ci_high
    assert high > stats.binomtest(int(hits), n).proportion_ci(method="exact").high
    assert any(str(early[0].date) in note and "could have had the other outcome" in note for note in found.notes)
    watched = evaluate_claim("h", claim("frequency", (0.5, 1.0), {**alone, "above": bound}), made, END)
    low, high = bet_on_mean([event.value for event in watched.events])
    assert watched.sequence_low == low
    assert watched.sequence_high > high


def test_one_bound_at_a_time():
    ((path, message),) = check_claim(claim("frequency", (0.5, 1.0), {**PAIR, "above": 0.0, "below": 0.1}))
    assert path[-1] == "below"
    assert message == "an outcome has one bound; leave above out"


@pytest.mark.parametrize(
    ("outcome", "has_it"),
    [
        ({"at_most": -0.25}, [True, True, False]),
        ({"below": -0.25}, [True, False, False]),
        ({"at_least": -0.25}, [False, True, True]),
        ({"above": -0.25}, [False, False, True]),
        ({}, [False, False, True]),
    ],
)
def test_a_bound_itself_counts_only_where_it_is_said_to(outcome, has_it):
    arguments = FrequencyArguments(long="DGS2", alone=True, measure="rate", **outcome)
    changes = np.array([-0.26, 4.3 - 4.55, 0.01])  # the second is not quite a quarter point
    assert arguments.outcome.is_met_by(changes).tolist() == has_it


def test_changes_of_a_rate_are_counted_as_event_change_measures_them():
    rate = series("DGS2", 3.0 + np.cumsum(np.random.default_rng(5).normal(0.0, 0.05, len(DAYS))), Measure.RATE)
    window = {"events": "vix_above_40", "base": -64, "horizon": 63}
    change = bind(MeasureSpec(estimand="event-change", arguments={"rate": "DGS2", **window}, range=(-9.0, -0.25)))
    often = {"long": "DGS2", "alone": True, "measure": "rate", "at_most": -0.25, **window}
    frequency = bind(MeasureSpec(estimand="frequency", arguments=often, range=(0.5, 1.0)))
    changes, found = (each.measure(book(rate, VIX), END) for each in (change, frequency))
    assert [event.value for event in found.values] == [float(event.value <= -0.25) for event in changes.values]
    assert "at most −0.25 percentage points" in frequency.describe()
    assert "close" not in frequency.window


def test_a_rate_has_neither_months_nor_a_model():
    rate = {"long": "DGS2", "alone": True, "measure": "rate", "unit": "months", "horizon": 3}
    ((path, message),) = check_claim(claim("frequency", (0.5, 1.0), rate))
    assert path[-1] == "measure"
    assert "over sessions" in message
