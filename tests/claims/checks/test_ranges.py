"""Ranges that are impossible in their unit, that nothing can miss, or without a side; claims of no difference."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from groundswell.claims.validate import check_claim
from groundswell.markets.series.calendar import as_days
from groundswell.model import Verdict

from ..made import DAYS, END, INF, book, claim, evaluate_claim, normal, price, series

STUDY = {"events": "corrections", "long": "A", "short": "B", "horizon": 126}
SLOPE = {"long": "A", "factor": "DGS10"}
RATE = {"rate": "DFF"}
RANK = {"long": "A", "peers": ["B", "C"], "years": 2, "about": "past"}
PERIODS = {"long": "A", "earlier": [dt.date(2001, 1, 1), dt.date(2005, 12, 31)], "later": [dt.date(2006, 1, 1)]}
ALONE = {"alone": True, "measure": "price", "horizon": 21}


def find(estimand: str, claimed: tuple[float, float], arguments: dict[str, Any], holds: str = "reaches") -> list[str]:
    spec = claim(estimand, claimed, arguments, measure={"holds": holds})
    return [message for path, message in check_claim(spec) if path == ("measure", "range")]


@pytest.mark.parametrize(
    ("estimand", "claimed", "arguments", "holds", "words"),
    [
        ("event-study", (0.15, 0.05), STUDY, "reaches", "from low to high; write [0.05, 0.15]"),
        ("event-study", (5.0, 15.0), STUDY, "reaches", "5 would be 500.0 %, which cannot be meant; 5 % is 0.05"),
        ("event-study", (0.05, 15.0), STUDY, "reaches", "15 would be 1500.0 %"),
        ("event-study", (-INF, -1.5), STUDY, "reaches", "-1.5 is impossible: a return is never below -1"),
        ("event-study", (-INF, -10.0), STUDY, "reaches", "-10 is impossible"),
        ("event-study", (-INF, INF), STUDY, "reaches", "without bounds is one that nothing can miss"),
        ("event-study", (-0.99, INF), STUDY, "reaches", "gains and losses reach it alike"),
        ("event-study", (-0.1, 0.1), STUDY, "reaches", 'equivalence: holds = "within" with bounds close to zero'),
        ("event-study", (0.0, 0.0), STUDY, "reaches", "exactly zero, which no estimate is"),
        ("event-study", (float("nan"), 0.1), STUDY, "reaches", "not a number"),
        ("event-study", (-0.99, INF), STUDY, "within", "hardly anything can miss"),
        ("event-study", (-0.5, 0.5), STUDY, "within", "−50.0 % to +50.0 % is a range that nothing can miss"),
        ("event-study", (0.02, 0.02), STUDY, "within", "exactly one number"),
        ("event-study", (-1.0, INF), STUDY, "within", "nothing can miss"),
        ("breadth", (0.0, 5.0), {}, "within", "5 is impossible: a share lies between 0 and 1; 25 % is 0.25"),
        ("breadth", (25.0, INF), {}, "reaches", "25 is impossible"),
        ("breadth", (-0.2, 0.25), {}, "within", "-0.2 is impossible"),
        ("breadth", (0.0, 1.0), {}, "within", "every share lies in this range"),
        ("breadth", (0.0, INF), {}, "reaches", "every share lies in this range"),
        ("breadth", (0.0, 0.5), {}, "reaches", "no share is below zero"),
        ("breadth", (-1.0, 1.0), {"against": "small"}, "within", "every difference of shares lies in this range"),
        ("sensitivity", (2.0, INF), SLOPE, "reaches", "5 % per percentage point is 0.05"),
        ("sensitivity", (-8.0, -2.0), SLOPE, "reaches", "cannot be meant"),
        ("event-change", (-INF, -50.0), RATE, "reaches", "50 basis points, is 0.5"),
        ("event-change", (-INF, -25.0), RATE, "reaches", "25 would be 25.00 percentage points"),
        ("event-change", (-8.0, 8.0), RATE, "within", "nothing can miss"),
        ("event-change", (-3.0, 3.0), RATE, "within", "nothing can miss"),
        ("event-study", (1.0, 3.0), STUDY, "reaches", "1 would be 100.0 %"),
        ("compare-periods", (1.0, 3.0), PERIODS, "reaches", "1 would be 100.0 %"),
        ("compare-periods", (-0.9, 0.9), PERIODS, "within", "nothing can miss"),
        ("event-study", (0.0, INF), STUDY, "within", "open has no two bounds"),
        ("sensitivity", (-0.5, 0.5), SLOPE, "within", "nothing can miss"),
        ("sensitivity", (-0.05, 0.05), {"long": "A", "factor": "market"}, "within", "nothing can miss"),
        ("breadth", (-0.9, 0.9), {"against": "small"}, "within", "nothing can miss"),
        ("breadth", (0.01, 0.99), {}, "within", "hardly any share can miss"),
        ("rank", (1.0, 3.0), RANK, "within", "3 are ranked, and every rank lies in this range"),
        ("rank", (1.2, 1.8), RANK, "within", "a rank is a whole number"),
        ("rank", (4.0, 9.0), RANK, "within", "4 is impossible: 3 are ranked"),
    ],
)
def test_a_range_that_cannot_be_judged_is_refused_with_the_remedy(estimand, claimed, arguments, holds, words):
    (message,) = find(estimand, claimed, arguments, holds)
    assert words in message


@pytest.mark.parametrize(
    ("estimand", "claimed", "arguments", "holds"),
    [
        ("event-study", (0.05, 0.15), STUDY, "reaches"),
        ("event-study", (-INF, -0.1), STUDY, "reaches"),
        ("event-study", (0.5, INF), STUDY, "reaches"),
        ("event-study", (2.0, INF), {**STUDY, "horizon": 60, "unit": "months"}, "reaches"),
        ("event-study", (-0.02, 0.02), STUDY, "within"),
        ("event-study", (-0.05, 0.1), STUDY, "within"),
        ("breadth", (0.0, 0.25), {}, "within"),
        ("breadth", (0.6, INF), {}, "reaches"),
        ("breadth", (0.0, INF), {"against": "small"}, "reaches"),
        ("sensitivity", (-INF, -0.08), SLOPE, "reaches"),
        ("sensitivity", (-0.005, 0.005), SLOPE, "within"),
        ("event-change", (-INF, -0.5), RATE, "reaches"),
        ("event-change", (-0.25, 0.25), RATE, "within"),
        ("event-study", (-INF, -0.6), {"events": "corrections", "long": "^VIX", **ALONE}, "reaches"),
        ("sensitivity", (-0.05, 0.05), SLOPE, "within"),
        ("breadth", (-INF, -0.3), {"gauge": "net_advances"}, "reaches"),
        ("breadth", (-INF, 0.0), {"gauge": "net_highs"}, "reaches"),
        ("rank", (1.0, 2.0), RANK, "within"),
    ],
)
def test_a_range_that_can_be_judged_passes(estimand, claimed, arguments, holds):
    assert find(estimand, claimed, arguments, holds) == []


MARKET = normal(2, 0.01)


@pytest.mark.parametrize(
    ("drift", "verdict", "words"),
    [
        (0.0, Verdict.SUPPORTED, "all of it lies within −2.0 % to +2.0 %"),
        (0.002, Verdict.REFUTED, "none of it lies within −2.0 % to +2.0 %"),
        (0.00032, Verdict.INCONCLUSIVE, "part of it lies outside −2.0 % to +2.0 %"),
    ],
)
def test_a_claim_of_no_difference_is_judged_by_the_whole_interval(drift, verdict, words):
    """Sixty sessions after each year's end, A drifts away from B by so much a session."""
    made = book(price("A", MARKET + drift + normal(3, 0.0005)), price("B", MARKET))
    arguments = {"events": "year_ends", "long": "A", "short": "B", "horizon": 60}
    spec = claim("event-study", (-0.02, 0.02), arguments, measure={"holds": "within"})
    found = evaluate_claim("h", spec, made, END)
    assert (found.verdict, found.n, found.wins) == (verdict, 24, None)
    assert words in found.reason
    assert not any("Holm" in note for note in found.notes)


def test_a_figure_that_is_not_finite_is_no_verdict():
    """Every comparison with NaN is false: it would pass for a range that is reached by an interval without zero."""
    huge = np.where(as_days(np.datetime64("2010-01-01")) > DAYS, 1e-308, 1e308)
    made = book(series("A", huge), price("B", MARKET))
    spec = claim("event-study", (0.0, INF), {"events": "year_ends", "long": "A", "short": "B", "horizon": 20})
    found = evaluate_claim("h", spec, made, END)
    assert found.verdict in (Verdict.NOT_MEASURED, Verdict.INCONCLUSIVE)
    assert found.estimate is None or np.isfinite(found.estimate)


@pytest.mark.parametrize(
    ("outcome", "field", "words"),
    [
        ({"above": 5.0}, "above", "5 would be 500.0 %, which cannot be meant; 5 % is 0.05"),
        ({"at_least": 5.0}, "at_least", "5 would be 500.0 %"),
        ({"below": -10.0}, "below", "-10 is impossible: a return is never below -1"),
        ({"above": -1.0}, "above", "every return lies in this range"),
        ({"at_most": INF}, "at_most", "is a number"),
        ({"below": -1.0}, "below", "no return is below -1, so that nothing can be counted"),
    ],
)
def test_the_bound_of_an_outcome_follows_the_rules_of_ranges(outcome, field, words):
    spec = claim("frequency", (0.5, 1.0), {**STUDY, **outcome})
    ((path, message),) = check_claim(spec)
    assert path == ("measure", "arguments", field)
    assert words in message
    reading = claim("frequency", (0.5, 1.0), STUDY, readings=[{"name": "other", "arguments": outcome}])
    ((path, message),) = check_claim(reading)
    assert path == ("readings", 0, "arguments", field)


def test_the_bound_of_a_change_is_in_percentage_points():
    rate = {"events": "first_cuts", "long": "DFF", "alone": True, "measure": "rate"}
    assert check_claim(claim("frequency", (0.5, 1.0), {**rate, "at_most": -0.5})) == ()
    ((path, message),) = check_claim(claim("frequency", (0.5, 1.0), {**rate, "at_most": -50.0}))
    assert path == ("measure", "arguments", "at_most")
    assert "50 basis points, is 0.5" in message
