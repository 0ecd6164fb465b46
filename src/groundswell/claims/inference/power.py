"""What a sample of a given size can show: the smallest effect that it would find, and the n that an effect needs."""

from __future__ import annotations

from groundswell.markets.studies.distributions import find_t_quantile

OUTSIDE_POWER = 0.4
"""The share outside the 80 % quantile on both sides: an effect counts as detectable that four of five samples find."""

MOST = 100_000
"""No larger n is looked for."""


def compute_detectable(error: float, freedom: int) -> float:
    """Compute the smallest effect whose test at 5 %, two-sided, finds it in four of five samples.

    ``error`` is the standard error of the estimate, and ``freedom`` its degrees of freedom, at least one. The sum of
    two quantiles of Student's t, times the error: H. S. Bloom, "Minimum Detectable Effects" (1995).
    """
    return error * _sum_quantiles(freedom)


def find_needed_n(spread: float, effect: float, parameters: int = 1) -> int | None:
    """Find the smallest n with which ``effect`` is detectable, where one observation has the ``spread``.

    The freedom is n less the ``parameters``. None where the effect is zero, or more than a hundred thousand are needed.
    """
    if not effect or not spread:
        return None
    ratio = (abs(effect) / spread) ** 2
    low, high = parameters + 1, MOST
    if _sum_quantiles(high - parameters) ** 2 > ratio * high:
        return None
    while low < high:
        middle = (low + high) // 2
        if _sum_quantiles(middle - parameters) ** 2 <= ratio * middle:
            high = middle
        else:
            low = middle + 1
    return low


def _sum_quantiles(freedom: int) -> float:
    return find_t_quantile(freedom) + find_t_quantile(freedom, OUTSIDE_POWER)
