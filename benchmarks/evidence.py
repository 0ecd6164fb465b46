"""Measure how long evidence takes: all hubs with all readings, cold and warm, breadth, and the same by other packages.

    python benchmarks/evidence.py DATA_FOLDER [AS_OF]

*Cold* is a new process that reads the folder, checks its series and evaluates every claim of all hubs with all
readings; nothing is kept from an earlier run but the disk cache of the system. *First* does the same and keeps what
reading gave, by the hash of the files, in a folder that is empty before; *later* finds it there. *Plain* is a new
process that only reads the same columns of the same Parquet files, by DuckDB and without any check. All are run in
turn, and their medians of five and the ratio of cold to plain are printed. *Warm* is the evaluation alone, again in a
process in which it ran before.

Other lines have a name and seconds of processor time (the least of three). What others compute too is timed in turn:
each of both is repeated for a twentieth of a second, five times; the medians of both and of the ratios of neighbours
are printed, and the largest difference of the answers. Abnormal returns are compared with the package ``eventstudy``
if it is installed (the extra ``bench``). Figures of one run are in benchmarks/evidence-results.md.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from groundswell.claims.binding import bind_claim, list_needs
from groundswell.claims.evaluate import evaluate_claims
from groundswell.hubs.file.load import load_catalog
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.indicators.breadth import BREADTH_MEASURES
from groundswell.markets.indicators.fundamentals import GROUPS
from groundswell.markets.series.book import SeriesBook, common_dates
from groundswell.markets.series.catalogue import INDEX_BREADTH
from groundswell.markets.series.resample import cut_into_steps
from groundswell.markets.studies.event_study import Window, event_study
from groundswell.markets.studies.market_model import MarketModel, abnormal_study
from groundswell.markets.studies.ols import fit
from groundswell.markets.studies.rolling import THREE_YEARS, rolling_fit
from groundswell.model import Measure, SeriesRef
from groundswell.sources.derived.breadth import breadth_series
from groundswell.sources.files.query import fetch_columns, list_columns, write_path, write_scan
from groundswell.sources.folder import load_folder
from groundswell.sources.kept.load import load_kept
from groundswell.sources.shipped.french import load_french_factors

LAGS = 4
RUNS = 5
TURN = 0.05  # seconds for which one of two is repeated before the other has its turn
PLAIN_COLUMNS = ("date", "symbol", "series", "contract", "close", "adj_close", "value")


def main(folder: Path, as_of: date) -> None:
    if "--cold" in sys.argv:
        evaluate_all(load(folder), as_of)
        return
    if "--kept" in sys.argv:
        evaluate_all(load(folder, Path(sys.argv[-1])), as_of)
        return
    if "--plain" in sys.argv:
        read_plainly(folder)
        return
    measure_cold(folder, as_of)
    book = load(folder)
    evaluate_all(book, as_of)
    count = sum(1 + len(bind_claim(claim).readings) for hub in load_catalog() for claim in hub.claims if claim.measure)
    seconds = time_best(lambda: evaluate_all(book, as_of))[0]
    print(f"{f'warm: all hubs, {count} measurements':58}{seconds:8.2f} s (target 1)")
    measure_breadth(folder)
    compare_regression(book, as_of)
    compare_rolling(book, as_of)
    compare_abnormal(book, as_of)
    compare_event_study(book, as_of)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'peak memory of this process':58}{peak:8.0f} MB")


@dataclass(frozen=True, slots=True)
class Run:
    """What one process took: seconds on the clock and of processors, and megabytes at its peak."""

    wall: float
    busy: float
    peak: float


def measure_cold(folder: Path, as_of: date) -> None:
    """Time new processes, in turn with those that keep what was read and with plain reading, and print the medians."""
    cold, first, later, plain = [], [], [], []
    for _ in range(RUNS):
        cold.append(run_process(folder, as_of, "--cold"))
        with TemporaryDirectory() as keep_in:
            first.append(run_process(folder, as_of, "--kept", keep_in))
            later.append(run_process(folder, as_of, "--kept", keep_in))
        plain.append(run_process(folder, as_of, "--plain"))
    lines = (
        ("cold: a new process, files, all hubs and readings", cold),
        ("first: the same, and what was read is kept", first),
        ("later: the same files, what was read is there", later),
        ("plain reading", plain),
    )
    for name, runs in lines:
        wall, busy, peak = (median(getattr(run, part) for run in runs) for part in ("wall", "busy", "peak"))
        targets = "" if runs is plain else "; targets 3 s, 450 MB"
        print(f"{name:58}{wall:8.2f} s on the clock, {busy:.2f} s of processors, {peak:.0f} MB{targets}")
    ratio = median(ours.wall / theirs.wall for ours, theirs in zip(cold, plain, strict=True))
    busy = median(ours.busy / theirs.busy for ours, theirs in zip(cold, plain, strict=True))
    print(f"{'cold over plain':58}{ratio:8.1f} on the clock, {busy:.1f} of processors")


def run_process(folder: Path, as_of: date, *what: str) -> Run:
    begin = time.perf_counter()
    process = subprocess.Popen([sys.executable, __file__, str(folder), str(as_of), *what])
    _, status, spent = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    if status:
        raise SystemExit(f"the process failed: {' '.join(what)}")
    return Run(wall, spent.ru_utime + spent.ru_stime, spent.ru_maxrss / 1024)


def read_plainly(folder: Path) -> None:
    """Read days, names and values of every Parquet file, as columns, without looking at them."""
    for file in sorted(folder.glob("*.parquet")):
        names = [name for name in list_columns(file) if name in PLAIN_COLUMNS]
        if names:
            fetch_columns(f"SELECT {', '.join(names)} FROM {write_scan(file)}", [write_path(file)])


def load(folder: Path, keep_in: Path | None = None) -> SeriesBook:
    refs = frozenset(ref for hub in load_catalog() for ref in list_needs(hub.claims))
    loaded = load_kept(folder, refs, keep_in, datetime.now(UTC)) if keep_in else load_folder(folder, refs)
    return SeriesBook.of((*loaded.series, *load_french_factors()))


def evaluate_all(book: SeriesBook, as_of: date) -> None:
    for hub in load_catalog():
        evaluate_claims(hub.slug, hub.claims, book, as_of)


def measure_breadth(folder: Path) -> None:
    """Time every breadth measure of both groups, from the files of members' prices."""
    wanted = [INDEX_BREADTH.ref(group, gauge) for group in GROUPS for gauge in BREADTH_MEASURES]
    seconds, series = time_best(lambda: breadth_series(folder, wanted))
    sessions = max(map(len, series))
    print(f"{f'breadth: {len(series)} series of {sessions} sessions, with reading':58}{seconds:8.2f} s (target 2)")


def compare_event_study(book: SeriesBook, as_of: date) -> None:
    """Compare relative returns after every pause since 1994, and their mean with its error, with statsmodels."""
    long, short = (book.by_ref[SeriesRef(name, Measure.PRICE)] for name in ("^RUT", "^GSPC"))
    days = [event.date for name in ("rise_pauses", "cut_pauses") for event in EVENT_LISTS[name].find(as_of)]
    window = Window(63)

    def ours() -> np.ndarray:
        values = np.array([event.value for event in event_study(sorted(days), long, short, window, as_of).values])
        found = fit(values, np.empty((len(values), 0)), 0)
        return np.array([found.coefficients[0], found.errors[0]])

    def theirs() -> np.ndarray:
        import pandas as pd  # noqa: PLC0415 - not needed for the cold figures
        import statsmodels.api as sm  # noqa: PLC0415 - not needed for the cold figures

        frame = pd.DataFrame({one.ref.id: pd.Series(one.values, index=one.dates) for one in (long, short)}).dropna()
        values = []
        for day in sorted(days):
            at = frame.index.searchsorted(pd.Timestamp(day))
            if at + 63 < len(frame):
                ends = frame.iloc[at + 63] / frame.iloc[at] - 1
                values.append(ends["^RUT"] - ends["^GSPC"])
        model = sm.OLS(np.array(values), np.ones(len(values))).fit(cov_type="HC1")
        return np.array([model.params[0], model.bse[0]])

    report("event study: mean and error, 63 sessions after pauses", ours, theirs)


def compare_abnormal(book: SeriesBook, as_of: date) -> None:
    """Compare cumulative abnormal returns by the market model after every pause since 1994 with ``eventstudy``.

    Only values are compared: the error of that package ignores that alpha and beta are estimated.
    """
    if find_spec("eventstudy") is None:
        print("abnormal returns: the package eventstudy is not installed; pip install 'groundswell[bench]'")
        return
    long, market = (book.by_ref[SeriesRef(name, Measure.PRICE)] for name in ("^RUT", "^GSPC"))
    days = sorted(event.date for name in ("rise_pauses", "cut_pauses") for event in EVENT_LISTS[name].find(as_of))
    model = MarketModel(Window(63))
    values = abnormal_study(days, long, market, model, as_of).values

    def ours() -> np.ndarray:
        return np.array([event.value for event in abnormal_study(days, long, market, model, as_of).values])

    def theirs() -> np.ndarray:
        from eventstudy import Single, models  # noqa: PLC0415 - of the benchmark alone

        sessions = common_dates((long, market))
        own, other = (one.values[np.searchsorted(one.dates, sessions)] for one in (long, market))
        returns = [np.append(np.nan, one[1:] / one[:-1] - 1.0) for one in (own, other)]
        found = []
        for event in values:
            base = int(np.searchsorted(sessions, np.datetime64(event.start)))
            rows = np.r_[base - model.gap - model.sessions + 1 : base - model.gap + 1, base + 1 : base + 64]
            data = {"security_returns": returns[0][rows], "market_returns": returns[1][rows]}
            one = Single(models.market_model, data, event_window=(1, 63), estimation_size=model.sessions)
            found.append(one.CAR[-1])
        return np.array(found)

    report(f"abnormal returns: {len(values)} events, market model", ours, theirs, "eventstudy")


def take_weeks(book: SeriesBook, as_of: date) -> tuple[np.ndarray, np.ndarray]:
    """Return weekly returns of IWM, and weekly changes of the 10-year yield."""
    pair = [book.by_ref[SeriesRef("IWM", Measure.TOTAL_RETURN)], book.by_ref[SeriesRef("DGS10", Measure.RATE)]]
    cut = cut_into_steps(pair, "week", as_of)
    response, factor = (cut.changes[one.ref] for one in pair)
    return response, factor


def compare_regression(book: SeriesBook, as_of: date) -> None:
    """Compare one regression of IWM on the 10-year yield, all weeks, with Newey-West errors, with statsmodels."""
    response, factor = take_weeks(book, as_of)

    def ours() -> tuple[np.ndarray, np.ndarray]:
        found = fit(response, factor[:, None], LAGS)
        return found.coefficients, found.errors

    def theirs() -> tuple[np.ndarray, np.ndarray]:
        found = fit_by_statsmodels(response, factor)
        return found.params, found.bse

    report(f"regression of {len(response)} weeks, Newey-West", ours, theirs)


def compare_rolling(book: SeriesBook, as_of: date) -> None:
    """Compare betas of IWM on the 10-year yield in windows of 156 weeks, with Newey-West errors, with statsmodels."""
    response, factor = take_weeks(book, as_of)
    windows = [slice(at, at + THREE_YEARS) for at in range(len(response) - THREE_YEARS + 1)]

    def ours() -> np.ndarray:
        found = rolling_fit(response, factor[:, None], THREE_YEARS, LAGS)
        return np.column_stack([found.coefficients[:, 1], found.errors[:, 1]])

    def theirs() -> np.ndarray:
        found = (fit_by_statsmodels(response[window], factor[window]) for window in windows)
        return np.array([(one.params[1], one.bse[1]) for one in found])

    report(f"rolling betas: {len(windows)} windows of {THREE_YEARS} weeks, Newey-West", ours, theirs)


def fit_by_statsmodels(response: np.ndarray, factor: np.ndarray) -> Any:
    import statsmodels.api as sm  # noqa: PLC0415 - not needed for the cold figures

    robust = {"cov_type": "HAC", "cov_kwds": {"maxlags": LAGS, "use_correction": True}}
    return sm.OLS(response, sm.add_constant(factor)).fit(**robust)


def report(name: str, ours: Callable[[], Any], theirs: Callable[[], Any], who: str = "statsmodels") -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        apart = float(np.abs(np.subtract(ours(), theirs())).max())  # and imports
        pairs = [(time_turn(ours), time_turn(theirs)) for _ in range(RUNS)]
    mine, other = (median(times) for times in zip(*pairs, strict=True))
    ratio = median(there / here for here, there in pairs)
    print(f"{name:58}{mine * 1e3:8.3f} ms; {who} {other * 1e3:.2f} ms, ratio {ratio:.1f}, at most {apart:.1e} apart")


def time_turn(work: Callable[[], Any]) -> float:
    """Return the seconds of processor time of one run, from as many as a turn has room for."""
    begin, count = time.process_time(), 0
    while (spent := time.process_time() - begin) < TURN:
        work()
        count += 1
    return spent / count


def time_best(work: Callable[[], Any]) -> tuple[float, Any]:
    times = []
    for _ in range(3):
        begin = time.process_time()
        answer = work()
        times.append(time.process_time() - begin)
    return min(times), answer


if __name__ == "__main__":
    dates = [one for one in sys.argv[2:] if not one.startswith("--")]
    main(Path(sys.argv[1]), date.fromisoformat(dates[0]) if dates else date(2026, 8, 20))
