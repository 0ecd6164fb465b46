"""What is registered of a claim: the same measurement has the same hash, however it is written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from groundswell.claims.register.canonical import hash_text, list_specifications, write_canonical
from groundswell.claims.register.evidence import add_registration
from groundswell.claims.register.inputs import hash_inputs, hash_series
from groundswell.claims.spec import ClaimSpec
from groundswell.model import Evaluation, EventValue, Registration, SeriesUse, SinceRegistered, Verdict

from .made import DAYS, END, book, normal, price


def claim(text: str = "Small leads.", readings: Any = (), **measure: Any) -> ClaimSpec:
    given = {"estimand": "event-study", "arguments": {"long": "IWM", "short": "SPY"}, "range": (0.05, 0.15)} | measure
    return ClaimSpec(id="C1", side="bull", text=text, readings=readings, measure=given)


PLAIN = write_canonical(claim())


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
    assert list_specifications([claim(), unmeasured]) == {"C1": (PLAIN, hash_text(PLAIN or ""))}


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
    found = Evaluation("C1", "h", "text", Verdict.SUPPORTED, "", END, "event-study", events=events)
    registered = Registration("h", "C1", 2, "", "", datetime(2024, 9, 18, 12, tzinfo=UTC))
    shown = add_registration(found, registered)
    assert (shown.version, shown.registered) == (2, date(2024, 9, 18))
    assert shown.since_registered == SinceRegistered(1, 0.4)
    assert add_registration(found, None) is found
