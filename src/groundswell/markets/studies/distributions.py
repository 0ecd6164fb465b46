"""The distributions that intervals and p-values need: Student's t, the normal and the binomial.

They are here because importing ``scipy.special`` takes a fifth of a second, for a few numbers a claim. Tests compare
them with scipy.
"""

from __future__ import annotations

from functools import lru_cache
from math import comb, exp, gamma, isfinite, log1p, nan, pi, sqrt

NORMAL_QUANTILE = 1.959963984540054
"""The 97.5 % quantile of the normal distribution."""

OUTSIDE = 0.05
"""The share of a distribution outside its 2.5 % and 97.5 % quantiles."""

QUANTILE_OF_NORMAL = {OUTSIDE: NORMAL_QUANTILE, 0.045: 2.004654461765096, 0.4: 0.8416212335729143}
"""The quantile of the normal distribution by the share outside it on both sides; 0.4 gives the 80 % quantile."""

MAX_GAMMA = 150.0
"""Above, the ratio of gamma functions comes from its series, which is exact to the last digits there."""

TINY = 1e-300
MAX_STEPS = 1000


def compute_t_outside(statistic: float, freedom: int) -> float:
    """Return the share of Student's t distribution that is at least as far from zero as ``statistic``.

    This is the regularised incomplete beta function of ``freedom / (freedom + statistic**2)`` (DLMF 8.17), to 12
    digits for up to 10,000 degrees. NaN without a degree of freedom or for a statistic that is not finite.
    """
    if freedom < 1 or not isfinite(statistic):
        return nan
    half, square = freedom / 2.0, statistic * statistic
    share = square / (freedom + square)
    factor = sqrt(share) * exp(-half * log1p(square / freedom)) * _divide_gammas(half) / sqrt(pi)
    # The fraction converges fast on one side of this point, and its complement on the other.
    if 1.0 - share < (half + 1.0) / (half + 2.5):
        return factor * _evaluate_fraction(1.0 - share, half, 0.5) / half
    return 1.0 - factor * _evaluate_fraction(share, 0.5, half) / 0.5


@lru_cache(maxsize=1024)
def find_t_quantile(freedom: int, outside: float = OUTSIDE) -> float:
    """Return the quantile of Student's t with the share ``outside`` on both sides; NaN without a degree of freedom.

    By Newton's method. The share is one of ``QUANTILE_OF_NORMAL``: without it the 97.5 % quantile is returned.
    """
    if freedom < 1:
        return nan
    normal = QUANTILE_OF_NORMAL[outside]
    # The first terms of the series in 1 / freedom of R. A. Fisher and E. A. Cornish (1960) are close from three on.
    quantile = normal + (normal**3 + normal) / (4.0 * freedom) if freedom > 2 else normal
    height = _divide_gammas(freedom / 2.0) / sqrt(pi * freedom)
    for _ in range(MAX_STEPS):
        density = height * exp(-(freedom + 1.0) / 2.0 * log1p(quantile * quantile / freedom))
        step = (compute_t_outside(quantile, freedom) - outside) / (2.0 * density)
        quantile += step
        if abs(step) <= 1e-8 * quantile:  # the error of the next one is its square
            break
    return quantile


def compute_sign_share(fewer: int, count: int) -> float:
    """Return how often ``count`` fair coins show at most ``fewer`` heads, rounded once."""
    return sum(comb(count, heads) for heads in range(fewer + 1)) / (1 << count)


def _divide_gammas(half: float) -> float:
    """Return the gamma function of ``half + 1/2`` over that of ``half`` (series: DLMF 5.11.13)."""
    if half < MAX_GAMMA:
        return gamma(half + 0.5) / gamma(half)
    terms = (-1 / 8, 1 / 128, 5 / 1024, -21 / 32768, -399 / 262144)
    return sqrt(half) * (1.0 + sum(term / half**power for power, term in enumerate(terms, start=1)))


def _evaluate_fraction(x: float, a: float, b: float) -> float:
    """Evaluate the continued fraction of the incomplete beta function (DLMF 8.17.22) by Lentz's method."""
    upper, lower = 1.0, 1.0 / ((1.0 - (a + b) * x / (a + 1.0)) or TINY)
    value = lower
    for m in range(1, MAX_STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        for term in (even, odd):
            lower = 1.0 / ((1.0 + term * lower) or TINY)
            upper = (1.0 + term / upper) or TINY
            value *= lower * upper
        if abs(lower * upper - 1.0) < 1e-16:
            break
    return value
