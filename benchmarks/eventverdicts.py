"""Measure intervals and verdicts over few events: how often they cover the mean, and how often they support wrongly.

    python benchmarks/eventverdicts.py [TRIALS] [FOLDER]

Prints one row for each law and each number of events, in percent; with 4,000 trials a share is uncertain by 0.3 points
near 5 %, and by 0.8 near 50 %. Values have a standard deviation of 5 points; the claim is "5 or more". With a data
folder, windows of real prices are laws too: sets of windows that share no day, moved so that their mean is the true
one. The figures are copied into benchmarks/eventverdicts-results.md.

| column | share of samples |
|---|---|
| t, bootstrap | whose 95 % interval covers the mean: Student's t, and the stretched bootstrap that it replaced |
| seed | whose verdict of "5 or more" changes between two seeds of that bootstrap, true mean 4.9 |
| supported | in which "5 or more" is supported although the true mean is 4.9: mean at 5, interval above zero |
| in size | the same, where the whole interval must reach 5 |
| direction | in which the interval lies above zero although the true mean is zero; nominal 2.5 |
| predicted | whose 95 % prediction interval contains the next value |
| flip | whose sign-flip p is at most 0.05 although the true mean is zero |
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from stretched_bootstrap import mean_intervals as stretched_intervals

from groundswell.app.data_folder import read_data
from groundswell.claims.inference.means import mean_intervals
from groundswell.claims.inference.signs import flip_p
from groundswell.claims.inference.skewness import compute_skewness
from groundswell.hubs.file.load import load_catalog
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.studies.event_study import Window, every_window
from groundswell.model import Measure, SeriesRef

SEED = 1994
EVENTS = tuple(range(4, 13))
SPREAD, BOUND, SHORT = 5.0, 5.0, 4.9
SAMPLES_PER_BATCH = 500
FLIPS_PER_ROW = 1000
COLUMNS = ("t", "bootstrap", "seed", "supported", "in size", "direction", "predicted", "flip")
REAL_WINDOWS = (
    ("small less large, 63 sessions", "IWM", "SPY", Measure.TOTAL_RETURN, 63),
    ("small less large, price index, 63 sessions", "^RUT", "^GSPC", Measure.PRICE, 63),
    ("S&P 500 fund, 126 sessions", "SPY", None, Measure.TOTAL_RETURN, 126),
    ("S&P 500, 252 sessions", "^GSPC", None, Measure.PRICE, 252),
)
Draw = Callable[[np.random.Generator, int, int], np.ndarray]


def standardise(draw: Callable[[np.random.Generator, tuple[int, int]], np.ndarray], mean: float, spread: float) -> Draw:
    return lambda rng, n, trials: (draw(rng, (n, trials)) - mean) / spread


LAWS: dict[str, Draw] = {
    "normal": standardise(lambda rng, size: rng.standard_normal(size), 0.0, 1.0),
    "t, 3 degrees": standardise(lambda rng, size: rng.standard_t(3, size), 0.0, np.sqrt(3.0)),
    "lognormal, 0.4": standardise(
        lambda rng, size: rng.lognormal(0.0, 0.4, size),
        np.exp(0.08),
        np.sqrt((np.exp(0.16) - 1.0) * np.exp(0.16)),
    ),
}


def draw_windows(windows: np.ndarray, span: int) -> Draw:
    """Draw sets of windows that begin at least ``span`` rows apart, as the placebo test does, in random order."""

    def draw(rng: np.random.Generator, n: int, trials: int) -> np.ndarray:
        slots = np.sort(rng.integers(len(windows) - (n - 1) * span, size=(trials, n)), axis=1)
        values = rng.permuted(windows[slots + span * np.arange(n)], axis=1).T
        return (values - values.mean()) / values.std()

    return draw


def read_laws(folder: Path) -> Iterator[tuple[str, Draw]]:
    loaded = read_data(folder, load_catalog())
    book = SeriesBook.of(loaded.series)
    for name, long, short, measure, horizon in REAL_WINDOWS:
        used = [book.by_ref[SeriesRef(symbol, measure)] for symbol in (long, short) if symbol]
        as_of = min(series.dates[-1] for series in used).astype(object)
        windows = every_window(used[0], used[1] if short else None, Window(horizon), as_of).values
        yield f"{name} (skewness {compute_skewness(windows):.1f})", draw_windows(windows, horizon)


def judge(values: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Judge "5 or more" by the rule of verdicts: 1 for supported, -1 for refuted, 0 for neither."""
    return np.where(high < BOUND, -1, ((values.mean(axis=0) >= BOUND) & (low > 0.0)).astype(int))


def measure_row(draw: Draw, n: int, trials: int, place: int) -> list[float]:
    rng = np.random.default_rng((SEED, n, place))
    counts = dict.fromkeys(COLUMNS, 0.0)
    done = 0
    sets = draw(rng, n + 1, trials) * SPREAD
    for begin in range(0, trials, SAMPLES_PER_BATCH):
        batch = sets[:, begin : begin + SAMPLES_PER_BATCH]
        zero, following = batch[:-1], batch[-1]
        short = zero + SHORT
        low, high = mean_intervals(zero)
        down, up = stretched_intervals(zero)
        again_down, again_up = stretched_intervals(zero, SEED + 1)
        counts["t"] += ((low <= 0.0) & (high >= 0.0)).sum()
        counts["bootstrap"] += ((down <= 0.0) & (up >= 0.0)).sum()
        counts["seed"] += (
            judge(short, down + SHORT, up + SHORT) != judge(short, again_down + SHORT, again_up + SHORT)
        ).sum()
        counts["supported"] += (judge(short, low + SHORT, high + SHORT) == 1).sum()
        counts["in size"] += (low + SHORT >= BOUND).sum()
        counts["direction"] += (low > 0.0).sum()
        mean, wider = zero.mean(axis=0), np.sqrt(n + 1.0)
        counts["predicted"] += (np.abs(following - mean) <= wider * (high - mean)).sum()
        done += batch.shape[1]
    flips = np.array([flip_p(column) for column in sets[:-1, :FLIPS_PER_ROW].T])
    counts["flip"] = (flips <= 0.05).mean() * done
    return [counts[column] / done * 100.0 for column in COLUMNS]


def main(trials: int, folder: Path | None) -> None:
    laws = {**LAWS, **(dict(read_laws(folder)) if folder else {})}
    print("| law | n |", " | ".join(COLUMNS), "|")
    print("|---|---|" + "---|" * len(COLUMNS))
    for place, (law, draw) in enumerate(laws.items()):
        for n in EVENTS:
            print(
                f"| {law} | {n} |",
                " | ".join(f"{share:.1f}" for share in measure_row(draw, n, trials, place)),
                "|",
                flush=True,
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, Path(sys.argv[2]) if len(sys.argv) > 2 else None)
