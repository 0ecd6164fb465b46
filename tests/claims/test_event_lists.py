"""Event studies on other lists than policy turns, changes of rates, and grids of readings."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy import stats

from groundswell.claims.binding import bind_claim, describe_claim, list_needs
from groundswell.claims.validate import check_claim
from groundswell.markets.series.calendar import end_of_day
from groundswell.model import Measure, Verdict

from .made import DAYS, END, INF, book, claim, evaluate_claim, normal, price, rate, series

UP, DOWN = (0.0, INF), (-INF, 0.0)


WOBBLE = 1e-4 * np.sin(np.arange(len(DAYS)))
"""Values that are all equal have no verdict."""


def test_equal_changes_show_no_variation(lower_floor):
    lower_floor("event-change", 4)
    made = book(series("DGS3", 100.0 - 0.01 * np.arange(len(DAYS)), Measure.RATE))
    found = evaluate_claim("h", claim("event-change", DOWN, {"rate": "DGS3"}), made, END)
    assert (found.n, round(found.estimate, 6), found.ci_low, found.flip_p, found.sign_p) == (4, -0.63, None, None, None)
    assert found.verdict is Verdict.INSUFFICIENT
    assert "over 4 events that do not differ: they do not show how much such values vary" in found.reason


def test_a_change_of_a_rate_before_events(lower_floor):
    """The yield falls by about one hundredth each day: 63 sessions make 0.63."""
    lower_floor("event-change", 4)
    made = book(series("DGS3", 100.0 - 0.01 * np.arange(len(DAYS)) + WOBBLE, Measure.RATE))
    spec = claim("event-change", (-INF, -0.25), {"rate": "DGS3", "base": -64, "horizon": 63})
    found = evaluate_claim("h", spec, made, END)
    assert [round(event.value, 3) for event in found.events] == [-0.63] * 4
    assert (found.verdict, found.unit, found.wins) == (Verdict.SUPPORTED, "percentage points", 4)
    assert found.window == "value 64 sessions before the event's session to the value 63 sessions later"
    assert [absence.date.year for absence in found.absent] == [1995, 1998]
    assert "mean −0.63 percentage points over 4 events" in found.reason
    ((path, words),) = check_claim(claim("event-change", DOWN, {"rate": "DGS2", "events": "cuts"}))
    assert (path[-1], "there is no list 'cuts'" in words) == ("events", True)


def test_events_found_in_prices_need_their_series():
    spec = claim("event-study", UP, {"events": "vix_above_40", "long": "A", "alone": True})
    assert {ref.id for ref in list_needs([spec])} == {"A", "^VIX"}
    found = evaluate_claim("h", spec, book(price("A", normal(1, 0.01))), END)
    assert found.reason.startswith("no prices of ^VIX known by")


def test_an_event_whose_window_overlaps_the_last_one_is_left_out():
    fear = np.full(len(DAYS), 20.0)
    at = [np.searchsorted(DAYS, np.datetime64(day)) for day in ("2005-03-01", "2005-09-01", "2007-03-01")]
    fear[at] = 50.0
    made = book(price("A", np.full(len(DAYS), 0.001)), series("^VIX", fear, Measure.PRICE))
    spec = claim("event-study", UP, {"events": "vix_above_40", "long": "A", "alone": True, "horizon": 252})
    found = evaluate_claim("h", spec, made, END)
    assert [str(event.date) for event in found.events] == ["2005-03-01", "2007-03-01"]
    assert [(str(one.date), one.reason) for one in found.absent] == [
        ("2005-09-01", "its window overlaps that of 2005-03-01")
    ]
    assert found.events[0].value == pytest.approx(1.001**252 - 1)
    assert [use.series for use in found.sources] == ["A (total return)", "^VIX (price)"]


def test_a_series_that_stands_alone_has_no_other():
    ((path, words),) = check_claim(claim("event-study", UP, {"long": "A", "short": "B", "alone": True}))
    assert (path[-1], words) == ("short", "cannot be given where long stands alone")


def test_assets_pooled_as_events_seem_many():
    """Five assets that share most of their moves, six events: a naive test that counts thirty finds too much."""
    fooled, honest = 0, 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        values = rng.normal(0, 0.05, (6, 1)) + rng.normal(0, 0.01, (6, 5))
        fooled += stats.ttest_1samp(values.ravel(), 0.0).pvalue < 0.05
        honest += stats.ttest_1samp(values.mean(axis=1), 0.0).pvalue < 0.05
    assert fooled / 200 > 0.3
    assert honest / 200 < 0.1
    spec = claim("event-study", UP, {"long": ["IWM", "IJR"], "short": "SPY"})
    ((path, words),) = check_claim(spec)
    assert path == ("measure", "arguments", "long")
    assert "are one observation" in words
    found = evaluate_claim("h", spec, book(), END)
    assert (found.verdict, found.reason) == (Verdict.NOT_MEASURED, words)


GRID = {
    "axes": {"base": [-1, 0], "emergency": [True, False]},
    "variants": [{"name": "Others", "arguments": {"long": "C"}}],
}


def test_a_grid_is_every_combination_but_the_main_one_and_those_listed():
    listed = [{"name": "The day before", "arguments": {"base": -1}}]
    arguments = {"long": "A", "short": "B", "base": 0, "emergency": True}
    spec = claim("event-study", UP, arguments, grid=GRID, readings=[{**listed[0], "arguments": {"base": -1}}])
    assert [reading.spec.name for reading in bind_claim(spec).readings] == [
        "The day before",
        "as claimed: base −1, emergency no",
        "as claimed: base 0, emergency no",
        "Others: base −1, emergency yes",
        "Others: base −1, emergency no",
        "Others: base 0, emergency yes",
        "Others: base 0, emergency no",
    ]
    assert {ref.id for ref in list_needs([spec])} == {"A", "B", "C"}
    made = book(*(price(name, normal(at, 0.01)) for at, name in enumerate("ABC")))
    found = evaluate_claim("h", spec, made, END)
    assert [reading.n for reading in found.readings] == [4, 3, 3, 4, 3, 4, 3]


def test_a_mistake_in_a_grid_is_told_once():
    spec = claim("event-study", UP, {"long": "A", "short": "B"}, grid={"axes": {"horizon": [21, 5000, 6000]}})
    ((path, words),) = check_claim(spec)
    assert (path, words) == (("grid",), "as claimed: horizon 5000: at most 1260 sessions, not 5000")
    unmeasured = spec.model_copy(update={"measure": None, "unmeasured": "no data"})
    assert check_claim(unmeasured)[0][1] == "a claim that is not measured has no readings"
    assert bind_claim(unmeasured).readings == ()


def test_holding_within_a_range(lower_floor):
    lower_floor("event-change", 2)
    made = book(
        rate("DGS2", np.zeros(len(DAYS))), series("DGS9", 1.0 + 0.01 * np.arange(len(DAYS)) + WOBBLE, Measure.RATE)
    )
    for claimed, verdict in (((0.5, 0.7), "supported"), ((0.7, 0.9), "refuted")):
        fields = {"holds": "within"}
        spec = claim("event-change", claimed, {"rate": "DGS9", "horizon": 63}, measure=fields)
        found = evaluate_claim("h", spec, made, END)
        assert found.verdict.value == verdict
    noisy = book(series("DGS9", np.cumsum(normal(3, 0.1)), Measure.RATE))
    spec = claim("event-change", (0.01, 0.02), {"rate": "DGS9"}, measure=fields)
    assert evaluate_claim("h", spec, noisy, END).verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("as_of", [date(2010, 5, 10), date(2020, 3, 31)])
def test_evaluating_a_past_day_needs_no_later_data(as_of):
    fear = 30.0 + np.cumsum(normal(5, 2.0))
    made = book(price("A", normal(6, 0.01)), series("^VIX", fear, Measure.PRICE), rate("DGS2", normal(7, 0.05)))
    for spec in (
        claim("event-study", UP, {"events": "vix_above_40", "long": "A", "alone": True}),
        claim("event-study", UP, {"events": "priced_in_pivots", "long": "A", "alone": True}),
        claim("event-change", UP, {"events": "priced_in_pivots", "rate": "DGS2"}),
    ):
        cut = made.known_by(end_of_day(as_of))
        assert evaluate_claim("h", spec, cut, as_of) == evaluate_claim("h", spec, made, as_of)


def test_rules_stand_in_the_words():
    words = describe_claim(
        claim("event-change", DOWN, {"rate": "DFF", "events": "priced_in_pivots", "emergency": False})
    )
    assert "five days in a row" in words
    assert "Decisions between scheduled meetings are left out." in words
