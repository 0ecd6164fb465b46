"""Bonds at par by their yield, against a bond that is priced coupon by coupon."""

import numpy as np
import pytest

from groundswell.markets.series.par_bonds import par_bond_index


def price_by_coupons(coupon: float, rate: float, years: float) -> float:
    """The price of a bond that pays half of ``coupon`` every half year, at a whole number of them before its end."""
    times = np.arange(1, round(2 * years) + 1) / 2.0
    return float((coupon / 2.0 / (1.0 + rate / 2.0) ** (2.0 * times)).sum() + (1.0 + rate / 2.0) ** (-2.0 * years))


@pytest.mark.parametrize(("before", "after"), [(6.0, 5.5), (2.0, 4.0), (5.0, 5.0)])
def test_a_half_year_is_a_bond_that_is_priced_coupon_by_coupon(before, after):
    days = np.array(["2000-01-01"], dtype="datetime64[D]")
    days = np.append(days, days + np.timedelta64(round(365.25 / 2), "D"))
    found = par_bond_index(days, np.array([before, after]), 30)
    passed = float((days[1] - days[0]).astype(int)) / 365.25
    expected = price_by_coupons(before / 100.0, after / 100.0, 29.5) + before / 100.0 * passed
    assert found[0] == 100.0
    assert found[1] / 100.0 == pytest.approx(expected, abs=2e-4)


def test_an_unchanged_yield_earns_itself():
    days = np.datetime64("2000-01-01") + np.arange(366)
    index = par_bond_index(days, np.full(366, 5.0), 10)
    assert index[-1] / index[0] - 1.0 == pytest.approx(0.05, abs=2e-3)


def test_a_longer_bond_moves_further():
    days = np.datetime64("2000-01-03") + np.arange(2)
    long, medium = (par_bond_index(days, np.array([5.0, 4.9]), years)[1] for years in (30, 10))
    assert long - 100.0 == pytest.approx(1.55, abs=0.1), "about a tenth of its duration of 15.5 years"
    assert medium - 100.0 == pytest.approx(0.79, abs=0.05)
