from __future__ import annotations

import json
from itertools import product
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

import groundswell.claims.inference
from groundswell.claims.estimand import Measurement
from groundswell.claims.estimands.events.event_study import EventStudyArguments, measure
from groundswell.claims.inference import signs
from groundswell.claims.inference.means import do_differ, mean_interval, mean_p, predict_next
from groundswell.claims.inference.placebo import placebo_p
from groundswell.claims.inference.random_effects import pool_mean
from groundswell.claims.inference.signs import flip_p, sign_p
from groundswell.claims.inference.skewness import compute_skewness, describe_skewness
from groundswell.claims.inference.summary import Summary, summarise, summarise_coefficient
from groundswell.claims.inference.widening import compute_widening
from groundswell.markets.studies.ols import fit
from groundswell.model import Measure

from ..conftest import SHARED
from .made import END, book, normal, price

returns = st.lists(st.floats(-0.5, 0.5), min_size=2, max_size=30)
DRAWS = {
    "normal": lambda rng, n: rng.standard_normal(n),
    "heavy tails": lambda rng, n: rng.standard_t(4, n),
    "skewed": lambda rng, n: rng.gamma(4.0, 1.0, n) - 4.0,
}


@pytest.mark.parametrize("n", [4, 6, 8])
@pytest.mark.parametrize("draw", list(DRAWS))
def test_the_interval_covers_the_mean_about_as_often_as_it_says(draw, n):
    """Nominal 95 %, in few trials; plain percentiles cover 79 % at four events. See benchmarks/eventverdicts.py."""
    rng = np.random.default_rng(1994)
    intervals = [mean_interval(DRAWS[draw](rng, n)) for _ in range(1000)]
    covered = np.mean([low <= 0.0 <= high for low, high in intervals])
    assert 0.92 <= covered < 0.98


@given(returns)
def test_interval_and_p_are_those_of_scipys_t_test(values):
    sample = np.array(values)
    if not do_differ(sample):
        assert mean_interval(sample) is None
        assert mean_p(sample) is None
        return
    theirs = stats.ttest_1samp(sample, 0.0)
    assert mean_interval(sample) == pytest.approx(tuple(theirs.confidence_interval(0.95)), rel=1e-6, abs=1e-12)
    assert mean_p(sample) == pytest.approx(theirs.pvalue, rel=1e-6, abs=1e-12)


@given(returns)
def test_the_next_value_is_predicted_by_student(values):
    """A t test of one new value against n old ones has the error ``s sqrt(1 + 1 / n)``."""
    sample = np.array(values)
    if not do_differ(sample):
        assert predict_next(sample) is None
        return
    half = stats.t.ppf(0.975, len(sample) - 1) * stats.tstd(sample) * sqrt(1 + 1 / len(sample))
    assert predict_next(sample) == pytest.approx((sample.mean() - half, sample.mean() + half), rel=1e-6, abs=1e-12)


def test_predictions_hold_the_next_value_in_95_of_100_cases():
    sets = np.random.default_rng(2).standard_normal((2000, 7))
    inside = [low <= row[-1] <= high for row in sets for low, high in [predict_next(row[:-1])]]
    assert np.mean(inside) == pytest.approx(0.95, abs=0.015)


@given(returns, st.floats(-1, 1), st.floats(0.1, 10))
def test_moving_and_scaling_the_values_moves_and_scales_the_interval(values, shift, scale):
    sample = np.array(values)
    interval, moved = mean_interval(sample), mean_interval(scale * sample + shift)
    if interval is not None and np.ptp(sample) > 1e-6:
        assert moved == pytest.approx(tuple(scale * bound + shift for bound in interval), abs=1e-9)


@pytest.mark.parametrize(
    ("values", "side", "expected"),
    [
        pytest.param([], 1, Summary(0, None, None, None, None, 0), id="no events"),
        pytest.param([0.02], 1, Summary(1, 0.02, 0.02, None, None, 1), id="one event has no interval"),
        pytest.param([0.02, 0.02], 1, Summary(2, 0.02, 0.02, None, None, 2), id="equal events have none either"),
    ],
)
def test_summaries_of_the_fewest_events(values, side, expected):
    assert summarise(values, side) == expected


@pytest.mark.parametrize("values", [[0.05] * 6, [0.1 + 0.2, 0.3, 0.3], [-0.7] * 41, [0.0] * 5])
def test_equal_values_have_no_interval_and_no_p(values):
    """The standard deviation of six times 0.05 is 7e-18: a t test would give p = 1.7e-80."""
    found = summarise(values, 1)
    assert (found.ci_low, found.ci_high, found.p, found.flip_p, found.predicted) == (None,) * 5
    assert found.is_flat


@pytest.mark.shared(twin="tests/claims/test_inference.py::test_equal_values_have_no_interval_and_no_p")
def test_the_reported_equal_values():
    values = json.loads((SHARED / "cases/public-reports/e01_equal_values/values.json").read_text())
    found = groundswell.claims.inference.summarise(values, 1)
    assert (found.p, found.flip_p, found.ci_low, found.ci_high) == (None,) * 4


def test_wins_are_counted_on_the_claimed_side():
    values = [0.03, -0.01, 0.0, -0.02, -0.06]
    gains, losses = summarise(values, 1), summarise(values, -1)
    assert (gains.n, gains.median, gains.wins, losses.wins) == (5, -0.01, 1, 3)
    assert gains.mean == pytest.approx(-0.012)


def after_falls(seed: int, horizon: int = 63) -> float | None:
    """The placebo p of what follows falls of a tenth on a random walk, by the rule of the corrections."""
    drift, noise = 0.0003, 0.01
    index = price("^GSPC", normal(seed, noise) + drift, Measure.PRICE)
    arguments = EventStudyArguments(events="corrections", long="^GSPC", alone=True, measure="price", horizon=horizon)
    found = measure(arguments, book(index), END)
    assert isinstance(found, Measurement)
    assert found.others is not None
    return placebo_p(
        np.mean([event.value for event in found.values]), len(found.values), found.others().values, found.span
    )


class TestPlacebo:
    others = np.random.default_rng(3).normal(0.0, 0.05, 4000)

    @pytest.mark.parametrize(
        ("estimate", "low", "high"), [(0.0, 0.9, 1.0), (0.05, 0.03, 0.07), (-0.05, 0.03, 0.07), (9.0, 1e-4, 1e-4)]
    )
    def test_it_is_the_share_of_random_sets_at_least_as_far_out(self, estimate, low, high):
        """The mean of four windows has a standard deviation of 0.025: 0.05 is two of them, which 4.6 % exceed."""
        assert low <= placebo_p(estimate, 4, self.others) <= high

    def test_it_is_about_the_mean_of_the_other_windows(self):
        assert placebo_p(1.05, 4, self.others + 1.0) == pytest.approx(placebo_p(0.05, 4, self.others), abs=1e-3)

    def test_it_is_even_where_events_are_found_in_prices(self):
        """On random walks nothing follows a fall: p is then as often below a level as the level says."""
        found = [after_falls(seed) for seed in range(60)]
        assert all(p is not None for p in found)
        assert np.mean(np.array(found) < 0.5) == pytest.approx(0.5, abs=0.2)
        assert np.mean(np.array(found) < 0.1) < 0.25

    def test_windows_of_a_set_share_no_day(self):
        """Half of a record of two levels: sets that share no day must hold windows of both."""
        values = np.repeat([0.0, 1.0], 50)
        assert placebo_p(1.0, 2, values, span=25) < placebo_p(1.0, 2, values, span=1)

    def test_it_is_repeatable(self):
        assert placebo_p(0.03, 4, self.others) == placebo_p(0.03, 4, self.others)

    @pytest.mark.parametrize(("n", "count"), [(0, 4000), (4, 39)])
    def test_too_few_windows_give_none(self, n, count):
        assert placebo_p(0.03, n, self.others[:count]) is None


def test_the_widening_by_hand():
    share = 5 / 52
    assert compute_widening(4, 52) == pytest.approx(1 + (2.9694 * share + 0.4160 * share**2 - 0.5324 * share**3) / 1.96)
    assert compute_widening(0, 52) == 1.0
    assert compute_widening(4, 10**7) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize(("n", "persistence"), [(104, 0.0), (104, 0.3), (520, 0.3)])
def test_slopes_with_dependent_rows_are_covered(n, persistence):
    """Nominal 95 %, in few trials. See benchmarks/coverage.py."""
    covered = 0
    for seed in range(100):
        rows = np.random.default_rng(seed).normal(size=(n + 20, 2))
        for at in range(1, len(rows)):
            rows[at] += persistence * rows[at - 1]
        factor, noise = rows[20:].T
        found = fit(0.5 * factor + noise, factor[:, None], 4)
        estimate, error = float(found.coefficients[1]), float(found.errors[1])
        brief = summarise_coefficient(estimate, error, n, found.freedom, counted="week", lags=4)
        covered += brief.ci_low <= 0.5 <= brief.ci_high
    assert 90 <= covered < 100


@pytest.mark.parametrize("values", [[0.1, -0.2, 0.3, 0.4], [0.1] * 6, [-0.1] * 7 + [0.2], [0.1, -0.1], [0.0, 0.2, 0.1]])
def test_the_sign_test_is_scipys(values):
    signs = [value > 0 for value in values if value]
    assert sign_p(values) == pytest.approx(stats.binomtest(sum(signs), len(signs)).pvalue)


@pytest.mark.parametrize("n", [2, 3, 6, 9, 12])
@pytest.mark.parametrize("shift", [0.0, 0.7, -1.5])
def test_the_sign_flip_test_is_scipys(n, shift):
    values = np.random.default_rng(n).standard_t(3, n) + shift
    theirs = stats.permutation_test((values,), np.sum, permutation_type="samples", n_resamples=np.inf)
    assert flip_p(values) == pytest.approx(theirs.pvalue)


@given(st.lists(st.integers(-4, 4), min_size=2, max_size=9))
def test_every_assignment_of_signs_counts_once_ties_included(values):
    sums = [sum(s * v for s, v in zip(signs, values, strict=True)) for signs in product((-1, 1), repeat=len(values))]
    share = sum(abs(each) >= abs(sum(values)) for each in sums) / len(sums)
    expected = None if len(set(values)) == 1 else pytest.approx(share)
    assert flip_p(np.array(values, dtype=float) / 10) == expected


def test_the_smallest_sign_flip_p_is_one_of_all_assignments():
    values = np.linspace(0.01, 0.06, 20)
    assert flip_p(values) == 2 / 2**20
    assert flip_p(-values) == 2 / 2**20


def test_more_events_are_drawn_with_a_fixed_seed():
    values = np.random.default_rng(5).standard_normal(60) + 0.3
    exact_by_t = stats.ttest_1samp(values, 0.0).pvalue
    assert flip_p(values) == flip_p(values)
    assert flip_p(values) == pytest.approx(exact_by_t, abs=0.01)
    assert flip_p(values + 9.0) == 1 / 10000


def test_drawn_and_counted_sign_flips_agree(monkeypatch):
    values = np.random.default_rng(8).standard_normal(25) + 0.4
    counted = flip_p(values)
    monkeypatch.setattr(signs, "MAX_EVENTS_COUNTED", 24)
    assert flip_p(values) == pytest.approx(counted, abs=0.01)


@pytest.mark.parametrize("spread", [0.0, 0.02, 0.3])
def test_the_random_effects_mean_is_that_of_statsmodels(spread):
    rng = np.random.default_rng(11)
    errors = rng.uniform(0.02, 0.08, 9)
    values = 0.03 + spread * rng.standard_normal(9) + errors * rng.standard_normal(9)
    pooled = pool_mean(values.tolist(), errors.tolist())
    theirs = combine_effects(values, errors**2, method_re="iterated", use_t=True, atol=1e-12)
    assert pooled.spread**2 == pytest.approx(theirs.tau2, abs=1e-9)
    assert pooled.mean == pytest.approx(theirs.mean_effect_re, rel=1e-6)
    half = stats.t.ppf(0.975, 8) * max(theirs.sd_eff_w_re, theirs.sd_eff_w_re_hksj)
    assert (pooled.low, pooled.high) == pytest.approx((pooled.mean - half, pooled.mean + half), rel=1e-6)


def test_the_random_effects_mean_by_hand():
    """Equal errors weigh all values alike: the mean, and Student's t interval over the values."""
    values = [0.1, 0.3, -0.2, 0.4]
    pooled = pool_mean(values, [0.01] * 4)
    assert pooled.mean == pytest.approx(np.mean(values))
    assert (pooled.low, pooled.high) == pytest.approx(mean_interval(np.array(values)))
    assert pooled.spread**2 == pytest.approx(np.var(values, ddof=1) - 0.01**2)


@pytest.mark.parametrize(
    ("values", "errors"), [([0.1], [0.1]), ([0.1, 0.2], [0.1, 0.0]), ([0.1, 0.2], [0.1, np.nan]), ([], [])]
)
def test_without_errors_nothing_is_pooled(values, errors):
    assert pool_mean(values, errors) is None


def test_skewness_is_scipys_and_warns_above_one():
    windows = np.random.default_rng(1).lognormal(0.0, 0.8, 3000)
    assert compute_skewness(windows) == pytest.approx(stats.skew(windows))
    assert "few large gains" in describe_skewness(compute_skewness(windows))
    assert "few large losses" in describe_skewness(compute_skewness(-windows))
    assert describe_skewness(0.99) is None
    assert describe_skewness(compute_skewness(np.ones(9))) is None


def test_without_signs_there_is_no_test():
    assert sign_p([]) is None
    assert sign_p([0.0, 0.0]) is None
