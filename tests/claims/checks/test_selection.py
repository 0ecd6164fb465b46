"""Events that are picked by what is measured at them."""

from __future__ import annotations

import pytest

from groundswell.claims.validate import check_claim

from ..made import INF, claim

LOW, UP = (0.0, 0.2), (0.0, INF)
WITHIN = {"holds": "within"}
ALONE = {"events": "corrections", "alone": True, "measure": "price"}


@pytest.mark.parametrize(
    ("estimand", "claimed", "arguments", "fields"),
    [
        ("breadth", LOW, {"events": "breadth_washouts", "gauge": "above_50"}, WITHIN),
        ("difference", UP, {**ALONE, "long": "^GSPC", "premise": "lag"}, {}),
        ("difference", UP, {**ALONE, "long": "SPY", "measure": "total return", "premise": "none"}, {}),
    ],
)
def test_a_value_that_follows_from_the_rule_of_the_list_is_refused(estimand, claimed, arguments, fields):
    ((path, message),) = check_claim(claim(estimand, claimed, arguments, measure=fields))
    assert path == ("measure", "arguments", "events")
    assert "the events are picked by what is measured" in message


@pytest.mark.parametrize(
    ("estimand", "claimed", "arguments", "fields"),
    [
        ("breadth", LOW, {"events": "corrections", "gauge": "above_50"}, WITHIN),
        ("breadth", LOW, {"events": "breadth_washouts", "gauge": "above_200"}, WITHIN),
        ("breadth", LOW, {"events": "breadth_washouts", "gauge": "above_50", "base": 21}, WITHIN),
        ("difference", UP, {"events": "corrections", "long": "IWM", "short": "SPY", "premise": "lag"}, {}),
        ("event-study", UP, {**ALONE, "long": "^GSPC"}, {}),
    ],
)
def test_what_follows_an_event_may_be_measured_on_its_series(estimand, claimed, arguments, fields):
    assert check_claim(claim(estimand, claimed, arguments, measure=fields)) == ()
