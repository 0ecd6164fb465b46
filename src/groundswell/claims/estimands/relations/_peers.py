"""Compares the sensitivity of one return with those of its peers, by size or on falling rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from groundswell.claims.inference.ranks import RankSet, find_rank_set
from groundswell.claims.inference.summary import Summary, summarise_coefficient
from groundswell.claims.inference.widening import compute_widening
from groundswell.markets.studies.distributions import compute_t_outside, find_t_quantile
from groundswell.markets.studies.ols import JointFit, fit_jointly
from groundswell.wording.figures import SLOPE, write_value

Array = NDArray[np.float64]
Direction = Literal["either", "fall"]

SIGN_RISK, INTERVAL_RISK = 0.005, 0.045
"""How the 5 % outside an interval of sizes are divided: between wrong signs, and the interval with the right ones."""


def contrast_with_peers(
    names: Sequence[str], returns: Array, factors: Array, lags: int, *, counted: str, direction: Direction
) -> tuple[Array, Summary, str]:
    """Compare the slope of the first column of ``returns`` (n by p) with the mean of the others.

    Returns the contrast whose slope is the difference, its summary, and a note with the rank and the ranks that the
    data allow. On falling rates (``fall``) slopes count with a minus. Otherwise their sizes are compared: the
    contrast takes the signs of the slopes, and the summary does not trust them: see ``summarise_sizes``. Raises
    ``ValueError`` where the rows do not determine the slopes.
    """
    joint = fit_jointly(returns, factors, lags)
    signs = -np.ones(len(names)) if direction == "fall" else np.where(joint.slopes < 0.0, -1.0, 1.0)
    weights = make_weights(signs)
    estimate, error = float(weights @ joint.slopes), float(np.sqrt(weights @ joint.covariance @ weights))
    summary = summarise_coefficient(estimate, error, len(returns), joint.freedom, counted=counted, lags=lags)
    covariance = joint.covariance * compute_widening(lags, len(returns)) ** 2
    if direction == "either":
        summary = summarise_sizes(summary, replace(joint, covariance=covariance))
    ranks = find_rank_set(
        -joint.slopes if direction == "fall" else joint.slopes,
        covariance,
        0,
        freedom=joint.freedom,
        by_size=direction == "either",
    )
    return returns @ weights, summary, _write_ranks(names, joint.slopes, ranks, direction)


def make_weights(signs: Array) -> Array:
    """Return the weights of slopes in the first, less the mean of the others, each with its sign."""
    weights: Array = signs * np.append(1.0, np.full(len(signs) - 1, -1.0 / (len(signs) - 1)))
    return weights


def summarise_sizes(summary: Summary, joint: JointFit) -> Summary:
    """Widen the interval of a difference of sizes for signs that the data do not settle.

    With the signs of the estimates the size of a slope near zero is overstated, and the interval of the difference is
    too narrow. So the interval is the union of those under every pattern of signs that cannot be excluded: a sign is
    certain where its slope differs from zero at a level of ``SIGN_RISK``, shared among the slopes. The p-value is the
    largest under these patterns, plus that risk.
    """
    errors = np.sqrt(np.diag(joint.covariance))
    certain = [
        compute_t_outside(float(slope / error), joint.freedom) <= SIGN_RISK / len(errors)
        for slope, error in zip(joint.slopes, errors, strict=True)
    ]
    choices = [
        (1.0 if slope > 0.0 else -1.0,) if is_certain else (1.0, -1.0)
        for slope, is_certain in zip(joint.slopes, certain, strict=True)
    ]
    quantile = find_t_quantile(joint.freedom, INTERVAL_RISK)
    bounds, p = [], 0.0
    for signs in product(*choices):
        weights = make_weights(np.array(signs))
        value, error = float(weights @ joint.slopes), float(np.sqrt(weights @ joint.covariance @ weights))
        bounds += [value - quantile * error, value + quantile * error]
        p = max(p, compute_t_outside(value / error, joint.freedom))
    return replace(summary, ci_low=min(bounds), ci_high=max(bounds), p=min(1.0, p + SIGN_RISK))


def _write_ranks(names: Sequence[str], slopes: Array, ranks: RankSet, direction: Direction) -> str:
    order = np.argsort(slopes if direction == "fall" else -np.abs(slopes), kind="stable")
    listed = ", ".join(f"{names[place]} {write_value(float(slopes[place]), SLOPE)}" for place in order)
    only = f"rank {ranks.best} alone" if ranks.best == ranks.worst else f"ranks {ranks.best} to {ranks.worst}"
    return (
        f"Rank {ranks.rank} of {ranks.count} by sensitivity: {listed}. The data allow {only} for {names[0]} "
        "(95 % confidence set)."
    )
