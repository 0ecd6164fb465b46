"""Made answers in the form of each service: what is in them is what was asked, or it is refused and named."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

from groundswell.markets.series.book import NOTHING
from groundswell.markets.series.catalogue import FUND_CONCENTRATION
from groundswell.model import Frequency, Measure, Series, SeriesRef
from groundswell.sources.services.answers import parse_number
from groundswell.sources.services.base import DataService, Request, SeriesRows, UnusableAnswerError
from groundswell.sources.services.holdings.invesco import Invesco
from groundswell.sources.services.holdings.ishares import IShares
from groundswell.sources.services.holdings.nport import NPort
from groundswell.sources.services.holdings.ssga import StateStreet
from groundswell.sources.services.holdings.workbook import read_sheet
from groundswell.sources.services.macro.fred import Fred
from groundswell.sources.services.macro.newyorkfed import NewYorkFed
from groundswell.sources.services.macro.treasury import Treasury
from groundswell.sources.services.new_observations import find_new_observations
from groundswell.sources.services.prices.cboe import VIX, Cboe
from groundswell.sources.services.prices.tiingo import Tiingo
from groundswell.sources.services.prices.yahoo import Yahoo
from groundswell.sources.vintages import join_observations

from .holdings_answers import (
    WEIGHTS,
    list_ssga_rows,
    write_invesco,
    write_nport,
    write_nport_index,
    write_ssga,
    write_workbook,
)

DAY = date(2026, 8, 20)
TODAY = date(2026, 8, 21)
PAGE = b"<!DOCTYPE html><html>Access denied</html>"
SPY, RSP, IVV = (FUND_CONCENTRATION.ref(fund, "top10") for fund in ("SPY", "RSP", "IVV"))
SPY_PRICE = SeriesRef("SPY", Measure.PRICE)
DFF, DGS10, UNRATE = (SeriesRef(name, Measure.RATE) for name in ("DFF", "DGS10", "UNRATE"))
REPORT = "https://www.sec.gov/Archives/edgar/data/1209466/000120946626000952/primary_doc.xml"
TOP10_OF_EQUITIES = sum(WEIGHTS[:10]) / 100


def read(service: DataService, ref: SeriesRef, body: bytes, address: str = "") -> SeriesRows:
    (found,) = service.read(Request(address, (ref,)), body)
    return found


def numbers(found: SeriesRows) -> list[tuple[date, float]]:
    return [(row.date, row.value) for row in found.rows]


def days_to(last: date, count: int) -> list[date]:
    return [last - timedelta(days=back) for back in range(count - 1, -1, -1)]


def write_vix(days: list[date], close: str = "15.5", header: str = "DATE,OPEN,HIGH,LOW,CLOSE") -> bytes:
    return "\n".join((header, *(f"{day:%m/%d/%Y},15.0,16.0,14.0,{close}" for day in days))).encode()


def write_history(days: list[date], closes: list[object], **more: object) -> bytes:
    bars = [
        {"date": str(day), "open": "1", "close": close, "volume": 5} for day, close in zip(days, closes, strict=True)
    ]
    return json.dumps({"timestamp": "2026-08-21 03:00:00", "data": bars, **more}).encode()


DAYS = days_to(DAY, 4)


def test_volatility_is_read_from_the_table_and_from_the_chart() -> None:
    expected = [(day, 15.5) for day in DAYS]
    assert numbers(read(Cboe(), VIX, write_vix(DAYS))) == expected
    assert numbers(read(Cboe(), VIX, write_vix(DAYS[::-1]))) == expected
    assert numbers(read(Cboe(), VIX, write_history(DAYS, ["15.5"] * 4, symbol="_VIX"))) == expected


def test_closes_of_a_fund_are_read_without_the_days_before_its_listing() -> None:
    found = read(Cboe(), SPY_PRICE, write_history(DAYS, [0.0, 100.0, None, "101.5"]))
    assert numbers(found) == [(DAYS[1], 100.0), (DAYS[3], 101.5)]
    assert found.problem == ""


def test_closes_on_another_scale_are_left_out_and_reported() -> None:
    found = read(Cboe(), SPY_PRICE, write_history(days_to(DAY, 5), [300.0, 310.0, 155.0, 156.0, 157.0]))
    assert numbers(found) == list(zip(DAYS[1:], (155.0, 156.0, 157.0), strict=True))
    assert found.problem == f"closes before {DAYS[1]} are on another scale and are left out"


OLD_BARS = [DAY - timedelta(days=7 * back) for back in range(9, -1, -1)]
MONTHS = [date(2026, month, 1) for month in range(1, 9)]
ICSA = SeriesRef("ICSA", Measure.LEVEL)


def write_column(header: str, days: list[date]) -> bytes:
    return "\n".join((header, *(f"{day},4.1" for day in days))).encode()


UNKNOWN_DAY = [*list_ssga_rows(DAY)[:2], ("Holdings:", "20/08/2026"), *list_ssga_rows(DAY)[3:]]
REFUSED: list[tuple[DataService, SeriesRef, bytes, str]] = [
    (Treasury(), DGS10, b'Date,"5 YR","7 YR","10 YR"\n08/20/2026,2.1,2.2,2.3\n', "the curve of real yields"),
    (Treasury(), DGS10, write_column("Date,10 Yr", OLD_BARS), "values that are 7 days apart instead of daily ones"),
    (Fred(), DGS10, write_column("DATE,DGS10", MONTHS), "values that are 31 days apart instead of daily ones"),
    (Fred(), UNRATE, write_column("DATE,UNRATE", DAYS), "values that are 1 days apart instead of monthly ones"),
    (Fred(), ICSA, write_column("DATE,ICSA", MONTHS), "values that are 31 days apart instead of weekly ones"),
    (Tiingo(key="k"), SPY_PRICE, b'[{"date": "2026-08-20", "close": 1.0}]', "no split factor on '2026-08-20'"),
    (Cboe(), VIX, PAGE, "a web page instead of data"),
    (Cboe(), VIX, b"", "an empty answer"),
    (Cboe(), VIX, b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "table of days: it is a web page"),
    (Cboe(), VIX, write_vix(DAYS, header="DATE,OPEN,HIGH,LOW,LAST"), "without the columns DATE and CLOSE"),
    (Cboe(), VIX, write_vix(DAYS, close="6501.25"), "6501.25 on 2026-08-17, which is no value of the index"),
    (Cboe(), VIX, write_vix(DAYS, close="15;5"), "no row could be read: '15;5' is no number"),
    (Cboe(), VIX, write_vix(DAYS).replace(b"/2026", b""), "is not a day"),
    (Cboe(), VIX, write_vix(OLD_BARS), "bars that are 7 days apart instead of daily ones"),
    (Cboe(), VIX, write_history(DAYS, [15.0] * 4, symbol="_VVIX"), "prices of '_VVIX' instead of ^VIX"),
    (Cboe(), SPY_PRICE, write_history(DAYS, [1.0] * 4, symbol="QQQ"), "prices of 'QQQ' instead of SPY"),
    (Cboe(), SPY_PRICE, b'{"data": {}}', "JSON without a history"),
    (Cboe(), SPY_PRICE, b'{"data": [{"date"', "not JSON"),
    (StateStreet(), SPY, PAGE, "a web page instead of data"),
    (StateStreet(), SPY, b"Name,Ticker", "no Excel workbook"),
    (StateStreet(), SPY, write_ssga(DAY)[:300], "an Excel workbook that cannot be read"),
    (StateStreet(), SPY, write_ssga(DAY, "XBI"), "the list of 'XBI' instead of SPY"),
    (StateStreet(), SPY, write_ssga(DAY, weights=WEIGHTS[:10]), "whose weights add up to 59.0% of the fund"),
    (StateStreet(), SPY, write_workbook([("Fund Name:", "X"), ("Ticker Symbol:", "SPY")]), "without the columns"),
    (StateStreet(), SPY, write_workbook(UNKNOWN_DAY), "a list without a day"),
    (Invesco(), RSP, PAGE, "a web page instead of data"),
    (Invesco(), RSP, b"[]", "JSON of another shape"),
    (Invesco(), RSP, b'{"cusip": "46137V357"}', "JSON without holdings"),
    (Invesco(), RSP, write_invesco(DAY, cusip="46090E103"), "the list of '46090E103' instead of 46137V357"),
    (Invesco(), RSP, write_invesco(DAY, totalNumberOfHoldings=505), "a list of 30 of 505 holdings"),
    (Invesco(), RSP, write_invesco(DAY, effectiveDate="", effectiveBusinessDate="20.08.2026"), "a list without a day"),
    (Invesco(), RSP, write_invesco(DAY).replace(b"percentageOfTotal", b"percentOfTotal"), "without equities"),
    (NPort(contact="x"), RSP, PAGE, "a web page instead of data"),
    (NPort(contact="x"), RSP, b"no XML", "an answer that is not XML"),
    (NPort(contact="x"), RSP, b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "XML that declares entities"),
    (NPort(contact="x"), RSP, write_nport_index(), "an index without a report of the form NPORT-P"),
    (NPort(contact="x"), RSP, write_nport_index((DAY, "0001209466-26-000001", "N-CEN")), "without a report"),
    (NPort(contact="x"), RSP, write_nport_index((DAY, "0001209466-26-000001", "NPORT-P"), trust="884394"),
     "without a report"),
]  # fmt: skip


@pytest.mark.parametrize(("service", "ref", "body", "words"), REFUSED)
def test_what_is_not_what_was_asked_is_refused_and_named(
    service: DataService, ref: SeriesRef, body: bytes, words: str
) -> None:
    with pytest.raises(UnusableAnswerError, match=words.replace("(", r"\(").replace("^", r"\^")):
        read(service, ref, body)


def test_a_workbook_is_read_up_to_its_conditions() -> None:
    assert numbers(read(StateStreet(), SPY, write_ssga(DAY))) == [(DAY, pytest.approx(TOP10_OF_EQUITIES))]
    texts_in_cells = write_workbook(list_ssga_rows(DAY), inline=True)
    assert numbers(read(StateStreet(), SPY, texts_in_cells)) == [(DAY, pytest.approx(TOP10_OF_EQUITIES))]


@pytest.mark.parametrize("inline", [False, True])
def test_a_library_finds_the_same_cells_in_a_workbook(inline: bool) -> None:
    rows = [*list_ssga_rows(DAY), ("a", "", "c & d"), (1.5,)]
    body = write_workbook(rows, inline=inline)
    sheet = CalamineWorkbook.from_filelike(BytesIO(body)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    width = max(map(len, rows))
    assert [[*row, *[""] * (width - len(row))] for row in read_sheet(body)] == [list(map(str, row)) for row in sheet]


@pytest.mark.parametrize("reference", ["XFD1048576", "A0B", "ZZZ1"])
def test_a_cell_far_away_is_refused(reference: str) -> None:
    whole = write_workbook([("a", 1.5)])
    out = BytesIO()
    with ZipFile(BytesIO(whole)) as archive, ZipFile(out, "w") as changed:
        for name in archive.namelist():
            changed.writestr(name, archive.read(name).replace(b'r="B1"', f'r="{reference}"'.encode()))
    if reference == "A0B":  # no reference at all: the next column
        assert read_sheet(out.getvalue()) == [["a", "1.5"]]
    else:
        with pytest.raises(UnusableAnswerError, match="cannot be read"):
            read_sheet(out.getvalue())


def test_invesco_counts_the_companies_alone() -> None:
    assert numbers(read(Invesco(), RSP, write_invesco(DAY))) == [(DAY, pytest.approx(TOP10_OF_EQUITIES))]


def test_a_report_to_the_sec_is_found_by_its_index_and_known_from_its_filing() -> None:
    service = NPort(contact="desk@example.org")
    (index,) = service.requests([RSP], NOTHING, TODAY)
    assert index.may_be_empty
    body = write_nport_index(
        (date(2026, 6, 29), "0001209466-26-000952", "NPORT-P"),
        (date(2026, 8, 1), "0001209466-26-000999", "NPORT-P/A"),
        (date(2026, 3, 30), "0001209466-26-000514", "NPORT-P"),
    )
    assert service.read(index, body) == ()
    (report,) = service.follow_up(index, body)
    assert report.address == f"{REPORT}#filed=2026-06-29"
    assert service.follow_up(report, write_nport(date(2026, 4, 30))) == ()
    found = read(service, RSP, write_nport(date(2026, 4, 30)), report.address)
    ((row),) = found.rows
    assert (row.date, row.value) == (date(2026, 4, 30), pytest.approx(sum(WEIGHTS[:10]) / sum(WEIGHTS)))
    assert row.known_at == datetime(2026, 6, 29, 23, tzinfo=UTC)
    (new,) = find_new_observations(found, None, (), "nport", now=datetime(2026, 9, 1, tzinfo=UTC), asked_before=None)
    assert new.known_at == row.known_at
    for other, words in ((write_nport(DAY, "S000060793"), "the report of 'S000060793'"), (PAGE, "a web page")):
        with pytest.raises(UnusableAnswerError, match=words):
            read(service, RSP, other, report.address)
    with pytest.raises(UnusableAnswerError, match="without a day of filing"):
        read(service, RSP, write_nport(DAY), REPORT)


def write_ishares(day: str, weight: str = "5.00", header: str = "Market Value") -> bytes:
    rows = "".join(f'"S{n}","CO","Energy","Equity","1,0{n:02}.00","{weight}"\n' for n in range(20))
    head = f'iShares Core S&P 500 ETF\nFund Holdings as of,"{day}"\n\u00a0\n'
    return f"{head}Ticker,Name,Sector,Asset Class,{header},Weight (%)\n{rows}".encode()


def test_the_list_of_another_day_than_requested_is_refused() -> None:
    (request,) = IShares().requests([IVV], NOTHING, TODAY)
    first, others = request.address, request.alternatives
    assert numbers(read(IShares(), IVV, write_ishares("Aug 20, 2026"), first))[0][0] == DAY
    with pytest.raises(UnusableAnswerError, match="the list of 2026-08-19 instead of 2026-08-20"):
        read(IShares(), IVV, write_ishares("Aug 19, 2026"), first)
    for address in others:
        assert numbers(read(IShares(), IVV, write_ishares("Aug 19, 2026"), address))[0][0] == date(2026, 8, 19)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (write_ishares("Aug 20, 2026", weight="2.00"), "whose weights add up to 40.0% of the fund"),
        (write_ishares("Aug 20, 2026", header="Value"), "a list without the column 'market value'"),
        (write_ishares("20.08.2026"), "a list without a day"),
        (write_ishares("Aug 20, 2026").split(b"Ticker")[0] + b"Ticker,Name\n", "without equities"),
    ],
)
def test_a_list_of_which_a_part_is_gone_is_refused(body: bytes, words: str) -> None:
    with pytest.raises(UnusableAnswerError, match=words):
        read(IShares(), IVV, body)


def test_market_values_in_whole_thousands_are_read() -> None:
    body = write_ishares("Aug 20, 2026").replace(b'.00","5.00"', b'","5.00"')
    assert b'"1,019","5.00"' in body
    assert numbers(read(IShares(), IVV, body)) == [
        (DAY, pytest.approx(sum(range(1010, 1020)) / sum(range(1000, 1020))))
    ]


def query(first: str, last: str, names: tuple[str, str]) -> str:
    return f"https://service.example/x?{names[0]}={first}&{names[1]}={last}"


def seconds(day: date) -> str:
    return str(int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()))


def chart(days: list[date]) -> bytes:
    result = {
        "meta": {"symbol": "SPY", "gmtoffset": -14400, "dataGranularity": "1d"},
        "timestamp": [int(seconds(day)) + 50000 for day in days],
        "indicators": {"quote": [{"close": [100.0] * len(days)}]},
    }
    return json.dumps({"chart": {"result": [result], "error": None}}).encode()


def refrates(days: list[date], **more: object) -> bytes:
    rows = [{"type": "EFFR", "effectiveDate": str(day), "percentRate": 3.6, **more} for day in days]
    return json.dumps({"refRates": rows}).encode()


def tiingo(days: list[date]) -> bytes:
    return json.dumps([{"date": f"{day}T00:00:00.000Z", "adjClose": 10.0} for day in days]).encode()


OTHER_DAYS = days_to(date(2024, 3, 8), 5)
RECENT = query(str(DAYS[0]), str(DAY), ("startDate", "endDate"))
RANGES: list[tuple[DataService, SeriesRef, Callable[[list[date]], bytes], str]] = [
    (Yahoo(), SPY_PRICE, chart, query(seconds(DAYS[0]), seconds(TODAY), ("period1", "period2"))),
    (Tiingo(key="k"), SeriesRef("SPY", Measure.TOTAL_RETURN), tiingo, RECENT),
    (NewYorkFed(), DFF, refrates, RECENT),
    (Fred(), DFF, lambda days: "\n".join(("DATE,DFF", *(f"{day},3.6" for day in days))).encode(),
     query(str(DAYS[0]), "", ("cosd", "none"))),
    (Treasury(), DGS10, lambda days: "\n".join(("Date,10 Yr", *(f"{day:%m/%d/%Y},4.1" for day in days))).encode(),
     "https://service.example/x?field_tdr_date_value=2026"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("service", "ref", "write", "address"), RANGES, ids=["yahoo", "tiingo", "newyorkfed", "fred", "treasury"]
)
def test_values_of_other_days_than_requested_are_refused(
    service: DataService, ref: SeriesRef, write: Callable[[list[date]], bytes], address: str
) -> None:
    assert [row.date for row in read(service, ref, write(DAYS), address).rows] == DAYS
    with pytest.raises(UnusableAnswerError, match=r"days from 2024-03-04 to 2024-03-08 instead|yields of 2024 instead"):
        read(service, ref, write(OTHER_DAYS), address)
    more = [*OTHER_DAYS, *DAYS]  # a longer answer than requested does no harm
    assert [row.date for row in read(service, ref, write(more), address).rows] == more


def write_page(offset: int, limit: int, count: int, days: list[date]) -> bytes:
    rows = [{"date": str(day), "value": "3.6", "realtime_start": "2026-08-20"} for day in days[offset : offset + limit]]
    return json.dumps(
        {"realtime_start": "2026-08-20", "count": count, "offset": offset, "limit": limit, "observations": rows}
    ).encode()


def test_an_answer_of_fred_in_pages_is_read_to_its_end() -> None:
    service, days = Fred(key="s3cret"), [date(2026, month, 1) for month in range(1, 8)]
    (request,) = service.requests([UNRATE], NOTHING, TODAY)
    found: list[date] = []
    for offset in (0, 3, 6):
        body = write_page(offset, 3, 7, days)
        found += [row.date for row in read(service, UNRATE, body, request.address).rows]
        following = service.follow_up(request, body)
        assert bool(following) == (offset < 6)
        if following:
            (request,) = following
            assert f"offset={offset + 3}" in request.address
            assert request.address.startswith(f"{service.base_address}/fred/series/observations?series_id=UNRATE&")
    assert found == days
    assert Fred().follow_up(request, b"DATE,UNRATE\n") == ()


def test_a_page_of_fred_without_its_values_is_refused() -> None:
    body = write_page(9, 3, 7, days_to(DAY, 7))
    with pytest.raises(UnusableAnswerError, match="a page without any of the 7 values"):
        read(Fred(key="k"), UNRATE, body)
    assert Fred(key="k").follow_up(Request("https://x.example/?a=1", (UNRATE,)), body) == ()


def test_fred_reads_its_own_name_of_the_volatility_index() -> None:
    body = b"observation_date,VIXCLS\n2026-08-19,15.1\n2026-08-20,\n"
    assert numbers(read(Fred(), VIX, body)) == [(date(2026, 8, 19), 15.1)]
    with pytest.raises(UnusableAnswerError, match="the series 'VXNCLS' instead of VIXCLS"):
        read(Fred(), VIX, body.replace(b"VIXCLS", b"VXNCLS"))
    both = (VIX, SeriesRef("VIXCLS", Measure.LEVEL))
    (request,) = Fred().requests(both, NOTHING, TODAY)
    assert set(request.refs) == set(both)


def test_one_of_several_series_in_a_file_is_read_by_its_name() -> None:
    body = b"DATE,DGS2,DGS10\n2026-08-19,3.9,4.4\n2026-08-20,.,4.5\n"
    assert numbers(read(Fred(), DGS10, body)) == [(date(2026, 8, 19), 4.4), (DAY, 4.5)]
    with pytest.raises(UnusableAnswerError, match="the series 'DGS2', 'DGS10' instead of DFF"):
        read(Fred(), DFF, body)


def test_values_that_cannot_be_read_are_reported_and_missing_ones_are_not() -> None:
    body = b"DATE,DFF\n2026-08-17,3.6\n2026-08-18,\n2026-08-19,ND\n2026-08-20,3..6\n"
    found = read(Fred(), DFF, body)
    assert numbers(found) == [(date(2026, 8, 17), 3.6)]
    assert found.problem == "1 of 4 values could not be read, such as '3..6'"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.50", 1234.5),
        ("-1,234,567", -1234567.0),
        ("4,43", None),
        ("1,2345", None),
        ("12,34,567", None),
        ("", None),
    ],
)
def test_a_comma_is_no_sign_of_decimals(text: str, number: float | None) -> None:
    assert parse_number(text) == number


def test_a_target_range_in_the_wrong_order_is_refused() -> None:
    with pytest.raises(UnusableAnswerError, match=r"a target range from 3\.75 to 3\.5 on '2026-08-17'"):
        read(NewYorkFed(), DFF, refrates(DAYS, targetRateFrom=3.75, targetRateTo=3.5))


def test_a_corrected_rate_is_a_revision_from_when_it_is_seen() -> None:
    """A row that is marked as revised counts like any other: the first value stays what was known before."""
    published = datetime(2026, 8, 21, 22, tzinfo=UTC)
    first = read(NewYorkFed(), DFF, refrates([DAY], revisionIndicator=""))
    stored = join_observations(None, find_new_observations(first, None, (), "nyfed", now=published, asked_before=None))
    corrected = read(NewYorkFed(), DFF, refrates([DAY], revisionIndicator="r").replace(b"3.6", b"3.65"))
    later = published + timedelta(hours=3)
    (revision,) = find_new_observations(corrected, stored, (), "nyfed", now=later, asked_before=published)
    assert (revision.value, revision.known_at) == (3.65, later)
    joined = join_observations(stored, (revision,))
    assert joined is not None
    assert joined.known_by(published).values.tolist() == [3.6]
    assert joined.values.tolist() == [3.65]


@pytest.mark.parametrize(("hour", "days"), [(19, DAYS[:-1]), (23, DAYS)])
@pytest.mark.parametrize("ref", [VIX, SPY_PRICE])
def test_the_bar_of_a_session_that_is_not_over_is_not_stored(hour: int, days: list[date], ref: SeriesRef) -> None:
    service, body = (Cboe(), write_vix(DAYS)) if ref == VIX else (Yahoo(), chart(DAYS))
    known = datetime(2026, 8, 20, hour, tzinfo=UTC)
    new = find_new_observations(read(service, ref, body), None, (), "x", now=known, asked_before=None)
    assert [one.date for one in new] == days


def test_the_gap_between_two_lists_is_requested_and_no_more() -> None:
    stored_days = np.array([date(2026, 8, 14)], dtype="datetime64[D]")
    series = Series(IVV, Frequency.DAILY, "x", stored_days, np.array([0.3]), stored_days.astype("datetime64[s]"))
    requests = IShares().requests([IVV], NOTHING.of([series]), TODAY)
    days = [one.address.rpartition("asOfDate=")[2] for one in requests]
    assert days == ["20260820", "20260817", "20260818", "20260819"]
    assert [len(one.alternatives) for one in requests] == [2, 0, 0, 0]


def write_events(closes: list[float], returns: list[float], **events: object) -> bytes:
    answer = json.loads(chart(DAYS))
    (result,) = answer["chart"]["result"]
    result["indicators"] = {"quote": [{"close": closes}], "adjclose": [{"adjclose": returns}]}
    result["events"] = {kind: {"1": event | {"date": result["timestamp"][2]}} for kind, event in events.items()}  # type: ignore[operator]
    return json.dumps(answer).encode()


SPY_TOTAL = SeriesRef("SPY", Measure.TOTAL_RETURN)
ADJUSTED, AS_TRADED = [100.0, 101.0, 102.0, 101.0], [200.0, 202.0, 102.0, 101.0]
SPLIT, DIVIDEND = {"numerator": 2.0, "denominator": 1.0}, {"amount": 1.01}
TOTALS = [99.0, 99.99, 102.0, 101.0]


def test_closes_that_show_a_split_are_refused() -> None:
    assert numbers(read(Yahoo(), SPY_PRICE, write_events(ADJUSTED, ADJUSTED, splits=SPLIT)))[0] == (DAYS[0], 100.0)
    with pytest.raises(UnusableAnswerError, match=f"closes that are not adjusted for the split of {DAYS[2]}"):
        read(Yahoo(), SPY_PRICE, write_events(AS_TRADED, ADJUSTED, splits=SPLIT))
    merged = {"numerator": 1.0, "denominator": 10.0}
    with pytest.raises(UnusableAnswerError, match="not adjusted for the split"):
        read(Yahoo(), SPY_PRICE, write_events([10.0, 10.1, 99.0, 100.0], ADJUSTED, splits=merged))


def test_total_returns_without_a_dividend_are_not_used() -> None:
    refs = (SPY_PRICE, SPY_TOTAL)
    prices, totals = Yahoo().read(Request("", refs), write_events(ADJUSTED, TOTALS, dividends=DIVIDEND))
    assert [row.value for row in totals.rows] == TOTALS
    prices, totals = Yahoo().read(Request("", refs), write_events(ADJUSTED, ADJUSTED, dividends=DIVIDEND))
    assert [row.value for row in prices.rows] == ADJUSTED
    assert (totals.rows, totals.problem) == ((), f"total returns leave out the dividend of {DAYS[2]}")


def test_total_returns_of_tiingo_have_their_dividends() -> None:
    def write(returns: list[float]) -> bytes:
        rows = [
            {"date": str(day), "close": close, "adjClose": total, "divCash": 1.01 if day == DAYS[2] else 0.0,
             "splitFactor": 1.0}
            for day, close, total in zip(DAYS, ADJUSTED, returns, strict=True)
        ]  # fmt: skip
        return json.dumps(rows[::-1]).encode()

    assert [row.value for row in read(Tiingo(key="k"), SPY_TOTAL, write(TOTALS)).rows] == TOTALS
    with pytest.raises(UnusableAnswerError, match=f"total returns leave out the dividend of {DAYS[2]}"):
        read(Tiingo(key="k"), SPY_TOTAL, write(ADJUSTED))
