"""Measure how often 95 % intervals cover the mean of a few events, by several methods, and how wide they are.

    python benchmarks/eventintervals.py [TRIALS]

Prints one row for each number of events and each law: the share of samples whose interval covers the mean, in percent,
and in brackets the mean width as a multiple of that of the stretched bootstrap. With 2,000 trials a share is uncertain
by 0.5 points. The figures are copied into docs/decisions/0003-interval-over-events.md.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import numpy as np
from scipy.stats import norm
from scipy.stats import t as student
from stretched_bootstrap import compute_stretch, mean_intervals

from groundswell.claims.inference.seed import SEED
from groundswell.markets.studies.distributions import find_t_quantile

RESAMPLES = 1999
SAMPLES_PER_BATCH = 500
EVENTS = (3, 4, 6, 8, 12)
Draw = Callable[[np.random.Generator, tuple[int, int]], np.ndarray]
Bounds = tuple[np.ndarray, np.ndarray]


def lognormal_mean(sigma: float) -> float:
    return float(np.exp(sigma**2 / 2))


LAWS: dict[str, tuple[Draw, float]] = {
    "normal": (lambda rng, size: rng.standard_normal(size), 0.0),
    "t, 4 degrees": (lambda rng, size: rng.standard_t(4, size), 0.0),
    "t, 3 degrees": (lambda rng, size: rng.standard_t(3, size), 0.0),
    "gamma, shape 4": (lambda rng, size: rng.gamma(4.0, size=size), 4.0),
    "lognormal, 0.4": (lambda rng, size: rng.lognormal(0.0, 0.4, size), lognormal_mean(0.4)),
    "lognormal, 0.8": (lambda rng, size: rng.lognormal(0.0, 0.8, size), lognormal_mean(0.8)),
}


def make_intervals(values: np.ndarray, rng: np.random.Generator) -> Iterator[tuple[str, Bounds]]:
    """Give the bounds of each column of a table of (events, samples), by each method."""
    n = len(values)
    mean, spread = values.mean(axis=0), values.std(axis=0, ddof=1)
    error, t = spread / np.sqrt(n), find_t_quantile(n - 1)
    skew = ((values - mean) ** 3).mean(axis=0) / spread**3
    means, studentised = resample(values, rng)
    yield "stretched", mean_intervals(values)
    yield "Student", (mean - t * error, mean + t * error)
    wide = float(student.ppf(0.985, n - 1))
    yield "Student 97 %", (mean - wide * error, mean + wide * error)
    shift = skew * spread / (6 * n)
    yield "Johnson", (mean + shift - t * error, mean + shift + t * error)
    yield "Hall", (mean - spread * hall(t, skew, n), mean - spread * hall(-t, skew, n))
    low, high = bca(values, means)
    yield "BCa, stretched", (mean + (low - mean) * compute_stretch(n), mean + (high - mean) * compute_stretch(n))
    down, up = np.nanquantile(studentised, [0.025, 0.975], axis=0)
    yield "bootstrap-t", (mean - up * error, mean - down * error)
    up, down = np.clip(up, t, 1.5 * t), np.clip(-down, t, 1.5 * t)
    yield "bootstrap-t, clipped", (mean - up * error, mean + down * error)


def hall(t: float, skew: np.ndarray, n: int) -> np.ndarray:
    """Invert P. Hall's transformation of a t statistic (1992), which removes its skewness."""
    safe = np.where(np.abs(skew) < 1e-9, 1e-9, skew)
    return 3.0 / safe * (np.cbrt(1.0 + safe * (t / np.sqrt(n) - safe / (6 * n))) - 1.0)


def resample(values: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Give the means and t statistics of resamples; a statistic without spread is NaN."""
    n = len(values)
    drawn = values[rng.integers(n, size=(RESAMPLES, n))]
    means, spread = drawn.mean(axis=1), drawn.std(axis=1, ddof=1)
    flat = spread <= 1e-12 * values.std(axis=0)
    return means, np.where(flat, np.nan, (means - values.mean(axis=0)) / np.where(flat, 1.0, spread) * np.sqrt(n))


def bca(values: np.ndarray, means: np.ndarray) -> Bounds:
    """Give B. Efron's bias-corrected and accelerated percentiles (1987), with the acceleration by the jackknife."""
    away = values - values.mean(axis=0)
    ties = np.isclose(means, values.mean(axis=0), rtol=1e-12)  # they count half
    below = np.where(ties, 0.5, means < values.mean(axis=0)).mean(axis=0)
    bias = norm.ppf(np.clip(below, 1 / RESAMPLES, 1 - 1 / RESAMPLES))
    lean = (away**3).sum(axis=0) / (6.0 * (away**2).sum(axis=0) ** 1.5)
    ranked = np.sort(means, axis=0)
    ends = []
    for z in norm.ppf([0.025, 0.975]):
        level = norm.cdf(bias + (bias + z) / (1.0 - lean * (bias + z)))
        at = np.clip((level * RESAMPLES).astype(int), 0, RESAMPLES - 1)
        ends.append(np.take_along_axis(ranked, at[None, :], axis=0)[0])
    return ends[0], ends[1]


def main(trials: int) -> None:
    for n in EVENTS:
        for place, (law, (draw, true)) in enumerate(LAWS.items()):
            rng = np.random.default_rng((SEED, n, place))
            covered: dict[str, float] = {}
            width: dict[str, float] = {}
            for begin in range(0, trials, SAMPLES_PER_BATCH):
                values = draw(rng, (n, min(SAMPLES_PER_BATCH, trials - begin)))
                for name, (low, high) in make_intervals(values, rng):
                    covered[name] = covered.get(name, 0.0) + float(((low <= true) & (true <= high)).sum())
                    width[name] = width.get(name, 0.0) + float((high - low).sum())
            cells = (f"{covered[name] / trials * 100:.1f} ({width[name] / width['stretched']:.2f})" for name in covered)
            if (n, place) == (EVENTS[0], 0):
                print("| n | law |", " | ".join(covered), "|")
            print(f"| {n} | {law} |", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
