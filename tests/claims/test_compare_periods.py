"""One period compared with another, against scipy and statsmodels."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import statsmodels.api as sm

from groundswell.claims.estimands.comparisons.compare_periods import PeriodFigure, compare
from groundswell.claims.inference.widening import compute_widening
from groundswell.claims.validate import check_claim
from groundswell.markets.series.resample import cut_into_steps
from groundswell.model import Qualifier, Verdict

from .made import END, INF, book, claim, evaluate_claim, normal, price, rate

EARLIER, LATER = [date(2000, 1, 3), date(2011, 12, 31)], [date(2012, 1, 1)]
PERIODS = {"long": "A", "short": "B", "earlier": EARLIER, "later": LATER}
CHOSEN = {"measure": {"chosen_by": "the author, for a test"}}
A, B, YIELD = price("A", normal(1, 0.01)), price("B", normal(2, 0.01)), rate("DGS10", normal(3, 0.05))


def cut_both() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    cut = cut_into_steps([A, B], "week", END)
    response = cut.changes[A.ref] - cut.changes[B.ref]
    before = (cut.starts >= np.datetime64(EARLIER[0])) & (cut.ends <= np.datetime64(EARLIER[1]))
    after = cut.starts >= np.datetime64(LATER[0])
    return response, before, after, cut.ends


def test_the_means_a_year_of_both_periods():
    found = evaluate_claim("h", claim("compare-periods", (-INF, 0.0), PERIODS, **CHOSEN), book(A, B), END)
    response, before, after, _ = cut_both()
    means, errors, freedoms = [], [], []
    for chosen in (before, after):
        rows = response[chosen]
        fitted = sm.OLS(rows, np.ones(len(rows))).fit(cov_type="HAC", cov_kwds={"maxlags": 4, "use_correction": True})
        means.append(52 * fitted.params[0])
        errors.append(52 * fitted.bse[0] * compute_widening(4, len(rows)))
        freedoms.append(len(rows) - 1)
    assert found.estimate == pytest.approx(means[1] - means[0])
    assert found.n == before.sum() + after.sum()
    error = np.hypot(*errors)
    assert (found.ci_high - found.ci_low) / 2 == pytest.approx(1.961 * error, rel=0.002)
    assert len([note for note in found.notes if " over " in note]) == 3
    assert any(note.startswith("Whole sample: ") for note in found.notes)


def test_a_second_fund_on_the_market_is_an_identity_in_both_periods():
    market = normal(5, 0.01)
    made = book(price("A", market + normal(6, 0.0002)), price("SPY", market))
    arguments = {**PERIODS, "short": "", "factor": "market"}
    found = evaluate_claim("h", claim("compare-slopes", (0.0, INF), arguments, **CHOSEN), made, END)
    assert (found.verdict, found.qualifiers) == (Verdict.NOT_MEASURED, (Qualifier.IDENTITY,))


def test_a_period_without_data_says_so():
    arguments = {**PERIODS, "later": [date(2030, 1, 1)]}
    found = evaluate_claim("h", claim("compare-periods", (-INF, 0.0), arguments, **CHOSEN), book(A, B), END)
    assert found.verdict is Verdict.INSUFFICIENT
    assert found.reason.endswith("weeks measured, too few in a part of them for an estimate")
    assert found.measured.startswith(
        "The mean return of A less that of B, a year, from 2030-01-01, less that of 2000-01-03 to"
    )


def test_the_degrees_of_freedom_are_those_of_welch():
    dice = np.random.default_rng(4)
    first, second = dice.normal(0.0, 1.0, 9), dice.normal(1.0, 4.0, 14)
    figures = [
        PeriodFigure(float(rows.mean()), float(rows.std(ddof=1) / np.sqrt(len(rows))), len(rows) - 1, len(rows))
        for rows in (first, second)
    ]
    found = compare(*figures, "week", 23)
    expected = sm.stats.CompareMeans.from_data(second, first)
    low, high = expected.tconfint_diff(usevar="unequal")
    assert (found.ci_low, found.ci_high) == pytest.approx((low, high), rel=0.02), "whole degrees of freedom"
    assert found.ci_low <= low
    assert found.p == pytest.approx(expected.ttest_ind(usevar="unequal")[1], rel=0.05)


def test_a_change_of_slope_is_found():
    yields = normal(3, 0.05)
    late = np.datetime64(LATER[0]) <= A.dates
    returns = normal(5, 0.002) + np.where(late, -0.06, 0.02) * yields
    made = book(price("A", returns), B, rate("DGS10", yields))
    arguments = {"long": "A", "earlier": EARLIER, "later": LATER}
    found = evaluate_claim("h", claim("compare-slopes", (-INF, 0.0), arguments, **CHOSEN), made, END)
    assert found.estimate == pytest.approx(-0.08, abs=0.004)
    assert found.verdict is Verdict.SUPPORTED
    assert found.unit == "return per percentage point"


def test_a_period_without_steps_gives_no_estimate():
    arguments = {**PERIODS, "later": [date(2024, 11, 1)]}
    found = evaluate_claim("h", claim("compare-periods", (-INF, 0.0), arguments, **CHOSEN), book(A, B), END)
    assert found.estimate is None
    assert found.verdict is Verdict.INSUFFICIENT
    assert any("too few weeks" in note for note in found.notes)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"later": [date(2011, 1, 1)]}, "later"),
        ({"earlier": [date(2011, 1, 1), date(2010, 1, 1)]}, "earlier"),
        ({"later": [date(2014, 1, 1), date(2013, 1, 1)]}, "later"),
        ({"short": "A"}, "short"),
    ],
)
def test_periods_that_overlap_or_run_backwards_are_refused(arguments, field):
    ((path, _),) = check_claim(claim("compare-periods", (-INF, 0.0), {**PERIODS, **arguments}, **CHOSEN))
    assert path[-1] == field


@pytest.mark.parametrize(("factor", "controls"), [("PAYEMS", []), ("DGS10", ["DGS10"]), ("moon", [])])
def test_factors_are_checked_as_in_other_regressions(factor, controls):
    arguments = {**PERIODS, "factor": factor, "controls": controls}
    assert check_claim(claim("compare-slopes", (-INF, 0.0), arguments))


def test_it_is_said_who_chose_the_dates():
    ((path, message),) = check_claim(claim("compare-periods", (-INF, 0.0), PERIODS))
    assert path[-1] == "later"
    assert "chosen_by" in message
