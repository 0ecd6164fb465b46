"""The response to surprises of policy, against statsmodels and a slope that was put in."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from groundswell.claims.validate import check_claim
from groundswell.model import Measure, Series, Verdict

from .made import DAYS, END, INF, book, claim, evaluate_claim, normal, price, series

ROWS = np.arange(30, len(DAYS) - 10, 31)
SURPRISES = normal(5, 0.06, len(ROWS))
SLOPE = -0.08
"""Return per percentage point that was put in."""


def make(slope: float = SLOPE, rows: np.ndarray = ROWS, surprises: np.ndarray = SURPRISES) -> tuple[Series, ...]:
    long = normal(6, 0.008)
    long[rows] += slope * surprises
    found = series("surprise.FF4", surprises, Measure.LEVEL, DAYS[rows])
    return price("A", long), price("B", normal(7, 0.002)), found


@pytest.mark.parametrize("sessions", [1, 2])
def test_the_slope_and_its_error(sessions):
    made = make()
    spec = claim("surprise-sensitivity", (-INF, 0.0), {"long": "A", "short": "B", "sessions": sessions})
    found = evaluate_claim("h", spec, book(*made), END)
    a, b = made[0].values, made[1].values
    response = np.array([a[r - 1 + sessions] / a[r - 1] - b[r - 1 + sessions] / b[r - 1] for r in ROWS])
    expected = sm.OLS(response, sm.add_constant(SURPRISES)).fit(cov_type="HC3", use_t=True)
    assert found.estimate == pytest.approx(expected.params[1])
    assert (found.ci_low, found.ci_high) == pytest.approx(tuple(expected.conf_int()[1]))
    assert found.n == len(ROWS)
    assert found.verdict is Verdict.SUPPORTED
    assert found.reason.startswith("slope −")


def test_no_response_is_found_where_there_is_none():
    found = evaluate_claim(
        "h", claim("surprise-sensitivity", (-INF, 0.0), {"long": "A", "short": "B"}), book(*make(0.0)), END
    )
    assert found.verdict is Verdict.INCONCLUSIVE


def test_the_surprise_in_the_slope_of_the_curve():
    ten, two = normal(8, 0.04, len(ROWS)), normal(9, 0.04, len(ROWS))
    long = normal(10, 0.008)
    long[ROWS] += 0.1 * (ten - two)
    made = book(
        price("A", long),
        series("surprise.TFUT10", ten, Measure.LEVEL, DAYS[ROWS]),
        series("surprise.TFUT02", two[1:], Measure.LEVEL, DAYS[ROWS[1:]]),
    )
    arguments = {"long": "A", "surprise": "TFUT10", "less": "TFUT02"}
    found = evaluate_claim("h", claim("surprise-sensitivity", (0.0, INF), arguments), made, END)
    assert found.n == len(ROWS) - 1, "an announcement needs both surprises"
    response = made.by_ref[next(ref for ref in made.by_ref if ref.id == "A")].values
    returns = response[ROWS[1:]] / response[ROWS[1:] - 1] - 1.0
    assert found.estimate == pytest.approx(np.polyfit(ten[1:] - two[1:], returns, 1)[0])


def test_announcements_on_consecutive_days_share_a_session():
    rows = np.sort(np.concatenate([ROWS, ROWS[:5] + 1]))
    made = book(*make(rows=rows, surprises=normal(5, 0.06, len(rows))))
    one, two = (
        evaluate_claim(
            "h", claim("surprise-sensitivity", (-INF, 0.0), {"long": "A", "short": "B", "sessions": count}), made, END
        )
        for count in (1, 2)
    )
    assert one.n == len(rows)
    assert two.n == len(ROWS)
    assert any(note.startswith("5 announcements whose sessions overlap") for note in two.notes)


def test_announcements_before_the_prices_are_counted():
    a, b, found = make()
    late = DAYS[1000]
    keep = late <= DAYS
    made = book(series("A", a.values[keep], dates=DAYS[keep]), b, found)
    early = int((DAYS[ROWS - 1] < late).sum())
    evaluated = evaluate_claim("h", claim("surprise-sensitivity", (-INF, 0.0), {"long": "A", "short": "B"}), made, END)
    assert evaluated.n == len(ROWS) - early
    assert any(note.startswith(f"{early} announcements without a price") for note in evaluated.notes)


def test_too_few_announcements_give_no_verdict():
    rows = ROWS[:9]
    found = evaluate_claim(
        "h",
        claim("surprise-sensitivity", (-INF, 0.0), {"long": "A", "short": "B"}),
        book(*make(rows=rows, surprises=SURPRISES[:9])),
        END,
    )
    assert found.verdict is Verdict.INSUFFICIENT
    assert found.estimate is None


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"long": "A", "short": "A"}, "short"),
        ({"long": "A", "less": "FF4"}, "less"),
        ({"long": "A", "surprise": "FF 4"}, "surprise"),
        ({"long": "A", "sessions": 6}, "sessions"),
    ],
)
def test_what_is_refused_names_its_argument(arguments, field):
    ((path, _),) = check_claim(claim("surprise-sensitivity", (-INF, 0.0), arguments))
    assert path[-1] == field
