"""Measure how often 95 % intervals cover the truth: made series with known truth, through the code that claims use.

    python benchmarks/coverage.py [TRIALS]

Prints three tables, one row for each case, in percent. With 2,000 trials a share is uncertain by 0.5 points. The first
table is copied into docs/decisions/0008-intervals-that-cover.md. The tests run the same cases in 100 trials, as a
guard against gross errors only. The intervals over few events have a benchmark of their own, eventintervals.py.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date

import numpy as np

from groundswell.claims.estimands.comparisons.trailing_comparison import TrailingArguments, measure
from groundswell.claims.estimands.relations.sensitivity import NEWEY_WEST_LAGS
from groundswell.claims.inference.summary import summarise_coefficient
from groundswell.claims.inference.widening import compute_widening
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import sessions_between
from groundswell.markets.studies.distributions import find_t_quantile
from groundswell.markets.studies.ols import fit
from groundswell.markets.studies.variance_share import combine_shares, estimate_shares
from groundswell.model import Frequency, Measure, Series, SeriesRef

Draw = Callable[[np.random.Generator, int], np.ndarray]

REGRESSION_COLUMNS = (
    "mean, t", "mean, widened", "slope, t", "slope, widened", "share 0.2", "share 0.5", "difference",
)  # fmt: skip
TRUE_SLOPE = 0.5
AS_OF = date(2024, 12, 31)
SESSIONS = sessions_between(date(2021, 1, 4), AS_OF)
DAILY_DRIFT = 0.0002
SESSIONS_IN_YEARS = {1: 252, 2: 503, 3: 753}


def draw_autocorrelated(rng: np.random.Generator, n: int, memory: float) -> np.ndarray:
    """Draw five columns in which each row carries over the share ``memory`` of the row before."""
    rows = rng.normal(size=(n + 30, 5))
    for place in range(1, len(rows)):
        rows[place] += memory * rows[place - 1]
    return rows[30:]


def draw_clustered(rng: np.random.Generator, n: int) -> np.ndarray:
    """Draw five columns whose common volatility follows GARCH(1, 1)."""
    shocks, variance, scale = rng.normal(size=n + 100), 1.0, []
    for shock in shocks.tolist():
        scale.append(np.sqrt(variance))
        variance = 0.1 + variance * (0.78 + 0.12 * shock**2)
    return rng.normal(size=(n, 5)) * np.array(scale[100:])[:, None]


LAWS: dict[str, Draw] = {
    "normal": lambda rng, n: rng.normal(size=(n, 5)),
    "heavy tails (t5)": lambda rng, n: rng.standard_t(5, size=(n, 5)),
    "volatility in spells": draw_clustered,
    "trending (0.15)": lambda rng, n: draw_autocorrelated(rng, n, 0.15),
    "returning (-0.15)": lambda rng, n: draw_autocorrelated(rng, n, -0.15),
}


def mean_is_covered(rows: np.ndarray, lags: int, *, wide: bool) -> bool:
    """Whether the interval of the mean of a column covers zero, with or without the widening for lags."""
    fitted = fit(rows[:, 3], np.empty((len(rows), 0)), lags)
    half = find_t_quantile(len(rows) - 1) * fitted.errors[0] * (compute_widening(lags, len(rows)) if wide else 1.0)
    return bool(abs(fitted.coefficients[0]) <= half)


def slope_is_covered(factors: np.ndarray, noise: np.ndarray, lags: int, *, wide: bool) -> bool:
    """Whether the interval of the slope on the first factor covers the slope that was put in."""
    fitted = fit(TRUE_SLOPE * factors[:, 0] + noise, factors, lags)
    estimate, error = float(fitted.coefficients[1]), float(fitted.errors[1])
    brief = summarise_coefficient(estimate, error, fitted.n, fitted.freedom, counted="row", lags=lags if wide else 0)
    return bool(brief.ci_low <= TRUE_SLOPE <= brief.ci_high)


def shares_are_covered(rows: np.ndarray, lags: int) -> list[bool]:
    """Whether the intervals of two shares of variance, 0.2 and 0.5, and of their difference cover these."""
    signal = rows[:, :3].sum(axis=1) / np.sqrt(3.0)
    estimated = estimate_shares(rows[:, :3], np.column_stack([2.0 * signal + rows[:, 3], signal + rows[:, 4]]), lags)
    half = find_t_quantile(len(rows) - 4) * compute_widening(lags, len(rows))
    covered = []
    for weights, true in (((1.0, 0.0), 0.2), ((0.0, 1.0), 0.5), ((1.0, -1.0), -0.3)):
        low, high = combine_shares(estimated, np.array(weights), half)
        covered.append(bool(low <= true <= high))
    return covered


def lead_is_covered(rng: np.random.Generator, memory: float, years: int) -> bool:
    """Whether the interval of a trailing lead covers what the drift alone makes of it."""
    shocks = rng.normal(0, 0.01, len(SESSIONS) + 1)
    values = np.exp(np.cumsum(DAILY_DRIFT + shocks[1:] + memory * shocks[:-1]))
    book = SeriesBook.of([make_series("A", values), make_series("SPY", np.ones(len(SESSIONS)))])
    measured = measure(TrailingArguments(long="A", short="SPY", years=years), book, AS_OF)
    true = np.expm1(DAILY_DRIFT * SESSIONS_IN_YEARS[years])
    return bool(measured.summary.ci_low <= true <= measured.summary.ci_high)


def make_series(name: str, values: np.ndarray) -> Series:
    known = SESSIONS.astype("datetime64[s]") + np.timedelta64(21, "h")
    return Series(SeriesRef(name, Measure.TOTAL_RETURN), Frequency.DAILY, "made", SESSIONS, values, known)


def print_row(*cells: object) -> None:
    print(
        "| " + " | ".join(f"{cell:.1f}" if isinstance(cell, float) else str(cell) for cell in cells) + " |", flush=True
    )


def print_regressions(trials: int) -> None:
    lags = NEWEY_WEST_LAGS["week"]
    print_row("n", "law", *REGRESSION_COLUMNS)
    for n in (52, 104, 278, 557, 1036):
        for law, draw in LAWS.items():
            covered = np.zeros(7)
            for seed in range(trials):
                rows = draw(np.random.default_rng(seed), n)
                means = [mean_is_covered(rows, lags, wide=wide) for wide in (False, True)]
                slopes = [slope_is_covered(rows[:, :2], rows[:, 3], lags, wide=wide) for wide in (False, True)]
                covered += [*means, *slopes, *shares_are_covered(rows, lags)]
            print_row(n, law, *(100.0 * covered / trials).tolist())


def print_persistent_slopes(trials: int) -> None:
    print_row("n", "persistence of rows", "slope, t", "slope, widened")
    for n, memory in ((104, 0.0), (104, 0.3), (300, 0.2), (520, 0.3), (1000, 0.2)):
        covered = np.zeros(2)
        for seed in range(trials):
            rows = draw_autocorrelated(np.random.default_rng(seed), n, memory)
            lags = NEWEY_WEST_LAGS["week"]
            covered += [slope_is_covered(rows[:, :1], rows[:, 1], lags, wide=wide) for wide in (False, True)]
        print_row(n, f"{memory:.1f}", *(100.0 * covered / trials).tolist())


def print_trailing_leads(trials: int) -> None:
    print_row("years", "persistence of days", "trailing lead")
    for years in SESSIONS_IN_YEARS:
        for memory in (-0.03, 0.0, 0.03):
            covered = sum(lead_is_covered(np.random.default_rng(seed), memory, years) for seed in range(trials))
            print_row(years, f"{memory:+.2f}", 100.0 * covered / trials)


def main(trials: int) -> None:
    for print_table in (print_regressions, print_persistent_slopes, print_trailing_leads):
        print_table(trials)
        print()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
