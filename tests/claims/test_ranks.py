from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from groundswell.claims.estimands.relations._peers import make_weights, summarise_sizes
from groundswell.claims.inference.ranks import RankSet, compare, find_rank_set, find_rank_sets
from groundswell.claims.inference.summary import summarise_coefficient
from groundswell.markets.studies.ols import JointFit, fit, fit_jointly

TIGHT, LOOSE = np.eye(4) * 1e-6, np.eye(4) * 1e6


@pytest.mark.parametrize(
    ("estimates", "covariance", "by_size", "expected"),
    [
        pytest.param([4.0, 3.0, 2.0, 1.0], TIGHT, False, RankSet(1, 1, 1, 4), id="sure of the first"),
        pytest.param([2.0, 3.0, 4.0, 1.0], TIGHT, False, RankSet(3, 3, 3, 4), id="sure of the third"),
        pytest.param([4.0, 3.0, 2.0, 1.0], LOOSE, False, RankSet(1, 1, 4, 4), id="sure of nothing"),
        pytest.param([-4.0, 3.0, 2.0, 1.0], TIGHT, False, RankSet(4, 4, 4, 4), id="by value"),
        pytest.param([-4.0, 3.0, 2.0, 1.0], TIGHT, True, RankSet(1, 1, 1, 4), id="by size"),
        pytest.param([1.0, -1.0, 1.0, 1.0], TIGHT, True, RankSet(1, 1, 4, 4), id="equal sizes of other signs"),
        pytest.param([np.nan, 3.0, 2.0, 1.0], TIGHT, False, RankSet(1, 1, 4, 4), id="no estimate"),
        pytest.param([4.0, 3.0, 2.0, 1.0], np.zeros((4, 4)), False, RankSet(1, 1, 4, 4), id="no errors"),
    ],
)
def test_ranks_that_the_data_allow(estimates, covariance, by_size, expected):
    assert find_rank_set(estimates, covariance, 0, by_size=by_size) == expected


def test_differences_that_move_together_are_certain_although_the_estimates_are_not():
    """Two estimates with errors of 1 that differ by 0.3, always: the error of the difference is 0.1."""
    assert find_rank_set([0.3, 0.0], [[1.0, 0.995], [0.995, 1.0]], 0) == RankSet(1, 1, 1, 2)
    assert find_rank_set([0.3, 0.0], np.eye(2), 0) == RankSet(1, 1, 2, 2)


def test_the_p_value_of_a_comparison_is_that_of_the_t_test():
    side, p = compare(1.0, 0.2, (0.4, 9.9), 7, by_size=False)
    assert (side, p) == (1, pytest.approx(2 * stats.t.sf(2.0, 7)))
    side, p = compare(1.0, -0.8, (0.2, 0.4), 7, by_size=True)
    assert (side, p) == (1, pytest.approx(2 * stats.t.sf(0.5, 7)))


values = st.lists(st.floats(-5, 5), min_size=2, max_size=7)


@given(values, st.floats(0.01, 3), st.booleans())
def test_a_set_holds_the_rank_of_the_estimate_and_joint_sets_are_wider(estimates, error, by_size):
    covariance = np.eye(len(estimates)) * error**2
    for place, joint in enumerate(find_rank_sets(estimates, covariance, by_size=by_size)):
        alone = find_rank_set(estimates, covariance, place, by_size=by_size)
        assert 1 <= joint.best <= alone.best <= alone.rank <= alone.worst <= joint.worst <= len(estimates)


@given(values, st.floats(0.01, 3), st.lists(st.sampled_from([-1.0, 1.0]), min_size=7, max_size=7))
def test_signs_do_not_matter_for_sizes(estimates, error, signs):
    """A sign estimated from the same data would make the largest of many noisy sizes look certain."""
    covariance = np.eye(len(estimates)) * error**2
    turned = [sign * value for sign, value in zip(signs, estimates, strict=False)]
    sets = find_rank_sets(estimates, covariance, by_size=True)
    assert sets == find_rank_sets(turned, covariance, by_size=True)


@pytest.mark.parametrize("by_size", [False, True])
@pytest.mark.parametrize(
    "truth", [[0.0, 0.0, 0.0, 0.0], [1.0, -1.0, 1.0, 0.9], [0.2, 0.1, 0.0, -0.1], [3.0, -2.0, 1, 0]]
)
def test_the_true_rank_is_in_the_set_in_at_least_95_of_100_cases(truth, by_size):
    """Nominal 95 % at least, in 1,000 trials: ties count every rank that they may have."""
    truth = np.array(truth)
    root = np.linalg.cholesky(0.3 * np.eye(4) + 0.7)
    rng = np.random.default_rng(1994)
    key = np.abs(truth) if by_size else truth
    best, worst = 1 + (key > key[0]).sum(), (key >= key[0]).sum()
    covered = 0
    for _ in range(1000):
        found = find_rank_set(truth + root @ rng.standard_normal(4), root @ root.T, 0, by_size=by_size)
        covered += found.best <= best and worst <= found.worst
    assert covered >= 940


@pytest.mark.parametrize("truth", [[0, 0, 0, 0], [0, 3, -3, 3], [2, 1, -1, 0.5], [5, -5, 5, -5]])
def test_an_interval_of_sizes_does_not_trust_their_signs(truth):
    """With estimated signs, 4.5 % of intervals lie above the difference of [0, 3, -3, 3], nominally 2.5."""
    truth = np.array(truth, dtype=float)
    difference = abs(truth[0]) - np.abs(truth[1:]).mean()
    root = np.linalg.cholesky(0.5 * np.eye(4) + 0.5)
    rng = np.random.default_rng(1994)
    covered, above = 0, 0
    for _ in range(1000):
        joint = JointFit(truth + root @ rng.standard_normal(4), root @ root.T, 1000)
        weights = make_weights(np.sign(joint.slopes))
        error = np.sqrt(weights @ joint.covariance @ weights)
        plain = summarise_coefficient(float(weights @ joint.slopes), float(error), 1000, 1000, counted="week")
        found = summarise_sizes(plain, joint)
        assert found.ci_low <= plain.ci_low + 0.1 * error
        assert plain.ci_high - 0.1 * error <= found.ci_high
        covered += found.ci_low <= difference <= found.ci_high
        above += found.ci_low > difference
    assert covered >= 940
    assert above <= 35


def test_covariances_must_fit():
    with pytest.raises(ValueError, match="square covariance"):
        find_rank_set([1.0, 2.0], np.eye(3), 0)


@pytest.mark.parametrize("lags", [0, 4])
def test_joint_slopes_have_the_errors_of_single_regressions(lags):
    rng = np.random.default_rng(3)
    factors, responses = rng.standard_normal((200, 2)), rng.standard_normal((200, 3))
    joint = fit_jointly(responses, factors, lags)
    for place in range(3):
        single = fit(responses[:, place], factors, lags)
        assert joint.slopes[place] == pytest.approx(single.coefficients[1])
        assert joint.covariance[place, place] ** 0.5 == pytest.approx(single.errors[1])
    contrast = fit(responses[:, 0] - responses[:, 1], factors, lags)
    covariance = joint.covariance
    assert contrast.errors[1] ** 2 == pytest.approx(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])


def test_joint_slopes_need_rows():
    with pytest.raises(ValueError, match="do not determine"):
        fit_jointly(np.ones((2, 2)), np.ones((2, 2)), 0)
