"""What sets the readings of a claim apart."""

from __future__ import annotations

import pytest

from groundswell.claims.binding import bind_claim
from groundswell.claims.reading_axes import MAIN_READING, compare_readings
from groundswell.claims.spec import ClaimSpec
from groundswell.hubs.file.load import load_catalog

CLAIM = ClaimSpec.model_validate(
    {
        "id": "C1",
        "side": "bull",
        "text": "A lead.",
        "measure": {
            "estimand": "event-study",
            "arguments": {"long": "IWM", "short": "SPY", "horizon": 63},
            "range": [0.05, 0.15],
        },
        "readings": [
            {"name": "price index", "arguments": {"long": "^RUT", "short": "^GSPC", "measure": "price"}},
            {"name": "three months", "arguments": {"horizon": 3, "unit": "months"}},
            {"name": "no emergency cuts", "arguments": {"emergency": False}},
        ],
        "grid": {"axes": {"base": [1, -1], "horizon": [21, 63]}},
    }
)


def test_each_argument_that_differs_is_an_axis_with_its_values_in_order():
    found = compare_readings(CLAIM)
    assert {axis.name: axis.values for axis in found.axes} == {
        "data": ("IWM − SPY", "^RUT − ^GSPC"),
        "of": ("total return", "price"),
        "horizon": ("21 sessions", "63 sessions", "3 months"),
        "base day": ("−1", "0", "1"),
        "emergency": ("yes", "no"),
    }


def test_every_reading_and_the_main_one_have_a_place_on_each_axis():
    found = compare_readings(CLAIM)
    names = [name for name, _ in found.by_reading]
    assert names == [MAIN_READING, *(reading.spec.name for reading in bind_claim(CLAIM).readings)]
    names = [axis.name for axis in found.axes]
    main = dict(zip(names, dict(found.by_reading)[MAIN_READING], strict=True))
    assert main == {
        "data": "IWM − SPY",
        "of": "total return",
        "horizon": "63 sessions",
        "base day": "0",
        "emergency": "yes",
    }
    assert dict(found.by_reading)["three months"][names.index("horizon")] == "3 months"


def test_a_claim_that_is_not_measured_has_no_choices():
    assert compare_readings(ClaimSpec(id="C4", side="context", text="Debt.", unmeasured="no accounts")).axes == ()


@pytest.mark.parametrize("claim", [one for hub in load_catalog() for one in hub.claims], ids=lambda one: one.id)
def test_the_values_of_packaged_claims_lie_on_their_axes(claim):
    found = compare_readings(claim)
    for _, values in found.by_reading:
        assert all(not value or value in axis.values for axis, value in zip(found.axes, values, strict=True))
