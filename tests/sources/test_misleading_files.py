"""Files whose name or content misleads: a text called .xls, days swapped by a spreadsheet, a number that is cut off."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from groundswell.markets.series.calendar import sessions_between
from groundswell.model import Measure, SeriesRef
from groundswell.sources.folder import load_folder

from .test_file_formats import make_workbook

DAYS = [day.item() for day in sessions_between(dt.date(2024, 1, 2), dt.date(2024, 6, 28))]
CLOSES = [round(40.0 + place % 7 + place / 100.0, 2) for place in range(len(DAYS))]


def write(folder: Path, name: str, row: str = "{d},{c:.2f}", heading: str = "Date,Close") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [row.format(d=day, c=close) for day, close in zip(DAYS, CLOSES, strict=True)]
    path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return path


def load(folder: Path) -> dict[str, dict[dt.date, float]]:
    return {
        str(one.ref): dict(zip(one.dates.tolist(), one.values.tolist(), strict=True))
        for one in load_folder(folder).series
    }


TRUE = dict(zip(DAYS, CLOSES, strict=True))


@pytest.mark.parametrize("year", [1900, 1904])
def test_a_text_with_days_as_the_numbers_of_excel(tmp_path, year):
    day_0 = {1900: dt.date(1899, 12, 30), 1904: dt.date(1904, 1, 1)}[year]
    rows = [f"{(day - day_0).days},{close}" for day, close in zip(DAYS, CLOSES, strict=True)]
    (tmp_path / "IWM.csv").write_text("\n".join(["Date,Close", *rows]) + "\n")
    assert load(tmp_path) == {"IWM (price)": TRUE}


def test_numbers_among_days_are_no_days(tmp_path):
    path = write(tmp_path, "IWM.csv")
    path.write_text(f"{path.read_text()}45800,41.5\n")
    loaded = load_folder(tmp_path)
    assert dict(zip(loaded.series[0].dates.tolist(), loaded.series[0].values.tolist(), strict=True)) == TRUE
    assert [fault.text for fault in loaded.faults] == ["'45800' is not a date"]


def test_a_text_that_is_called_a_workbook_and_a_workbook_that_is_called_a_text(tmp_path):
    write(tmp_path, "IWM.xls", "{d}\t{c}", "Date\tClose")
    numbers = [[(day - dt.date(1899, 12, 30)).days, close] for day, close in zip(DAYS, CLOSES, strict=True)]
    workbook = make_workbook({"A": [["Date", "Close"], *numbers]}, from_1904=False)
    (tmp_path / "SPY.csv").write_bytes(workbook)
    (tmp_path / "XBI.xls").write_text("<html><body><table><tr><td>Date</td></tr></table></body></html>")
    assert load(tmp_path) == {"IWM (price)": TRUE, "SPY (price)": TRUE}
    (fault,) = load_folder(tmp_path).faults
    assert (fault.file, fault.text) == ("XBI.xls", "it is a web page, not a table")


@pytest.mark.parametrize("written", ["%m/%d/%Y", "%d.%m.%Y"])
def test_days_that_a_spreadsheet_has_swapped_are_refused(tmp_path, written):
    def swap(day: dt.date) -> str:
        return str(dt.date(day.year, day.day, day.month)) if day.day <= 12 else day.strftime(written)

    rows = [f"{swap(day)},{close}" for day, close in zip(DAYS, CLOSES, strict=True)]
    (tmp_path / "IWM.csv").write_text("\n".join(["Date,Close", *rows]))
    write(tmp_path, "SPY.csv")
    assert load(tmp_path) == {"SPY (price)": TRUE}
    (fault,) = load_folder(tmp_path).faults
    assert "a spreadsheet has swapped day and month up to the 12th" in fault.text


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_last_number_that_is_cut_off_is_left_out(tmp_path, cut):
    path = write(tmp_path, "IWM.csv")
    path.write_text(path.read_text().rstrip("\n")[:-cut])
    loaded = load_folder(tmp_path)
    assert loaded.series[0].dates.tolist() == DAYS[:-1]
    (fault,) = loaded.faults
    assert (fault.line, fault.text) == (len(DAYS) + 1, "the last number is cut off")


@pytest.mark.parametrize("row", ["{d},{c:.2f}", "{d},{c:g}", "{d},{c:.2f},1000"])
def test_a_file_without_a_last_line_end_is_whole(tmp_path, row):
    path = write(tmp_path, "IWM.csv", row, "Date,Close,Volume" if row.endswith("0") else "Date,Close")
    path.write_text(path.read_text().rstrip("\n"))
    assert load(tmp_path) == {"IWM (price)": TRUE}


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("BATS_IWM, 1D.csv", "IWM"),
        ("AMEX_SPY, 1D_a1b2c.csv", "SPY"),
        ("STOCK_US_ARCX_IWM.csv", "IWM"),
        ("IWM Historische Kurse.csv", "IWM"),
        ("IWM - Données Historiques.csv", "IWM"),
        ("VIX_History.csv", "^VIX"),
        ("vix.csv", "^VIX"),
    ],
)
def test_names_that_services_give(tmp_path, name, symbol):
    write(tmp_path, name)
    assert load(tmp_path) == {f"{symbol} (price)": TRUE}


@pytest.mark.parametrize("name", ["close.csv", "Closing Prices.csv", "yf_close.csv"])
def test_a_wide_file_of_closes_is_no_total_return(tmp_path, name):
    write(tmp_path, name, "{d},{c},{c}", "Date,IWM,SPY")
    assert load(tmp_path) == {"IWM (price)": TRUE, "SPY (price)": TRUE}


def test_wide_closes_and_dividends_without_a_first_name(tmp_path):
    write(tmp_path, "close.csv", "{d},{c}", "Date,IWM")
    (tmp_path / "dividends.csv").write_text(f"Date,IWM\n{DAYS[50]},0.4\n")
    series = load(tmp_path)
    assert series["IWM (price)"] == TRUE
    ratio = series["IWM (total return)"][DAYS[0]] / CLOSES[0]
    assert ratio == pytest.approx(1.0 - 0.4 / CLOSES[49])


@pytest.mark.parametrize(
    ("name", "ref"),
    [("DGS10.csv", SeriesRef("DGS10", Measure.RATE)), ("VIXCLS.csv", SeriesRef("VIXCLS", Measure.LEVEL))],
)
def test_a_close_of_a_published_series_is_its_value(tmp_path, name, ref):
    write(tmp_path, name, "{d},{c},{c},{c},{c}", "Date,Open,High,Low,Close")
    assert [one.ref for one in load_folder(tmp_path).series] == [ref]


@pytest.mark.parametrize("written", ["1024-03-15", "0204-03-15", "03/15/1024"])
def test_a_mistyped_year_costs_its_row_alone(tmp_path, written):
    row = "{d:%m/%d/%Y},{c}" if "/" in written else "{d},{c}"
    path = write(tmp_path, "IWM.csv", row)
    right = dt.date(2024, 3, 15)
    path.write_text(path.read_text().replace(f"{right:%m/%d/%Y}" if "/" in written else str(right), written))
    loaded = load_folder(tmp_path)
    assert loaded.series[0].dates.tolist() == [day for day in DAYS if day != right]
    assert [fault.text for fault in loaded.faults] == [f"{written!r} is not a date"]


def test_splits_without_dividends_give_no_total_return(tmp_path):
    heading = "Date,Close,Stock Splits"
    write(tmp_path, "IWM.csv", "{d},{c},0.0", heading)
    write(tmp_path, "SPY.csv", "{d},{c},0.0,0.0", f"{heading},Dividends")
    assert load(tmp_path) == {"IWM (price)": TRUE, "SPY (price)": TRUE, "SPY (total return)": TRUE}


def test_two_columns_of_one_heading_with_different_values_are_refused_and_equal_ones_read(tmp_path):
    write(tmp_path, "IWM.csv", "{d},{c},{c}", "Date,Close,Close")
    write(tmp_path, "SPY.csv", "{d},{c},1{c}", "Date,Close,close")
    loaded = load_folder(tmp_path)
    assert [str(one.ref) for one in loaded.series] == ["IWM (price)"]
    assert [str(fault) for fault in loaded.faults] == [
        "SPY.csv, line 1, column Close: 2 columns have this heading and different values; keep the right one"
    ]


def test_a_cell_without_end_is_named_as_such(tmp_path):
    path = write(tmp_path, "IWM.csv")
    path.write_text(f"{path.read_text()}2024-07-01,{'9' * 200_000}\n")
    write(tmp_path, "SPY.csv")
    loaded = load_folder(tmp_path)
    assert [str(one.ref) for one in loaded.series] == ["SPY (price)"]
    (fault,) = loaded.faults
    assert (fault.line, fault.text) == (len(DAYS) + 2, "a cell of more than 131,072 characters")


@pytest.mark.parametrize("form", ["IWM/{}.csv", "{}/IWM.csv", "IWM/IWM {}.csv", "data/IWM/history-{}.csv"])
def test_folders_of_files_cut_by_year_are_one_series(tmp_path, form):
    days = [day.item() for day in sessions_between(dt.date(2022, 1, 3), dt.date(2024, 6, 28))]
    closes = {day: round(40.0 + place % 7 / 10.0 + place / 1000.0, 3) for place, day in enumerate(days)}
    for year in (2022, 2023, 2024):
        path = tmp_path / form.format(year)
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = [f"{day},{close},{close * 0.9}" for day, close in closes.items() if day.year == year]
        path.write_text("\n".join(["Date,Close,Adj Close", *rows]) + "\n")
    found = load(tmp_path)
    assert found["IWM (price)"] == closes
    assert found["IWM (total return)"] == pytest.approx({day: close * 0.9 for day, close in closes.items()})
    assert len(found) == 2


def test_a_year_alone_is_no_symbol(tmp_path):
    write(tmp_path, "2024.csv")
    write(tmp_path, "IWM.csv")
    loaded = load_folder(tmp_path)
    assert [str(one.ref) for one in loaded.series] == ["IWM (price)"]
    assert [str(fault) for fault in loaded.faults] == [
        "2024.csv: its name is not that of a series; name it after its symbol, such as IWM.csv, or add a column symbol"
    ]


def test_days_to_come_are_named_and_left_out_and_a_file_of_them_alone_is_refused(tmp_path):
    path = write(tmp_path, "IWM.csv")
    path.write_text(f"{path.read_text()}2124-07-01,41.5\n9999-12-31,41.5\n")
    later = [f"{day.replace(year=day.year + 96)},{close}" for day, close in TRUE.items()]
    (tmp_path / "SPY.csv").write_text("\n".join(["Date,Close", *later]) + "\n")
    loaded = load_folder(tmp_path, latest=dt.date(2024, 6, 28))
    assert load(tmp_path) == {"IWM (price)": TRUE}
    assert [(fault.file, fault.line, fault.text) for fault in loaded.faults] == [
        ("IWM.csv", len(DAYS) + 2, "2124-07-01 is a day to come"),
        ("IWM.csv", len(DAYS) + 3, "9999-12-31 is a day to come"),
        ("SPY.csv", 2, "2120-01-02 is a day to come"),
    ]
    assert {(fault.column, fault.fix) for fault in loaded.faults} == {("Date", "correct the day, or take the row out")}


def test_a_pipe_holds_nothing_up_and_a_link_to_nothing_is_named(tmp_path):
    write(tmp_path, "IWM.csv")
    os.mkfifo(tmp_path / "SPY.csv")
    (tmp_path / "KRE.csv").symlink_to(tmp_path / "nowhere.csv")
    (tmp_path / "XBI.csv").mkdir()
    loaded = load_folder(tmp_path)
    assert [str(one.ref) for one in loaded.series] == ["IWM (price)"]
    assert [str(fault) for fault in loaded.faults] == [
        "KRE.csv: it cannot be read: No such file or directory; replace the file or take it out"
    ]
