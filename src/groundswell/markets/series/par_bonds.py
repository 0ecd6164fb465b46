"""The total return of a government bond, computed from the yield at constant maturity."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.calendar import Days

DAYS_OF_YEAR = 365.25
COUPONS_A_YEAR = 2


def par_bond_index(days: Days, yields: NDArray[np.float64], years: int) -> NDArray[np.float64]:
    """Compute the index of a bond that is bought at par on each of ``days`` and sold on the next, from 100.

    A yield at constant maturity is that of a bond at par, whose coupon is the yield. Sold on the next day, it has
    paid that coupon for the days in between, and its price is that of the rest of its life of ``years`` at the yield of
    that day: L. Swinkels, "Treasury Bond Return Data Starting in 1962" (Data 4, 2019), with the price in full in place
    of duration and convexity. ``yields`` are in percent a year, compounded twice a year, and not zero.
    """
    passed = np.diff(days).astype("timedelta64[D]").astype(np.float64) / DAYS_OF_YEAR
    coupon, rate = yields[:-1] / 100.0, yields[1:] / 100.0
    discount = (1.0 + rate / COUPONS_A_YEAR) ** (-COUPONS_A_YEAR * (years - passed))
    growth = coupon / rate * (1.0 - discount) + discount + coupon * passed
    return 100.0 * np.cumprod(np.concatenate([[1.0], growth]))
