"""Headings that are no symbols: prices that are none of the close, rates, levels, and splits in words."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from groundswell.errors import BadInputError
from groundswell.markets.series.calendar import sessions_between
from groundswell.model import Measure, SeriesRef
from groundswell.sources.files.inspection import inspect_file
from groundswell.sources.folder import load_folder
from groundswell.sources.tables.split_ratios import parse_split_ratio

DAYS = sessions_between(dt.date(2024, 6, 3), dt.date(2024, 7, 31)).tolist()
LATEST = dt.date(2024, 12, 31)
CLOSES = [round(200.0 + 0.37 * row, 2) for row in range(len(DAYS))]
IWM, RUT = SeriesRef("IWM", Measure.PRICE), SeriesRef("^RUT", Measure.PRICE)


def write(folder, name, head, row):
    rows = [row.format(d=day, c=f"{close:.2f}", n=f"{close + 1:.2f}") for day, close in zip(DAYS, CLOSES, strict=True)]
    (folder / name).write_text("\n".join([head, *rows]) + "\n")


def load(folder):
    return {one.ref: one.values.tolist() for one in load_folder(folder, latest=LATEST).series}


@pytest.mark.parametrize(
    "heading",
    [
        *("Settle", "SETTLE", "Settlement Price", "Market Price", "MARKET PRICE", "Market Price ($)", "Close (USD)"),
        *("Closing Price [EUR]", "Last Sale", "Last", "LAST", "Closing Value", "Price (USD)"),
    ],
)
def test_a_column_of_closes_under_any_name(tmp_path, heading):
    write(tmp_path, "IWM.csv", f"Date,{heading}", "{d},{c}")
    assert load(tmp_path) == {IWM: CLOSES}


@pytest.mark.parametrize(
    "heading",
    ["NAV", "Nav", "nav", "NAV per Share", "Net Asset Value", "NAV (USD)", "VWAP", "Bid", "Ask", "Mid"],
)
def test_a_price_that_is_none_of_the_close_is_refused_in_words(tmp_path, heading):
    write(tmp_path, "IWM.csv", f"Date,{heading},Shares Outstanding", "{d},{c},1000")
    with pytest.raises(BadInputError) as raised:
        load_folder(tmp_path, latest=LATEST)
    (line,) = raised.value.mistakes
    assert f"{heading} is no closing price, and it has no column of closes" in line
    assert "no closing price" in inspect_file(tmp_path / "IWM.csv", LATEST).reason


def test_the_market_price_of_an_issuer_is_read_next_to_its_net_asset_value(tmp_path):
    write(tmp_path, "IWM.csv", "As Of,NAV,Market Price,Premium/Discount (%),AUM", "{d},{n},{c},0.1,9")
    assert load(tmp_path) == {IWM: CLOSES}


def test_symbols_in_capitals_stay_symbols_next_to_others(tmp_path):
    write(tmp_path, "mine_price.csv", "Date,IWM,NAV,BID,LOW,OPEN,RATE", "{d},{c},{n},{n},{n},{n},{n}")
    assert {ref.id for ref in load(tmp_path)} == {"IWM", "NAV", "BID", "LOW", "OPEN", "RATE"}


@pytest.mark.parametrize("heading", ["Rate", "Yield", "Yield (%)", "YIELD", "Value", "Level"])
def test_a_rate_is_named_after_its_file(tmp_path, heading):
    rows = "".join(f"{day},{4 + row / 100:.2f}\n" for row, day in enumerate(DAYS))
    (tmp_path / "DGS10.csv").write_text(f"Date,{heading}\n{rows}")
    assert list(load(tmp_path)) == [SeriesRef("DGS10", Measure.RATE)]


@pytest.mark.parametrize("heading", ["Index Level", "Index Value", "Value", "Level", "Closing Level"])
def test_a_level_of_an_index_is_its_price(tmp_path, heading):
    write(tmp_path, "^RUT.csv", f"Date,{heading}", "{d},{c}")
    assert load(tmp_path) == {RUT: CLOSES}


def test_the_yield_of_a_fund_is_no_series_next_to_its_close(tmp_path):
    write(tmp_path, "IWM.csv", "Date,Close,Yield", "{d},{c},1.2")
    assert load(tmp_path) == {IWM: CLOSES}


@pytest.mark.parametrize(
    ("cell", "ratio"),
    [
        ("4:1", 4.0),
        ("4/1", 4.0),
        ("1:4", 0.25),
        ("2-for-1", 2.0),
        ("1 for 10", 0.1),
        ("3 : 2", 1.5),
        ("2-for-1 stock split", 2.0),
        ("4.000000/1.000000", 4.0),
        ("1,5:1", 1.5),
        ("4", None),
        ("0:1", None),
        ("4:0", None),
        ("04:01:00", None),
        ("2024/06/03", None),
        ("for", None),
    ],
)
def test_a_split_in_words(cell, ratio):
    assert parse_split_ratio(cell) == ratio


@pytest.mark.parametrize("written", ["4:1", "4/1", "4-for-1", "4.0"])
@pytest.mark.parametrize("form", ["csv", "semicolons", "parquet"])
def test_closes_are_adjusted_for_a_split_in_words(tmp_path, written, form):
    at = 20
    closes = [round(close * (4.0 if row < at else 1.0), 2) for row, close in enumerate(CLOSES)]
    splits = [written if row == at else "" for row in range(len(DAYS))]
    if form == "parquet":
        columns = {"date": DAYS, "close": closes, "dividends": [0.0] * len(DAYS), "splits": splits}
        pl.DataFrame(columns).write_parquet(tmp_path / "IWM.parquet")
    else:
        sign, comma = (";", ",") if form == "semicolons" else (",", ".")
        if comma == "," and written == "4.0":
            splits = [split.replace(".", ",") for split in splits]
        numbers = [f"{close:.2f}".replace(".", comma) for close in closes]
        rows = [
            f"{day}{sign}{number}{sign}0{sign}{split}" for day, number, split in zip(DAYS, numbers, splits, strict=True)
        ]
        head = sign.join(["date", "close", "dividends", "splits"])
        (tmp_path / "IWM.csv").write_text("\n".join([head, *rows]) + "\n")
    loaded = load_folder(tmp_path, latest=LATEST)
    assert not loaded.faults
    by_ref = {one.ref: one.values.tolist() for one in loaded.series}
    assert by_ref[IWM] == pytest.approx(CLOSES, abs=1e-9)
    assert by_ref[SeriesRef("IWM", Measure.TOTAL_RETURN)] == pytest.approx(CLOSES, abs=1e-9)


def test_a_split_that_cannot_be_read_costs_the_total_return_and_is_named(tmp_path):
    write(tmp_path, "IWM.csv", "date,close,dividends,splits", "{d},{c},0,soon")
    loaded = load_folder(tmp_path, latest=LATEST)
    assert [one.ref for one in loaded.series] == [IWM]
    assert any("split" in fault.text or "no numbers" in fault.text for fault in loaded.faults)
