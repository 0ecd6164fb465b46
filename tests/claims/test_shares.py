"""Exact inference on shares, against scipy and by counting samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from groundswell.claims.inference.shares import share_interval, share_intervals, share_p

COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS)
def test_the_interval_is_that_of_clopper_and_pearson(counts):
    hits, n = counts
    expected = stats.binomtest(hits, n).proportion_ci(method="exact")
    assert share_interval(hits, n) == pytest.approx((expected.low, expected.high), abs=1e-9)


@given(COUNTS, st.floats(0.01, 0.99))
def test_the_p_value_is_exact(counts, usual):
    hits, n = counts
    assert share_p(hits, n, usual) == pytest.approx(stats.binomtest(hits, n, usual).pvalue, rel=1e-6, abs=1e-12)


def test_what_always_or_never_happens():
    assert share_p(3, 3, 1.0) == 1.0
    assert share_p(2, 3, 1.0) == 0.0
    assert share_p(0, 4, 0.0) == 1.0
    assert share_interval(0, 5)[0] == 0.0
    assert share_interval(5, 5)[1] == 1.0


@pytest.mark.parametrize("n", [4, 5, 8, 12, 30])
def test_it_covers_every_share_in_at_least_95_of_100_samples(n):
    intervals = np.array([share_interval(hits, n) for hits in range(n + 1)])
    for share in np.linspace(0.01, 0.99, 99):
        covers = (intervals[:, 0] <= share) & (share <= intervals[:, 1])
        assert stats.binom.pmf(np.arange(n + 1), n, share)[covers].sum() >= 0.95 - 1e-9


@pytest.mark.parametrize("n", [1, 7, 60])
def test_intervals_of_many_counts_are_those_of_each(n):
    hits = np.array([0, n, n // 2, 0])
    low, high = share_intervals(hits, n)
    assert list(zip(low, high, strict=True)) == [pytest.approx(share_interval(each, n), abs=1e-12) for each in hits]
