"""No claim stops another, whatever happens in it."""

from __future__ import annotations

import numpy as np
import pytest

from groundswell.claims.evaluate import evaluate_claims
from groundswell.claims.validate import check_claim
from groundswell.model import Verdict

from ..made import END, INF, book, claim, normal, price, rate

FAULTY = '''
"""An estimand that fails where it is asked to."""

from groundswell.claims.estimand import Estimand, Measurement
from groundswell.claims.spec import Frozen
from groundswell.model import EventValue


class Arguments(Frozen):
    where: str = ""


def fail(arguments, where):
    if arguments.where == where:
        raise {"missing": KeyError, "division": ZeroDivisionError}.get(where, RuntimeError)("it went wrong")


def needs(arguments):
    fail(arguments, "needs")
    return frozenset()


def window(arguments):
    fail(arguments, "window")
    return "a window"


def measure(arguments, book, as_of):
    for where in ("missing", "division", "measure"):
        fail(arguments, where)
    value = float("nan") if arguments.where == "nan" else 0.1
    return Measurement(tuple(EventValue(as_of, value + 0.001 * at, as_of, as_of) for at in range(9)), (), ())


FAULTY = Estimand(
    name="faulty", title="Faulty", text="It fails.", unit="return", arguments=Arguments, needs=needs, window=window,
    events=lambda arguments: "days", measure=measure,
)
'''

MADE = book(price("A", normal(1, 0.01)), price("B", normal(2, 0.01)), rate("DGS10", normal(3, 0.05)))
SOUND = claim("sensitivity", (-INF, 0.0), {"long": "A", "factor": "DGS10"}, id="C9")


@pytest.fixture(autouse=True)
def _faulty(install_plugin):
    install_plugin("groundswell.estimands", "faulty", FAULTY)


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ("needs", "faulty cannot read them: RuntimeError: it went wrong"),
        ("window", "faulty cannot read them: RuntimeError: it went wrong"),
        ("measure", "the program failed on it: RuntimeError"),
        ("missing", "the program failed on it: KeyError"),
        ("division", "cannot be computed from these data: it went wrong"),
        ("nan", "cannot be computed from these data: its figures are not finite"),
    ],
)
def test_a_claim_that_fails_is_not_measured_and_the_others_are(where, reason):
    (alone,) = evaluate_claims("h", [SOUND], MADE, END)
    bad = claim("faulty", (0.0, INF), {"where": where})
    found, sound = evaluate_claims("h", [bad, SOUND], MADE, END)
    assert (found.verdict, found.estimate, found.reason) == (Verdict.NOT_MEASURED, None, reason)
    assert sound == alone


@pytest.mark.parametrize("where", ["division", "nan"])
def test_a_reading_that_cannot_be_computed_leaves_its_claim(where):
    spec = claim("faulty", (0.0, INF), {}, readings=[{"name": "bad", "arguments": {"where": where}}])
    (found,) = evaluate_claims("h", [spec], MADE, END)
    assert found.verdict is Verdict.SUPPORTED
    assert found.readings[0].verdict is Verdict.NOT_MEASURED


def test_what_an_estimand_raises_is_a_mistake_of_the_claim():
    ((path, message),) = check_claim(claim("faulty", (0.0, INF), {"where": "needs"}))
    assert (path, "RuntimeError" in message) == (("measure", "arguments"), True)


def test_a_failure_is_given_to_whoever_reports_it():
    seen = []
    (alone,) = evaluate_claims("h", [SOUND], MADE, END)

    def report(spec, error):
        seen.append((spec.id, type(error)))
        return alone

    assert evaluate_claims("h", [claim("faulty", (0.0, INF), {"where": "measure"})], MADE, END, report)
    assert seen == [("C1", RuntimeError)]
    assert np.isfinite(alone.estimate)
