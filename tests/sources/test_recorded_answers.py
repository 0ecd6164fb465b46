"""Recorded answers give the values of a second reading, all of them; made answers of the same forms do too.

The second readings are a few lines each, know nothing of the program's readers, and take the forms as they are.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from math import prod
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from groundswell.markets.indicators.policy_path import MEETING
from groundswell.model import Measure, SeriesRef
from groundswell.sources.services.base import DataService, Request, UnusableAnswerError
from groundswell.sources.services.holdings.ishares import read_list
from groundswell.sources.services.macro.fomc import Fomc
from groundswell.sources.services.macro.fred import Fred
from groundswell.sources.services.macro.newyorkfed import NewYorkFed
from groundswell.sources.services.macro.treasury import Treasury
from groundswell.sources.services.prices.tiingo import Tiingo
from groundswell.sources.services.prices.yahoo import Yahoo

from ..conftest import SHARED

CAPTURES: Path = SHARED / "cases/captures"

Values = dict[tuple[str, Measure], dict[date, float]]
SecondReading = Callable[[str], Values]


def parse(text: str, form: str) -> date:
    return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone


def read_treasury(text: str) -> Values:
    header, *lines = [line.replace('"', "").split(",") for line in text.splitlines() if line.strip(", ")]
    names = {f"DGS{count}MO": f"{count} Mo" for count in (1, 3, 6)}
    names |= {f"DGS{count}": f"{count} Yr" for count in (1, 2, 3, 5, 7, 10, 20, 30)}
    return {
        (name, Measure.RATE): {
            parse(line[0], "%m/%d/%Y"): float(line[header.index(column)])
            for line in lines
            if line[header.index(column)] not in ("", "N/A")
        }
        for name, column in names.items()
        if column in header
    }


def read_fred(text: str) -> Values:
    header, *lines = [line.split(",") for line in text.lstrip("\ufeff").splitlines()]
    form = "%Y-%m-%d" if "-" in lines[0][0] else "%m/%d/%Y"
    return {
        (name, Measure.RATE): {
            parse(line[0], form): float(line[column]) for line in lines if re.fullmatch(r"-?[\d.]*\d", line[column])
        }
        for column, name in enumerate(header)
        if column
    }


def read_new_york_fed(text: str) -> Values:
    found: Values = {}
    for rate in json.loads(text)["refRates"]:
        day = date.fromisoformat(rate["effectiveDate"])
        fields = {"EFFR": ("DFF", "percentRate"), "SOFR": ("SOFR", "percentRate")}
        for name, field in (fields[rate["type"]], ("DFEDTARL", "targetRateFrom"), ("DFEDTARU", "targetRateTo")):
            if field in rate:
                found.setdefault((name, Measure.RATE), {})[day] = rate[field]
    return found


def read_yahoo(text: str) -> Values:
    (result,) = json.loads(text)["chart"]["result"]
    zone = ZoneInfo(result["meta"]["exchangeTimezoneName"])
    days = [datetime.fromtimestamp(seconds, zone).date() for seconds in result["timestamp"]]
    columns = {
        Measure.PRICE: result["indicators"]["quote"][0]["close"],
        Measure.TOTAL_RETURN: result["indicators"]["adjclose"][0]["adjclose"],
    }
    return {
        (result["meta"]["symbol"], measure): {
            day: value for day, value in zip(days, values, strict=True) if value is not None
        }
        for measure, values in columns.items()
    }


def read_tiingo(text: str) -> Values:
    days = {date.fromisoformat(one["date"][:10]): one for one in json.loads(text)}
    # The close as traded, in shares of the last day: divided by every later split.
    prices = {
        day: one["close"] / prod(later["splitFactor"] for other, later in days.items() if other > day)
        for day, one in days.items()
    }
    returns = {day: one["adjClose"] for day, one in days.items()}
    return {("AAPL", Measure.TOTAL_RETURN): returns, ("AAPL", Measure.PRICE): prices}


KINDS: dict[str, tuple[DataService, SecondReading]] = {
    "treasury": (Treasury(), read_treasury),
    "fred": (Fred(), read_fred),
    "newyorkfed": (NewYorkFed(), read_new_york_fed),
    "yahoo": (Yahoo(), read_yahoo),
    "tiingo": (Tiingo(key="k"), read_tiingo),
}
FILES = [
    *(("treasury", f"{name}.csv") for name in "abcd"),
    *(("fred", f"{name}.csv") for name in "ab"),
    *(("newyorkfed", f"{name}.json") for name in ("effr", "sofr")),
    ("tiingo", "tiingo_aapl_2023.json"),
    *(
        ("yahoo", name)
        for name in (
            "chart-0P000071W8.TO-2020-01-01-to-2020-01-03.json",
            "chart-AAPL-2020-08-31-to-2020-11-07.json",
            "chart-GC_F-2020-01-01-to-2020-01-03.json",
            "chart-MSFT-dividends-2021-02-01-to-2022-01-31.json",
            "chart-NVDA-split-2021-02-01-to-2022-01-31.json",
            "chart-OCDO.L-2020-01-01-to-2020-01-03.json",
            "chart-QQQ-2020-01-01-to-2020-01-03.json",
            "chart-WSU.DE-2023-08-04-to-2023-08-09.json",
            "chart_GS2C.DE.json",
        )
    ),
]


def compare(kind: str, body: bytes) -> int:
    """Compare every value of an answer with the second reading; return how many there are."""
    service, read_again = KINDS[kind]
    values = read_again(body.decode())
    assert values
    for (name, measure), by_day in values.items():
        (found,) = service.read(Request("", (SeriesRef(name, measure),)), body)
        assert {row.date: row.value for row in found.rows} == by_day, name
        assert len(found.rows) == len(by_day)
        assert found.problem == ""
    return sum(map(len, values.values()))


@pytest.mark.shared(
    twin="tests/sources/test_recorded_answers.py::test_made_answers_give_the_values_of_a_second_reading"
)
@pytest.mark.parametrize(("kind", "name"), FILES)
def test_recorded_answers_give_the_values_of_a_second_reading(kind: str, name: str) -> None:
    assert compare(kind, (CAPTURES / kind / name).read_bytes()) > 0


@pytest.mark.shared(twin="tests/sources/test_wrong_answers.py::test_an_answer_to_another_question_is_refused_and_named")
def test_recorded_quarterly_bars_are_refused() -> None:
    body = (CAPTURES / "yahoo/chart_VFINX.json").read_bytes()
    with pytest.raises(UnusableAnswerError, match="bars of '3mo' instead of 1d"):
        Yahoo().read(Request("", (SeriesRef("VFINX", Measure.PRICE),)), body)


def write_chart(symbol: str, zone: str, offset: int, opens: list[datetime], closes: list[float | None]) -> str:
    """Write a chart with the offset of another season than most of its bars."""
    quote = {"close": closes, "open": closes, "volume": [None if close is None else 10 for close in closes]}
    result = {
        "meta": {"symbol": symbol, "exchangeTimezoneName": zone, "gmtoffset": offset, "dataGranularity": "1d"},
        "timestamp": [int(one.timestamp()) for one in opens],
        "events": {"dividends": {}, "splits": {}},
        "indicators": {
            "quote": [quote],
            "adjclose": [{"adjclose": [None if close is None else close / 2 for close in closes]}],
        },
    }
    return json.dumps({"chart": {"result": [result], "error": None}})


def at(zone: str, *starts: tuple[int, ...]) -> list[datetime]:
    return [datetime(*start, tzinfo=ZoneInfo(zone)) for start in starts]  # type: ignore[arg-type]


NEW_YORK, BERLIN, SYDNEY = "America/New_York", "Europe/Berlin", "Australia/Sydney"
SUMMER_AND_WINTER = ((2024, 7, 1, 0), (2024, 7, 2, 0), (2024, 12, 2, 0), (2024, 12, 3, 0))
OLD_CURVE = 'Date,"3 Mo","6 Mo","1 Yr","30 Yr"\n12/29/2000,5.89,5.70,5.32,5.46\n12/28/2000,5.87,,5.30,N/A\n,,,,\n'
NEW_CURVE = (
    'Date,"1 Mo","1.5 Month","2 Mo","3 Mo","4 Mo","6 Mo","1 Yr","2 Yr"\n'
    "08/05/2026,3.71,3.72,3.73,3.74,3.75,3.76,3.77,3.78\n08/04/2026,3.61,,3.63,3.64,3.65,3.66,3.67,3.68\n"
)
MADE = [
    ("treasury", OLD_CURVE),
    ("treasury", NEW_CURVE),
    ("fred", "DATE,BAA10Y,AAA10Y\n2024-07-03,1.5,0.9\n2024-07-04,.,.\n2024-07-05,-1.25,\n"),
    ("fred", "\ufeffobservation_date,T10YIE\n2026-08-19,2.31\n2026-09-07,\n2026-09-08,2.30\n"),
    ("fred", "date,FFR,CPI\n1/1/1960,3.93,29.397\n4/1/1960,3.7,#N/A\n7/1/1960,2.94,29.5\n10/1/1960,2.3,29.78\n"),
    ("newyorkfed", '{ "refRates": [ { "effectiveDate": "2026-08-05", "type": "EFFR" ,"percentRate": 3.60 ,'
                   '"targetRateFrom": 3.50 ,"targetRateTo": 3.75 ,"revisionIndicator": "r" } ] }'),
    ("newyorkfed", '{"refRates": [{"effectiveDate": "2026-08-05", "type": "SOFR" ,"percentRate": 3.61 }]}'),
    ("tiingo", '[{"date":"2023-02-08T00:00:00.000Z","close":152.0,"adjClose":151.5,"divCash":0.0,"splitFactor":1.0},'
               '{"date":"2023-02-09T00:00:00.000Z","close":150.0,"adjClose":149.5,"divCash":0.2,"splitFactor":2.0}]'),
    ("yahoo", write_chart("GC=F", NEW_YORK, -18000, at(NEW_YORK, *SUMMER_AND_WINTER), [1.0, 2.0, None, 4.0])),
    ("yahoo", write_chart("AB.DE", BERLIN, 7200, at(BERLIN, *SUMMER_AND_WINTER), [1.0, None, 3.0, 4.0])),
    ("yahoo", write_chart("AB.AX", SYDNEY, 36000, at(SYDNEY, (2024, 7, 1, 10), (2024, 12, 2, 10)), [1.0, 2.0])),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), MADE)
def test_made_answers_give_the_values_of_a_second_reading(kind: str, text: str) -> None:
    assert compare(kind, text.encode()) > 0


def test_days_are_those_of_the_exchange_in_both_seasons() -> None:
    """The offset of an answer is that of today: half of all midnights would be of the day before."""
    text = write_chart("GC=F", NEW_YORK, -18000, at(NEW_YORK, *SUMMER_AND_WINTER), [1.0, 2.0, 3.0, 4.0])
    (found,) = Yahoo().read(Request("", (SeriesRef("GC=F", Measure.PRICE),)), text.encode())
    assert [row.date for row in found.rows] == [date(*start[:3]) for start in SUMMER_AND_WINTER]


def test_a_zone_that_is_unknown_leaves_the_offset() -> None:
    text = write_chart("AB.XX", "Mars/Olympus", 36000, [datetime(2024, 7, 1, 22, tzinfo=UTC)], [1.0])
    (found,) = Yahoo().read(Request("", (SeriesRef("AB.XX", Measure.PRICE),)), text.encode())
    assert [row.date for row in found.rows] == [date(2024, 7, 2)]


HEAD = 'iShares Russell 2000 ETF\nFund Holdings as of,"Nov 11, 2025"\nStock,"-"\n\u00a0\n'
FOOT = '\n\u00a0\n"The content contained herein, Ticker, is owned by somebody."\n'


def compare_list(table: str) -> int:
    table = table.lstrip("\ufeff")
    rows = list(csv.DictReader(table.splitlines()))
    holdings = read_list("IWM", (HEAD + table + FOOT).encode())
    found = [(one.ticker, one.name, one.asset_class, one.market_value, one.weight) for one in holdings.holdings]
    assert found == [
        (row["Ticker"], row["Name"], row["Asset Class"], float(row["Market Value"].replace(",", "")),
         float(row["Weight (%)"]) / 100)
        for row in rows
    ]  # fmt: skip
    assert holdings.day == date(2025, 11, 11)
    assert len(holdings.equities) == sum(row["Asset Class"] == "Equity" for row in rows)
    with pytest.raises(UnusableAnswerError, match="does not say of which fund and day"):
        read_list("IWM", table.encode())
    return len(rows)


@pytest.mark.shared(twin="tests/sources/test_recorded_answers.py::test_every_line_of_a_made_list_is_read")
def test_every_line_of_a_recorded_list_is_read() -> None:
    assert compare_list(gzip.decompress((CAPTURES / "ishares/IWM_a.csv.gz").read_bytes()).decode()) > 1900


def test_every_line_of_a_made_list_is_read() -> None:
    rows = [f'"S{n}","COMPANY, {n}","Energy","Equity","1,234,{n:03}.50","4.90","-"' for n in range(20)]
    rows += [
        '"XTSLA","CASH","Cash","Money Market","10.00","1.90","-"',
        '"-","RIGHT","Energy","Equity","1.31","0.00","-"',
    ]
    table = "\n".join(("Ticker,Name,Sector,Asset Class,Market Value,Weight (%),Price", *rows))
    assert compare_list(table) == 22


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LISTED = re.compile(r"\b([A-Z][a-z]{2,8}(?:/[A-Z][a-z]{2,8})?) (\d{1,2}-\d{1,2})(?=\*?(?: |$))")


def read_meetings(page: str) -> Iterator[date]:
    """Yield the last day of each meeting of two days, read from the page's plain text."""
    text = " ".join(re.sub(r"<[^>]*>", " ", page).split())
    parts = re.split(r"(\d{4}) FOMC Meetings", text)[1:]
    for year, part in zip(parts[::2], parts[1::2], strict=True):
        for month, days in LISTED.findall(part):
            name = month.split("/")[-1][:3]
            if name in MONTHS:
                yield date(int(year), MONTHS.index(name) + 1, int(days.split("-")[-1]))


def compare_calendar(page: str) -> set[date]:
    (found,) = Fomc().read(Request("", (MEETING,)), page.encode())
    assert found.problem == ""
    days = {row.date.replace(day=int(row.value)) for row in found.rows if row.value}
    assert days == set(read_meetings(page))
    # A statement that the page links is one of a meeting, or of what it does not call one.
    linked = {parse(day, "%Y%m%d") for day in re.findall(r"pressreleases/monetary(\d{8})a\.htm", page)}
    assert {day for day in days if min(linked) <= day <= max(linked)} <= linked
    return days


@pytest.mark.shared(
    twin="tests/sources/test_recorded_answers.py::test_a_made_calendar_gives_the_days_of_a_second_reading"
)
def test_the_recorded_calendar_gives_the_days_of_a_second_reading() -> None:
    days = compare_calendar((CAPTURES / "fomc/calendar_2026.htm").read_text(encoding="utf-8"))
    assert len([day for day in days if day.year == 2026]) == 8
    assert max(days) == date(2027, 12, 8)


def test_a_made_calendar_gives_the_days_of_a_second_reading() -> None:
    meeting = (
        '<div class="row fomc-meeting"><div class="fomc-meeting__month col-md-2"><strong>{}</strong></div>\n'
        '<div class="fomc-meeting__date col-lg-1">{}</div>'
        '<a href="/newsevents/pressreleases/monetary{}a.htm">HTML</a></div>'
    )
    listed = [("January", "27-28", "20260128"), ("Apr/May", "30-1*", "20260501"), ("June", "5 (notation vote)", "")]
    page = "<h4><a>2026 FOMC Meetings</a></h4>" + "".join(meeting.format(*one) for one in listed)
    assert compare_calendar(page) == {date(2026, 1, 28), date(2026, 5, 1)}


@pytest.mark.shared(twin="tests/sources/test_fomc.py::test_a_calendar_in_another_layout_is_refused_in_words")
def test_the_recorded_calendar_of_2016_is_refused_in_words() -> None:
    body = (CAPTURES / "fomc/calendar_2016_layout.htm").read_bytes()
    with pytest.raises(
        UnusableAnswerError, match="no meeting of 2016 could be read, perhaps because of another layout"
    ):
        Fomc().read(Request("", (MEETING,)), body)
