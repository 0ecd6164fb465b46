from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from groundswell.markets.indicators.breadth import (
    BREADTH_MEASURES,
    compute_net_advances,
    compute_net_highs,
    compute_share_above_mean,
)
from groundswell.markets.indicators.fundamentals import GROUPS
from groundswell.markets.series.catalogue import INDEX_BREADTH

NAN = np.nan
PRICES = np.array([[1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0], [5.0, 5.0, 5.0, 5.0], [NAN, 1.0, NAN, 2.0]])


@pytest.mark.parametrize(
    ("gauge", "shares", "members"),
    [
        (compute_share_above_mean(PRICES, 2), [NAN, 1 / 3, 1 / 3, 1 / 3], [0, 3, 3, 3]),
        (compute_share_above_mean(PRICES, 4), [NAN, NAN, NAN, 1 / 3], [0, 0, 0, 3]),
        (compute_share_above_mean(PRICES, 5), [NAN] * 4, [0] * 4),
        (compute_net_advances(PRICES[[0, 2, 3]]), [NAN, 0.5, 0.5, 0.5], [0, 2, 2, 2]),
        (compute_net_advances(PRICES), [NAN, 0.0, 0.0, 0.0], [0, 3, 3, 3]),
        (compute_net_highs(PRICES[[0, 2]], 2), [NAN, NAN, 0.5, 0.5], [0, 0, 2, 2]),
        (compute_net_highs(PRICES[1:3], 3), [NAN, NAN, NAN, -0.5], [0, 0, 0, 2]),
        (compute_net_highs(PRICES, 4), [NAN] * 4, [0] * 4),
        (compute_net_highs(PRICES[:0], 2), [NAN] * 4, [0] * 4),
    ],
)
def test_gauges_by_hand(gauge, shares, members):
    assert gauge.shares == pytest.approx(np.array(shares), nan_ok=True)
    assert gauge.members.tolist() == members


def test_a_price_that_stands_still_is_not_above_its_mean():
    still = np.full((3, 300), 0.1)
    assert np.nanmax(compute_share_above_mean(still, 50).shares) == 0.0
    moved = np.column_stack([np.full((3, 100), 1e9), still])
    assert compute_share_above_mean(moved, 200).shares[-101] == 0.0


matrices = arrays(np.float64, (70, 30), elements=st.floats(1.0, 100.0) | st.just(NAN))


@given(matrices, st.integers(1, 12))
def test_gauges_are_what_a_loop_counts(prices, length):
    for day in range(30):
        window, before = prices[:, max(day - length + 1, 0) : day + 1], prices[:, max(day - length, 0) : day]
        known = np.isfinite(window).all(axis=1) & (day >= length - 1)
        above = known & (prices[:, day] > window.mean(axis=1) * (1 + 1e-9))
        assert compute_share_above_mean(prices, length).members[day] == known.sum()
        assert compute_share_above_mean(prices, length).shares[day] == pytest.approx(
            above.sum() / known.sum() if known.any() else NAN, nan_ok=True
        )
        year = np.isfinite(before).all(axis=1) & np.isfinite(prices[:, day]) & (day >= length)
        beyond = sum(
            int(one[-1] > max(one[:-1])) - int(one[-1] < min(one[:-1]))
            for one in np.column_stack([before, prices[:, day]])[year].tolist()
        )
        found = compute_net_highs(prices, length)
        assert found.members[day] == year.sum()
        assert found.shares[day] == pytest.approx(beyond / year.sum() if year.any() else NAN, nan_ok=True)


@given(matrices, st.integers(2, 29))
def test_later_prices_change_no_earlier_share(prices, cut):
    for gauge in (
        lambda some: compute_share_above_mean(some, 5),
        compute_net_advances,
        lambda some: compute_net_highs(some, 7),
    ):
        assert gauge(prices[:, :cut]).shares == pytest.approx(gauge(prices).shares[:cut], nan_ok=True)


def test_references_are_all_different():
    assert len({INDEX_BREADTH.ref(group, gauge) for group in GROUPS for gauge in BREADTH_MEASURES}) == len(
        GROUPS
    ) * len(BREADTH_MEASURES)
    assert str(INDEX_BREADTH.ref("small", "above_50")) == "small.breadth.above_50 (level)"


def test_a_huge_price_of_long_ago_moves_no_later_mean():
    """As of a company whose splits multiplied its old prices by a billion: running sums would lose the small ones."""
    prices = np.full((1, 200), 0.15, dtype=np.float32)
    prices[0, :20] = 1e11
    shares = compute_share_above_mean(prices, 50).shares
    assert shares[69:].tolist() == [0.0] * 131


def test_shares_above_the_mean_are_those_of_exact_arithmetic():
    """Prices of 40 members, some after reverse splits: every comparison by fractions, without rounding."""
    rng = np.random.default_rng(6)
    prices = np.exp(np.cumsum(rng.normal(0.0, 0.03, (40, 160)), axis=1)).astype(np.float32)
    prices[:8, :60] *= np.float32(1e7)
    sessions = 50
    found = compute_share_above_mean(prices, sessions)
    exact = [[Fraction(float(price)) for price in member] for member in prices]
    for column in range(sessions - 1, prices.shape[1]):
        runs = (member[column - sessions + 1 : column + 1] for member in exact)
        assert found.shares[column] * 40 == pytest.approx(sum(run[-1] * sessions > sum(run) for run in runs))
