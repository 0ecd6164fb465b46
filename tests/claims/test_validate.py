from __future__ import annotations

import math
from typing import Any

import pytest

from groundswell.claims.spec import ClaimSpec
from groundswell.claims.validate import check_claim

PAIR = {"long": "IWM", "short": "SPY"}


def claim(differing: dict[str, Any], **fields: Any) -> ClaimSpec:
    measure = {"estimand": "event-study", "arguments": PAIR, "range": [0.05, 0.15], **differing}
    return spec_of(measure=measure, **fields)


def spec_of(**fields: Any) -> ClaimSpec:
    return ClaimSpec.model_validate({"id": "C1", "side": "bull", "text": "Small caps win", **fields})


def stand_in(name: str, **arguments: Any) -> dict[str, Any]:
    return {"name": name, "arguments": {"short": "VTI", **arguments}, "why": "another fund"}


def test_a_sound_claim_has_no_mistakes():
    reading = {
        "name": "factor",
        "arguments": {"long": "ff.smb", "short": "", "measure": "period return", "horizon": 3, "unit": "months"},
    }
    assert check_claim(claim({}, readings=[reading, {"name": "21 sessions", "arguments": {"horizon": 21}}])) == ()
    assert check_claim(spec_of(unmeasured="no data")) == ()


SLOPE_READING = {"name": "weekly", "estimand": "sensitivity", "arguments": {**PAIR, "factor": "DGS2"}}
SHARE_READING = {
    "name": "share",
    "estimand": "frequency",
    "arguments": {"events": "first_cuts", **PAIR, "above": 0.0},
}


@pytest.mark.parametrize("claimed", [[0.0, math.inf], [-math.inf, 0.0]])
def test_a_claim_of_a_sign_alone_may_have_readings_in_other_units_with_a_sign(claimed):
    assert check_claim(claim({"range": claimed}, readings=[SLOPE_READING])) == ()
    ((_, message),) = check_claim(claim({"range": claimed}, readings=[SHARE_READING]))
    assert message == "frequency is measured in share, the claim in return"


@pytest.mark.parametrize(
    "differing", [{"range": [0.0, 0.5]}, {"range": [0.05, math.inf]}, {"range": [0.0, 0.05], "holds": "within"}]
)
def test_a_claim_of_a_size_has_readings_in_its_own_unit(differing):
    messages = [message for _, message in check_claim(claim(differing, readings=[SLOPE_READING]))]
    assert "sensitivity is measured in return per percentage point, the claim in return" in messages


def test_another_question_has_a_range_of_its_own_in_any_unit():
    asks = {**SHARE_READING, "asks": "how often they led", "range": [0.5, 1.0]}
    assert check_claim(claim({}, readings=[asks])) == ()
    ((where, message),) = check_claim(claim({}, readings=[{**asks, "range": [0.0, 50.0]}]))
    assert where == ("readings", 0, "range")
    assert "impossible" in message
    rank = {
        "name": "rank",
        "estimand": "rank",
        "arguments": {"long": "IWM", "peers": ["SPY"]},
        "asks": "which is first",
    }
    ((where, _),) = check_claim(claim({}, readings=[{**rank, "range": [1.0, 1.0]}]))
    assert where == ("readings", 0, "holds")
    assert check_claim(claim({}, readings=[{**rank, "range": [1.0, 1.0], "holds": "within"}])) == ()


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"range": [0.0, 1.0]}, "that of the claim holds"), ({"holds": "within"}, "range of the reading")],
)
def test_only_another_question_has_a_range(fields, words):
    with pytest.raises(ValueError, match=words):
        claim({}, readings=[{"name": "a", "arguments": {}, **fields}])


@pytest.mark.parametrize(
    ("arguments", "differing"),
    [(PAIR, {"horizon": 63}), (PAIR, {"estimation": 250}), (PAIR, {"gap": 10}), (PAIR, {"emergency": True})],
)
def test_a_reading_that_repeats_the_claim_or_another_is_refused(arguments, differing):
    same = {"name": "again", "arguments": differing}
    ((path, message),) = check_claim(claim({"arguments": arguments}, readings=[same]))
    assert (path, message) == (
        ("readings", 0),
        "measures the same as the claim itself and would count twice; remove it",
    )
    other = [{"name": name, "arguments": {**differing, "horizon": 21}} for name in ("a", "b")]
    ((path, message),) = check_claim(claim({"arguments": arguments}, readings=other))
    assert path == ("readings", 1)
    assert message.startswith("measures the same as the reading 'a'")
    asks = {**same, "asks": "Is it large?", "range": [0.2, 0.3]}
    assert check_claim(claim({"arguments": arguments}, readings=[asks])) == ()


def test_lags_that_are_those_of_the_step_are_no_reading():
    measure = {"estimand": "sensitivity", "arguments": {"long": "TLT"}}
    for lags, mistakes in ((4, 1), (8, 0)):
        readings = [{"name": "lags", "arguments": {"lags": lags}}]
        assert len(check_claim(claim(measure, readings=readings))) == mistakes


ARGUMENTS = ("measure", "arguments")


@pytest.mark.parametrize(
    ("arguments", "path", "words"),
    [
        ({**PAIR, "horizon": 0}, "horizon", "greater than or equal to 1"),
        ({**PAIR, "horizon": "63"}, "horizon", "valid integer"),
        ({**PAIR, "horizon": 5000}, "horizon", "at most 1260 sessions, not 5000"),
        ({**PAIR, "horizon": 61, "unit": "months"}, "horizon", "at most 60 months"),
        ({**PAIR, "horizont": 63}, "horizont", "unknown argument; event-study has events, long, short"),
        ({**PAIR, "events": "cuts"}, "events", "there is no list 'cuts'; there are first_cuts,"),
        ({**PAIR, "measure": "level"}, "measure", "'total return', 'price' or 'period return'"),
        ({**PAIR, "unit": "years"}, "unit", "'sessions' or 'months'"),
        ({**PAIR, "base": 21}, "base", "less than or equal to 20"),
        ({"long": "IWM"}, "short", "is needed, unless long is a spread"),
        ({"long": "IWM", "short": "IWM"}, "short", "must be another series than long"),
        ({"long": "ff.smb", "measure": "period return"}, "unit", "whole months"),
        ({"short": "SPY"}, "long", "Field required"),
    ],
)
def test_a_wrong_argument_is_told_by_its_path(arguments, path, words):
    ((where, message),) = check_claim(claim({"arguments": arguments}))
    assert where == (*ARGUMENTS, path)
    assert words in message


def test_a_former_name_of_an_argument_is_refused_with_the_new_one():
    arguments = {"long": "IWM", "short": "SPY", "beside": ["IWV"]}
    ((_, message),) = check_claim(claim({"estimand": "trailing-comparison", "arguments": arguments}))
    assert message == "beside: this argument is now called alongside"


@pytest.mark.parametrize(
    ("spec", "path", "words"),
    [
        (
            claim({"estimand": "regression"}),
            ("measure", "estimand"),
            "there is no estimand 'regression'; there are event",
        ),
        (claim({"estimand": "level-correlation"}), ("measure", "estimand"), "measure changes or returns instead"),
        (claim({"range": [0.1, -0.1]}), ("measure", "range"), "from low to high"),
        (claim({"range": [-0.1, 0.1]}), ("measure", "range"), "one side of zero"),
        (claim({}, unmeasured="no data"), ("unmeasured",), "not both"),
        (spec_of(), ("measure",), "give either measure, or unmeasured with the reason"),
        (
            spec_of(unmeasured="no data", readings=[{"name": "a", "arguments": {}}]),
            ("readings",),
            "has no readings",
        ),
        (
            claim(
                {}, readings=[{"name": "a", "arguments": {"horizon": 5}}, {"name": "b", "arguments": {"horizon": -5}}]
            ),
            ("readings", 1, "arguments", "horizon"),
            "greater than or equal to 1",
        ),
        (
            claim({}, readings=[{"name": "a", "estimand": "guess", "arguments": {}}]),
            ("readings", 0, "estimand"),
            "there is no estimand 'guess'",
        ),
        (
            claim({}, readings=[{"name": "a", "estimand": "sensitivity", "arguments": PAIR}]),
            ("readings", 0, "estimand"),
            "measured in return per percentage point, the claim in return",
        ),
        (
            claim({}, readings=[{"name": "a", "estimand": "event-study", "arguments": {"long": "IWM"}}]),
            ("readings", 0, "arguments", "short"),
            "is needed",
        ),
        (
            claim({}, readings=[{"name": "a", "arguments": {"horizon": n}} for n in (5, 6)]),
            ("readings", 1, "name"),
            "another reading is named 'a'",
        ),
        (
            spec_of(unmeasured="no data", fallbacks=[{"name": "a", "arguments": {}, "why": "b"}]),
            ("fallbacks",),
            "has no fallbacks",
        ),
        (
            claim({}, fallbacks=[stand_in("a"), stand_in("a", measure="price", long="^RUT")]),
            ("fallbacks", 1, "name"),
            "another fallback is named 'a'",
        ),
        (
            claim({}, fallbacks=[stand_in("a"), stand_in("b")]),
            ("fallbacks", 1),
            "measures the same as the fallback 'a' before it; remove one of them",
        ),
        (
            claim({}, fallbacks=[stand_in("a", horizont=63)]),
            ("fallbacks", 0, "arguments", "horizont"),
            "unknown argument; event-study has events",
        ),
        (
            claim({}, fallbacks=[{"name": "a", "estimand": "sensitivity", "arguments": PAIR, "why": "b"}]),
            ("fallbacks", 0, "estimand"),
            "measured in return per percentage point, the claim in return",
        ),
        (
            claim({}, fallbacks=[{"name": "a", "estimand": "guess", "arguments": PAIR, "why": "b"}]),
            ("fallbacks", 0, "estimand"),
            "there is no estimand 'guess'",
        ),
        (
            claim({}, fallbacks=[{"name": "a", "arguments": {"horizon": 21}, "why": "b"}]),
            ("fallbacks", 0),
            "can never stand in: it needs all that the declared measurement needs (IWM (total return) and SPY (total r",
        ),
        (
            claim(
                {"estimand": "cited-figures", "arguments": {"topic": "loss_share"}},
                fallbacks=[{"name": "a", "arguments": {"topic": "floating_rate_debt"}, "why": "b"}],
            ),
            ("fallbacks", 0),
            "the declared measurement needs no series",
        ),
    ],
)
def test_a_mistake_of_the_claim_is_told_by_its_path(spec, path, words):
    ((where, message),) = check_claim(spec)
    assert where == path
    assert words in message
