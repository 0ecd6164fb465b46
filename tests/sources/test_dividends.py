"""Files of raw closes with dividends and splits, good and bad."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from groundswell.markets.series.calendar import sessions_between
from groundswell.model import Measure, SeriesRef
from groundswell.sources.folder import load_folder

TOTAL, PRICE = SeriesRef("A", Measure.TOTAL_RETURN), SeriesRef("A", Measure.PRICE)


def load(folder: Path) -> dict[SeriesRef, list[float]]:
    return {one.ref: one.values.tolist() for one in load_folder(folder).series}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.csv", "date,symbol,close,dividends,splits\n2024-01-03,A,49,1,2\n2024-01-02,A,100,,\n2024-01-04,A,52,0,0\n"),
        ("A.csv", "Date,Close,Dividends,Stock Splits\n2024-01-02,100,0,0\n2024-01-03,49,1,2\n2024-01-04,52,0,0\n"),
        ("A.csv", "date,close,divCash,splitFactor\n2024-01-02,100,0,1\n2024-01-03,49,1,2\n2024-01-04,52,0,1\n"),
    ],
    ids=["long, rows out of order, empty cells", "a symbol a file", "names of another vendor"],
)  # fmt: skip
def test_total_returns_are_made_of_closes_and_payouts(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    assert load(tmp_path) == {PRICE: pytest.approx([50, 49, 52]), TOTAL: pytest.approx([49, 49, 52])}


def test_an_adjusted_column_is_taken_as_it_is(tmp_path):
    (tmp_path / "A.csv").write_text("date,close,adj_close,dividend\n2024-01-02,100,90,0\n2024-01-03,99,91,1\n")
    assert load(tmp_path) == {PRICE: [100, 99], TOTAL: [90, 91]}


def test_a_close_without_payouts_gives_no_total_return(tmp_path):
    (tmp_path / "A.csv").write_text("date,close\n2024-01-02,100\n2024-01-03,99\n")
    assert load(tmp_path) == {PRICE: [100, 99]}


def test_an_index_pays_nothing(tmp_path):
    (tmp_path / "p.csv").write_text("date,symbol,close,dividends\n2024-01-02,^X,100,0\n2024-01-03,^X,99,0\n")
    assert load(tmp_path) == {SeriesRef("^X", Measure.PRICE): [100, 99]}


def test_closes_that_are_missing_or_not_positive_are_left_out(tmp_path):
    (tmp_path / "A.csv").write_text(
        "date,close,dividends\n2024-01-02,100,0\n2024-01-03,,0\n2024-01-04,0,0\n2024-01-05,99,1\n"
    )
    loaded = load_folder(tmp_path)
    assert {one.ref: one.values.tolist() for one in loaded.series} == {PRICE: [100, 99], TOTAL: [99, 99]}
    assert any("not above zero left out" in note.text for note in loaded.notes)


def faults(folder: Path) -> list[str]:
    return [str(fault) for fault in load_folder(folder).faults]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            "2024-01-03,99,-1,0",
            "A.csv, line 3: a dividend of -1 is negative; correct the row; no total return is computed for A",
        ),
        (
            "2024-01-03,9,100,",
            "A.csv, line 3: a dividend of 100 is no smaller than the close before, 100; correct the row; "
            "no total return is computed for A",
        ),
        (
            "2024-01-03,,1,0",
            "A.csv, line 3: a dividend on a day without a close; add the close of the day; "
            "no total return is computed for A",
        ),
        (
            "2024-01-03,99,one,0",
            "A.csv, line 3: a dividend or split that cannot be read; correct the cell; "
            "no total return is computed for A",
        ),
        (
            "2024-01-03,99,0,-2",
            "A.csv, line 3: a split of -2 is negative; correct the row; its closes are not used for A",
        ),
    ],
)
def test_a_bad_payout_costs_the_total_return(tmp_path, row, words):
    (tmp_path / "A.csv").write_text(f"date,close,dividends,splits\n2024-01-02,100,0,0\n{row}\n2024-01-04,99,0,0\n")
    (tmp_path / "B.csv").write_text("date,close\n2024-01-02,100\n")
    assert words in faults(tmp_path)
    loaded = load(tmp_path)
    assert TOTAL not in loaded
    assert (PRICE in loaded) is ("split of" not in words)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            "2024-01-03,many,0,0",
            "A.csv, line 3, column close: 'many' is not a number; write a plain number such as 1234.56",
        ),
        ("3.1.2024,99,0,0", "A.csv, line 3, column date: '3.1.2024' is not a date; write dates as YYYY-MM-DD"),
    ],
)
def test_a_bad_row_costs_its_day(tmp_path, row, words):
    (tmp_path / "A.csv").write_text(f"date,close,dividends,splits\n2024-01-02,100,0,0\n{row}\n2024-01-04,99,0,0\n")
    assert faults(tmp_path) == [words]
    assert load(tmp_path) == {PRICE: [100, 99], TOTAL: [100, 99]}


CLOSES = "date,A,B\n2024-01-02,100,10\n2024-01-03,49,11\n2024-01-04,52,\n"
DIVIDENDS = "date,A\n2024-01-03,1\n"
SPLITS = "date,A,B\n2024-01-02,1,0\n2024-01-03,2,\n"


def wide(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"mine_{name}.csv").write_text(text)
    return folder


def test_wide_closes_are_read_with_the_payouts_beside_them(tmp_path):
    loaded = load_folder(wide(tmp_path, close=CLOSES, dividends=DIVIDENDS, splits=SPLITS))
    assert {one.ref: one.values.tolist() for one in loaded.series} == {
        PRICE: pytest.approx([50, 49, 52]),
        TOTAL: pytest.approx([49, 49, 52]),
        SeriesRef("B", Measure.PRICE): [10, 11],
        SeriesRef("B", Measure.TOTAL_RETURN): [10, 11],
    }
    assert [(note.file, note.used) for note in loaded.notes] == [
        ("mine_close.csv", True), ("mine_dividends.csv", True), ("mine_splits.csv", True),
    ]  # fmt: skip
    assert loaded.notes[1].text == "read with mine_close.csv"
    wanted = load_folder(tmp_path, [TOTAL])
    assert [one.ref for one in wanted.series] == [TOTAL]
    assert load_folder(tmp_path, [SeriesRef("C", Measure.PRICE)]).series == ()


def test_wide_closes_alone_are_prices(tmp_path):
    assert set(load(wide(tmp_path, close=CLOSES))) == {PRICE, SeriesRef("B", Measure.PRICE)}


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            {"dividends": "date,A\n2024-01-05,1\n"},
            "mine_dividends.csv, line 2, column A: a dividend of A on 2024-01-05, of which mine_close.csv has no "
            "close; add the close; no total return is computed",
        ),
        (
            {"dividends": "date,A\n2024-01-03,-1\n"},
            "mine_close.csv, line 3: a dividend of -1 is negative; correct the row; no total return is computed for A",
        ),
        (
            {"splits": "day,ratio\n2024-01-03,2\n"},
            "mine_splits.csv, line 1: none of its columns is a symbol of mine_close.csv; "
            "give it date and one column a symbol",
        ),
    ],
)
def test_a_bad_wide_payout_costs_the_total_return_of_its_symbol(tmp_path, files, words):
    folder = wide(tmp_path, close=CLOSES, **files)
    assert faults(folder) == [words]
    loaded = load(folder)
    assert TOTAL not in loaded
    assert loaded[PRICE] == [100, 49, 52]
    assert (SeriesRef("B", Measure.TOTAL_RETURN) in loaded) is ("none of its columns" not in words)


@pytest.mark.shared(
    twin="tests/sources/test_dividends.py::test_the_method_gives_back_the_returns_that_prices_were_made_of"
)
@pytest.mark.parametrize("symbol", ["IWM", "SPY", "HYG"])
def test_the_method_gives_what_a_vendor_gives(market_data, tmp_path, symbol):
    prices = pl.read_parquet(market_data / "prices.parquet").filter(
        pl.col("symbol") == symbol, pl.col("dividend").is_not_null()
    )
    assert len(prices) > 4000
    prices.select("date", "symbol", "close", "dividend").write_parquet(tmp_path / "raw.parquet")
    made = next(one for one in load_folder(tmp_path).series if one.ref.measure is Measure.TOTAL_RETURN)
    vendor = prices.sort("date")["adj_close"].to_numpy()
    ratio = made.values / vendor
    assert np.abs(ratio / ratio[-1] - 1.0).max() < 2e-4


def test_the_method_gives_back_the_returns_that_prices_were_made_of(tmp_path):
    """Each close is the one before times the day's return, less a dividend every 63 sessions."""
    returns = np.random.default_rng(3).normal(0.0004, 0.011, 2000)
    level, lines = 100.0, ["Date,Close,Dividends"]
    for place, (day, gain) in enumerate(
        zip(sessions_between(date(2015, 1, 2), date(2024, 1, 2)), returns, strict=False)
    ):
        dividend = round(level * 0.004, 4) if place % 63 == 50 else 0.0
        level = level * (1.0 + gain) - dividend
        lines.append(f"{day},{level:.6f},{dividend}")
    (tmp_path / "A.csv").write_text("\n".join(lines), encoding="utf-8")
    total = np.array(load(tmp_path)[TOTAL])
    assert np.abs(np.diff(total) / total[:-1] - returns[1:]).max() < 2e-4
