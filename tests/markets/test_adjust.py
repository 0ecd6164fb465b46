"""Closes, dividends and splits as total returns: worked by hand, and laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.markets.series.adjust import PayoutError, adjust


def arrays(*columns: list[float]) -> list[np.ndarray]:
    return [np.array(column, dtype=np.float64) for column in columns]


@pytest.mark.parametrize(
    ("closes", "dividends", "splits", "price", "total"),
    [
        pytest.param([100, 99, 110], [0, 1, 0], [1, 1, 1], [100, 99, 110], [99, 99, 110], id="a dividend"),
        pytest.param([100, 51, 52], [0, 0, 0], [1, 2, 1], [50, 51, 52], [50, 51, 52], id="a split"),
        pytest.param([50, 51, 52], [0, 0, 0], [1, 2, 1], [50, 51, 52], [50, 51, 52], id="a split undone before"),
        pytest.param([100, 49, 52], [0, 1, 0], [0, 2, 0], [50, 49, 52], [49, 49, 52], id="both on one day"),
        pytest.param([10, 100, 101], [0, 0, 0], [1, 0.1, 1], [100, 100, 101], [100, 100, 101], id="a reverse split"),
        pytest.param([100], [5], [2], [100], [100], id="the first row pays nobody"),
    ],
)  # fmt: skip
def test_worked_by_hand(closes, dividends, splits, price, total):
    made = adjust(*arrays(closes, dividends, splits))
    assert made.price.tolist() == pytest.approx(price)
    assert made.total.tolist() == pytest.approx(total)


@pytest.mark.parametrize(
    ("closes", "dividends", "splits", "at", "words"),
    [
        ([10, 10, 10], [0, 0, -1], [1, 1, 1], 2, "a dividend of -1 is negative"),
        ([10, 10, 10], [0, 0, 0], [1, -2, 1], 1, "a split of -2 is negative"),
        ([10, 10, 10], [0, 12, 0], [1, 1, 1], 1, "a dividend of 12 is no smaller than the close before, 10"),
        ([100, 50, 50, 51], [0] * 4, [1, 2, 1, 2], 3, "closes are adjusted for some splits and not for others"),
    ],
)
def test_an_impossible_payout_is_reported_with_its_place(closes, dividends, splits, at, words):
    with pytest.raises(PayoutError, match=words) as raised:
        adjust(*arrays(closes, dividends, splits))
    assert raised.value.place == at


@given(st.integers(0, 99), st.sampled_from([2.0, 3.0, 10.0, 0.5, 0.1]), st.integers(1, 29))
def test_a_split_changes_no_return(seed, ratio, at):
    generator = np.random.default_rng(seed)
    closes = 100.0 * np.exp(np.cumsum(generator.normal(0.0, 0.01, 30)))
    dividends = np.where(generator.random(30) < 0.2, 0.5, 0.0)
    splits = np.ones(30)
    splits[at] = ratio
    raw = np.where(np.arange(30) < at, ratio, 1.0)
    plain, split = adjust(closes, dividends, np.ones(30)), adjust(closes * raw, dividends * raw, splits)
    np.testing.assert_allclose(split.price, plain.price)
    np.testing.assert_allclose(split.total, plain.total)
