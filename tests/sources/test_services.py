"""Answers of data services in their true form, and those that are something else. The numbers are made up."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from groundswell.errors import BadInputError
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import RELEASE_DAYS
from groundswell.model import Frequency, Measure, Series, SeriesRef
from groundswell.settings import ServiceSettings
from groundswell.sources.services.base import DataService, Request, Row, UnusableAnswerError
from groundswell.sources.services.holdings.invesco import Invesco
from groundswell.sources.services.holdings.ishares import IShares
from groundswell.sources.services.holdings.nport import NPort
from groundswell.sources.services.holdings.ssga import StateStreet
from groundswell.sources.services.macro.fred import Fred
from groundswell.sources.services.macro.newyorkfed import NewYorkFed
from groundswell.sources.services.macro.treasury import RATE_COLUMNS, Treasury
from groundswell.sources.services.prices.cboe import VIX, Cboe
from groundswell.sources.services.prices.tiingo import Tiingo
from groundswell.sources.services.prices.yahoo import Yahoo
from groundswell.sources.services.registry import DATA_SERVICES, build_services, service_title
from groundswell.sources.tables.vocabulary import find_series_name

TODAY = date(2026, 8, 21)
WED, THU = date(2026, 8, 19), date(2026, 8, 20)
NOTHING = SeriesBook.of(())


def rate(name: str) -> SeriesRef:
    return SeriesRef(name, Measure.RATE)


TOTAL, PRICE = SeriesRef("IWM", Measure.TOTAL_RETURN), SeriesRef("IWM", Measure.PRICE)
TOP10 = SeriesRef("IVV.concentration.top10", Measure.LEVEL)
RSP = SeriesRef("RSP.concentration.top10", Measure.LEVEL)

TREASURY = """Date,"1 Mo","1.5 Month","2 Mo","2 Yr","10 Yr"
08/20/2026,3.71,3.71,3.72,3.91,4.41
08/19/2026,3.70,,3.72,N/A,4.43
"""
NEW_YORK_FED = """{ "refRates": [ { "effectiveDate": "2026-08-20", "type": "EFFR" ,"percentRate": 3.60
 ,"targetRateFrom": 3.50 ,"targetRateTo": 3.75 ,"volumeInBillions": 97 ,"revisionIndicator": "" },
 { "effectiveDate": "2026-08-20", "type": "OBFR" ,"percentRate": 3.59 },
 { "effectiveDate": "2026-08-19", "type": "EFFR" ,"percentRate": 3.63 } ] }"""
TIINGO = json.dumps(
    [
        {"date": "2026-08-19T00:00:00.000Z", "close": 440.0, "adjClose": 220.0, "divCash": 0.0, "splitFactor": 1.0},
        {"date": "2026-08-20T00:00:00.000Z", "close": 221.0, "adjClose": 221.0, "divCash": 0.0, "splitFactor": 2.0},
    ]
)
OPEN = int(datetime(2026, 8, 19, 13, 30, tzinfo=UTC).timestamp())
CHART = {
    "meta": {"symbol": "IWM", "gmtoffset": -14400},
    "timestamp": [OPEN, OPEN + 86400, OPEN + 86400 + 23000],
    "indicators": {
        "quote": [{"close": [220.5, None, 222.0]}],
        "adjclose": [{"adjclose": [219.5, None, 222.0]}],
    },
}


def yahoo(result: object, error: object = None) -> str:
    return json.dumps({"chart": {"result": [result] if result else None, "error": error}})


ISHARES = (
    '\ufeffiShares Core S&P 500 ETF\nFund Holdings as of,"Aug 20, 2026"\nShares Outstanding,"1,000.00"\n\u00a0\n'
    "Ticker,Name,Sector,Asset Class,Market Value,Weight (%),Quantity\n"
    + "".join(f'"S{place}","COMPANY","Energy","Equity","1,0{place:02}.00","5.00","10.00"\n' for place in range(20))
    + '"XTSLA","CASH FUND","Cash","Money Market","9,000.00","1.00","10.00"\n'
    '"-","RIGHT","Energy","Equity","-","0.00","1"\n'
    '\u00a0\n"The content contained herein, Ticker, is owned by somebody."\n'
)

CASES: list[tuple[DataService, tuple[SeriesRef, ...], str, dict[SeriesRef, list[tuple[date, float]]]]] = [
    (Treasury(), (rate("DGS2"), rate("DGS10")), TREASURY, {
        rate("DGS2"): [(THU, 3.91)], rate("DGS10"): [(WED, 4.43), (THU, 4.41)]}),
    (Treasury(), (rate("DGS10"),), TREASURY.splitlines()[0], {rate("DGS10"): []}),
    (NewYorkFed(), (rate("DFF"), rate("DFEDTARU")), NEW_YORK_FED, {
        rate("DFF"): [(WED, 3.63), (THU, 3.60)], rate("DFEDTARU"): [(THU, 3.75)]}),
    (NewYorkFed(), (rate("DFF"),), '{"refRates": []}', {rate("DFF"): []}),
    (Fred(), (rate("BAA10Y"),), "observation_date,BAA10Y\n2026-08-18,\n2026-08-19,1.5\n2026-08-20,.\n", {
        rate("BAA10Y"): [(WED, 1.5)]}),
    (Fred(), (rate("BAA10Y"),), "DATE,VALUE\n2026-08-20,1.5\n", {rate("BAA10Y"): [(THU, 1.5)]}),
    (Tiingo(key="k"), (TOTAL,), TIINGO, {TOTAL: [(WED, 220.0), (THU, 221.0)]}),
    (Tiingo(key="k"), (PRICE,), TIINGO, {PRICE: [(WED, 220.0), (THU, 221.0)]}),
    (Yahoo(), (PRICE, TOTAL), yahoo(CHART), {PRICE: [(WED, 220.5), (THU, 222.0)], TOTAL: [(WED, 219.5), (THU, 222.0)]}),
    (Yahoo(), (PRICE,), yahoo(CHART | {"timestamp": [], "indicators": {"quote": [{}]}}), {PRICE: []}),
    (IShares(), (TOP10,), ISHARES, {TOP10: [(THU, sum(range(1010, 1020)) / sum(range(1000, 1020)))]}),
]  # fmt: skip


@pytest.mark.parametrize(("source", "refs", "body", "values"), CASES)
def test_an_answer_is_read_as_it_is_meant(source: DataService, refs, body: str, values) -> None:
    found = source.read(Request("", refs), body.encode())
    assert {one.ref: [(row.date, pytest.approx(row.value)) for row in one.rows] for one in found} == values


PAGE = "<!DOCTYPE html><html>Will be right back</html>"
BAD = [
    (Treasury(), rate("DGS10"), PAGE, "a web page instead of data"),
    (Treasury(), rate("DGS10"), 'Date,"1 Mo"\n', "without the requested columns"),
    (NewYorkFed(), rate("DFF"), "{}", "without refRates"),
    (NewYorkFed(), rate("DFF"), "no", "not JSON"),
    (NewYorkFed(), rate("DFF"), "[]", "JSON of another shape"),
    (Fred(), rate("DFF"), "PK\x03\x04", "an archive"),
    (Fred(), rate("DFF"), "", "an empty answer"),
    (Fred(), rate("DFF"), "no data\n", "it holds a message in place of a table: 'no data'"),
    (Fred(key="k"), rate("DFF"), '{"error_code":400,"error_message":"Bad Request.  The series does not exist."}',
     "The series does not exist"),
    (Tiingo(key="k"), TOTAL, '{"detail":"Not found."}', "Not found"),
    (Tiingo(key="k"), TOTAL, "x", "not JSON"),
    (Yahoo(), PRICE, yahoo(None, {"code": "Not Found", "description": "No data found, symbol may be delisted"}),
     "may be delisted"),
    (Yahoo(), PRICE, '{"finance":{"result":null}}', "without a chart"),
    (Yahoo(), PRICE, yahoo(None), "without a result"),
    (Yahoo(), PRICE, yahoo({"meta": {}}), "does not say of what it is"),
    (Yahoo(), PRICE, yahoo({"meta": {"symbol": "IWM"}}), "another shape"),
    (IShares(), TOP10, "a page of text", "without a table"),
    (IShares(), TOP10, ISHARES.replace('"Aug 20, 2026"', '"-"'), "without a day"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "ref", "body", "words"), BAD)
def test_what_is_no_answer_is_told_in_words(source: DataService, ref: SeriesRef, body: str, words: str) -> None:
    with pytest.raises(UnusableAnswerError, match=words):
        source.read(Request("", (ref,)), body.encode())


def test_a_vintage_is_dated_by_its_day_and_what_was_current_before_is_not() -> None:
    rows = [
        {"realtime_start": "2026-05-01", "realtime_end": "2026-08-19", "date": "2026-04-01", "value": "4.1"},
        {"realtime_start": "2026-08-20", "realtime_end": "9999-12-31", "date": "2026-04-01", "value": "4.2"},
        {"realtime_start": "2026-08-20", "realtime_end": "9999-12-31", "date": "2026-05-01", "value": "."},
    ]
    body = json.dumps({"realtime_start": "2026-05-01", "observations": rows}).encode()
    (found,) = Fred(key="k").read(Request("", (rate("UNRATE"),)), body)
    day = date(2026, 4, 1)
    assert found.rows == (Row(day, 4.1), Row(day, 4.2, datetime(2026, 8, 20, 21, 30, tzinfo=UTC)))


def held(ref: SeriesRef, last: date) -> SeriesBook:
    days = np.array([last], dtype="datetime64[D]")
    return SeriesBook.of([Series(ref, Frequency.DAILY, "file", days, np.array([1.0]), days.astype("datetime64[s]"))])


@pytest.mark.parametrize(
    ("source", "ref", "last", "parts"),
    [
        (Treasury(), rate("DGS10"), None, ["rates.csv/all/all?type=daily_treasury_yield_curve"]),
        (Treasury(), rate("DGS10"), date(2025, 12, 30), ["rates.csv/2025/all?", "rates.csv/2026/all?"]),
        (Treasury(), rate("DGS10"), date(2019, 12, 30), ["rates.csv/all/all?"]),
        (NewYorkFed(), rate("DFF"), THU, ["startDate=2026-08-10&endDate=2026-08-21"]),
        (Fred(), rate("BAA10Y"), None, ["graph/fredgraph.csv?id=BAA10Y"]),
        (Fred(), rate("BAA10Y"), THU, ["id=BAA10Y&cosd=2026-04-22"]),
        (Fred(key="k"), rate("DFF"), THU, ["realtime_start=2026-04-22&realtime_end=9999-12-31"]),
        (Tiingo(key="k"), TOTAL, THU, ["daily/IWM/prices?startDate=2026-07-21&endDate=2026-08-21&token=k"]),
        (Yahoo(), SeriesRef("^VIX", Measure.PRICE), None, ["chart/%5EVIX?period1=631152000&period2=1787356800"]),
        (Yahoo(), SeriesRef("IWM", Measure.PRICE), THU, ["query2.finance.yahoo.com/v8/finance/chart/IWM?period1="]),
        (Cboe(), VIX, THU, ["/api/global/us_indices/daily_prices/VIX_History.csv"]),
        (Cboe(), SeriesRef("IWM", Measure.PRICE), None, ["/delayed_quotes/charts/historical/IWM.json"]),
        (Fred(), VIX, THU, ["id=VIXCLS&cosd=2026-04-22"]),
        (IShares(), TOP10, THU, ["/get-fund-document?appType=PRODUCT_PAGE"]),
        (IShares(), TOP10, date(2026, 8, 17), ["asOfDate=20260820", "asOfDate=20260818", "asOfDate=20260819"]),
        (StateStreet(), SeriesRef("SPY.concentration.top10", Measure.LEVEL), THU, ["holdings-daily-us-en-spy.xlsx"]),
        (Invesco(), RSP, THU, ["/shareclasses/46137V357/holdings/fund?idType=cusip&productType=ETF"]),
        (NPort(contact="x"), RSP, THU, ["action=getcompany&CIK=S000060812&type=NPORT-P"]),
    ],
)
def test_what_is_missing_is_asked_for(source: DataService, ref: SeriesRef, last: date | None, parts: list[str]) -> None:
    assert source.offers(ref)
    requests = source.requests([ref], held(ref, last) if last else NOTHING, TODAY)
    assert len(requests) == len(parts)
    for request, part in zip(requests, parts, strict=True):
        assert part in request.address
        assert request.address.startswith(source.base_address)


def test_services_are_found_in_the_order_in_which_they_are_asked() -> None:
    first, last = (
        ["treasury", "newyorkfed", "fomc", "bls", "bea", "fredreleases", "fred"],
        ["ishares", "ssga", "invesco", "nport", "sec", "secframes"],
    )
    assert list(DATA_SERVICES) == [*first, "tiingo", "yahoo", "cboe", *last]


def chain(ref: SeriesRef) -> list[str]:
    offering = [service for service in build_services({}) if service.offers(ref)]
    return [service.name for service in sorted(offering, key=lambda service: service.rank(ref))]


@pytest.mark.parametrize(
    ("ref", "names"),
    [
        (rate("DGS10"), ["treasury", "fred"]),
        (rate("DFF"), ["newyorkfed", "fred"]),
        (RELEASE_DAYS.ref("jobs"), ["bls", "fredreleases"]),
        (RELEASE_DAYS.ref("gdp"), ["bea", "fredreleases"]),
        (VIX, ["cboe", "fred", "yahoo"]),
        (PRICE, ["tiingo", "yahoo", "cboe"]),
        (TOTAL, ["tiingo", "yahoo"]),
        (TOP10, ["ishares"]),
        (RSP, ["invesco", "nport"]),
        (SeriesRef("KRE.concentration.top10", Measure.LEVEL), ["ssga"]),
    ],
)
def test_each_series_has_its_chain(ref: SeriesRef, names: list[str]) -> None:
    assert chain(ref) == names


def test_other_addresses_of_a_service_follow_the_first_unless_the_owner_set_one() -> None:
    (request,) = Yahoo().requests([PRICE], NOTHING, TODAY)
    (other,) = request.alternatives
    assert other == request.address.replace("query2", "query1")
    (request,) = IShares().requests([TOP10], NOTHING, TODAY)
    latest, page = request.alternatives
    assert (request.address, "asOfDate" in latest) == (f"{latest}&asOfDate=20260820", False)
    assert page.startswith("https://www.ishares.com/us/products/239726/fund/1467271812596.ajax?fileType=csv")
    for mirrored in (Yahoo("https://m.example"), IShares("https://m.example")):
        ref = PRICE if mirrored.name == "yahoo" else TOP10
        (request,) = mirrored.requests([ref], NOTHING, TODAY)
        assert all(address.startswith("https://m.example/") for address in (request.address, *request.alternatives))


def test_keys_decide_how_services_are_asked_and_are_shown_nowhere() -> None:
    unset = {service.name: service for service in build_services({})}
    assert unset["tiingo"].unavailable == "not asked: it needs a key, to be set as key in [services.tiingo]"
    assert unset["sec"].unavailable.endswith("to be set as contact")
    assert unset["fred"].base_address == "https://fred.stlouisfed.org"
    settings = {"fred": ServiceSettings(key="secret"), "tiingo": ServiceSettings(key="secret")}
    keyed = {service.name: service for service in build_services(settings, "desk@example.org")}
    assert keyed["fred"].base_address == "https://api.stlouisfed.org"
    assert not keyed["tiingo"].unavailable
    assert not keyed["sec"].unavailable
    assert keyed["treasury"].contact == ""
    assert "secret" not in repr(tuple(keyed.values())) + repr(settings)


def test_a_service_can_be_switched_off_and_sent_to_a_mirror() -> None:
    settings = {"yahoo": ServiceSettings(enabled=False), "fred": ServiceSettings(address="http://127.0.0.1:9/")}
    services = {service.name: service for service in build_services(settings)}
    assert "yahoo" not in services
    assert services["fred"].base_address == "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("name", "settings", "words"),
    [
        ("stooq", ServiceSettings(), "setting services.stooq: there is no such data service; there are treasury, new"),
        ("freds", ServiceSettings(), "there is no such data service; did you mean fred"),
        ("treasury", ServiceSettings(key="k"), "setting services.treasury.key: this service takes no key"),
    ],
)
def test_settings_that_no_service_has_are_refused(name: str, settings: ServiceSettings, words: str) -> None:
    with pytest.raises(BadInputError, match=words):
        build_services({name: settings})


def test_a_service_that_no_longer_exists_keeps_its_name() -> None:
    assert [service_title(name) for name in ("treasury", "gone")] == ["US Treasury par yields", "gone"]


ONE_MODULE = """
from datetime import date, timedelta

from groundswell.markets.series.catalogue import SYMBOLS, family_of
from groundswell.sources.services.base import DataService, Request, Row, sort_rows


class Bank(DataService):
    name = "bank"
    title = "A bank"
    terms = "Ask the bank."
    default_address = "https://bank.example"
    priority = 55
    interval = timedelta(hours=1)

    def offers(self, ref):
        return family_of(ref) is SYMBOLS

    def requests(self, refs, stored, today):
        return tuple(Request(f"{self.base_address}/{ref.id}", (ref,)) for ref in sorted(refs))

    def read(self, request, body):
        return (sort_rows(request.refs[0], [Row(date(2026, 8, 20), float(body))]),)
"""


def test_a_plug_in_adds_a_service(install_plugin) -> None:
    install_plugin("groundswell.data_services", "a_bank", ONE_MODULE)
    services = {service.name: service for service in build_services({"bank": ServiceSettings(address="http://b/")})}
    assert list(services)[7:10] == ["tiingo", "bank", "yahoo"]
    assert service_title("bank") == "A bank"
    (request,) = services["bank"].requests([TOTAL], NOTHING, TODAY)
    assert request.address == "http://b/IWM"
    assert services["bank"].read(request, b"1.5")[0].rows == (Row(THU, 1.5),)


def test_fred_repeats_the_funds_rate_on_weekends_and_these_days_are_not_read() -> None:
    days = [date(2026, 8, 13) + timedelta(days=number) for number in range(12)]
    body = "observation_date,{}\n" + "\n".join(f"{day},3.6{day.day % 3}" for day in days)
    for name in ("DFF", "DFEDTARU"):
        (read,) = Fred().read(Request("", (rate(name),)), body.format(name).encode())
        assert [row.date for row in read.rows] == [day for day in days if day.weekday() < 5]
    (read,) = Fred().read(Request("", (rate("IORB"),)), body.format("IORB").encode())
    assert len(read.rows) == 12


def test_the_treasury_writes_each_tenor_as_the_files_of_its_yields_do() -> None:
    assert len(RATE_COLUMNS) == 11
    for series, heading in RATE_COLUMNS.items():
        assert find_series_name(heading) == find_series_name(heading.title()) == series
