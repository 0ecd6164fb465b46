"""Confidence sequences: intervals that hold at every look at once, however often and for however long one looks.

An interval of 95 % misses the truth in 5 of 100 looks; who looks each month for years meets such a look in the end. A
confidence sequence contains the truth at all looks together in 95 of 100 cases, so that the first time it leaves zero
means something whenever that is.

Means and slopes. The intervals that claims have are an estimate plus and minus a quantile times its standard error. The
sequence puts ``compute_reach`` in the place of the quantile. For independent normal values it is exact at every n: the
mixture of t statistics under a normal prior of the scaled mean (T. L. Lai, "On Confidence Sequences", 1976; H. Wang and
A. Ramdas, "Anytime-valid t-tests and confidence sequences for Gaussian means with unknown variance", 2024). For large n
it becomes the asymptotic sequence of I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy and A. Ramdas, "Time-uniform
central limit theory and asymptotic confidence sequences" (2024), with rho² = 1 / prior, which needs no law of the
values. A slope less its truth is a mean of influence terms, one a row; where rows depend on each other its standard
error is that of the long run (Newey and West), with its widening. How often each is wrong at the numbers that claims
have is measured in docs/decisions/0025-verdicts-under-watch.md.

Shares. The mean of values between 0 and 1 is bounded by betting, without any law and at every n: I. Waudby-Smith and
A. Ramdas, "Estimating means of bounded random variables by betting" (2024), with many constant bets at once. For values
that are 0 or 1 it is the beta-binomial mixture of S. R. Howard, A. Ramdas, J. McAuliffe and J. Sekhon, "Time-uniform,
nonparametric, nonasymptotic confidence sequences" (2021).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, log, sqrt

import numpy as np
from numpy.typing import NDArray

from groundswell.claims.inference.means import EQUAL
from groundswell.claims.inference.summary import Summary
from groundswell.markets.studies.distributions import find_t_quantile

ERROR = 0.05
"""How often a sequence may miss the truth at some look: in 2.5 % of all cases on each side."""

NOMINAL_ERROR = 0.015
"""The error that a sequence of means is made for, so that it keeps ``ERROR`` where values are skewed or depend on each
other. Measured in docs/decisions/0025."""

WINDOW_ERROR = 0.005
"""The same for a window that moves along: each look asks about other values. Measured there too, over 26 years."""

MIN_VALUES = 8
"""With fewer values of unknown law no sequence is given: their skew and spread are not known well enough."""

PRIOR_SHARE = 0.05
"""The weight of the prior, as a share of the smallest number of observations for a verdict."""

BETS = 64
"""The number of bets that are made at once; each is a mean that the values could have instead."""

STEPS = 400
"""The number of means that are tried from 0 to 1, before the bounds are refined between two of them."""

REFINEMENTS = 30

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(BETS)
_OTHER_MEANS: NDArray[np.float64] = (1.0 + _NODES) / 2.0
_LOG_STAKES: NDArray[np.float64] = np.log(_WEIGHTS / 2.0)

Bounds = tuple[float, float]


def bound_estimate(
    summary: Summary, minimum: int, values: Sequence[float] = (), *, moving: bool = False
) -> Bounds | None:
    """Bound an estimate by its confidence sequence, from what was summarised up to this look.

    ``minimum`` is the smallest number of observations for a verdict: it fixes where the sequence is narrowest, before
    any data. ``values`` are given where the estimate is the mean of shares, and must lie between 0 and 1. With
    ``moving`` the values of a look are those of a window that moves along.

    None without an interval, where there are so few values that no bound is possible, of a fact, which looking cannot
    move, and for ranks that are expected: their sets come from many comparisons, each of one look, and cannot be
    stretched.
    """
    if summary.mean is None or summary.ci_low is None or summary.ci_high is None:
        return None
    if summary.discrete or not summary.sampled:
        return None
    if values:
        return bet_on_mean(values)
    reach = compute_reach(summary.independent, minimum, WINDOW_ERROR if moving else NOMINAL_ERROR)
    if reach == inf:
        return None
    stretch = reach / find_t_quantile(summary.independent - 1)
    return (
        summary.mean - stretch * (summary.mean - summary.ci_low),
        summary.mean + stretch * (summary.ci_high - summary.mean),
    )


def compute_reach(n: int, minimum: int, error: float = NOMINAL_ERROR) -> float:
    """Return how many standard errors a sequence of ``n`` values reaches to each side; infinite for too few."""
    return compute_t_reach(n, PRIOR_SHARE * max(minimum, 2), error) if n >= MIN_VALUES else inf


def compute_t_reach(n: int, prior: float, error: float) -> float:
    """Return the same for a ``prior`` of that many values and an exact ``error``, at any ``n``.

    The standard error is the standard deviation (of n - 1 degrees of freedom) over the root of ``n``.
    """
    if n < 2:
        return inf
    growth = ((n + prior) / (error**2 * prior)) ** (1.0 / n)
    room = n + prior - growth * prior
    return sqrt((n - 1) * (growth - 1.0) * (n + prior) / room) if room > 0.0 else inf


def bet_on_mean(values: Sequence[float], error: float = ERROR) -> Bounds:
    """Bound the mean of values between 0 and 1 by the capital that bets against each mean have earned.

    A bet against a mean multiplies its stake by how much likelier each value is under another mean. Were the mean
    true, the capital would be that of a fair game, which passes 1 / ``error`` at some time in at most ``error`` of all
    cases (J. Ville, 1939). The bounds contain every mean against which it has not passed. The order of values is of no
    account.
    """
    sample = np.asarray(values, dtype=np.float64)
    # What was subtracted from ones and zeros and added again leaves them not quite whole.
    sample = np.where(np.abs(sample - sample.round()) < EQUAL, sample.round(), sample)
    if not len(sample) or sample.min() < 0.0 or sample.max() > 1.0:
        raise ValueError("bets need values between 0 and 1")
    means = np.arange(1, STEPS) / STEPS
    kept = means[_grow_capital(sample, means) < -log(error)]
    if not len(kept):  # the bounds are closer to each other, or to an end, than one step
        kept = np.clip([sample.mean()], 1e-9, 1.0 - 1e-9)
    step = 1.0 / STEPS
    low = _refine(sample, float(kept[0]), max(float(kept[0]) - step, 0.0), error)
    high = _refine(sample, float(kept[-1]), min(float(kept[-1]) + step, 1.0), error)
    return low, high


def _refine(sample: NDArray[np.float64], inside: float, outside: float, error: float) -> float:
    """Halve the way from a mean within the bounds to one that is not, or to the end of all means."""
    for _ in range(REFINEMENTS):
        middle = (inside + outside) / 2.0
        if _grow_capital(sample, np.array([middle]))[0] < -log(error):
            inside = middle
        else:
            outside = middle
    return outside


def _grow_capital(sample: NDArray[np.float64], means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logarithm of the capital of all bets against each mean, of stakes that are 1 together."""
    won = _OTHER_MEANS / means[:, None]
    lost = (1.0 - _OTHER_MEANS) / (1.0 - means[:, None])
    capital = _LOG_STAKES + sum(np.log(value * won + (1.0 - value) * lost) for value in sample.tolist())
    highest = capital.max(axis=1)
    grown: NDArray[np.float64] = highest + np.log(np.exp(capital - highest[:, None]).sum(axis=1))
    return grown
