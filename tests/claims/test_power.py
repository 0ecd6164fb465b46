"""What a sample can show: detectable effects and the n that they need."""

import numpy as np
import pytest
from scipy import stats

from groundswell.claims.inference.power import compute_detectable, find_needed_n


@pytest.mark.parametrize("n", [5, 6, 12, 40])
def test_four_of_five_samples_find_the_detectable_effect(n):
    effect = compute_detectable(1.0 / np.sqrt(n), n - 1)
    samples = np.random.default_rng(n).normal(effect, 1.0, size=(20_000, n))
    found = stats.ttest_1samp(samples, 0.0, axis=1).pvalue < 0.05
    # The sum of two quantiles is a little off for very few observations, on the safe side.
    assert 0.79 < found.mean() < 0.85


@pytest.mark.parametrize("effect", [0.2, 0.5, 1.0, 3.0])
def test_the_needed_n_is_the_smallest_that_detects_the_effect(effect):
    n = find_needed_n(1.0, effect)
    assert compute_detectable(1.0 / np.sqrt(n), n - 1) <= effect
    assert n == 2 or compute_detectable(1.0 / np.sqrt(n - 1), n - 2) > effect


def test_no_n_is_needed_for_no_effect_and_none_suffices_for_a_tiny_one():
    assert find_needed_n(1.0, 0.0) is None
    assert find_needed_n(0.0, 0.1) is None
    assert find_needed_n(1.0, 1e-6) is None
