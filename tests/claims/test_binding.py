"""Arguments are validated once, and what is stored with a claim never outlives it."""

from __future__ import annotations

from collections import Counter

import pytest

from groundswell.claims.binding import BoundMeasure, Unbound, bind_claim
from groundswell.claims.evaluate import evaluate_claims
from groundswell.claims.paths import measure_fan
from groundswell.claims.reading_axes import compare_readings
from groundswell.claims.registry import ESTIMANDS
from groundswell.claims.rolling import measure_rolling
from groundswell.claims.validate import check_claim
from groundswell.hubs.file.load import load_catalog
from groundswell.hubs.spec import HubSpec
from groundswell.markets.series.book import NOTHING

from .made import END, INF, claim

SPEC = claim(
    "event-study",
    (0.0, INF),
    {"long": "A", "short": "B"},
    readings=[{"name": "a month", "arguments": {"horizon": 21}}],
    grid={"axes": {"horizon": [21, 63, 126]}},
)


def test_an_evaluation_validates_each_measure_and_reading_of_the_flagship_once(monkeypatch):
    (flagship,) = (hub for hub in load_catalog() if hub.slug == "small-caps")
    claims = HubSpec.model_validate(flagship.model_dump()).claims  # not bound yet
    validations: Counter[str] = Counter()
    validators = {estimand.arguments: estimand.arguments.model_validate for estimand in ESTIMANDS.values()}
    for arguments, validate in validators.items():

        def count(values, validate=validate, name=arguments.__name__):
            validations[name] += 1
            return validate(values)

        monkeypatch.setattr(arguments, "model_validate", count)
    assert not any(check_claim(one) for one in claims)
    evaluations = evaluate_claims("small-caps", claims, NOTHING, END)
    for one, evaluation in zip(claims, evaluations, strict=True):
        measure_fan(one, evaluation, NOTHING)
        measure_rolling(one, NOTHING, END)
        compare_readings(one)
    written = sum(
        1 + len(one.readings) + len(one.fallbacks) + len(list(one.grid.readings() if one.grid else ()))
        for one in claims
        if one.measure
    )
    assert validations.total() == written
    assert sum(len(evaluation.readings) for evaluation in evaluations) > 100


def test_a_copy_is_bound_anew():
    bound = bind_claim(SPEC)
    assert bind_claim(SPEC) is bound
    assert [reading.spec.name for reading in bound.readings] == ["a month", "as claimed: horizon 126"]
    copy = SPEC.model_copy(update={"readings": (), "grid": None})
    assert bind_claim(copy).readings == ()
    assert bind_claim(SPEC) is bound


def test_what_is_stored_is_no_part_of_the_claim():
    other = type(SPEC).model_validate(SPEC.model_dump())
    bind_claim(SPEC)
    assert other == SPEC
    assert SPEC.model_dump() == other.model_dump()


@pytest.mark.parametrize(
    ("arguments", "name", "known"),
    [({"horizon": 0}, "event-study", True), ({}, "correlation", False)],
)
def test_what_cannot_be_bound_says_why(arguments, name, known):
    unbound = bind_claim(claim(name, (0.0, INF), {"long": "A", "short": "B", **arguments}, readings=SPEC.readings))
    assert isinstance(unbound.main, Unbound)
    assert (unbound.main.name, unbound.main.estimand is not None, unbound.main.error is not None) == (
        name, known, known,
    )  # fmt: skip
    assert unbound.readings == ()
    assert list(unbound.measures) == []


def test_a_reading_that_cannot_be_bound_does_not_hide_the_others():
    spec = claim(
        "event-study",
        (0.0, INF),
        {"long": "A", "short": "B"},
        readings=[{"name": "odd", "estimand": "luck", "arguments": {}}, {"name": "a month", "arguments": {"base": 1}}],
        grid={"axes": {"base": [0, 1, 2]}},
    )
    assert [name for name, _ in bind_claim(spec).measures] == ["", "a month", "as claimed: base 2"]
    assert all(isinstance(measure, BoundMeasure) for _, measure in bind_claim(spec).measures)
    ((path, message),) = check_claim(spec)
    assert path == ("readings", 0, "estimand")
    assert message.startswith("there is no estimand 'luck'")
