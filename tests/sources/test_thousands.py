"""Whether 1.234 is a little more than one, or more than a thousand: decided by evidence, or refused in words."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from groundswell.errors import BadInputError
from groundswell.markets.series.calendar import sessions_between
from groundswell.model import Measure, SeriesRef
from groundswell.sources.files.inspection import inspect_file
from groundswell.sources.folder import load_folder
from groundswell.sources.tables.decimal_signs import Customs, DecimalSign
from groundswell.sources.tables.numbers import parse_number_columns

from .test_file_formats import make_workbook

DAYS = sessions_between(dt.date(2024, 6, 3), dt.date(2024, 7, 31)).tolist()
WHOLE = [2034 + 7 * row % 90 for row in range(len(DAYS))]
LATEST = dt.date(2024, 12, 31)


def write(head, row, numbers, day_form="%Y-%m-%d"):
    rows = [row.format(d=day.strftime(day_form), n=number) for day, number in zip(DAYS, numbers, strict=True)]
    return "\n".join([head, *rows]) + "\n"


def group(sign, numbers=WHOLE):
    return [f"{number:,}".replace(",", sign) for number in numbers]


def load(folder, name, text, ref):
    (folder / name).write_text(text)
    (series,) = [one for one in load_folder(folder, latest=LATEST).series if one.ref == ref]
    return series.values.tolist()


IWM = SeriesRef("IWM", Measure.PRICE)
AS_WHOLE = [float(number) for number in WHOLE]
AS_DECIMALS = [number / 1000.0 for number in WHOLE]

DECIDED = {
    "day first with dots": ("date,close", "{d},{n}", ".", "%d.%m.%Y", AS_WHOLE),
    "day first with semicolons": ("date;close", "{d};{n}", ".", "%d/%m/%Y", AS_WHOLE),
    "month first": ("Date,Close", "{d},{n}", ".", "%m/%d/%Y", AS_DECIMALS),
    "commas and month first": ("Date\tClose", "{d}\t{n}", ",", "%m/%d/%Y", AS_WHOLE),
    "commas and day first with dots": ("Datum;Schluss", "{d};{n}", ",", "%d.%m.%Y", AS_DECIMALS),
    "a decimal comma elsewhere": ("date;close;change", "{d};{n};0,15", ".", "%Y-%m-%d", AS_WHOLE),
    "a volume of millions in groups": ("date,close,volume", "{d},{n},1.234.567", ".", "%Y-%m-%d", AS_WHOLE),
    "a volume that is not in groups": ("date,close,volume", "{d},{n},1234567", ".", "%Y-%m-%d", AS_DECIMALS),
    "a dividend in decimals": ("date,close,dividends", "{d},{n},0.0", ".", "%Y-%m-%d", AS_DECIMALS),
}


@pytest.mark.parametrize("case", DECIDED)
def test_what_else_is_in_the_file_decides(tmp_path, case):
    head, row, sign, day_form, expected = DECIDED[case]
    assert load(tmp_path, "IWM.csv", write(head, row, group(sign), day_form), IWM) == expected


UNDECIDED = {
    "points between commas": ("date,close", "{d},{n}", "."),
    "points between semicolons": ("date;close", "{d};{n}", "."),
    "points between tabs": ("date\tclose", "{d}\t{n}", "."),
    "commas in quotation marks": ("date,close", '{d},"{n}"', ","),
    "commas between semicolons": ("date;close", "{d};{n}", ","),
    "days of one country, and volumes of another": ("date;close;volume", "{d};{n};1234567", "."),
}


@pytest.mark.parametrize("case", UNDECIDED)
def test_where_nothing_decides_the_file_is_refused_and_says_why(tmp_path, case):
    head, row, sign = UNDECIDED[case]
    day_form = "%d.%m.%Y" if "country" in case else "%Y-%m-%d"
    (tmp_path / "IWM.csv").write_text(write(head, row, group(sign), day_form))
    with pytest.raises(BadInputError) as raised:
        load_folder(tmp_path, latest=LATEST)
    (line,) = raised.value.mistakes
    assert line.startswith("IWM.csv, line 2, column close: ")
    assert "can be a decimal number or thousands, and no cell decides it" in line
    inspected = inspect_file(tmp_path / "IWM.csv", LATEST)
    assert "can be a decimal number or thousands" in inspected.reason
    assert not inspected.series


def test_a_file_that_crosses_a_thousand_is_decided_by_the_values_next_to_each_other(tmp_path):
    crossing = [960 + 11 * row % 80 for row in range(len(DAYS))]
    text = write("date,close", "{d},{n}", group(".", crossing))
    assert load(tmp_path, "IWM.csv", text, IWM) == [float(number) for number in crossing]
    (remark,) = inspect_file(tmp_path / "IWM.csv", LATEST).remarks
    assert remark.startswith(
        "in column close, 1,234 is a decimal number, 1.234 more than a thousand: the integers next"
    )


def test_old_quotes_in_eighths_stay_decimals(tmp_path):
    eighths = ["5", "5.125", "4.875", "5"] * 10
    text = write("date,close", "{d},{n}", [*eighths, *["5.125"] * len(DAYS)][: len(DAYS)])
    assert set(load(tmp_path, "IWM.csv", text, IWM)) == {5.0, 5.125, 4.875}


@pytest.mark.parametrize(
    ("name", "ref", "sign", "expected"),
    [
        ("DGS10.csv", SeriesRef("DGS10", Measure.RATE), ".", AS_DECIMALS),
        ("DGS10.csv", SeriesRef("DGS10", Measure.RATE), ",", AS_DECIMALS),
        ("^GSPC.csv", SeriesRef("^GSPC", Measure.PRICE), ".", AS_WHOLE),
        ("^GSPC.csv", SeriesRef("^GSPC", Measure.PRICE), ",", AS_WHOLE),
    ],
)
def test_known_series_are_read_as_what_they_can_be(tmp_path, name, ref, sign, expected):
    assert (
        load(tmp_path, name, write("date;value", "{d};{n}", group(sign)), ref) == expected
        if ref.measure is (Measure.RATE)
        else load(tmp_path, name, write("date;close", "{d};{n}", group(sign)), ref) == expected
    )


def test_three_decimals_of_a_fund_are_decimals_because_no_share_costs_so_much(tmp_path):
    numbers = [f"{182.345 + row / 7:.3f}" for row in range(len(DAYS))]
    assert load(tmp_path, "IWM.csv", write("date,close", "{d},{n}", numbers), IWM) == [float(one) for one in numbers]


def test_each_row_of_a_long_file_is_judged_by_its_own_series(tmp_path):
    rows = "".join(f"{day};DGS10;4.12{row % 10}\n" for row, day in enumerate(DAYS))
    others = "".join(f"{day};OWN;1.23{row % 10}\n" for row, day in enumerate(DAYS))
    text = f"date;series;value\n{rows}{others}"
    assert max(load(tmp_path, "macro.csv", text, SeriesRef("OWN", Measure.RATE))) == 1.239


def test_numbers_of_a_workbook_are_numbers(tmp_path):
    rows = [["date", "close"], *zip([day.isoformat() for day in DAYS], AS_DECIMALS, strict=True)]
    (tmp_path / "IWM.xlsx").write_bytes(make_workbook({"IWM": rows}, from_1904=False))
    (series,) = load_folder(tmp_path, latest=LATEST).series
    assert series.values.tolist() == AS_DECIMALS


def test_texts_in_parquet_are_judged_too(tmp_path):
    pl.DataFrame({"date": DAYS, "close": group(".")}).write_parquet(tmp_path / "IWM.parquet")
    pl.DataFrame({"date": DAYS, "close": AS_WHOLE}).write_parquet(tmp_path / "SPY.parquet")
    loaded = load_folder(tmp_path, latest=LATEST)
    assert [str(one.ref.id) for one in loaded.series] == ["SPY"]
    (fault,) = loaded.faults
    assert (fault.file, fault.column) == ("IWM.parquet", "close")
    assert "can be a decimal number or thousands" in fault.text


def test_hints_that_contradict_decide_nothing():
    fits = Customs(DecimalSign.COMMA, "days are written day first")
    assert parse_number_columns({"": ["1.234"]}, customs=fits)[""].values.tolist() == [1234.0]
    assert parse_number_columns({"": ["1.234"]}, [["1234567"]], fits)[""].refused
    tens = [f"38.{number}0" for number in range(10, 40)]
    assert parse_number_columns({"": tens}, customs=fits)[""].refused
    assert parse_number_columns({"": tens}, customs=Customs())[""].values[0] == 38.1


def test_a_cell_at_the_end_of_a_large_column_decides_it():
    cells = ["1.234"] * 5000
    cells[4321] = "1.2"
    assert parse_number_columns({"": cells}, customs=Customs())[""].values[0] == 1.234
