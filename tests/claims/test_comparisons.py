"""The estimands ``trailing-comparison`` and ``variance-share``."""

from __future__ import annotations

import warnings
from datetime import date

import numpy as np
import pytest

from groundswell.claims.binding import bind_claim, describe_claim, list_needs
from groundswell.claims.estimands.comparisons.trailing_comparison import TrailingArguments, measure
from groundswell.claims.inference.widening import compute_widening
from groundswell.claims.readings import measure_reading
from groundswell.claims.validate import check_claim
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import end_of_day
from groundswell.markets.studies.distributions import find_t_quantile
from groundswell.markets.studies.variance_share import combine_shares, compute_unexplained, estimate_shares
from groundswell.model import Measure, Qualifier, SeriesRef, Verdict

from .made import DAYS, END, INF, book, claim, evaluate_claim, normal, price, rate, series

UP, DOWN = (0.0, INF), (-1.0, 0.0)
TODAY = date(2024, 12, 31)
PAIR = {"long": "A", "short": "SPY"}


def grown(name: str, gain: float, seed: int, scale: float = 0.001):
    return price(name, gain + normal(seed, scale))


MADE = book(
    grown("C", 0.0005, 6),
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
        spec = claim("trailing-comparison", UP, {**PAIR, "alongside": ["B", "Z"]})
        assert {ref.id for ref in list_needs([spec])} == {"A", "B", "Z", "SPY", "DGS2"}
        spans, answers = evaluate_claim("h", spec, MADE, TODAY).notes
        assert spans.startswith("Return less that of SPY over 1, 2, 3 years: A +")
        assert "; B +" in spans
        assert spans.endswith("; Z is not available.")
        assert answers.startswith("Weekly sensitivity to the 2-year yield net of the market, since 2022-12-30: A ")
        assert answers.endswith("Z is not available.")

    def test_a_series_that_ended_has_no_trailing_years_of_its_own_and_the_claim_keeps_the_last(self):
        spec, day = claim("trailing-comparison", UP, PAIR), date(2025, 1, 8)
        reading, outcome = measure_reading("", bind_claim(spec).main, spec.measure, MADE, day)
        assert (reading.verdict, reading.estimate) == (Verdict.NOT_MEASURED, None)
        assert reading.reason == (
            "the trailing 2 years have no value: A (total return) ends 2024-12-31, more than 7 days before 2025-01-08"
        )
        assert {str(each.ref) for each in outcome.outdated} == {"A (total return)", "SPY (total return)"}
        found, before = (evaluate_claim("h", spec, MADE, each) for each in (day, date(2025, 1, 7)))
        assert (found.verdict, found.estimate, found.n) == (before.verdict, before.estimate, before.n)
        assert (before.stale, found.stale, found.measured_as_of) == (None, date(2024, 12, 31), before.as_of)
        early = evaluate_claim("h", claim("trailing-comparison", UP, PAIR), MADE, date(2001, 1, 10))
        assert "it begins 2000-01-03" in early.reason

    @pytest.mark.parametrize("years", [1, 2, 3])
    @pytest.mark.parametrize("lean", [-0.03, 0.0, 0.03], ids=["returning", "independent", "trending"])
    def test_the_interval_covers_what_the_drift_makes_of_it(self, lean, years):
        """The true lead is the drift's; what one span showed lies about it, inside its interval as often as it says.

        ``lean`` is the share of a day's noise that the next day takes on. See benchmarks/coverage.py.
        """
        drift, covered, spans = 0.0002, 0, {1: 252, 2: 503, 3: 753}
        days = DAYS[-spans[3] - 2 :]
        for seed in range(100):
            shocks = np.random.default_rng(seed).normal(0, 0.01, len(days) + 1)
            logs = drift + shocks[1:] + lean * shocks[:-1]
            pair = book(series("A", np.exp(np.cumsum(logs)), dates=days), series("SPY", np.ones(len(days)), dates=days))
            found = measure(TrailingArguments(**PAIR, years=years), pair, TODAY)
            covered += found.summary.ci_low <= np.expm1(drift * spans[years]) <= found.summary.ci_high
        assert 90 <= covered < 100

    def test_mistakes(self):
        ((path, words),) = check_claim(claim("trailing-comparison", UP, {"long": "A", "short": "A"}))
        assert (path[-1], words) == ("short", "must be another series than long")
        assert "1 year up to" in describe_claim(claim("trailing-comparison", UP, {**PAIR, "years": 1}))


def drawn(law: str, seed: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns of which 20 % and 50 % of the variance are not explained, under a law of the factors and the rest."""
    rng = np.random.default_rng(seed)
    draws = LAWS[law](rng, n)
    signal = draws[:, :3].sum(axis=1) / np.sqrt(3.0)
    return draws[:, :3], np.column_stack([2.0 * signal + draws[:, 3], signal + draws[:, 4]])


def clustered(rng: np.random.Generator, n: int) -> np.ndarray:
    """Volatility that comes in spells: GARCH(1, 1), the same for all."""
    shocks, variance = rng.normal(size=n + 100), 1.0
    scale = np.empty(n + 100)
    for at, shock in enumerate(shocks.tolist()):
        scale[at] = np.sqrt(variance)
        variance = 0.1 + variance * (0.78 + 0.12 * shock**2)
    return rng.normal(size=(n, 5)) * scale[100:, None]


LAWS = {
    "normal": lambda rng, n: rng.normal(size=(n, 5)),
    "heavy tails": lambda rng, n: rng.standard_t(5, size=(n, 5)),
    "spells": clustered,
}


class TestVariance:
    def test_shares_are_one_less_r_squared(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import statsmodels.api as sm

        factors, returns = drawn("normal", 1, 300)
        theirs = [1 - sm.OLS(one, sm.add_constant(factors)).fit().rsquared_adj for one in returns.T]
        assert compute_unexplained(factors, returns) == pytest.approx(theirs)

    @pytest.mark.parametrize("n", [104, 557, 1036])
    @pytest.mark.parametrize("law", LAWS)
    def test_intervals_cover_as_often_as_they_say(self, law, n):
        """At the least number of weeks, and at those that claim C14 has. See benchmarks/coverage.py."""
        covered = np.zeros(3)
        half = find_t_quantile(n - 4) * compute_widening(4, n)
        for seed in range(100):
            found = estimate_shares(*drawn(law, seed, n), 4)
            for at, (weights, true) in enumerate((([1, 0], 0.2), ([0, 1], 0.5), ([1, -1], -0.3))):
                low, high = combine_shares(found, np.array(weights, dtype=float), half)
                covered[at] += low <= true <= high
        assert (covered >= 90).all()
        assert (covered < 100).all()

    def test_a_share_of_one_and_of_nothing_have_intervals_within_bounds(self):
        rng = np.random.default_rng(1)
        factors = rng.normal(size=(120, 2))
        found = estimate_shares(
            factors, np.column_stack([rng.normal(size=120), factors[:, 0] + 1e-3 * rng.normal(size=120)]), 4
        )
        low, high = combine_shares(found, np.array([1.0, 0.0]), 2.0)
        assert 0.5 < low < found.values[0] <= high <= 1.0
        low, high = combine_shares(found, np.array([0.0, 1.0]), 2.0)
        assert 0.0 < low < found.values[1] < high < 1e-5

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
        assert (found.verdict, found.unit) == (Verdict.SUPPORTED, "difference of shares")
        assert (found.n, found.placebo_p) == (1304, None)
        assert " percentage points over 1" in found.reason
        assert "A 2" in found.notes[0]
        assert len(found.events) == 25

    def test_a_share_alone(self):
        spec = claim("variance-share", (0.1, 1.0), {"long": "A", "step": "month"})
        found = evaluate_claim("h", spec, self.MADE, END)
        assert found.estimate == pytest.approx(0.2, abs=0.06)
        assert found.unit == "share"
        assert "share" in found.reason

    def test_too_few_steps(self):
        spec = claim("variance-share", DOWN, {"long": "A", "against": ["B"]})
        found = evaluate_claim("h", spec, self.MADE, date(2000, 4, 28))
        assert (found.verdict, found.estimate, found.notes) == (Verdict.INSUFFICIENT, None, ())

    def test_partial_shares_are_those_of_two_regressions(self):
        """Against statsmodels, and by the theorem of Frisch, Waugh and Lovell."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import statsmodels.api as sm

        draws = np.random.default_rng(2).normal(size=(300, 6))
        given, trade, returns = draws[:, :3], draws[:, 3:4] + draws[:, :1], draws[:, 4:] + draws[:, 3:4] - draws[:, :2]
        for place, one in enumerate(returns.T):
            less, full = (
                sm.OLS(one, sm.add_constant(np.column_stack(each))).fit() for each in ([given], [given, trade])
            )
            expected = (full.ssr / full.df_resid) / (less.ssr / less.df_resid)
            assert compute_unexplained(trade, returns, given)[place] == pytest.approx(expected)

    @pytest.mark.parametrize("law", LAWS)
    def test_intervals_of_partial_shares_cover_as_often_as_they_say(self, law):
        covered, n = np.zeros(2), 557
        half = find_t_quantile(n - 4) * compute_widening(4, n)
        for seed in range(100):
            draws = LAWS[law](np.random.default_rng(seed), n)
            given, trade = draws[:, :2], draws[:, 2:3] + draws[:, :1]
            returns = np.column_stack([draws[:, 0] + 2.0 * draws[:, 2] + draws[:, 3], draws[:, 2] + draws[:, 4]])
            found = estimate_shares(trade, returns, 4, given)
            for at, (weights, true) in enumerate((([1, 0], 0.2), ([1, -1], -0.3))):
                low, high = combine_shares(found, np.array(weights, dtype=float), half)
                covered[at] += low <= true <= high
        assert (covered >= 90).all()
        assert (covered < 100).all()

    HOLDINGS = book(
        rate("DGS2", normal(1, 0.05)),
        rate("DGS10", normal(2, 0.05)),
        price("SPY", normal(3, 0.01)),
        price("IWM", normal(3, 0.01) + normal(4, 0.008)),
        price("PSCI", normal(3, 0.01) + normal(4, 0.008) + normal(5, 0.004)),
        price("XBI", normal(3, 0.01) + normal(4, 0.004) + normal(6, 0.02)),
        price("SHY", -0.02 * normal(1, 0.05) + normal(7, 0.0001)),
        price("VOO", normal(3, 0.01) + normal(8, 0.0002)),
        price("KRE", normal(3, 0.01) - 0.1 * normal(1, 0.05) + normal(4, 0.008) + normal(9, 0.016)),
    )

    def rank(self, **arguments):
        """Rank funds by their share unexplained, the lowest first."""
        found = {}
        for name in ("PSCI", "XBI", "KRE", "SHY"):
            spec = claim("variance-share", (0.01, 1.0), {"long": name, **arguments})
            found[name] = evaluate_claim("h", spec, self.HOLDINGS, END).estimate
        return sorted(found, key=found.get), found

    def test_what_holds_nothing_of_the_trade_is_no_diversified_way_to_hold_it(self):
        """Bonds and the market come out best by what moves by itself, and last by the trade."""
        assert self.rank()[0][0] == "SHY"
        order, shares = self.rank(trade="IWM")
        assert order == ["PSCI", "KRE", "XBI", "SHY"]
        assert shares["SHY"] > 0.99
        assert shares["PSCI"] == pytest.approx(0.2, abs=0.03)  # (0.4 / 0.8)² of variance to one
        found = check_claim(claim("variance-share", DOWN, {"long": "SPY", "trade": "IWM"}))
        assert any("the response explains itself" in message for _, message in found)
        index = evaluate_claim(
            "h", claim("variance-share", (0.1, 1.0), {"long": "VOO", "trade": "IWM"}), self.HOLDINGS, END
        )
        assert (index.verdict, index.qualifiers) == (Verdict.NOT_MEASURED, (Qualifier.IDENTITY,))
        assert "which is the same thing under another name" in index.reason
        alone = evaluate_claim("h", claim("variance-share", (0.1, 1.0), {"long": "VOO"}), self.HOLDINGS, END)
        assert alone.reason == index.reason

    def test_holdings_compare_at_the_same_sensitivity_to_rates(self):
        """What rates do to a fund is removed, so that its size does not matter; the notes give falls at equal size."""
        spec = claim("variance-share", DOWN, {"long": "KRE", "against": ["SHY", "XBI"], "trade": "IWM"})
        found = evaluate_claim("h", spec, self.HOLDINGS, END)
        assert any("KRE" in note and "responds to the 2-year yield as IWM does" in note for note in found.notes)
        steady = self.HOLDINGS.by_ref[SeriesRef("KRE", Measure.TOTAL_RETURN)]
        moved = price("KRE", normal(3, 0.01) - 0.3 * normal(1, 0.05) + normal(4, 0.008) + normal(9, 0.016))
        other = evaluate_claim("h", spec, SeriesBook.of([*(s for s in self.HOLDINGS if s is not steady), moved]), END)
        assert other.estimate == pytest.approx(found.estimate, abs=0.01)

    def test_words_and_mistakes(self):
        words = describe_claim(claim("variance-share", DOWN, {"long": "A", "against": ["B"]}))
        assert "share of A, less the mean of that of B" in words
        ((path, message),) = check_claim(claim("variance-share", DOWN, {"long": "A", "against": ["A"]}))
        assert (path[-1], message) == ("against", "A cannot be compared with itself")
        ((path, message),) = check_claim(claim("variance-share", DOWN, {"long": "A", "trade": "A"}))
        assert (path[-1], message) == ("trade", "A explains itself; name another holding")
        words = describe_claim(claim("variance-share", DOWN, {"long": "A", "trade": "B"}))
        assert "share of A that B leaves unexplained of what yields and the S&P 500 leave" in words
        lacking = evaluate_claim("h", claim("variance-share", DOWN, {"long": "Z"}), self.MADE, END)
        assert lacking.verdict is Verdict.NOT_MEASURED


@pytest.mark.parametrize("as_of", [date(2012, 6, 29), date(2020, 3, 31)])
@pytest.mark.parametrize(
    ("estimand", "arguments"),
    [
        ("trailing-comparison", {**PAIR, "alongside": ["B"]}),
        ("variance-share", {"long": "A", "against": ["B"], "trade": "C"}),
    ],
)
def test_evaluating_a_past_day_needs_no_later_data(estimand, arguments, as_of):
    spec = claim(estimand, (0.0, INF), arguments)
    cut = MADE.known_by(end_of_day(as_of))
    assert evaluate_claim("h", spec, cut, as_of) == evaluate_claim("h", spec, MADE, as_of)
    assert len(DAYS) > 6000
