"""The estimands ``trailing-comparison`` and ``variance-share``."""

from __future__ import annotations

import warnings
from datetime import date

import numpy as np
import pytest

from groundswell.claims.check import check_claim
from groundswell.claims.estimands import describe, needed
from groundswell.claims.evaluate import evaluate_claim
from groundswell.claims.inference import stretch
from groundswell.markets.sessions import end_of_day
from groundswell.markets.variance import BLOCK, resampled, unexplained
from groundswell.types import Verdict

from .made import DAYS, END, INF, book, claim, normal, price, rate

UP, DOWN = (0.0, INF), (-1.0, 0.0)
TODAY = date(2024, 12, 31)
PAIR = {"long": "A", "short": "SPY"}


def grown(name: str, gain: float, seed: int, scale: float = 0.001):
    return price(name, gain + normal(seed, scale))


MADE = book(
    grown("A", 0.0010, 1),
    grown("B", 0.0008, 2),
    grown("SPY", 0.0004, 3),
    rate("DGS2", normal(4, 0.05)),
    rate("DGS10", normal(5, 0.05)),
)


def level(name: str, day: str) -> float:
    one = next(series for series in MADE if series.ref.id == name)
    return float(one.values[np.searchsorted(one.dates, np.datetime64(day))])


class TestTrailing:
    def test_it_is_the_difference_of_total_returns(self):
        found = evaluate_claim("h", claim("trailing-comparison", UP, PAIR), MADE, TODAY)
        own, other = (level(name, "2024-12-31") / level(name, "2022-12-30") - 1 for name in ("A", "SPY"))
        assert found.estimate == pytest.approx(own - other)
        assert found.ci_low < found.estimate < found.ci_high
        assert (found.verdict, found.n) == (Verdict.SUPPORTED, 104)
        assert [str(found.events[0].date), str(found.events[-1].date), len(found.events)] == [
            "2023-01-31", "2024-11-29", 23,
        ]  # fmt: skip
        assert found.notes == ()

    @pytest.mark.parametrize("years", [1, 3, 10])
    def test_other_spans(self, years):
        found = evaluate_claim("h", claim("trailing-comparison", UP, {**PAIR, "years": years}), MADE, TODAY)
        assert found.verdict is Verdict.SUPPORTED
        assert found.n >= 51 * years

    def test_the_notes_compare_the_others(self):
        spec = claim("trailing-comparison", UP, {**PAIR, "beside": ["B", "Z"]})
        assert {ref.id for ref in needed([spec])} == {"A", "B", "Z", "SPY", "DGS2"}
        spans, answers = evaluate_claim("h", spec, MADE, TODAY).notes
        assert spans.startswith("Return less that of SPY over 1, 2, 3 years: A +")
        assert "; B +" in spans
        assert spans.endswith("; Z is not at hand.")
        assert answers.startswith("Weekly answer to the 2-year yield net of the market, since 2022-12-30: A ")
        assert answers.endswith("Z not at hand.")

    def test_a_series_that_ended_has_no_trailing_years(self):
        found = evaluate_claim("h", claim("trailing-comparison", UP, PAIR), MADE, date(2025, 1, 8))
        assert (found.verdict, found.estimate) == (Verdict.NOT_MEASURED, None)
        assert found.reason == (
            "the trailing 2 years have no value: A (total return) ends 2024-12-31, more than 7 days before 2025-01-08"
        )
        early = evaluate_claim("h", claim("trailing-comparison", UP, PAIR), MADE, date(2001, 1, 10))
        assert "it begins 2000-01-03" in early.reason

    def test_the_interval_covers_what_the_drift_makes_of_it(self):
        """The true lead is the drift's; what one span showed lies about it, inside its interval as often as it says."""
        drift, covered = 0.0002, 0
        for seed in range(150):
            noise = np.random.default_rng(seed)
            pair = book(price("A", drift + noise.normal(0, 0.01, 6289)), price("SPY", np.zeros(6289)))
            found = evaluate_claim("h", claim("trailing-comparison", UP, PAIR), pair, TODAY)
            true = np.expm1((drift - 0.01**2 / 2) * 503)
            covered += found.ci_low <= true <= found.ci_high
        assert 0.90 <= covered / 150 <= 0.99

    def test_mistakes(self):
        ((path, words),) = check_claim(claim("trailing-comparison", UP, {"long": "A", "short": "A"}))
        assert (path[-1], words) == ("short", "must be another series than long")
        assert "1 year up to" in describe(claim("trailing-comparison", UP, {**PAIR, "years": 1}).measure)


def shares(seed: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns of which 20 % and 50 % of the variance are not explained."""
    rng = np.random.default_rng(seed)
    factors = rng.normal(size=(n, 2))
    signal = factors.sum(axis=1)
    return factors, np.column_stack([signal + rng.normal(0, np.sqrt(0.5), n), signal + rng.normal(0, np.sqrt(2.0), n)])


class TestVariance:
    def test_shares_are_one_less_r_squared(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import statsmodels.api as sm

        factors, returns = shares(1, 300)
        theirs = [1 - sm.OLS(one, sm.add_constant(factors)).fit().rsquared for one in returns.T]
        assert unexplained(factors, returns) == pytest.approx(theirs)

    @pytest.mark.parametrize("n", [150, 500])
    def test_the_interval_covers_the_share(self, n):
        covered = np.zeros(2)
        for seed in range(200):
            found = unexplained(*shares(seed, n))
            quantiles = np.quantile(resampled(*shares(seed, n), seed), [0.025, 0.975], axis=0)
            low, high = found + (quantiles - found) * stretch(n // BLOCK)
            covered += (low <= [0.2, 0.5]) & (high >= [0.2, 0.5])
        assert (covered / 200 >= 0.91).all()
        assert (covered / 200 <= 0.985).all()

    MADE = book(
        rate("DGS2", normal(1, 0.05)),
        rate("DGS10", normal(2, 0.05)),
        price("SPY", normal(3, 0.01)),
        price("IWM", normal(3, 0.01) + normal(4, 0.005)),
        price("A", normal(3, 0.01) + normal(5, 0.005)),
        price("B", normal(3, 0.01) + normal(6, 0.02)),
    )

    def test_the_difference_of_shares(self):
        spec = claim("variance-share", DOWN, {"long": "A", "against": ["B"]})
        found = evaluate_claim("h", spec, self.MADE, END)
        assert found.estimate == pytest.approx(0.2 - 0.8, abs=0.03)
        assert (found.verdict, found.unit, found.n, found.placebo_p) == (Verdict.SUPPORTED, "share", 1304, None)
        assert "A 2" in found.notes[0]
        assert len(found.events) == 25

    def test_a_share_alone(self):
        spec = claim("variance-share", (0.0, 1.0), {"long": "A", "step": "month"})
        found = evaluate_claim("h", spec, self.MADE, END)
        assert found.estimate == pytest.approx(0.2, abs=0.06)
        assert "share" in found.reason

    def test_too_few_steps(self):
        spec = claim("variance-share", DOWN, {"long": "A", "against": ["B"], "first": date(2024, 9, 2)})
        found = evaluate_claim("h", spec, self.MADE, END)
        assert (found.verdict, found.estimate, found.notes) == (Verdict.INSUFFICIENT, None, ())

    def test_words_and_mistakes(self):
        words = describe(claim("variance-share", DOWN, {"long": "A", "against": ["B"]}).measure)
        assert "share of A, less the mean of that of B" in words
        ((path, message),) = check_claim(claim("variance-share", DOWN, {"long": "A", "against": ["A"]}))
        assert (path[-1], message) == ("against", "A cannot be compared with itself")
        lacking = evaluate_claim("h", claim("variance-share", DOWN, {"long": "Z"}), self.MADE, END)
        assert lacking.verdict is Verdict.NOT_MEASURED


@pytest.mark.parametrize("as_of", [date(2012, 6, 29), date(2020, 3, 31)])
@pytest.mark.parametrize(
    ("estimand", "arguments"),
    [
        ("trailing-comparison", {**PAIR, "beside": ["B"]}),
        ("variance-share", {"long": "A", "against": ["B"], "small": "B"}),
    ],
)
def test_evaluating_a_past_day_needs_no_later_data(estimand, arguments, as_of):
    spec = claim(estimand, (0.0, INF), arguments)
    cut = MADE.known_by(end_of_day(as_of))
    assert evaluate_claim("h", spec, cut, as_of) == evaluate_claim("h", spec, MADE, as_of)
    assert len(DAYS) > 6000
