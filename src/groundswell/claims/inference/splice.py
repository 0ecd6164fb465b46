"""Intervals of means in which some events stand on other series than the rest."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

from groundswell.claims.inference.summary import Summary
from groundswell.markets.studies.distributions import compute_t_outside, find_t_quantile
from groundswell.markets.studies.splice import SpliceCost


def widen_for_cost(summary: Summary, early: int, cost: SpliceCost) -> Summary:
    """Widen the interval of a mean over events, ``early`` of which are measured on other series at ``cost``.

    A value on the other series differs by a random amount of the cost's mean and variance, and that mean is itself
    estimated. The variance ``(early * deviation**2 + (early * error)**2) / n**2`` is added to that of the mean. The
    mean difference ``early * cost.mean / n`` moves the bound on its side outwards: the estimate stays that of the
    values as measured, and the interval contains both the one with and the one without the correction. Both steps are
    cautious: the scatter of the values includes some of this already.
    """
    if not early or summary.mean is None or summary.ci_low is None or summary.ci_high is None:
        return summary
    n, quantile = summary.n, find_t_quantile(summary.n - 1)
    added = sqrt(early * cost.deviation**2 + (early * cost.error) ** 2) / n
    shift = early * cost.mean / n
    below, above = summary.mean - summary.ci_low, summary.ci_high - summary.mean
    low, high = (sqrt(side**2 + (quantile * added) ** 2) for side in (below, above))
    error = sqrt((max(below, above) / quantile) ** 2 + added**2)
    p = compute_t_outside(summary.mean / error, n - 1) if summary.p is not None and error > 0 else summary.p
    return replace(
        summary, ci_low=summary.mean - low + min(shift, 0.0), ci_high=summary.mean + high + max(shift, 0.0), p=p
    )
