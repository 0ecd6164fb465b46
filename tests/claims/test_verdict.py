from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from groundswell.claims.inference.summary import Summary, summarise_coefficient
from groundswell.claims.verdict import claimed_side, count_hits, decide, is_confirmed
from groundswell.model import Verdict
from groundswell.wording.figures import write_percent

UP = (0.05, 0.15)


def summary(mean: float, low: float, high: float, n: int = 6) -> Summary:
    return Summary(n, mean, mean, low, high, 0)


CASES = [
    pytest.param(summary(0.06, 0.01, 0.11), UP, Verdict.SUPPORTED, "excludes zero", id="in the range"),
    pytest.param(summary(0.30, 0.20, 0.40), UP, Verdict.SUPPORTED, "excludes zero", id="beyond the range"),
    pytest.param(summary(0.05, 0.01, 0.09), UP, Verdict.SUPPORTED, "excludes zero", id="on its edge"),
    pytest.param(summary(0.06, -0.01, 0.13), UP, Verdict.INCONCLUSIVE, "includes zero", id="interval includes zero"),
    pytest.param(summary(0.04, 0.01, 0.07), UP, Verdict.INCONCLUSIVE, "the interval reaches it", id="short on average"),
    pytest.param(summary(0.02, 0.01, 0.05), UP, Verdict.INCONCLUSIVE, "the interval reaches it", id="high end on lo"),
    pytest.param(summary(0.02, -0.01, 0.049), UP, Verdict.REFUTED, "falls short of +5.0 %", id="all short"),
    pytest.param(summary(-0.06, -0.09, -0.01), UP, Verdict.REFUTED, "falls short of +5.0 %", id="the other way"),
    pytest.param(summary(0.06, 0.01, 0.11, n=4), UP, Verdict.INSUFFICIENT, "4 events measured", id="too few"),
    pytest.param(summary(0.06, 0.06, 0.06), UP, Verdict.INSUFFICIENT, "do not differ", id="an interval without width"),
    pytest.param(
        Summary(6, 0.06, 0.06, None, None, 6), UP, Verdict.INSUFFICIENT, "no interval and no p-value", id="equal events"
    ),
    pytest.param(
        summarise_coefficient(0.06, 1e-17, 60, 58, counted="week"),
        UP,
        Verdict.INSUFFICIENT,
        "over 60 weeks, without any error",
        id="an exact relation",
    ),
    pytest.param(Summary(1, 0.1, 0.1, None, None, 1), UP, Verdict.INSUFFICIENT, "1 event measured", id="one"),
    pytest.param(Summary(0, None, None, None, None, 0), UP, Verdict.INSUFFICIENT, "0 events", id="none"),
    pytest.param(summary(0.02, 0.01, 0.03), (0.0, 0.1), Verdict.SUPPORTED, "on the claimed side", id="from zero"),
    pytest.param(
        summary(-0.02, -0.04, -0.001), (0.0, 0.1), Verdict.REFUTED, "all of it lies on the other side", id="below zero"
    ),
    pytest.param(summary(-0.02, -0.04, 0.01), (0.0, 0.1), Verdict.INCONCLUSIVE, "reaches across", id="around zero"),
]


@pytest.mark.parametrize(("found", "claimed", "verdict", "words"), CASES)
def test_the_verdict_and_its_reason(found, claimed, verdict, words):
    decided, reason = decide(found, claimed, 5)
    assert decided is verdict
    assert words in reason


@given(*[st.floats(-0.3, 0.3)] * 3, st.floats(0.0, 0.2), st.floats(0.001, 0.2))
def test_a_claim_of_losses_is_judged_as_the_mirror_of_one_of_gains(a, b, c, near, width):
    low, mean, high = sorted((a, b, c))
    up, _ = decide(summary(mean, low, high), (near, near + width), 5)
    down, _ = decide(summary(-mean, -high, -low), (-near - width, -near), 5)
    assert up is down


@given(*[st.floats(-0.3, 0.3)] * 3, st.floats(0.001, 0.2), st.floats(0.0, 0.2))
def test_no_claim_is_both_supported_and_refuted(a, b, c, near, width):
    low, mean, high = sorted((a, b, c))
    assume(high - low > 1e-6)
    verdict, _ = decide(summary(mean, low, high), (near, near + width), 5)
    assert (verdict is Verdict.SUPPORTED) == (mean >= near and low > 0)
    assert (verdict is Verdict.REFUTED) == (high < near)


@pytest.mark.parametrize(
    ("claimed", "holds", "hits"),
    [
        pytest.param((0.05, 0.15), "reaches", 3, id="in or beyond"),
        pytest.param((-0.15, -0.05), "reaches", 1, id="losses"),
        pytest.param((0.0, 0.1), "reaches", 4, id="from zero"),
        pytest.param((-0.02, 0.06), "within", 3, id="within"),
    ],
)
def test_hits_reach_the_claimed_range(claimed, holds, hits):
    assert count_hits([-0.06, 0.0, -0.01, 0.05, 0.07, 0.3], claimed, holds) == hits


@pytest.mark.parametrize(
    ("claimed", "side"), [((0.05, 0.15), 1), ((0.0, 0.1), 1), ((-0.15, -0.05), -1), ((-0.1, 0.0), -1)]
)
def test_the_side_that_a_range_claims(claimed, side):
    assert claimed_side(claimed) == side


@pytest.mark.parametrize(
    ("claimed", "words"),
    [((0.15, 0.05), "from low to high"), ((-0.1, 0.1), "one side of zero"), ((0.0, 0.0), "one side of zero")],
)
def test_a_range_without_a_side_is_refused(claimed, words):
    with pytest.raises(ValueError, match=words):
        claimed_side(claimed)


@pytest.mark.parametrize(("fraction", "text"), [(0.05, "+5.0 %"), (-0.0039, "−0.4 %"), (1.234, "+123.4 %")])
def test_percent(fraction, text):
    assert write_percent(fraction) == text


@pytest.mark.parametrize(
    ("verdict", "sequence", "holds", "confirmed"),
    [
        (Verdict.SUPPORTED, (0.001, 0.2), "reaches", True),
        (Verdict.SUPPORTED, (-0.001, 0.2), "reaches", False),
        (Verdict.SUPPORTED, None, "reaches", False),
        (Verdict.REFUTED, (-0.2, 0.049), "reaches", True),
        (Verdict.REFUTED, (-0.2, 0.051), "reaches", False),
        (Verdict.SUPPORTED, (0.06, 0.14), "within", True),
        (Verdict.SUPPORTED, (0.04, 0.14), "within", False),
        (Verdict.INCONCLUSIVE, (0.04, 0.14), "within", False),
        (Verdict.INSUFFICIENT, (0.06, 0.14), "within", False),
    ],
)
def test_a_verdict_is_confirmed_by_the_same_rule_on_its_sequence(verdict, sequence, holds, confirmed):
    mean = 0.1 if verdict is Verdict.SUPPORTED else 0.0
    assert is_confirmed(verdict, summary(mean, -0.1, 0.1), sequence, (0.05, 0.15), holds) is confirmed


def test_a_fact_is_judged_by_its_value_and_needs_no_confirmation():
    fact = Summary(4, 0.1, None, None, None, None, "list", "value", sampled=False)
    assert decide(fact, UP, 1, holds="within") == (
        Verdict.SUPPORTED,
        "value +10.0 % over 4 lists: all of it lies within +5.0 % to +15.0 %",
    )
    assert decide(replace(fact, sampled=True), UP, 1)[0] is Verdict.INSUFFICIENT
    assert is_confirmed(Verdict.SUPPORTED, fact, None, UP) is None
    assert is_confirmed(Verdict.INSUFFICIENT, fact, None, UP) is False
    rounded = replace(fact, ci_low=0.09, ci_high=0.11)
    assert ", by rounding +9.0 % to +11.0 %: " in decide(rounded, UP, 1)[1]
    assert is_confirmed(Verdict.SUPPORTED, rounded, None, UP) is None
