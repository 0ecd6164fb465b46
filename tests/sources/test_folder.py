from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from groundswell.errors import BadInputError, NotFoundError
from groundswell.model import Frequency, Measure, Series, SeriesRef
from groundswell.sources.folder import load_folder
from groundswell.sources.loaded import FileNote

TOTAL, PRICE, RATE, LEVEL = Measure.TOTAL_RETURN, Measure.PRICE, Measure.RATE, Measure.LEVEL
LONG = """date,symbol,close,adj_close,volume,source
2024-01-03,IWM,198.0,190.0,7,first
2024-01-02,IWM,200.0,192.0,7,first
2024-01-04,IWM,199.0,191.0,7,second
2024-01-02,^RUT,2000.0,2000.0,,index
2024-01-03,SPY,,470.0,9,first
"""


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text)
    return path


def load(folder: Path, *wanted: SeriesRef) -> dict[SeriesRef, Series]:
    return {series.ref: series for series in load_folder(folder, wanted or None).series}


def said(folder: Path, file: str) -> str:
    return "; ".join(note.text for note in load_folder(folder).notes if note.file == file)


def faults(folder: Path) -> list[str]:
    """List the faults of a folder, whether any of its files can be used or not."""
    try:
        return [str(fault) for fault in load_folder(folder).faults]
    except BadInputError as error:
        return list(error.mistakes)


def values(series: Series) -> dict[str, float]:
    return dict(zip(series.dates.astype(str).tolist(), series.values.tolist(), strict=True))


@pytest.mark.parametrize("name", ["prices.csv", "prices.csv.gz", "prices.parquet"])
def test_the_long_form_in_each_kind_of_file(tmp_path, name):
    if name.endswith(".parquet"):
        pl.read_csv(LONG.encode(), try_parse_dates=True).write_parquet(tmp_path / name)
    else:
        put(tmp_path, name, LONG)
    found = load(tmp_path)
    assert set(found) == {
        SeriesRef("IWM", TOTAL), SeriesRef("IWM", PRICE), SeriesRef("SPY", TOTAL), SeriesRef("^RUT", PRICE),
    }  # fmt: skip
    iwm = found[SeriesRef("IWM", TOTAL)]
    assert values(iwm) == {"2024-01-02": 192.0, "2024-01-03": 190.0, "2024-01-04": 191.0}
    assert (iwm.frequency, iwm.source, iwm.revised) == (Frequency.DAILY, "first and 1 more", False)
    assert iwm.known_at.astype(str).tolist()[0] == "2024-01-02T21:00:00"


def test_only_what_is_wanted_is_loaded(tmp_path):
    put(tmp_path, "prices.csv", LONG)
    assert set(load(tmp_path, SeriesRef("IWM", PRICE))) == {SeriesRef("IWM", PRICE)}
    nothing = load_folder(tmp_path, [SeriesRef("XBI", PRICE)])
    assert nothing.series == ()
    assert nothing.notes == (FileNote("prices.csv", False, "not used: it holds none of the series that are used"),)


def test_an_index_has_no_total_return(tmp_path):
    put(tmp_path, "index.csv", "date,symbol,adj_close\n2024-01-02,^RUT,2000\n")
    assert list(load(tmp_path)) == [SeriesRef("^RUT", PRICE)]
    assert load(tmp_path, SeriesRef("^RUT", TOTAL)) == {}


@pytest.mark.parametrize(
    ("name", "header", "ref"),
    [
        ("mine.csv", "date,IWM", SeriesRef("IWM", TOTAL)),
        ("mine.csv", "Date,^RUT", SeriesRef("^RUT", PRICE)),
        ("mine.csv", "observation_date,DGS10", SeriesRef("DGS10", RATE)),
        ("mine.csv", "DATE,VIXCLS", SeriesRef("VIXCLS", LEVEL)),
        ("mine_price.csv", "date,IWM", SeriesRef("IWM", PRICE)),
        ("mine-total-return.csv", "date,IWM", SeriesRef("IWM", TOTAL)),
        ("my rate.csv", "date,PRIME", SeriesRef("PRIME", RATE)),
        ("my_level.csv", "date,CPI", SeriesRef("CPI", LEVEL)),
    ],
)
def test_the_wide_form_and_how_its_measure_is_named(tmp_path, name, header, ref):
    put(tmp_path, name, f"{header},EMPTY\n2024-01-02,1.5,\n2024-01-03,.,\n")
    found = load(tmp_path)
    assert {key: values(series) for key, series in found.items()} == {ref: {"2024-01-02": 1.5}}
    assert found[ref].source == name


def test_a_wide_column_may_begin_late(tmp_path):
    rows = "".join(f"{np.datetime64('2000-01-01') + day},1,{'' if day < 2000 else 5}\n" for day in range(2010))
    put(tmp_path, "mine.csv", "date,OLD,NEW\n" + rows)
    assert {ref.id: len(series) for ref, series in load(tmp_path).items()} == {"OLD": 2010, "NEW": 10}


def test_a_file_of_one_symbol_is_named_after_it(tmp_path):
    put(tmp_path, "IWM.csv", "Date,Open,High,Low,Close,Adj Close,Volume\n2024-01-02,1,2,1,2.5,2.25,9\n")
    found = load(tmp_path)
    assert {ref: values(one) for ref, one in found.items()} == {
        SeriesRef("IWM", TOTAL): {"2024-01-02": 2.25},
        SeriesRef("IWM", PRICE): {"2024-01-02": 2.5},
    }


def test_a_file_of_one_macro_series_is_named_after_it(tmp_path):
    put(tmp_path, "DGS10.csv", "date,value\n2024-01-02,3.95\n")
    assert {ref: values(one) for ref, one in load(tmp_path).items()} == {SeriesRef("DGS10", RATE): {"2024-01-02": 3.95}}


def test_the_row_numbers_that_pandas_writes_are_no_series(tmp_path):
    put(tmp_path, "mine.csv", ",date,IWM\n0,2024-01-02,1.5\n")
    assert [ref.id for ref in load(tmp_path)] == ["IWM"]


@pytest.mark.parametrize(
    ("rows", "revised", "known"),
    [
        pytest.param("2024-01-05,NFCI,-0.5\n2024-01-12,NFCI,-0.4\n", True, "2024-01-11T21:30:00", id="weekly, revised"),
        pytest.param("2024-01-03,WALCL,7\n2024-01-10,WALCL,7\n", False, "2024-01-04T21:30:00", id="balance sheet"),
        pytest.param("2024-01-01,UNRATE,3.7\n2024-02-01,UNRATE,3.9\n", True, "2024-02-15T21:30:00", id="monthly"),
        pytest.param("2024-01-02,DGS10,3.9\n2024-01-03,DGS10,4.0\n", False, "2024-01-03T21:30:00", id="daily"),
        pytest.param("2024-01-02,DGS10,3.9\n", False, "2024-01-03T21:30:00", id="a single date"),
    ],
)
def test_when_macro_values_became_known(tmp_path, rows, revised, known):
    put(tmp_path, "macro.csv", "date,series,value\n" + rows)
    (series,) = load(tmp_path).values()
    assert (series.revised, str(series.known_at[0])) == (revised, known)


def test_missing_values_are_left_out_and_bad_prices_told(tmp_path):
    put(
        tmp_path,
        "prices.csv",
        "date,symbol,close\n2024-01-02,IWM,\n2024-01-03,IWM,NaN\n2024-01-04,IWM,0\n2024-01-05,IWM,-1\n2024-01-08,IWM,5\n",
    )
    assert values(load(tmp_path)[SeriesRef("IWM", PRICE)]) == {"2024-01-08": 5.0}
    assert said(tmp_path, "prices.csv") == "used for IWM (price); 2 prices not above zero left out"


def test_rates_may_be_negative(tmp_path):
    put(tmp_path, "macro.csv", "date,series,value\n2024-01-02,DFII10,-0.5\n")
    assert values(load(tmp_path)[SeriesRef("DFII10", RATE)]) == {"2024-01-02": -0.5}


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("alt.csv", LONG + "2024-01-02,IWM,1,1,1,other\n", "not used: it holds several rows for 2024-01-02 and IWM"),
        ("twice.csv", "date,IWM\n2024-01-02,1\n2024-01-02,2\n", "not used: it holds no values; twice.csv, line 3"),
        ("fomc.csv", "date,time,lower\n2024-01-31,14:00,5.25\n", "not used: its columns are neither date, symbol"),
        ("undated.csv", "ticker,close\nIWM,1\n", "not used: it has no column date"),
        ("constituents_x.csv", "date,symbol,close\n2024-01-02,A,1\n", "not used: it describes the members of a fund"),
        ("holdings.parquet", "not even a Parquet file", "not used: it describes the members of a fund"),
        ("blank.csv", "date,symbol,close\n2024-01-02,A,\n", "not used: it holds no values"),
    ],
)
def test_files_that_are_not_used_say_why(tmp_path, name, text, reason):
    put(tmp_path, "good.csv", "date,symbol,close\n2024-01-02,IWM,1\n")
    put(tmp_path, name, text)
    assert list(load(tmp_path)) == [SeriesRef("IWM", PRICE)]
    assert said(tmp_path, name).startswith(reason)


def test_a_column_of_times_is_no_series(tmp_path):
    put(tmp_path, "good.csv", "date,IWM\n2024-01-02,1\n")
    table = pl.DataFrame({"date": [date(2024, 1, 2)], "IWM": [1.0], "asked": [date(2024, 1, 3)]})
    table.write_parquet(tmp_path / "mine.parquet")
    assert said(tmp_path, "mine.parquet").startswith("not used")


def test_files_without_a_stated_source_and_with_times_of_day(tmp_path):
    table = pl.DataFrame({"date": [date(2024, 1, 2)], "symbol": ["IWM"], "close": [1.0], "source": [None]})
    table.with_columns(pl.col("date").cast(pl.Datetime)).write_parquet(tmp_path / "mine.parquet")
    (series,) = load(tmp_path).values()
    assert (series.source, series.last) == ("source not stated", date(2024, 1, 2))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "p.csv",
            b"date,symbol,close\n2024-01-02,A,1\n01/03/2024,A,2\n",
            "p.csv, line 3, column date: '01/03/2024' is not a date; write dates as YYYY-MM-DD",
        ),
        (
            "p.csv",
            b"date,symbol,close\n2024-01-02,A,1\n2024-01-03,A,high\n",
            "p.csv, line 3, column close: 'high' is not a number; write a plain number such as 1234.56",
        ),
        ("p.csv", b"date,A,B\n2024-01-02,1,2\n2024-01-03,x,2\n2024-01-04,1,2\n", "p.csv, line 3, column A: 'x' is not"),
        (
            "p.csv",
            b"date,A\n2024-01-02,1\n2024-01-02 00:00,2\n",
            "p.csv, line 3, column A: different values of A on",
        ),
        ("p.csv", b"", "p.csv: it is empty; replace the file or take it out"),
        ("p.csv", b"date,A\n2024-01-02,1\n2024-01-03,1,2,3\n", "p.csv, line 3: it has 4 cells and the heading 2"),
        ("p.csv", b"date,A\n2024-01-02,\xff\xfe\n", "p.csv: not used: its columns are neither date, symbol and prices"),
        ("p.csv.gz", b"not compressed", "p.csv.gz: it is not compressed with gzip"),
        ("p.parquet", b"PAR1 and then nonsense", "p.parquet: it cannot be read"),
        ("p.xlsx", b"PK and then nonsense", "p.xlsx: it is no workbook that can be read"),
    ],
)
def test_what_is_wrong_is_named_with_its_place_and_the_fix(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    (fault,) = faults(tmp_path)
    assert fault.startswith(words)
    assert "\n" not in fault
    put(tmp_path, "good.csv", "date,symbol,close\n2024-01-02,IWM,1\n")
    assert SeriesRef("IWM", PRICE) in load(tmp_path), "one bad file stops no other"
    assert faults(tmp_path) == [fault] * ("not used: " not in fault)


def test_one_bad_row_costs_no_other(tmp_path):
    rows = "2024-01-02,A,1,1\n2024-01-03,A,high,2\nsoon,A,3,3\n2024-01-05,A,4,4\n2024-01-05,A,5,4\n"
    put(tmp_path, "p.csv", "date,symbol,close,adj_close\n" + rows)
    found = load(tmp_path)
    assert values(found[SeriesRef("A", PRICE)]) == {"2024-01-02": 1.0}
    assert values(found[SeriesRef("A", TOTAL)]) == {"2024-01-02": 1.0, "2024-01-03": 2.0, "2024-01-05": 4.0}
    assert [fault.partition(":")[0] for fault in faults(tmp_path)] == [
        "p.csv, line 4, column date", "p.csv, line 3, column close", "p.csv, line 6, column close",
    ]  # fmt: skip
    issues = {(issue.kind.value, issue.series, issue.days) for issue in load_folder(tmp_path).data_issues}
    assert issues >= {
        ("unreadable cell", "A (price)", (date(2024, 1, 3),)),
        ("two values for a day", "A (price)", (date(2024, 1, 5),)),
    }


def test_numbers_in_parquet_are_no_dates(tmp_path):
    pl.DataFrame({"date": [99], "symbol": ["A"], "close": [1.0]}).write_parquet(tmp_path / "p.parquet")
    assert faults(tmp_path) == ["p.parquet, line 1, column date: '99' is not a date; write dates as YYYY-MM-DD"]


def test_a_folder_must_be_there_and_hold_files(tmp_path):
    with pytest.raises(NotFoundError, match="there is no folder"):
        load_folder(tmp_path / "none")
    put(tmp_path, "notes.txt", "hello")
    put(tmp_path, ".hidden.csv", "hello")
    with pytest.raises(BadInputError, match="contains no data file"):
        load_folder(tmp_path)


@pytest.mark.shared(twin="tests/sources/test_folder.py::test_made_data_load_in_whole")
def test_the_measuring_data_load_in_whole(market_data, loaded_market):
    loaded, found = loaded_market, {series.ref: series for series in loaded_market.series}
    rut = found[SeriesRef("^RUT", PRICE)]
    assert (str(rut.dates[0]), rut.source.count("1987-09-10 to 1998-12-31")) == ("1987-09-10", 1)
    assert found[SeriesRef("NFCI", LEVEL)].revised
    assert SeriesRef("^RUT", TOTAL) not in found
    used = {note.file for note in loaded.notes if note.used}
    assert used == {"macro.parquet", "prices.parquet", "russell2000_price_index_1987_1998.csv"}
    assert {note.file for note in loaded.notes} == {f.name for f in market_data.iterdir() if f.suffix != ".md"}


def test_made_data_load_in_whole(made_market):
    loaded = load_folder(made_market)
    assert {(ref.id, ref.measure) for ref in (series.ref for series in loaded.series)} >= {
        ("IWM", TOTAL), ("IWM", PRICE), ("SPY", TOTAL), ("SPY", PRICE), ("KRE", TOTAL), ("^GSPC", PRICE),
        ("^VIX", PRICE), ("DFF", RATE), ("DGS10", RATE), ("BAMLH0A0HYM2", RATE),
    }  # fmt: skip
    assert SeriesRef("^RUT", TOTAL) not in {series.ref for series in loaded.series}
    assert {note.file for note in loaded.notes} == {path.name for path in made_market.iterdir()}
    used = {"IWM.csv", "SPY.csv", "funds_total_return.csv", "indices_price.csv", "macro.csv", "spreads_rate.csv"}
    assert {note.file for note in loaded.notes if note.used} == used


def test_a_folder_without_a_single_useful_file_lists_why(tmp_path):
    put(tmp_path, "holdings.csv", "ticker,weight\nA,1\n")
    put(tmp_path, "a.csv", "x,y\n1,2\n")
    with pytest.raises(BadInputError, match=r"no file in .* holds prices or rates") as raised:
        load_folder(tmp_path)
    assert raised.value.mistakes == (
        "a.csv: not used: it has no column date among 'x, y'",
        "holdings.csv: not used: it describes the members of a fund",
    )


def test_spaces_around_a_number_are_no_mistake(tmp_path):
    (tmp_path / "p.csv").write_text("date,symbol,adj_close\n2024-01-02,A, 1.5 \n2024-01-03,A,2\n")
    (series,) = load_folder(tmp_path).series
    assert series.values.tolist() == [1.5, 2.0]
