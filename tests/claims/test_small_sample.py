from __future__ import annotations

from datetime import date

import pytest

from groundswell.claims.estimand import Measurement
from groundswell.claims.inference.summary import Summary
from groundswell.claims.readings import describe_small_sample
from groundswell.claims.spec import MeasureSpec
from groundswell.model import EventValue, Verdict

from .made import INF

MEASURE = MeasureSpec.model_validate(
    {"estimand": "event-study", "arguments": {"long": "A", "short": "B"}, "range": (0.05, INF)}
)


def told(values: list[float], verdict: Verdict, **more) -> str | None:
    days = [date(2000 + at, 1, 3) for at in range(len(values))]
    events = tuple(EventValue(day, value, day, day) for day, value in zip(days, values, strict=True))
    return describe_small_sample(Measurement(events, (), (), **more), MEASURE, "return", verdict)


@pytest.mark.parametrize(
    ("values", "verdict", "words"),
    [
        ([0.10, 0.11, 0.12, 0.10, 0.11], Verdict.SUPPORTED, "stays supported whichever one of them is left out."),
        (
            [0.08, 0.07, 0.05, 0.03, 0.025],
            Verdict.SUPPORTED,
            "without any one of 2 of them (2000-01-03, 2001-01-03).",
        ),
        ([0.10, 0.11, 0.12, 0.10, -0.30], Verdict.INCONCLUSIVE, "without one of them (2004-01-03)."),
    ],
)
def test_few_events_tell_on_which_the_verdict_hangs(values, verdict, words):
    found = told(values, verdict)
    assert found is not None
    assert found.startswith("Small sample, 5 events: the verdict ")
    assert words in found


@pytest.mark.parametrize(
    ("values", "more"),
    [([0.1] * 2, {}), ([0.1] * 13, {}), ([0.1] * 5, {"summary": Summary(5, 0.1, None, 0.0, 0.2, None)})],
)
def test_nothing_is_told_of_two_events_of_many_and_of_what_are_no_events(values, more):
    assert told(values, Verdict.SUPPORTED, **more) is None
