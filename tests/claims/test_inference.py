from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from groundswell.claims.estimand import Measurement
from groundswell.claims.estimands.events.event_study import EventStudyArguments, measure
from groundswell.claims.inference.bootstrap import mean_interval
from groundswell.claims.inference.placebo import placebo_p
from groundswell.claims.inference.signs import sign_p
from groundswell.claims.inference.summary import Summary, summarise, summarise_coefficient
from groundswell.claims.inference.widening import compute_widening
from groundswell.markets.studies.ols import fit
from groundswell.model import Measure

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
    """Nominal 95 %, in few trials; plain percentiles cover 79 % at four events. See benchmarks/eventintervals.py."""
    rng = np.random.default_rng(1994)
    intervals = [mean_interval(DRAWS[draw](rng, n), seed) for seed in range(100)]
    covered = np.mean([low <= 0.0 <= high for low, high in intervals])
    assert 0.9 <= covered < 1.0


@pytest.mark.parametrize("n", [5, 12, 40])
def test_unstretched_it_is_the_percentile_bootstrap_of_scipy(n):
    sample = np.random.default_rng(n).normal(0.01, 0.05, n)
    theirs = stats.bootstrap((sample,), np.mean, n_resamples=9999, method="percentile", rng=1).confidence_interval
    stretch = sqrt(n / (n - 1)) * stats.t.ppf(0.975, n - 1) / stats.norm.ppf(0.975)
    ours = sample.mean() + (np.array(mean_interval(sample)) - sample.mean()) / stretch
    assert ours == pytest.approx([theirs.low, theirs.high], abs=0.04 * sample.std())


@given(returns)
def test_the_interval_is_repeatable_and_within_reach_of_the_values(values):
    low, high = mean_interval(values)
    assert (low, high) == mean_interval(values)
    spread = max(values) - min(values)
    assert np.mean(values) - 10 * spread - 1e-9 <= low <= high <= np.mean(values) + 10 * spread + 1e-9


@given(returns, st.floats(-1, 1), st.floats(0.1, 10))
def test_moving_and_scaling_the_values_moves_and_scales_the_interval(values, shift, scale):
    moved = mean_interval(scale * np.array(values) + shift)
    assert moved == pytest.approx(tuple(scale * bound + shift for bound in mean_interval(values)), abs=1e-9)


@pytest.mark.parametrize(
    ("values", "side", "expected"),
    [
        pytest.param([], 1, Summary(0, None, None, None, None, 0), id="no events"),
        pytest.param([0.02], 1, Summary(1, 0.02, 0.02, None, None, 1), id="one event has no interval"),
        pytest.param([0.02, 0.02], 1, Summary(2, 0.02, 0.02, 0.02, 0.02, 2), id="no spread"),
    ],
)
def test_summaries_of_the_fewest_events(values, side, expected):
    assert summarise(values, side) == expected


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


def test_without_signs_there_is_no_test():
    assert sign_p([]) is None
    assert sign_p([0.0, 0.0]) is None
