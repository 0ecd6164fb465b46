"""What is registered of a claim: the same measurement has the same hash, however it is written."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest

from groundswell.claims.binding import bind_claim
from groundswell.claims.estimand import BoundMeasure, Refused
from groundswell.claims.register.canonical import hash_text, list_specifications, read_canonical, write_canonical
from groundswell.claims.register.evidence import add_registration
from groundswell.claims.register.inputs import hash_inputs, hash_series
from groundswell.claims.registry import ESTIMANDS
from groundswell.claims.spec import ClaimSpec
from groundswell.model import Evaluation, EventValue, Part, Registration, SeriesUse, Verdict

from .made import DAYS, END, book, evaluate_claim, normal, price, rate


def claim(text: str = "Small leads.", readings: Any = (), **measure: Any) -> ClaimSpec:
    given = {"estimand": "event-study", "arguments": {"long": "IWM", "short": "SPY"}, "range": (0.05, 0.15)} | measure
    return ClaimSpec(id="C1", side="bull", text=text, readings=readings, measure=given)


PLAIN = write_canonical(claim()) or ""


@pytest.mark.parametrize(
    "same",
    [
        claim("Other words.", ({"name": "by a month", "arguments": {"horizon": 21}},)),
        claim(arguments={"short": "SPY", "long": "IWM"}),
        claim(arguments={"long": "IWM", "short": "SPY", "horizon": 63}),
        claim(minimum_events=5),
        claim(range=(0.050, 0.150)),
    ],
    ids=["words and readings", "order", "a default", "the floor of the estimand", "zeros"],
)
def test_the_same_measurement_is_the_same_specification(same):
    assert write_canonical(same) == PLAIN


@pytest.mark.parametrize(
    "other",
    [
        claim(range=(0.05, 0.16)),
        claim(arguments={"long": "IWM", "short": "SPY", "horizon": 62}),
        claim(arguments={"long": "IWM", "short": "RSP"}),
        claim(minimum_events=6),
        claim(holds="within"),
        claim(since=date(2001, 1, 1)),
        claim(estimand="unknown"),
    ],
    ids=["range", "argument", "series", "floor", "how it holds", "since", "estimand"],
)
def test_another_measurement_is_another_specification(other):
    assert write_canonical(other) != PLAIN


def test_what_is_not_measured_is_not_registered():
    unmeasured = ClaimSpec(id="C2", side="bull", text="So it is.", unmeasured="No data.")
    assert list_specifications([claim(), unmeasured], {}) == {"C1": (PLAIN, hash_text(PLAIN))}


FIRST_FORM = (
    '{"arguments":{"long":"IWM","short":"SPY"},"estimand":"event-study","holds":"reaches","minimum":5,'
    '"range":[0.05,0.15],"since":null}'
)
"""What the first releases wrote of the claim, with arguments at their defaults left out."""


def list_one(made: ClaimSpec, registered: str) -> str:
    """Return what the newest registration of a claim says after its specification was seen again."""
    return list_specifications([made], {"C1": registered})["C1"][0]


def with_argument(canonical: str, **arguments: Any) -> str:
    """Return a specification with other arguments; one that is None is left out."""
    written = json.loads(canonical)
    given = written["arguments"] | arguments
    written["arguments"] = {name: value for name, value in given.items() if value is not None}
    return json.dumps(written, sort_keys=True, separators=(",", ":"))


def test_all_arguments_and_the_version_of_the_estimand_are_registered():
    written = json.loads(PLAIN)
    assert (written["form"], written["code"], written["arguments"]["horizon"]) == (2, 1, 63)


@pytest.mark.parametrize("registered", [PLAIN, FIRST_FORM, with_argument(PLAIN, emergency=None)])
def test_what_is_registered_stays_while_the_same_is_measured(registered):
    """The last one is by a release in which the estimand did not have this argument."""
    assert list_one(claim("In other words."), registered) == registered


@pytest.mark.parametrize(
    ("made", "registered"),
    [
        (claim(range=(0.05, 0.16)), FIRST_FORM),
        (claim(arguments={"long": "IWM", "short": "SPY", "horizon": 62}), FIRST_FORM),
        (claim(), with_argument(PLAIN, horizon=62)),
        (claim(), with_argument(PLAIN, gone=1)),
        (claim(arguments={"long": "IWM", "short": "SPY", "emergency": False}), with_argument(PLAIN, emergency=None)),
    ],
    ids=["range", "argument", "a default that changed", "an argument that went", "an added argument that is given"],
)
def test_another_measurement_is_registered_anew(made, registered):
    assert list_one(made, registered) == write_canonical(made) != registered


@pytest.mark.parametrize("registered", [PLAIN, FIRST_FORM])
def test_an_estimand_that_measures_differently_is_registered_anew(monkeypatch, registered):
    changed = {**ESTIMANDS, "event-study": replace(ESTIMANDS["event-study"], version=2)}
    for module in ("registry", "binding", "register.canonical"):
        monkeypatch.setattr(f"groundswell.claims.{module}.ESTIMANDS", changed)
    made = claim()
    assert json.loads(list_one(made, registered))["code"] == 2
    assert isinstance(read_canonical(registered)[1], Refused)
    assert isinstance(read_canonical(list_one(made, registered))[1], BoundMeasure)


@pytest.mark.parametrize("registered", [PLAIN, FIRST_FORM])
def test_a_registered_specification_is_read_as_it_is_measured(registered):
    measure, bound = read_canonical(registered)
    assert (measure.range, measure.holds) == ((0.05, 0.15), "reaches")
    assert isinstance(bound, BoundMeasure)
    assert bound.key == getattr(bind_claim(claim()).main, "key", None)


@pytest.mark.parametrize(
    "registered", [PLAIN.replace("event-study", "gone"), with_argument(PLAIN, gone=1)], ids=["estimand", "argument"]
)
def test_what_cannot_be_measured_any_more_is_refused(registered):
    assert isinstance(read_canonical(registered)[1], Refused)


def test_inputs_are_hashed_as_they_were_known():
    whole = book(price("IWM", normal(1, 0.01)), price("SPY", normal(2, 0.01)))
    uses = tuple(SeriesUse(str(each.ref), each.source, each.last) for each in whole)
    found = Evaluation("C1", "h", "text", Verdict.SUPPORTED, "", END, "event-study", sources=uses)
    hashes = hash_inputs(found, whole)
    assert hashes == {str(each.ref): hash_series(each) for each in whole}
    earlier = Evaluation("C1", "h", "text", Verdict.SUPPORTED, "", DAYS[300].item(), "event-study", sources=uses)
    assert all(len(digest) == 64 for digest in hashes.values())
    assert not set(hash_inputs(earlier, whole).values()) & set(hashes.values())


def test_events_after_the_registration_are_shown_apart():
    days = [date(2019, 7, 31), date(2024, 9, 18), date(2025, 9, 17)]
    events = tuple(EventValue(day, value, day, day) for day, value in zip(days, (0.1, 0.2, 0.4), strict=True))
    found = Evaluation("C1", "h", "text", Verdict.SUPPORTED, "", END, "event-study", events=events, median=0.2)
    registered = Registration("h", "C1", 2, "", "", datetime(2024, 9, 18, 12, tzinfo=UTC))
    shown = add_registration(found, registered, claim(), book())
    assert (shown.version, shown.registered) == (2, date(2024, 9, 18))
    assert shown.since_registered == Part(date(2024, 9, 19), 1, 0.4, None, None)
    earlier = replace(registered, registered_at=datetime(2024, 1, 1, tzinfo=UTC))
    both = add_registration(found, earlier, claim(), book()).since_registered
    assert (both.n, both.estimate) == (2, pytest.approx(0.3))
    assert both.ci_low < 0.3 < both.ci_high
    outcomes = replace(found, median=None)  # a share has no interval of a mean
    assert add_registration(outcomes, earlier, claim(), book()).since_registered.ci_low is None
    assert add_registration(found, None, claim(), book()) is found


def test_the_slope_on_rows_after_the_registration_is_shown_apart():
    """Here it turns from -2 to +3 % a point on the day."""
    day, changes = date(2015, 6, 30), normal(1, 0.06)
    turned = np.where(np.datetime64(day) >= DAYS, -0.02, 0.03) * changes + normal(2, 0.0005)
    made = book(rate("DGS10", changes), price("IWM", turned))
    spec = claim(estimand="sensitivity", arguments={"long": "IWM", "factor": "DGS10"}, range=(0.0, float("inf")))
    found = evaluate_claim("h", spec, made, END)

    def show(at: date, given: Evaluation = found) -> Part | None:
        return add_registration(
            given, Registration("h", "C1", 1, "", "", datetime(at.year, at.month, at.day, 12, tzinfo=UTC)), spec, made
        ).since_registered

    since = show(day)
    assert since is not None
    weeks = (END - day).days // 7
    assert weeks - 4 < since.n <= weeks
    assert since.estimate == pytest.approx(0.03, abs=0.002)
    assert since.ci_low < 0.03 < since.ci_high
    assert (show(END).n, show(END).estimate) == (0, None)
    assert (show(date(2024, 12, 20)).n, show(date(2024, 12, 20)).estimate) == (2, None)
    assert show(day, replace(found, withheld=True)) is None
