"""The estimands ``sensitivity`` and ``prediction``, and the traps that they refuse."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy import stats

from groundswell.claims.binding import bind_claim, describe_claim, describe_measured, list_needs
from groundswell.claims.evaluate import evaluate_claims
from groundswell.claims.inference.adjustment import adjust_by_holm
from groundswell.claims.validate import check_claim
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import end_of_day
from groundswell.markets.studies.ols import fit
from groundswell.model import Verdict

from .made import DAYS, END, INF, book, claim, evaluate_claim, normal, price, rate

UP, DOWN = (0.0, INF), (-INF, 0.0)
YIELD = normal(1, 0.06)
MARKET = normal(2, 0.01)


@pytest.fixture(scope="module")
def made() -> SeriesBook:
    """A: +5 % per point; B: -3 % net of the market, of which it has two; C: none."""
    return book(
        rate("DGS10", YIELD),
        rate("DGS2", normal(3, 0.05)),
        price("SPY", MARKET + 0.10 * YIELD),
        price("A", 0.05 * YIELD + normal(4, 0.004)),
        price("B", 2.0 * (MARKET + 0.10 * YIELD) - 0.03 * YIELD + normal(5, 0.004)),
        price("C", normal(26, 0.004)),
    )


@pytest.mark.parametrize(
    ("arguments", "claimed", "expected", "verdict"),
    [
        ({"long": "A"}, UP, 0.05, Verdict.SUPPORTED),
        ({"long": "A"}, DOWN, 0.05, Verdict.REFUTED),
        ({"long": "A", "short": "C"}, UP, 0.05, Verdict.SUPPORTED),
        ({"long": "A", "step": "day"}, UP, 0.05, Verdict.SUPPORTED),
        ({"long": "A", "step": "month"}, UP, 0.05, Verdict.SUPPORTED),
        ({"long": "A", "rises_only": True}, UP, 0.05, Verdict.SUPPORTED),
        ({"long": "B"}, UP, 0.17, Verdict.SUPPORTED),
        ({"long": "B", "controls": ["market"]}, DOWN, -0.03, Verdict.SUPPORTED),
        ({"long": "C"}, UP, 0.0, Verdict.INCONCLUSIVE),
        ({"long": "A", "peers": ["B", "C"], "controls": ["market"]}, UP, 0.05 - 0.015, Verdict.SUPPORTED),
        ({"long": "B", "peers": ["A", "C"], "controls": ["market"], "direction": "fall"}, UP, 0.055, Verdict.SUPPORTED),
    ],
)
def test_a_slope_that_was_put_in_is_found(made, arguments, claimed, expected, verdict):
    found = evaluate_claim("h", claim("sensitivity", claimed, arguments), made, END)
    assert found.estimate == pytest.approx(expected, abs=0.012)
    assert found.verdict is verdict
    assert found.ci_low < found.estimate < found.ci_high
    assert (found.unit, found.wins, found.median, found.placebo_p) == ("return per percentage point", None, None, None)


def test_the_estimate_counts_steps_and_has_a_row_a_year(made):
    found = evaluate_claim("h", claim("sensitivity", UP, {"long": "A"}), made, END)
    assert found.n == 1304
    assert [row.date.year for row in found.events] == list(range(2000, 2025))
    assert "slope +4." in found.reason
    assert "over 1,304 weeks" in found.reason
    assert [use.series for use in found.sources] == ["A (total return)", "DGS10 (rate)"]
    monthly = evaluate_claim("h", claim("sensitivity", UP, {"long": "A", "step": "month"}), made, END)
    assert [row.date.year for row in monthly.events] == [2004, 2009, 2014, 2019, 2024]


def test_a_ranking_says_each_place(made):
    arguments = {"long": "A", "peers": ["B", "C"], "controls": ["market"]}
    found = evaluate_claim("h", claim("sensitivity", UP, arguments), made, END)
    assert found.notes[0].startswith("Rank 1 of 3 by sensitivity: A +4.")
    assert found.notes[0].endswith("The data allow rank 1 alone for A (95 % confidence set).")
    assert found.notes[0].index("A +") < found.notes[0].index("B −") < found.notes[0].index("C ")


def test_a_period_without_rows_enough_is_insufficient(made):
    arguments = {"long": "A", "peers": ["B"]}
    found = evaluate_claim("h", claim("sensitivity", UP, arguments), made, date(2000, 2, 5))
    assert (found.verdict, found.estimate, found.n) == (Verdict.INSUFFICIENT, None, 4)
    assert found.reason == "4 weeks measured, at least 52 are needed"


def test_a_series_that_is_not_at_hand_is_named(made):
    found = evaluate_claim("h", claim("sensitivity", UP, {"long": "Z", "factor": "spread"}), made, END)
    assert found.reason.startswith(f"no total returns of Z, no rates of BAMLH0A0HYM2 known by {END}")
    ranked = claim("sensitivity", UP, {"long": "A", "peers": ["B"], "factor": "slope"})
    assert {ref.id for ref in list_needs([ranked])} == {"A", "B", "DGS10", "DGS2"}


@pytest.fixture(scope="module")
def led() -> SeriesBook:
    """A follows, a session late, the yield's changes of the five weeks before."""
    lead = np.convolve(YIELD, np.full(21, 0.05 / 21), mode="full")[: len(YIELD)]
    return book(rate("DGS10", YIELD), price("A", np.roll(lead, 2) + normal(8, 0.002)), price("C", normal(29, 0.002)))


@pytest.mark.parametrize("overlap", [False, True])
def test_what_leads_is_found(led, overlap):
    arguments = {"long": "A", "short": "C", "lookback": 21, "horizon": 21, "overlap": overlap}
    found = evaluate_claim("h", claim("prediction", UP, arguments), led, END)
    assert found.verdict is Verdict.SUPPORTED
    assert found.n == (1250 if overlap else 298)
    assert found.notes == (("These windows overlap: far fewer of them are independent than n says.",) * overlap)


def test_what_does_not_lead_is_not(led):
    found = evaluate_claim("h", claim("prediction", UP, {"long": "C", "horizon": 21}), led, END)
    assert found.verdict is not Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"long": "SPY", "short": "RSP", "factor": "small lead"}, "; both contain SPY, over windows that do not touch"),
        ({"long": "SPY", "short": "RSP", "factor": "equal-weight lead"}, "; both contain SPY and RSP, over windows"),
        ({"long": "IWB", "short": "IWR", "factor": "small lead"}, "over the 63 sessions before"),
        ({"long": "IWM", "factor": "DGS10", "controls": ["small lead"]}, "over the 63 sessions before"),
    ],
)
def test_what_was_measured_says_which_series_both_sides_contain(arguments, words):
    main = bind_claim(claim("prediction", DOWN, {**arguments, "lookback": 63})).main
    sentence = describe_measured(main, 92)
    assert words in sentence
    assert ("both contain" in sentence) is ("both contain" in words)


def test_windows_and_rows_in_words():
    words = describe_claim(claim("sensitivity", UP, {"long": "XBI", "controls": ["market"], "peers": ["KRE"]}))
    assert "Regression: return of XBI on the change of the 10-year Treasury yield, net of the return of" in words
    assert words.endswith("to the day of the evaluation; Newey-West errors, 4 lags.")
    falls = claim("sensitivity", UP, {"long": "A", "rises_only": True, "peers": ["B"], "direction": "fall"})
    assert "the sensitivity to falling rates less the mean" in describe_claim(falls)
    assert "rows in which the factor rose" in describe_claim(falls)
    ahead = claim("prediction", UP, {"long": "A", "overlap": True, "last": date(2020, 1, 1)})
    assert (
        "overlap; Newey-West errors, 34 lags; from the first date that all series have to 2020-01-01"
        in describe_claim(ahead)
    )
    plain = claim("prediction", UP, {"long": "A", "errors": "plain"})
    assert "do not overlap; plain errors" in describe_claim(plain)


class TestTraps:
    """Each is shown to fool whoever does not look, and is refused with an explanation."""

    @staticmethod
    def refused(arguments: dict, estimand: str = "sensitivity") -> str:
        spec = claim(estimand, UP, {"long": "A", **arguments})
        ((path, message),) = check_claim(spec)
        assert path[:2] == ("measure", "arguments")
        found = evaluate_claim("h", spec, book(), END)
        assert (found.verdict, found.reason) == (Verdict.NOT_MEASURED, message)
        return message

    def test_levels_that_trend_seem_related(self):
        """Two walks that know nothing of each other: a naive test of their levels finds a relation most of the time."""
        fooled = []
        for seed in range(100):
            one, other = (np.cumsum(normal(s, 1.0, 500)) for s in (seed, 1000 + seed))
            fooled.append(stats.pearsonr(one, other).pvalue < 0.05)
        assert np.mean(fooled) > 0.6
        assert "trend correlate" in self.refused({"of": "levels"})

    def test_windows_that_overlap_seem_many(self):
        fooled = []
        for seed in range(100):
            factor, returns = (np.convolve(normal(s, 1.0, 1000), np.ones(63), "valid") for s in (seed, 2000 + seed))
            found = fit(returns, factor[:, None], None)
            fooled.append(abs(found.coefficients[1] / found.errors[1]) > 1.96)
        assert np.mean(fooled) > 0.5
        assert "many times" in self.refused({"overlap": True, "errors": "plain"}, "prediction")

    @pytest.mark.parametrize("overlap", [False, True])
    def test_our_windows_are_not_fooled(self, overlap):
        """The same noise: no more than about one in twenty should seem to lead."""
        fooled = 0
        for seed in range(60):
            made = book(rate("DGS10", normal(seed, 0.06)), price("A", normal(3000 + seed, 0.01)))
            found = evaluate_claim(
                "h", claim("prediction", UP, {"long": "A", "lookback": 63, "overlap": overlap}), made, END
            )
            fooled += found.ci_low > 0 or found.ci_high < 0
        assert fooled <= 9

    def test_a_revised_series_knows_the_future(self):
        """An index re-estimated each week: its latest vintage holds what came after, so that it seems to lead."""
        returns = normal(7, 0.01, 600)
        first = normal(8, 1.0, 600)
        revised = first - 100 * np.append(returns[1:], 0.0)  # the later week was worked in
        assert abs(np.corrcoef(first[:-1], returns[1:])[0, 1]) < 0.1
        assert np.corrcoef(revised[:-1], returns[1:])[0, 1] < -0.5
        assert "latest vintage" in self.refused({"factor": "NFCI"}, "prediction")

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ({"factor": "GDP"}, "there is no factor 'GDP'; there are DGS2, DGS10, slope"),
            ({"short": "A"}, "must be another series than long"),
            ({"controls": ["DGS10"]}, "DGS10 is the factor itself"),
            ({"short": "B", "peers": ["C"]}, "leave out short or peers"),
            ({"peers": ["A"]}, "cannot be its own peer"),
        ],
    )
    def test_what_makes_no_sense_is_told(self, arguments, words):
        assert words in self.refused(arguments)


@pytest.mark.parametrize("as_of", [date(2010, 3, 3), date(2010, 3, 5), date(2010, 3, 6), date(2020, 12, 31)])
@pytest.mark.parametrize(
    ("estimand", "arguments"),
    [
        ("sensitivity", {"long": "A"}),
        ("sensitivity", {"long": "A", "step": "month"}),
        ("sensitivity", {"long": "A", "peers": ["B"]}),
        ("prediction", {"long": "A", "short": "B"}),
    ],
)
def test_evaluating_a_past_day_needs_no_later_data(made, estimand, arguments, as_of):
    spec = claim(estimand, UP, arguments)
    assert evaluate_claim("h", spec, made.known_by(end_of_day(as_of)), as_of) == evaluate_claim("h", spec, made, as_of)


def test_a_hub_that_judges_many_claims_adjusts_their_p_values(made):
    specs = [claim("sensitivity", UP, {"long": name}, id=f"C{at}") for at, name in enumerate("ABC")]
    found = evaluate_claims("h", specs, made, END)
    bound = [each.strength.bound_p for each in found]
    assert [each.holm_p for each in found] == pytest.approx(adjust_by_holm(bound))
    assert max(each.holm_p / p for each, p in zip(found, bound, strict=True)) == pytest.approx(3.0)
    assert len(DAYS) > 6000


@pytest.mark.shared(twin="tests/claims/test_regressions.py::test_a_slope_that_was_put_in_is_found")
def test_the_weekly_beta_of_small_companies_by_hand(market_book):
    """IWM on the 10-year yield, 2006-06-26 to 2025-09-25, Newey-West with four lags: 0.068 per point."""
    period = {"name": "2006 to 2025", "arguments": {"first": date(2006, 6, 26), "last": date(2025, 9, 25)}}
    spec = claim("sensitivity", UP, {"long": "IWM"}, readings=[period])
    (found,) = evaluate_claim("h", spec, market_book, date(2026, 8, 20)).readings
    assert (found.n, round(found.estimate, 3)) == (1004, 0.068)
    assert found.ci_low == pytest.approx(0.0444, abs=2e-4)
