"""Student's t and the sign test against scipy, and against values that are known exactly."""

from __future__ import annotations

from fractions import Fraction
from math import atan, comb, isnan, pi, sqrt, tan

import pytest
from scipy import special

from groundswell.markets.studies.distributions import (
    NORMAL_QUANTILE,
    compute_sign_share,
    compute_t_outside,
    find_t_quantile,
)

FREEDOMS = (*range(1, 320), 500, 999, 1000, 2500, 10_000, 100_000)
STATISTICS = (1e-6, 0.01, 0.3, 1.0, 1.7, 2.0, 2.6, 4.0, 9.0, 30.0, 1000.0)


def test_quantiles_equal_those_of_scipy() -> None:
    for freedom in FREEDOMS:
        assert find_t_quantile(freedom) == pytest.approx(special.stdtrit(freedom, 0.975), rel=2e-13)
    assert special.ndtri(0.975) == NORMAL_QUANTILE


def test_quantiles_of_one_and_two_degrees_are_their_closed_forms() -> None:
    assert find_t_quantile(1) == pytest.approx(tan(pi * 0.475), rel=1e-14)
    assert find_t_quantile(2) == pytest.approx(0.95 * sqrt(2.0 / (1.0 - 0.95**2)), rel=1e-14)


def test_shares_outside_equal_those_of_scipy() -> None:
    for freedom in FREEDOMS:
        for statistic in STATISTICS:
            expected = 2.0 * special.stdtr(freedom, -statistic)
            # scipy has only ten digits of shares next to one, and the fraction loses digits with many degrees.
            tolerance = 1e-10 if expected > 0.9 else 1e-12 if freedom <= 10_000 else 1e-11
            assert compute_t_outside(statistic, freedom) == pytest.approx(expected, rel=tolerance, abs=1e-280)
            assert compute_t_outside(-statistic, freedom) == compute_t_outside(statistic, freedom)


@pytest.mark.parametrize("statistic", STATISTICS)
def test_shares_of_one_and_two_degrees_are_their_closed_forms(statistic: float) -> None:
    assert compute_t_outside(statistic, 1) == pytest.approx(2.0 / pi * atan(1.0 / statistic), rel=1e-14)
    root = sqrt(2.0 + statistic**2)
    assert compute_t_outside(statistic, 2) == pytest.approx(2.0 / (root * (root + statistic)), rel=1e-14)


def test_zero_is_nearer_than_nothing_and_no_freedom_has_no_share() -> None:
    assert compute_t_outside(0.0, 7) == 1.0
    assert isnan(compute_t_outside(1.0, 0))
    assert isnan(compute_t_outside(float("inf"), 3))
    assert isnan(find_t_quantile(0))


@pytest.mark.parametrize("count", [1, 2, 9, 60, 1500])
def test_shares_of_coins_are_those_of_fractions(count: int) -> None:
    for fewer in {0, count // 3, count // 2, count}:
        exact = Fraction(sum(comb(count, heads) for heads in range(fewer + 1)), 2**count)
        assert compute_sign_share(fewer, count) == float(exact)
        assert compute_sign_share(fewer, count) == pytest.approx(special.bdtr(fewer, count, 0.5), rel=1e-11)
