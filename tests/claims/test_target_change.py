"""How often the Fed's target moves so far after events, against the announced decisions."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy import stats

from groundswell.claims.estimand import Measurement, Missing
from groundswell.claims.registry import bind
from groundswell.claims.spec import MeasureSpec
from groundswell.claims.validate import check_claim
from groundswell.markets.events.fed_decisions import list_decisions
from groundswell.markets.series.book import NOTHING
from groundswell.markets.series.calendar import as_days, on_or_after, shift_sessions
from groundswell.model import Verdict

from .made import book, claim, evaluate_claim, rate

DAY = date(2024, 12, 31)
HALF = {"events": "first_rises", "by": 0.5, "horizon": 126}


def measure(as_of: date = DAY, **arguments: object) -> Measurement:
    spec = MeasureSpec(estimand="target-change", arguments={**HALF, **arguments}, range=(0.5, 1.0))
    found = bind(spec).measure(NOTHING, as_of)
    assert isinstance(found, Measurement)
    return found


def follow_target(day: date, horizon: int, base: int = 0) -> tuple[float, list[float]]:
    """The target at the end of the base's day, and after each decision up to the end of the window."""
    start = shift_sessions(on_or_after(as_days([day])), base)
    end = shift_sessions(start, horizon)[0].item()
    decisions = list_decisions(DAY)
    middles = [(each.announced, (each.lower + each.upper) / 2.0) for each in decisions]
    before = [middle for announced, middle in middles if announced <= start[0].item()][-1]
    return before, [middle for announced, middle in middles if start[0].item() < announced <= end]


@pytest.mark.parametrize("by", [-0.5, 0.5])
@pytest.mark.parametrize("events", ["first_rises", "first_cuts", "cut_pauses"])
@pytest.mark.parametrize("when", ["within", "at the end"])
@pytest.mark.parametrize("base", [0, 1])
def test_each_event_by_its_decisions(events, by, when, base):
    found = measure(events=events, by=by, when=when, base=base)
    assert found.values
    for event in found.values:
        before, later = follow_target(event.date, 126, base)
        reached = [middle - before for middle in later] or [0.0]
        reached = reached[-1:] if when == "at the end" else reached
        furthest = max(reached) if by > 0 else min(reached)
        assert event.value == float(furthest >= by if by > 0 else furthest <= by), event


def test_exactly_so_far_counts():
    rises = measure(events="first_rises", by=0.25, horizon=252)
    assert {event.value for event in rises.values} <= {0.0, 1.0}
    one = measure(events="first_cuts", by=-0.75, horizon=252)
    assert {str(event.date): event.value for event in one.values}["1995-07-06"] == 0.0
    assert {str(event.date): event.value for event in one.values}["1998-09-29"] == 0.0, "half a point more was cut"
    half = measure(events="first_cuts", by=-0.5, horizon=252)
    assert {str(event.date): event.value for event in half.values}["1998-09-29"] == 1.0
    ended = measure(events="first_cuts", by=-0.5, horizon=252, when="at the end")
    assert {str(event.date): event.value for event in ended.values}["1998-09-29"] == 0.0, "it was raised again"


def test_the_share_has_the_exact_interval_and_what_is_usual():
    spec = claim("target-change", (0.5, 1.0), HALF)
    found = evaluate_claim("h", spec, NOTHING, DAY)
    hits = [event.value for event in found.events]
    exact = stats.binomtest(int(sum(hits)), len(hits)).proportion_ci(method="exact")
    assert (found.unit, found.estimate) == ("share", np.mean(hits))
    assert (found.ci_low, found.ci_high) == pytest.approx((exact.low, exact.high))
    measured = measure()
    every = measured.others()
    at = dict(zip(every.bases.tolist(), every.values.tolist(), strict=True))
    assert all(at[event.start] == event.value for event in measured.values)
    assert found.verdict in {Verdict.SUPPORTED, Verdict.INCONCLUSIVE, Verdict.REFUTED}
    assert any("of all" in note and "windows of the same length" in note for note in found.notes)
    assert found.measured.startswith("The share of ")


def test_a_window_that_is_not_over_has_no_value():
    found = measure(date(2022, 6, 30))
    (absence,) = found.absent
    assert absence.date == date(2022, 3, 16)
    assert "decisions are known up to 2022-06-30" in absence.reason
    assert not measure(date(1994, 3, 1)).values


def test_its_events_need_their_series():
    spec = MeasureSpec(estimand="target-change", arguments={"events": "priced_in_pivots", "by": -0.5}, range=(0.5, 1.0))
    assert isinstance(bind(spec).measure(NOTHING, DAY), Missing)
    assert isinstance(bind(spec).measure(book(rate("DGS2", np.zeros(6289))), DAY), Measurement)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"by": 0.0}, "by"),
        ({}, "by"),
        ({"by": -0.5, "events": "birthdays"}, "events"),
        ({"by": -0.5, "horizon": 0}, "horizon"),
        ({"by": -0.5, "when": "soon"}, "when"),
    ],
)
def test_what_is_refused_names_its_argument(arguments, field):
    ((path, _),) = check_claim(claim("target-change", (0.5, 1.0), arguments))
    assert path[-1] == field
