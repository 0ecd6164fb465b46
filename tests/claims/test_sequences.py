"""Confidence sequences against their published formulae, and against nulls that are looked at again and again."""

from __future__ import annotations

from dataclasses import replace
from math import inf, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special, stats

from groundswell.claims.inference.sequences import (
    BETS,
    MIN_VALUES,
    bet_on_mean,
    bound_estimate,
    compute_reach,
    compute_t_reach,
)
from groundswell.claims.inference.summary import Summary, summarise_coefficient
from groundswell.markets.studies.distributions import find_t_quantile

shares = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=12)
LAWS = {
    "normal": lambda rng, shape: rng.normal(size=shape),
    "heavy tails": lambda rng, shape: rng.standard_t(3, shape),
    "skewed": lambda rng, shape: np.exp(0.4 * rng.normal(size=shape)) - np.exp(0.08),
    "skewed the other way": lambda rng, shape: np.exp(0.08) - np.exp(0.4 * rng.normal(size=shape)),
}


@pytest.mark.parametrize("n", [5, 8, 20, 60])
@pytest.mark.parametrize("prior", [0.25, 1.0])
def test_at_its_bound_the_evidence_against_the_mean_is_one_over_the_error(n, prior):
    """The Bayes factor of the t statistic for scaled means of variance 1 / prior (Wang and Ramdas 2024), integrated."""
    statistic = compute_t_reach(n, prior, 0.05)

    def weigh(scaled_mean):
        return stats.nct.pdf(statistic, n - 1, scaled_mean * sqrt(n)) * stats.norm.pdf(scaled_mean, 0, prior**-0.5)

    evidence = integrate.quad(weigh, -12, 12, limit=300)[0] / stats.t.pdf(statistic, n - 1)
    assert evidence == pytest.approx(20.0, rel=2e-3)


@pytest.mark.parametrize("prior", [0.5, 5.0, 50.0])
def test_for_many_values_it_is_the_asymptotic_sequence(prior):
    """Theorem 2.2 of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024): ``rho`` squared is 1 / prior."""
    t, rho2 = 10**6, 1.0 / prior
    half = sqrt(2.0 * (t * rho2 + 1.0) / (t**2 * rho2) * log(sqrt(t * rho2 + 1.0) / 0.05))
    assert compute_t_reach(t, prior, 0.05) / sqrt(t) == pytest.approx(half, rel=1e-4)


def test_few_values_have_no_bound():
    assert compute_reach(MIN_VALUES - 1, 5) == compute_t_reach(1, 0.5, 0.05) == compute_t_reach(2, 5.0, 0.05) == inf
    assert compute_reach(MIN_VALUES, 5) < inf


@pytest.mark.parametrize(("hits", "n"), [(0, 5), (5, 5), (3, 10), (14, 20), (1, 60)])
def test_of_hits_the_bets_are_the_beta_binomial_mixture(hits, n):
    """Robbins (1970); Howard, Ramdas, McAuliffe and Sekhon (2021): B(1 + k, 1 + n - k) / (p^k (1 - p)^(n - k))."""
    assert n < 2 * BETS  # so the quadrature over the other means is exact
    low, high = bet_on_mean([1.0] * hits + [0.0] * (n - hits), 0.05)
    for bound in (low, high):
        if 0.0 < bound < 1.0:
            capital = special.betaln(1 + hits, 1 + n - hits) - hits * log(bound) - (n - hits) * np.log1p(-bound)
            assert capital == pytest.approx(log(20.0), abs=1e-4)
    assert (low == 0.0) is (hits == 0)
    assert (high == 1.0) is (hits == n)


@settings(max_examples=50)
@given(shares)
def test_bets_ignore_order_and_mirror_their_values(values):
    low, high = bet_on_mean(values)
    assert 0.0 <= low <= np.mean(values) + 1e-6
    assert np.mean(values) - 1e-6 <= high <= 1.0
    assert bet_on_mean(values[::-1]) == pytest.approx((low, high), abs=1e-6)
    assert bet_on_mean([1.0 - value for value in values]) == pytest.approx((1.0 - high, 1.0 - low), abs=1e-5)


@pytest.mark.parametrize("values", [[], [0.5, 1.2], [-0.1]])
def test_bets_are_on_shares_only(values):
    with pytest.raises(ValueError, match="between 0 and 1"):
        bet_on_mean(values)


def test_the_interval_of_a_slope_is_stretched():
    slope = summarise_coefficient(0.4, 0.1, 500, 498, counted="week")
    low, high = bound_estimate(slope, 52)
    assert (high - 0.4, 0.4 - low) == pytest.approx([0.1 * compute_reach(500, 52)] * 2, rel=1e-3)
    wider = bound_estimate(slope, 52, moving=True)
    assert wider[0] < low < high < wider[1]


def test_a_fact_has_no_sequence_nor_has_what_has_no_interval():
    exact = Summary(1, 0.3, None, 0.29, 0.31, None, "list", "value", sampled=False)
    assert bound_estimate(exact, 1) is None
    assert bound_estimate(replace(exact, sampled=True, n=5), 5) is None


@pytest.mark.parametrize("law", LAWS)
def test_a_null_looked_at_for_26_years_is_hardly_ever_confirmed(law):
    """At most 2.5 % to each side and 0.2 changes, in 400 trials; the interval errs in 10 to 30 %. See watching.py."""
    values = LAWS[law](np.random.default_rng(2026), (400, 312))
    n = np.arange(1, 313)
    means = values.cumsum(axis=1) / n
    variance = ((values**2).cumsum(axis=1) - n * means**2) / np.maximum(n - 1, 1)
    statistics = (means / np.sqrt(np.maximum(variance, 1e-300) / n))[:, 4:]
    reach = np.array([compute_reach(k, 5) for k in n[4:].tolist()])
    quantile = np.array([find_t_quantile(k - 1) for k in n[4:].tolist()])
    confirmed = np.where(abs(statistics) > reach, np.sign(statistics), 0.0)
    assert (np.diff(confirmed) != 0).sum(axis=1).mean() <= 0.2
    for side in (1.0, -1.0):
        # Four of 400 trials are one standard error at 2.5 %.
        assert (confirmed == side).any(axis=1).mean() <= 0.025 + 0.01
        assert (side * statistics > quantile).any(axis=1).mean() > 0.05
