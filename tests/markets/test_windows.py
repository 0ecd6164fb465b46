"""Sums and extremes over runs of columns, against the plain way."""

from math import fsum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from groundswell.markets.series.windows import combine_windows


@given(length=st.integers(1, 70), columns=st.integers(0, 90), seed=st.integers(0, 99))
def test_each_run_is_combined_as_by_hand(length, columns, seed):
    values = np.random.default_rng(seed).normal(size=(3, columns))
    values[np.random.default_rng(seed + 1).random((3, columns)) < 0.02] = np.nan
    for of, plain in ((np.add, np.sum), (np.maximum, np.max), (np.minimum, np.min)):
        combined = combine_windows(values, length, of)
        if columns < length:
            assert combined.shape == (3, 0)
        else:
            by_hand = plain(sliding_window_view(values, length, axis=1), axis=-1)
            np.testing.assert_allclose(combined, by_hand, rtol=0, atol=1e-12)


@pytest.mark.parametrize("length", [50, 200])
def test_sums_are_exact_to_the_last_digits(length):
    """Prices that fall over eighteen orders of magnitude, against sums without any rounding error."""
    rng = np.random.default_rng(length)
    prices = 10.0 ** (np.linspace(12.0, -6.0, 3000) + rng.uniform(-0.5, 0.5, 3000))
    exact = np.array([fsum(run) for run in sliding_window_view(prices, length)])
    assert np.abs(combine_windows(prices, length) / exact - 1.0).max() < 1e-15
    running = np.cumsum(np.append(0.0, prices))
    assert np.abs((running[length:] - running[:-length]) / exact - 1.0).max() > 1e-9, "running sums are not"


def test_a_huge_value_spoils_only_the_windows_that_hold_it():
    values = np.full(1000, 0.1)
    values[10] = 1e20
    sums = combine_windows(values, 50)
    assert sums[11:] == pytest.approx(5.0, rel=1e-14)
    running = np.cumsum(values)
    assert running[500] - running[450] == 0.0, "as a running sum would"
