"""Measure how often a claim without any truth is confirmed at some time, when it is looked at each month for 26 years.

    python benchmarks/watching.py [TRIALS] [FOLDER]

Each trial is a made history of a claim whose true mean or slope is zero, looked at 312 times with what was known then.
The first columns follow the 95 % interval, as verdicts do; the others follow the confidence sequence, as the word
"confirmed" and verdict changes do. "Ever" is the share of trials, in percent, in which the one said "above zero" (or
"below zero") at some look; "changes" is the mean number of changes of what it said. Prints the tables that are in
benchmarks/watching-results.md. With 2,000 trials, a share of 2.5 % is uncertain by 0.35 points. The tests run a few
cases of it. With a data folder, real windows are laws too, with their mean moved to zero, and real weeks, with the
factor moved against the response by a number of weeks drawn at random, so that the two have nothing to do with each
other.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from eventverdicts import read_laws
from numpy.typing import NDArray

from groundswell.app.data_folder import read_data
from groundswell.claims.inference.sequences import WINDOW_ERROR, bet_on_mean, compute_reach
from groundswell.claims.inference.widening import compute_widening
from groundswell.hubs.file.load import load_catalog
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.studies.distributions import find_t_quantile
from groundswell.markets.studies.ols import fit
from groundswell.model import Measure, Series, SeriesRef

MONTHS = 312
WEEKS = 1352
WEEKS_IN_WINDOW = 104
LAGS = 4
YEAR = 52
SESSIONS_IN_WEEK = 5
REAL_WEEKS = (("IWM", "SPY"), ("KRE", "SPY"), ("XBI", "SPY"))
FACTOR = SeriesRef("DGS10", Measure.RATE)

Values = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], Values]


def draw_lognormal(rng: np.random.Generator, n: int) -> Values:
    """Draw values of a skew of 1.3 whose mean is zero."""
    return np.exp(0.4 * rng.normal(size=n)) - np.exp(0.08)


def draw_clustered(rng: np.random.Generator, n: int) -> Values:
    """Draw values whose volatility follows GARCH(1, 1)."""
    shocks, variance = rng.normal(size=n + 100), 1.0
    values = np.empty(n + 100)
    for place, shock in enumerate(shocks):
        values[place] = np.sqrt(variance) * shock
        variance = 0.1 + variance * (0.78 + 0.12 * shock**2)
    return values[100:]


def draw_autocorrelated(rng: np.random.Generator, n: int) -> Values:
    """Draw values each of which carries over 0.15 of the one before."""
    values = rng.normal(size=n + 30)
    for place in range(1, n + 30):
        values[place] += 0.15 * values[place - 1]
    return values[30:]


LAWS: dict[str, Draw] = {
    "normal": lambda rng, n: rng.normal(size=n),
    "heavy tails (t3)": lambda rng, n: rng.standard_t(3, size=n),
    "skewed (lognormal 0.4)": draw_lognormal,
    "skewed the other way": lambda rng, n: -draw_lognormal(rng, n),
}
DEPENDENT_LAWS: dict[str, Draw] = {
    "normal": LAWS["normal"],
    "heavy tails (t5)": lambda rng, n: rng.standard_t(5, size=n),
    "volatility in spells": draw_clustered,
    "trending (0.15)": draw_autocorrelated,
}


@dataclass(frozen=True)
class Watched:
    """What the interval and the sequence said at each look: 1 above zero, -1 below it, 0 neither."""

    by_interval: Values
    by_sequence: Values


def judge(estimates: Values, errors: Values, quantiles: Values) -> Values:
    """Say at each look on which side of zero the whole interval lies, if on any."""
    return np.where(np.abs(estimates) > quantiles * errors, np.sign(estimates), 0.0)


def watch_events(values: Values, minimum: int) -> Watched:
    """Look after each event from ``minimum`` on; between events nothing changes."""
    n = np.arange(1, len(values) + 1)
    means = values.cumsum() / n
    spread = np.sqrt(np.maximum((values**2).cumsum() - n * means**2, 0.0) / np.maximum(n - 1, 1))
    looks = n >= minimum
    errors = (spread / np.sqrt(n))[looks]
    by_interval = judge(means[looks], errors, np.array([find_t_quantile(k - 1) for k in n[looks].tolist()]))
    by_sequence = judge(means[looks], errors, np.array([compute_reach(k, minimum) for k in n[looks].tolist()]))
    return Watched(by_interval, by_sequence)


def watch_slope(factor: Values, noise: Values, minimum: int) -> Watched:
    """Look each month at a slope over all weeks until then, with errors of Newey and West."""
    looks = range(minimum, len(noise) + 1, len(noise) // MONTHS)
    said = np.array([_judge_slope(factor[:n], noise[:n], minimum) for n in looks])
    return Watched(said[:, 0], said[:, 1])


def _judge_slope(factor: Values, response: Values, minimum: int) -> tuple[float, float]:
    fitted = fit(response, factor[:, None], LAGS)
    statistic = float(fitted.coefficients[1] / (fitted.errors[1] * compute_widening(LAGS, fitted.n)))
    reach = compute_reach(fitted.n, minimum) * find_t_quantile(fitted.freedom) / find_t_quantile(fitted.n - 1)
    quantiles = (find_t_quantile(fitted.freedom), reach)
    by_interval, by_sequence = (float(np.sign(statistic)) * (abs(statistic) > quantile) for quantile in quantiles)
    return by_interval, by_sequence


def watch_window(values: Values, minimum: int) -> Watched:
    """Look each month at the mean of the last two years of weeks."""
    windows = np.lib.stride_tricks.sliding_window_view(values, WEEKS_IN_WINDOW)[:: len(values) // MONTHS]
    means = windows.mean(axis=1)
    around = windows - means[:, None]
    variance = (around**2).sum(axis=1)
    for lag in range(1, LAGS + 1):
        variance += 2.0 * (1.0 - lag / (LAGS + 1.0)) * (around[:, lag:] * around[:, :-lag]).sum(axis=1)
    n = WEEKS_IN_WINDOW
    errors = np.sqrt(variance * n / (n - 1)) / n * compute_widening(LAGS, n)
    reach = compute_reach(n, minimum, WINDOW_ERROR)
    return Watched(*(judge(means, errors, np.full(len(means), each)) for each in (find_t_quantile(n - 1), reach)))


def watch_share(values: Values, truth: float, minimum: int) -> Watched:
    """Look after each event at the share of events that reached something."""
    said = []
    for n in range(minimum, len(values) + 1):
        sample = values[:n]
        error = sample.std(ddof=1) / np.sqrt(n)
        estimate = sample.mean() - truth
        low, high = bet_on_mean(sample.tolist())
        by_interval = np.sign(estimate) * (abs(estimate) > find_t_quantile(n - 1) * error) if error else 0.0
        said.append((by_interval, float(low > truth) - float(high < truth)))
    return Watched(*np.array(said).T)


def summarise(trials: Iterator[Watched]) -> str:
    """Write one row of a table: by the interval, then by the sequence."""
    watched = list(trials)
    cells = []
    for said in ([each.by_interval for each in watched], [each.by_sequence for each in watched]):
        above, below = (100.0 * np.mean([(side == each).any() for each in said]) for side in (1.0, -1.0))
        changes = np.mean([(np.diff(each) != 0).sum() + (each[0] != 0) for each in said])
        cells += [f"{above:.1f}", f"{below:.1f}", f"{changes:.2f}"]
    return " | ".join(cells)


def list_rows(trials: int) -> Iterator[tuple[str, str, str]]:
    """Measure each case: what is watched, the law, and the cells."""
    for name, draw in LAWS.items():
        for count, minimum in ((12, 5), (40, 5), (MONTHS, 5)):
            rng = np.random.default_rng(1994)
            watched = (watch_events(draw(rng, count), minimum) for _ in range(trials))
            yield f"mean of events, up to {count}, from {minimum} on", name, summarise(watched)
    for name, draw in DEPENDENT_LAWS.items():
        rng = np.random.default_rng(1994)
        watched = (watch_window(draw(rng, WEEKS + WEEKS_IN_WINDOW), 40) for _ in range(trials))
        yield f"mean of the last {WEEKS_IN_WINDOW} weeks, each month", name, summarise(watched)
    for name, draw in DEPENDENT_LAWS.items():
        rng = np.random.default_rng(1994)
        watched = (watch_slope(draw(rng, WEEKS), draw(rng, WEEKS), 52) for _ in range(max(trials // 4, 1)))
        yield f"slope over {WEEKS} weeks, each month", name, summarise(watched)
    for truth in (0.2, 0.5, 0.8):
        rng = np.random.default_rng(1994)
        watched = (watch_share((rng.random(40) < truth).astype(float), truth, 5) for _ in range(max(trials // 4, 1)))
        yield "share of events, up to 40, from 5 on", f"true share {truth}", summarise(watched)


def list_real_rows(folder: Path, trials: int) -> Iterator[tuple[str, str, str]]:
    """Measure the cases of real windows, in sets that share no day, and of real weeks."""
    for name, draw in read_laws(folder):
        for count, minimum in ((12, 5), (40, 5)):
            columns = draw(np.random.default_rng(1994), count, trials).T
            yield (
                f"mean of events, up to {count}, from {minimum} on",
                name,
                summarise(watch_events(column, minimum) for column in columns),
            )
    book = SeriesBook.of(read_data(folder, load_catalog()).series)
    for long, short in REAL_WEEKS:
        response, factor = read_weeks(book, long, short)
        rng = np.random.default_rng(1994)
        shifts = rng.integers(YEAR, len(factor) - YEAR, size=max(trials // 4, 1)).tolist()
        yield (
            f"slope over {len(factor)} weeks, each month",
            f"{long} less {short} on shifted changes of {FACTOR.id}",
            (summarise(watch_slope(np.roll(factor, shift), response, YEAR) for shift in shifts)),
        )


def read_weeks(book: SeriesBook, long: str, short: str) -> tuple[Values, Values]:
    """Return the relative return of each week of five common sessions, and the change of the yield over it."""
    series = [book.by_ref[SeriesRef(name, Measure.TOTAL_RETURN)] for name in (long, short)] + [book.by_ref[FACTOR]]
    days = series[0].dates
    for each in series[1:]:
        days = np.intersect1d(days, each.dates)
    ends = days[::SESSIONS_IN_WEEK]
    of_long, of_short, level = (_read_values(each, ends) for each in series)
    return of_long[1:] / of_long[:-1] - of_short[1:] / of_short[:-1], np.diff(level)


def _read_values(series: Series, days: NDArray[np.datetime64]) -> Values:
    return series.values[np.searchsorted(series.dates, days)]


def main() -> None:
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    rows = [list_rows(trials)] + ([list_real_rows(Path(sys.argv[2]), trials)] if len(sys.argv) > 2 else [])
    print("| watched | law | interval: above | below | changes | sequence: above | below | changes |")
    print("|---|---|---|---|---|---|---|---|")
    for watched, law, cells in chain.from_iterable(rows):
        print(f"| {watched} | {law} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
