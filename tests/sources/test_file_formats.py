"""Files as the programs and services that people use write them: each gives the same series back."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import zipfile
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from groundswell.errors import BadInputError
from groundswell.markets.series.calendar import sessions_between
from groundswell.model import Measure, SeriesRef
from groundswell.sources.folder import load_folder

DAYS = [day.item() for day in sessions_between(dt.date(2024, 5, 20), dt.date(2024, 8, 30))]
CLOSES = [round(200.0 + 7.0 * np.sin(place / 5.0) + place / 20.0, 2) for place in range(len(DAYS))]
ADJUSTED = [round(close * (0.9 + place / 10.0 / len(DAYS)), 4) for place, close in enumerate(CLOSES)]
PRICE, TOTAL = Measure.PRICE, Measure.TOTAL_RETURN
ROWS = list(zip(DAYS, CLOSES, ADJUSTED, strict=True))


def lines(*texts: str) -> str:
    return "\n".join(texts) + "\n"


def table(heading: str, row: str, *, newest_first: bool = False, footer: str = "") -> str:
    """Write a row for each day; ``row`` is a format of d (day), c (close) and a (adjusted close)."""
    written = [row.format(d=day, c=close, a=adjusted) for day, close, adjusted in ROWS]
    return lines(heading, *(reversed(written) if newest_first else written), *([footer] if footer else []))


def load(folder: Path) -> dict[SeriesRef, dict[dt.date, float]]:
    loaded = load_folder(folder)
    assert not loaded.faults
    return {one.ref: dict(zip(one.dates.tolist(), one.values.tolist(), strict=True)) for one in loaded.series}


def price(symbol: str = "IWM") -> dict[SeriesRef, dict[dt.date, float]]:
    return {SeriesRef(symbol, PRICE): dict(zip(DAYS, CLOSES, strict=True))}


def both(symbol: str = "IWM") -> dict[SeriesRef, dict[dt.date, float]]:
    return {**price(symbol), SeriesRef(symbol, TOTAL): dict(zip(DAYS, ADJUSTED, strict=True))}


YFINANCE_FIELDS = "Adj Close,Close,High,Low,Open,Volume"
YFINANCE_ROW = "{d},{a},{c},{c},{c},{c},100"
TEXTS = {
    "yfinance, one heading": (
        "IWM.csv",
        table("Date,Open,High,Low,Close,Adj Close,Volume", "{d},{c},{c},{c},{c},{a},100"),
        both(),
    ),
    "yfinance, days with the zone of the exchange": (
        "IWM.csv",
        table("Date,Open,Close,Adj Close,Volume", "{d} 00:00:00-04:00,{c},{c},{a},100"),
        both(),
    ),
    "yfinance, three headings": (
        "prices.csv",
        table(
            lines(f"Price,{YFINANCE_FIELDS}", "Ticker,IWM,IWM,IWM,IWM,IWM,IWM", "Date,,,,,,").rstrip("\n"), YFINANCE_ROW
        ),
        both(),
    ),
    "yfinance, three headings, grouped by ticker": (
        "prices.csv",
        table(
            lines("Ticker,IWM,IWM,SPY,SPY", "Price,Close,Adj Close,Close,Adj Close", "Date,,,,").rstrip("\n"),
            "{d},{c},{a},{c},{a}",
        ),
        {**both(), **both("SPY")},
    ),
    "yfinance, several tickers, no names of the levels": (
        "prices.csv",
        table(
            lines(",Adj Close,Adj Close,Close,Close", ",IWM,SPY,IWM,SPY", "Date,,,,").rstrip("\n"),
            "{d},{a},{a},{c},{c}",
        ),
        {**both(), **both("SPY")},
    ),
    "yfinance, index reset": (
        "prices.csv",
        table(lines("Date,Close,Close,Adj Close,Adj Close", ",IWM,SPY,IWM,SPY").rstrip("\n"), "{d},{c},{c},{a},{a}"),
        {**both(), **both("SPY")},
    ),
    "yfinance, pairs as headings": (
        "prices.csv",
        table("""Date,"('Close', 'IWM')","('Adj Close', 'IWM')","('Volume', 'IWM')\"""", "{d},{c},{a},9"),
        both(),
    ),
    "pandas, without a name of the index": ("IWM.csv", table(",Close,Adj Close", "{d},{c},{a}"), both()),
    "pandas, with row numbers": ("IWM.csv", table(",Date,Close,Adj Close", "7,{d},{c},{a}"), both()),
    "quantmod": (
        "prices.csv",
        table('"Index","IWM.Open","IWM.Close","IWM.Volume","IWM.Adjusted"', "{d},{c},{c},7,{a}"),
        both(),
    ),
    "joined headings": ("prices.csv", table("Date,Close_IWM,Adj Close_IWM", "{d},{c},{a}"), both()),
    "Stooq": ("iwm_us_d.csv", table("Date,Open,High,Low,Close,Volume", "{d},{c},{c},{c},{c},7"), price()),
    "Stooq in Polish": (
        "iwm_us_d.csv",
        table("Data,Otwarcie,Najwyzszy,Najnizszy,Zamkniecie,Wolumen", "{d},{c},{c},{c},{c},7"),
        price(),
    ),
    "Stooq in bulk": (
        "iwm.us.txt",
        table(
            "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>",
            "IWM.US,D,{d:%Y%m%d},000000,{c},{c},{c},{c},7,0",
        ),
        price(),
    ),
    "Nasdaq": (
        "IWM.csv",
        table(
            "Date,Close/Last,Volume,Open,High,Low", '{d:%m/%d/%Y},${c},"1,234,567",${c},${c},${c}', newest_first=True
        ),
        price(),
    ),
    "investing.com": (
        "IWM ETF Stock Price History.csv",
        "\ufeff"
        + table(
            '"Date","Price","Open","High","Low","Vol.","Change %"',
            '"{d:%m/%d/%Y}","{c}","{c}","{c}","{c}","1.20M","0.33%"',
            newest_first=True,
        ),
        price(),
    ),
    "investing.com, names of months": (
        "IWM Historical Data.csv",
        table('"Date","Price","Vol.","Change %"', '"{d:%b %d, %Y}","{c}","1.2M","-0.1%"'),
        price(),
    ),
    "investing.com, day first": (
        "IWM Historical Data (1).csv",
        table('"Date","Price","Change %"', '"{d:%d/%m/%Y}","{c}","1%"'),
        price(),
    ),
    "WSJ": (
        "IWM.csv",
        table("Date, Open, High, Low, Close, Volume", "{d:%m/%d/%y}, {c}, {c}, {c}, {c}, 7", newest_first=True),
        price(),
    ),
    "Alpha Vantage": (
        "daily_adjusted_IWM.csv",
        table(
            "timestamp,open,high,low,close,adjusted_close,volume,dividend_amount,split_coefficient",
            "{d},{c},{c},{c},{c},{a},7,0.0000,1.0",
            newest_first=True,
        ),
        both(),
    ),
    "EODHD": (
        "IWM.US.csv",
        table("Date,Open,High,Low,Close,Adjusted_close,Volume", "{d},{c},{c},{c},{c},{a},7", footer="72"),
        both(),
    ),
    "Tiingo": (
        "IWM.csv",
        table(
            "date,close,high,low,open,volume,adjClose,adjHigh,adjLow,adjOpen,adjVolume,divCash,splitFactor",
            "{d}T00:00:00.000Z,{c},{c},{c},{c},7,{a},{a},{a},{a},7,0.0,1.0",
        ),
        both(),
    ),
    "Barchart": (
        "iwm_daily_historical-data-09-01-2024.csv",
        table(
            "Time,Open,High,Low,Latest,Change,%Change,Volume",
            "{d:%m/%d/%Y},{c},{c},{c},{c},0.1,+0.05%,7",
            footer='"Downloaded from Barchart.com as of 09-01-2024 02:10pm CDT"',
        ),
        price(),
    ),
    "TradingView": ("IWM.csv", table("time,open,high,low,close,Volume", "{d}T13:30:00Z,{c},{c},{c},{c},7"), price()),
    "Google": ("IWM.csv", table("Date,Close", "{d:%m/%d/%Y} 16:00:00,{c}"), price()),
    "Treasury": (
        "daily-treasury-rates.csv",
        table('Date,"1 Mo","1.5 Month","2 Yr","10 Yr"', "{d:%m/%d/%Y},5.4,5.41,{c},{a}", newest_first=True),
        {
            SeriesRef("DGS1MO", Measure.RATE): dict.fromkeys(DAYS, 5.4),
            SeriesRef("DGS2", Measure.RATE): dict(zip(DAYS, CLOSES, strict=True)),
            SeriesRef("DGS10", Measure.RATE): dict(zip(DAYS, ADJUSTED, strict=True)),
        },
    ),
    "FRED": (
        "fredgraph.csv",
        table("observation_date,DGS10", "{d},{c}", footer="2024-09-02,."),
        {SeriesRef("DGS10", Measure.RATE): dict(zip(DAYS, CLOSES, strict=True))},
    ),
    "FRED, old": (
        "fredgraph.csv",
        table("DATE,DGS10", "{d},{c}", footer="2024-09-02,"),
        {SeriesRef("DGS10", Measure.RATE): dict(zip(DAYS, CLOSES, strict=True))},
    ),
    "Federal Reserve": (
        "FRB_H15.csv",
        table(
            lines(
                '"Series Description","Market yield on U.S. Treasury securities, 2-year","10-year, quoted"',
                '"Unit:","Percent:_Per_Year","Percent:_Per_Year"',
                '"Multiplier:","1","1"',
                '"Currency:","NA","NA"',
                '"Unique Identifier: ","H15/H15/RIFLGFCY02_N.B","H15/H15/RIFLGFCY10_N.B"',
                '"Time Period","RIFLGFCY02_N.B","RIFLGFCY10_N.B"',
            ).rstrip("\n"),
            "{d},{c},{a}",
            footer="2024-09-02,ND,ND",
        ),
        {
            SeriesRef("DGS2", Measure.RATE): dict(zip(DAYS, CLOSES, strict=True)),
            SeriesRef("DGS10", Measure.RATE): dict(zip(DAYS, ADJUSTED, strict=True)),
        },
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_as_its_vendor_writes_it(tmp_path, name):
    file, text, expected = TEXTS[name]
    (tmp_path / file).write_text(text, encoding="utf-8")
    assert load(tmp_path) == expected


@pytest.mark.parametrize(
    "name", ["yfinance, one heading", "yfinance, three headings", "investing.com", "Federal Reserve"]
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "gzip", "crlf", "cr"])
def test_the_same_text_in_another_encoding(tmp_path, name, encoding):
    file, text, expected = TEXTS[name]
    text = text.removeprefix("\ufeff")
    if encoding == "gzip":
        (tmp_path / f"{file}.gz").write_bytes(gzip.compress(text.encode()))
    elif encoding in ("crlf", "cr"):
        (tmp_path / file).write_bytes(text.replace("\n", {"crlf": "\r\n", "cr": "\r"}[encoding]).encode())
    else:
        (tmp_path / file).write_bytes(text.encode(encoding))
    assert load(tmp_path) == expected


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("Datum;Zuletzt;Eröffn.;Hoch;Tief;Vol.;+/- %", "{d:%d.%m.%Y};{c};{c};{c};{c};1,20M;0,33%"),
        ("Date\tDernier\tOuv.\t Plus Haut\tVol.\tVariation %", "{d:%d/%m/%Y}\t{c} €\t{c} €\t{c} €\t\t0,1%"),
        ("Fecha|Último|Apertura", "{d:%d-%m-%Y}|{c}|{c}"),
        ('"Data";"Ultimo";"Apertura"', '"{d:%d.%m.%Y}";"{c}";"{c}"'),
    ],
    ids=["German", "French", "Spanish", "Italian"],
)
def test_decimal_commas_and_thousands_in_other_languages(tmp_path, heading, row):
    closes = [close * 10.0 for close in CLOSES]
    group = "\u202f" if "Dernier" in heading else "."
    written = [f"{close:,.2f}".replace(",", "x").replace(".", ",").replace("x", group) for close in closes]
    text = lines(heading, *(row.format(d=day, c=close) for day, close in zip(DAYS, written, strict=True)))
    (tmp_path / "IWM.csv").write_text(text, encoding="utf-8")
    assert load(tmp_path) == {SeriesRef("IWM", PRICE): pytest.approx(dict(zip(DAYS, closes, strict=True)))}


def make_workbook(sheets: dict[str, list[list[object]]], *, from_1904: bool) -> bytes:
    """Write a workbook by hand, with dates as plain numbers, as programs without formats write them."""
    names = list(sheets)
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="'
        'application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><workbookPr date1904="{int(from_1904)}"/>'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        + "".join(
            f'<Relationship Id="rId{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(names) + 1)
        )
        + "</Relationships>",
    }
    for number, rows in enumerate(sheets.values(), 1):
        written = "".join(
            f'<row r="{at}">'
            + "".join(
                f'<c r="{chr(65 + place)}{at}"><v>{cell}</v></c>'
                if isinstance(cell, int | float)
                else f'<c r="{chr(65 + place)}{at}" t="inlineStr"><is><t>{cell}</t></is></c>'
                for place, cell in enumerate(row)
                if cell != ""
            )
            + "</row>"
            for at, row in enumerate(rows, 1)
        )
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{written}</sheetData></worksheet>'
        )
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return body.getvalue()


@pytest.mark.parametrize("from_1904", [False, True])
def test_a_workbook_with_days_as_numbers_in_either_system(tmp_path, from_1904):
    zero = dt.date(1904, 1, 1) if from_1904 else dt.date(1899, 12, 30)
    fund = [[(day - zero).days, close, adjusted] for day, close, adjusted in ROWS]
    rates = [[(day - zero).days, close] for day, close, _ in ROWS]
    sheets = {
        "README": [["FRED Graph Observations"], ["Link: https://fred.example"]],
        "Fund": [["Prices of a fund"], [""], ["Date", "Close", "Adj Close"], *fund],
        "Daily": [["observation_date", "DGS10"], *rates],
    }
    (tmp_path / "IWM.xlsx").write_bytes(make_workbook(sheets, from_1904=from_1904))
    assert load(tmp_path) == {**both(), SeriesRef("DGS10", Measure.RATE): dict(zip(DAYS, CLOSES, strict=True))}


def test_a_cell_at_the_end_of_a_sheet_does_not_fill_the_memory(tmp_path):
    body = make_workbook({"A": [["Date", "Close"], [45446, 7]]}, from_1904=False)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    with zipfile.ZipFile(tmp_path / "KRE.xlsx", "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    with pytest.raises(BadInputError) as raised:
        load_folder(tmp_path)
    assert raised.value.mistakes == ("KRE.xlsx: it is too large for a workbook; write it as CSV or Parquet",)


def test_sheets_of_a_workbook_are_named_after_their_symbols(tmp_path):
    fund = [[(day - dt.date(1899, 12, 30)).days, close, adjusted] for day, close, adjusted in ROWS]
    sheets = {name: [["Date", "Close", "Adj Close"], *fund] for name in ("IWM", "SPY")}
    (tmp_path / "funds.xlsx").write_bytes(make_workbook(sheets, from_1904=False))
    assert load(tmp_path) == {**both(), **both("SPY")}


def test_real_yields_are_not_taken_for_nominal_ones(tmp_path):
    (tmp_path / "IWM.csv").write_text(TEXTS["yfinance, one heading"][1])
    (tmp_path / "daily-treasury-real-rates.csv").write_text(table("Date,5 YR,7 YR,10 YR", "{d:%m/%d/%Y},{c},{c},{c}"))
    assert load(tmp_path) == both()


def test_other_columns_of_numbers_are_no_series(tmp_path):
    (tmp_path / "IWM.csv").write_text(table("Date,Price,Sentiment", "{d},{c},7"))
    (tmp_path / "mine.csv").write_text(table("date,LOW,SPY,PRICE", "{d},{a},{a},{a}"))
    assert set(load(tmp_path)) == {*price(), *(SeriesRef(name, TOTAL) for name in ("LOW", "SPY", "PRICE"))}


def test_capital_gains_count_as_dividends(tmp_path):
    half = len(ROWS) // 2
    for name, heading, row in (
        ("A", "Date,Close,Dividends,Stock Splits", "{},{},{},0.0"),
        ("B", "Date,Close,Dividends,Stock Splits,Capital Gains", "{},{},0.0,0.0,{}"),
    ):
        rows = [row.format(day, close, 2.0 if place == half else 0.0) for place, (day, close, _) in enumerate(ROWS)]
        (tmp_path / f"{name}.csv").write_text(lines(heading, *rows))
    found = load_folder(tmp_path)
    one, other = (series.values for series in found.series if series.ref.measure is TOTAL)
    assert one.tolist() == other.tolist()
    assert one[0] < CLOSES[0]


def test_a_data_set_of_parquet_parts_and_folders_of_files(tmp_path):
    frame = pl.DataFrame({"date": DAYS, "close": CLOSES, "adj_close": ADJUSTED})
    for symbol in ("IWM", "NA"):
        for part in (0, 1):
            folder = tmp_path / "funds" / f"symbol={symbol}"
            folder.mkdir(parents=True, exist_ok=True)
            frame.filter(pl.col("date").dt.day() % 2 == part).write_parquet(folder / f"part-{part}.parquet")
    (tmp_path / "more" / "KRE").mkdir(parents=True)
    (tmp_path / "more" / "KRE" / "prices.csv").write_text(table("date,close,adj_close", "{d},{c},{a}"))
    (tmp_path / "years").mkdir()
    for month in (5, 6, 7, 8):
        some = frame.filter(pl.col("date").dt.month() == month).with_columns(symbol=pl.lit("XBI"))
        some.write_parquet(tmp_path / "years" / f"2024-{month:02}.parquet")
    (tmp_path / "_SUCCESS").touch()
    assert load(tmp_path) == {**both(), **both("NA"), **both("KRE"), **both("XBI")}
    notes = {note.file for note in load_folder(tmp_path).notes}
    assert notes == {"funds", "more/KRE/prices.csv", "years"}


def test_parquet_of_pandas_keeps_its_index_and_instants(tmp_path):
    instants = [dt.datetime.combine(day, dt.time(4), dt.UTC) for day in DAYS]
    pl.DataFrame({"Close": CLOSES, "__index_level_0__": DAYS}).write_parquet(tmp_path / "IWM.parquet")
    pl.DataFrame({"('Close', 'SPY')": CLOSES, "Date": instants}).write_parquet(tmp_path / "x.parquet")
    assert load(tmp_path) == {**price(), **price("SPY")}


MESSAGES = {
    '{"Information": "Thank you for using our API! The daily limit is 25 requests."}': "Thank you for using our API",
    "<!DOCTYPE html><html>403</html>": "it is a web page, not a table",
    "Exceeded the daily hits limit": "'Exceeded the daily hits limit'",
    "": "it is empty",
    "date,close\n": "it has a heading and no rows",
    "2024-06-03,200\n2024-06-04,201\n": "it has no heading",
    'date,close\n2024-06-03,"200\n2024-06-04,201\n' + "2024-06-05,202\n" * 60: "a quotation mark is opened here",
    "date,close\n2024-06-03,200,06\n2024-06-04,201,07\n": "its rows have 3 cells and its heading 2",
    "date,close\n03/06/2024,200\n04/06/2024,201\n": "can be month first or day first",
    "date,close\n13/06/2024,200\n06/14/2024,201\n": "no one order of day and month fits all rows",
    "date;close\n2024-06-03;1.200\n2024-06-04;1.201\n": "'1.200' can be a decimal number or thousands",
    'date,close\n2024-06-03,1.5\n2024-06-04,"1,5"\n': "it mixes decimal points and decimal commas",
    "date,close\nsoon,1\nlater,2\n": "'soon' is not a date",
}


@pytest.mark.parametrize("text", MESSAGES)
def test_what_cannot_be_read_is_refused_in_words_and_stops_no_other(tmp_path, text):
    (tmp_path / "KRE.csv").write_text(text)
    with pytest.raises(BadInputError) as raised:
        load_folder(tmp_path)
    assert any("KRE.csv" in line and MESSAGES[text] in line for line in raised.value.mistakes), raised.value.mistakes
    (tmp_path / "IWM.csv").write_text(TEXTS["yfinance, one heading"][1])
    loaded = load_folder(tmp_path)
    assert {one.ref for one in loaded.series} == set(both())
    assert any(MESSAGES[text] in note.text for note in loaded.notes)


@pytest.mark.parametrize("name", ["HistoricalData_1724166000000.csv", "prices.csv", "HistoricalPrices.csv", "a b.csv"])
def test_a_file_that_is_not_named_after_its_series_is_refused(tmp_path, name):
    (tmp_path / name).write_text(table("Date,Close", "{d},{c}"))
    with pytest.raises(BadInputError) as raised:
        load_folder(tmp_path)
    assert raised.value.mistakes == (
        f"{name}: its name is not that of a series; name it after its symbol, such as IWM.csv, or add a column symbol",
    )


def test_symbols_that_look_like_missing_values_or_are_small(tmp_path):
    names = ("NA", "iwm", "nan", "TRUE", "null", "SPY.US")
    rows = [f"{day},{name},{close}" for day, close, _ in ROWS for name in names]
    (tmp_path / "prices.csv").write_text(lines("date,symbol,adj_close", *rows))
    assert {ref.id for ref in load(tmp_path)} == {"NA", "IWM", "nan", "TRUE", "null", "SPY"}
    (tmp_path / "prices.csv").write_text(lines("date,na,iwm", *(f"{day},{close},{close}" for day, close, _ in ROWS)))
    assert {ref.id for ref in load(tmp_path)} == {"NA", "IWM"}


def test_raw_closes_next_to_adjusted_ones_are_adjusted_for_splits(tmp_path):
    half = len(ROWS) // 2
    rows = [
        f"{day},{close * (2 if place < half else 1)},{adjusted},{2 if place == half else 1}"
        for place, (day, close, adjusted) in enumerate(ROWS)
    ]
    (tmp_path / "IWM.csv").write_text(lines("date,close,adjClose,splitFactor", *rows))
    found = load(tmp_path)
    assert found[SeriesRef("IWM", PRICE)] == pytest.approx(dict(zip(DAYS, CLOSES, strict=True)))
    assert found[SeriesRef("IWM", TOTAL)] == dict(zip(DAYS, ADJUSTED, strict=True))


def test_instants_are_days_of_the_exchange(tmp_path):
    """A session stamped 20:00 UTC, or midnight of the exchange, is of that day; the evening of one is not the next."""
    for name, row in (("A", "{d}T20:00:00Z,{c}"), ("B", "{d}T04:00:00+00:00,{c}"), ("C", "{d} 00:00:00+02:00,{c}")):
        (tmp_path / f"{name}.csv").write_text(table("Date,Close", row))
    epochs = [f"{int(dt.datetime.combine(day, dt.time(13, 30), dt.UTC).timestamp())},{close}" for day, close, _ in ROWS]
    (tmp_path / "D.csv").write_text(lines("time,close", *epochs))
    nights = [f"{day + dt.timedelta(days=1)}T00:30:00Z,{close}" for day, close, _ in ROWS]
    (tmp_path / "E.csv").write_text(lines("time,close", *nights))
    assert load(tmp_path) == {ref: one for name in "ABCDE" for ref, one in price(name).items()}
