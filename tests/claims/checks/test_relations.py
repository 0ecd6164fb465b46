"""Collinear factors and identities, found by what their series are made of, and by the data."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from groundswell.claims.checks.relations import explain_relation
from groundswell.claims.validate import check_claim
from groundswell.markets.studies.relation import Relation
from groundswell.model import Qualifier, Verdict

from ..made import END, book, claim, evaluate_claim, normal, price, rate

UP = (0.0, float("inf"))


def mistakes(estimand: str = "sensitivity", **arguments: Any) -> list[str]:
    return [message for _, message in check_claim(claim(estimand, UP, arguments))]


@pytest.mark.parametrize(
    ("factor", "controls", "words"),
    [
        ("DGS2", ["slope", "DGS10"], "DGS10 is DGS2 plus slope"),
        ("slope", ["DGS10", "DGS2"], "DGS2 is DGS10 less slope"),
        ("DGS10", ["slope", "spread", "DGS2"], "DGS2 is DGS10 less slope"),
        ("concentration", ["equal-weight lead"], "equal-weight lead is minus concentration"),
        ("spread", ["small lead", "equal-weight lead", "concentration"], "concentration is minus equal-weight lead"),
        ("DGS10", ["market", "market"], "market is named twice"),
    ],
)
@pytest.mark.parametrize("estimand", ["sensitivity", "prediction"])
def test_collinear_controls_are_refused_in_words(estimand, factor, controls, words):
    (message,) = mistakes(estimand, long="KRE", factor=factor, controls=controls)
    assert "collinear" in message
    assert words in message


@pytest.mark.parametrize(
    ("factor", "controls"),
    [("DGS2", ["slope", "spread"]), ("slope", ["DGS2"]), ("spread", ["market", "small lead"]), ("baa", ["DGS2"])],
)
def test_controls_that_say_something_of_their_own_pass(factor, controls):
    assert mistakes(long="XBI", factor=factor, controls=controls) == []


@pytest.mark.parametrize(
    "arguments",
    [
        {"long": "SPY", "factor": "market"},
        {"long": "SPY", "factor": "market", "measure": "price"},
        {"long": "IWM", "short": "SPY", "factor": "small lead"},
        {"long": "SPY", "short": "IWM", "factor": "small lead"},
        {"long": "SPY", "short": "RSP", "factor": "equal-weight lead"},
        {"long": "SPY", "factor": "DGS10", "controls": ["market"]},
        {"long": "IWM", "factor": "small lead", "controls": ["market"]},
        {"long": "XBI", "peers": ["KRE", "SPY"], "factor": "DGS10", "controls": ["market"]},
    ],
)
def test_a_response_on_itself_is_refused(arguments):
    (message,) = mistakes(**arguments)
    assert "the response explains itself" in message
    assert "identity" in message


@pytest.mark.parametrize(
    ("arguments", "shared"),
    [
        ({"long": "IWM", "short": "SPY", "factor": "market"}, "share SPY: some −1 of"),
        ({"long": "IWM", "short": "SPY", "factor": "concentration"}, "share SPY: some −0.5 of"),
        ({"long": "IWM", "factor": "small lead"}, "share IWM: some 0.5 of"),
        ({"long": "RSP", "short": "SPY", "factor": "small lead"}, "share SPY: some 0.5 of"),
    ],
)
def test_a_leg_in_the_factor_is_algebra(arguments, shared):
    (message,) = mistakes(**arguments)
    assert shared in message


def test_what_the_controls_take_out_is_no_algebra():
    """Net of SPY, the coefficients of IWM less SPY and of IWM are the same."""
    assert mistakes(long="IWM", short="SPY", factor="spread", controls=["market"]) == []
    assert mistakes(long="KRE", short="SPY", factor="small lead", controls=["market"]) == []


def test_what_follows_may_share_a_series_with_what_went_before():
    assert mistakes("prediction", long="SPY", short="RSP", factor="small lead") == []
    assert mistakes("prediction", long="SPY", factor="market") == []


def test_a_share_of_variance_explained_by_itself():
    spec = claim("variance-share", (0.1, 0.9), {"long": "SPY"})
    assert [path[-1] for path, _ in check_claim(spec)] == ["long"]


def test_published_sums_are_known_by_their_parts():
    relation = Relation(({"A": 1.0},), {"curve": {"T10Y2Y": 1.0}, "long": {"DGS10": 1.0}, "short": {"DGS2": 1.0}})
    assert "short is long less curve" in next(explain_relation(relation))[1]
    relation = Relation(({"A": 1.0},), {"curve": {"T10Y2Y": 1.0}, "long": {"DGS10": 1.0}})
    assert not list(explain_relation(relation))


SMALL, MARKET = normal(1, 0.01), normal(2, 0.01)


def test_the_same_fund_under_another_name_is_an_identity_by_the_data():
    """VOO follows the index that SPY follows, and only the data know."""
    made = book(price("VOO", MARKET + normal(3, 0.0001)), price("SPY", MARKET))
    found = evaluate_claim("h", claim("sensitivity", UP, {"long": "VOO", "factor": "market"}), made, END)
    assert (found.verdict, found.estimate, found.qualifiers) == (Verdict.NOT_MEASURED, None, (Qualifier.IDENTITY,))
    assert "an identity: the factors explain 99." in found.reason
    close = book(price("QQQ", MARKET + normal(3, 0.003)), price("SPY", MARKET))
    found = evaluate_claim("h", claim("sensitivity", UP, {"long": "QQQ", "factor": "market"}), close, END)
    assert (found.verdict, found.qualifiers) == (Verdict.SUPPORTED, ())


def test_factors_that_move_together_in_the_data_leave_one_claim_unmeasured():
    same = normal(5, 0.05)
    made = book(price("A", SMALL), rate("DGS2", same), rate("DGS10", 2.0 * same))
    spec = claim("sensitivity", UP, {"long": "A", "factor": "DGS2", "controls": ["DGS10"]})
    found = evaluate_claim("h", spec, made, END)
    assert found.verdict is Verdict.NOT_MEASURED
    assert "do not determine 3 coefficients" in found.reason


def test_a_factor_that_stands_still_for_years_loses_only_these_rows():
    moves = normal(5, 0.05)
    moves[: 5 * 252] = 0.0
    made = book(price("A", SMALL), rate("DGS2", moves))
    found = evaluate_claim("h", claim("sensitivity", UP, {"long": "A", "factor": "DGS2"}), made, END)
    assert found.estimate is not None
    assert found.events[0].date > date(2004, 12, 1)
    assert np.isfinite([row.value for row in found.events]).all()
