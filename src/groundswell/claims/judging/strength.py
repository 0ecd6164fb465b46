"""How much a sample can show: its detectable effect, the n that the claim needs, and its p-value at the bound."""

from __future__ import annotations

from math import isfinite, sqrt

from groundswell.claims.inference.power import compute_detectable, find_needed_n
from groundswell.claims.inference.summary import Summary
from groundswell.claims.spec import MeasureSpec
from groundswell.claims.verdict import find_near_end, find_null
from groundswell.markets.studies.distributions import compute_t_outside, find_t_quantile
from groundswell.model import Strength


def measure_strength(summary: Summary, measure: MeasureSpec) -> Strength | None:
    """Measure the strength of an estimate with an interval; None without one.

    ``bound_p`` is two-sided: the true value is the near bound of the claimed range. Bounds of an interval that is not
    symmetric are taken by their own side, and the freedom is n - 1: exact for events, near enough for the many rows of
    a regression. The n needed is that of the difference between the bound and what support must exclude: a claim of a
    side alone, or of a majority, needs none. A rank has no such error.
    """
    if summary.discrete or summary.mean is None or summary.ci_low is None or summary.ci_high is None or summary.n < 2:
        return None
    freedom = summary.independent - 1
    quantile = find_t_quantile(freedom)
    error = (summary.ci_high - summary.ci_low) / 2.0 / quantile
    if not error > 0.0 or not isfinite(error):
        return None
    near = find_near_bound(measure)
    if near is None:
        return Strength(compute_detectable(error, freedom), None, None)
    distance = summary.mean - near
    reach = summary.mean - summary.ci_low if distance > 0 else summary.ci_high - summary.mean
    bound_p = compute_t_outside(distance / (reach / quantile), freedom) if reach > 0 else None
    needed = find_needed_n(error * sqrt(summary.n), near - find_null(summary.null, measure.range))
    return Strength(compute_detectable(error, freedom), needed, bound_p)


def find_near_bound(measure: MeasureSpec) -> float | None:
    """Return the bound of the claimed range nearest to zero, which the estimate must reach; None for "within"."""
    return None if measure.holds == "within" else find_near_end(measure.range)
