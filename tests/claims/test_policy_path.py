from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from groundswell.claims.binding import bind_claim, describe_claim, list_needs
from groundswell.markets.series.book import SeriesBook
from groundswell.model import Measure, Verdict
from groundswell.sources.folder import load_folder

from .made import INF, claim, evaluate_claim, series

DAY = date(2026, 8, 20)
SPEC = claim("policy-path", (-INF, -0.25), {"months": 6})
DAYS = np.arange("2026-08-03", "2026-08-21", dtype="datetime64[D]")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    prices = {
        "202608": 96.4,
        "202609": 96.5,
        "202610": 96.55,
        "202611": 96.7,
        "202612": 96.8,
        "202701": 96.9,
        "202702": 97.0,
    }
    rows = [
        {"date": str(day), "contract": contract, "close": price}
        for contract, price in prices.items()
        for day in DAYS
        if contract != "202702" or day < np.datetime64("2026-08-19")
    ]
    twice = [{**row, "close": row["close"] + 0.01} for row in rows if row["contract"] == "202611"]
    pl.DataFrame([*rows, *twice]).write_parquet(tmp_path / "zq_made.parquet")
    pl.DataFrame({"date": ["2026-08-03"], "x": [1]}).write_parquet(tmp_path / "zq_other.parquet")
    pl.DataFrame({"date": [str(day) for day in DAYS], "value": [3.6] * len(DAYS)}).write_csv(tmp_path / "DFF.csv")
    return tmp_path


def read_book(folder: Path, spec=SPEC) -> SeriesBook:
    return SeriesBook.of(load_folder(folder, list_needs([spec])).series)


def evaluate(folder: Path, as_of: date = DAY, spec=SPEC):
    return evaluate_claim("h", spec, read_book(folder, spec), as_of)


def test_the_change_priced_over_the_coming_meetings(folder):
    found = evaluate(folder)
    # November has no meeting, and two prices, of which the mean is taken; January's average tells of its few days.
    september = (3.5 * 30 - 3.6 * 16) / 14
    december = (3.2 * 31 - 3.295 * 9) / 22
    january = (3.1 * 31 - december * 27) / 4
    assert [str(event.date) for event in found.events] == ["2026-09-16", "2026-10-28", "2026-12-09", "2027-01-27"]
    assert [event.value + 3.6 for event in found.events] == pytest.approx([september, 3.295, december, january])
    open_by = (0.0025 * 31 + (0.0025 * 31 + 0.0025 * 9) / 22 * 27) / 4
    assert found.ci_high - found.estimate == pytest.approx(open_by + 0.005)
    assert found.notes[0].startswith(
        "Effective rate 3.60 %; priced on 2026-08-20 after the meetings of 2026-09-16 3.39 %,"
    )
    assert {"DFF (rate)", "ZQ.2026-11 (price)"} <= {use.series for use in found.sources}
    assert "coming 6 months" in describe_claim(SPEC)


def test_old_prices_say_nothing_of_today(folder):
    refused = bind_claim(SPEC).main.measure(read_book(folder), date(2026, 8, 28))
    assert refused.reason.startswith("the newest price of a federal funds future is of 2026-08-20, more than a week")
    last, later = evaluate(folder, date(2026, 8, 27)), evaluate(folder, date(2027, 8, 27))
    assert (later.verdict, later.estimate, later.events) == (last.verdict, last.estimate, last.events)
    assert (last.stale, later.stale, later.measured_as_of) == (None, date(2026, 8, 20), last.as_of)


def test_a_path_without_a_rate_is_not_measured(folder):
    found = evaluate(folder, date(2026, 8, 2))
    assert found.verdict is Verdict.NOT_MEASURED
    assert found.reason.startswith("no rates of DFF known by 2026-08-02")


def test_without_futures(folder):
    (folder / "zq_made.parquet").unlink()
    assert evaluate(folder).reason.startswith("no prices of federal funds futures known by 2026-08-20; put a file zq")


def test_a_path_needs_meetings_and_a_rate_after_the_last_change(folder):
    one = evaluate(folder, spec=claim("policy-path", (-INF, -0.25), {"months": 1}))
    assert [event.value for event in one.events] == [evaluate(folder).events[0].value]  # October's meeting is known of
    file = folder / "zq_made.parquet"
    pl.read_parquet(file).filter(pl.col("contract") == "202608").write_parquet(file)
    assert evaluate(folder).reason.startswith("no meeting after 2026-08-20 is scheduled and has prices")
    book = [one for one in load_folder(folder, list_needs([SPEC])).series if one.ref.id != "DFF"]
    days = np.array(["2025-12-08"], dtype="datetime64[D]")
    moved = [
        series(one.ref.id, np.array([96.5]), Measure.PRICE, np.array(["2025-12-11"], dtype="datetime64[D]"))
        for one in book
    ]
    early = SeriesBook.of([*moved, series("DFF", np.array([3.9]), Measure.RATE, days)])
    found = evaluate_claim("h", SPEC, early, date(2025, 12, 12))
    assert found.reason == "the newest effective rate is of 2025-12-08, before the change of 2025-12-10 took effect"


@pytest.mark.shared(twin="tests/claims/test_policy_path.py::test_the_change_priced_over_the_coming_meetings")
def test_in_real_data(market_book):
    found = evaluate_claim("h", SPEC, market_book, DAY)
    assert (found.n, found.verdict) == (4, Verdict.REFUTED)
    assert found.estimate == pytest.approx(0.275, abs=0.001)
