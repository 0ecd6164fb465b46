"""Files of raw closes with dividends and splits, good and bad."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from groundswell.errors import BadInputError
from groundswell.sources.files import load_folder
from groundswell.types import Measure, SeriesRef

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
    assert any("prices that are not positive were left out" in note.text for note in loaded.notes)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2024-01-03,99,-1,0", "A.csv, row 3: a dividend of -1 is negative; mend the row"),
        ("2024-01-03,9,100,", "A.csv, row 3: a dividend of 100 is no smaller than the close before, 100; mend the row"),
        ("2024-01-03,,1,0", "A.csv, row 3: a dividend on a day without a close; add the close of the day"),
        ("2024-01-03,99,one,0", "A.csv, row 3: 'one' is not a number; write it with a decimal point"),
        ("2024-01-03,many,0,0", "A.csv, row 3: 'many' is not a number; write it with a decimal point"),
        ("2024-01-03,99,0,-2", "A.csv, row 3: a split of -2 is negative; mend the row"),
        ("3.1.2024,99,0,0", "A.csv, row 3: '3.1.2024' is not a date; write dates as YYYY-MM-DD"),
    ],
)  # fmt: skip
def test_a_bad_row_is_told_in_one_line(tmp_path, row, words):
    (tmp_path / "A.csv").write_text(f"date,close,dividends,splits\n2024-01-02,100,0,0\n{row}\n2024-01-04,99,0,0\n")
    with pytest.raises(BadInputError) as raised:
        load_folder(tmp_path)
    assert str(raised.value) == words


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
