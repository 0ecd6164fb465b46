"""Answers that look right and are not: another series, other bars, days in another form, a column that is gone.

The answers and their numbers are made up. Each service is asked; none may give no row and call it a success.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.markets.series.book import NOTHING
from groundswell.markets.series.catalogue import COMPANY_ACCOUNTS
from groundswell.model import Measure, Outcome, SeriesRef, UpstreamKind, UpstreamState
from groundswell.ports import Retrieved
from groundswell.sources.services.accounts.sec import Sec
from groundswell.sources.services.base import DataService, Request, UnusableAnswerError
from groundswell.sources.services.holdings.ishares import IShares
from groundswell.sources.services.macro.fred import Fred
from groundswell.sources.services.macro.newyorkfed import NewYorkFed
from groundswell.sources.services.macro.treasury import Treasury
from groundswell.sources.services.prices.tiingo import Tiingo
from groundswell.sources.services.prices.yahoo import Yahoo
from groundswell.sources.services.series_update import Stored
from groundswell.sources.services.update import update

NOW = datetime(2026, 3, 20, 23, tzinfo=UTC)
DAYS = [date(2026, 3, day) for day in (16, 17, 18)]
DGS2, DGS10, DFF = (SeriesRef(name, Measure.RATE) for name in ("DGS2", "DGS10", "DFF"))
T10Y = SeriesRef("T10YIE", Measure.RATE)
UNKNOWN = SeriesRef("T10YX", Measure.RATE)
"""A series of which it is not known how often it is published."""
TARGET = SeriesRef("DFEDTARU", Measure.RATE)
TOTAL, PRICE = SeriesRef("SPY", Measure.TOTAL_RETURN), SeriesRef("SPY", Measure.PRICE)
WEIGHT = SeriesRef("IVV.concentration.top10", Measure.LEVEL)
EQUITY = COMPANY_ACCOUNTS.ref(77, "equity")

Write = Callable[[date], str]


def fred(write: Write, name: str = "T10YIE", value: str = "2.3") -> str:
    return f"observation_date,{name}\n" + "".join(f"{write(day)},{value}\n" for day in DAYS)


def vintages(write: Write, *, value: str = "2.3") -> str:
    rows = [{"date": write(day), "value": value, "realtime_start": str(day)} for day in DAYS]
    return json.dumps({"units": "lin", "realtime_start": str(DAYS[0]), "observations": rows})


def treasury(write: Write, *, value: str = "3.1") -> str:
    return "Date,2 Yr,10 Yr\n" + "".join(f"{write(day)},{value},{value}\n" for day in DAYS)


def new_york_fed(write: Write, *, value: str = "3.1") -> str:
    rows = [{"type": "EFFR", "effectiveDate": write(day), "percentRate": value, "targetRateTo": 3.25} for day in DAYS]
    return json.dumps({"refRates": rows})


def tiingo(write: Write, *, value: str = "10.5") -> str:
    return json.dumps([{"date": write(day), "adjClose": value} for day in DAYS])


SERVICES: list[tuple[DataService, SeriesRef, Callable[[Write], str]]] = [
    (Fred(), T10Y, fred),
    (Fred(key="k"), T10Y, vintages),
    (Treasury(), DGS10, treasury),
    (NewYorkFed(), DFF, new_york_fed),
    (Tiingo(key="k"), TOTAL, tiingo),
]
each_service = pytest.mark.parametrize(
    ("service", "ref", "build"), SERVICES, ids=["fred", "fred with a key", "treasury", "newyorkfed", "tiingo"]
)


def read(service: DataService, body: str, *refs: SeriesRef) -> dict[SeriesRef, list[date]]:
    found = service.read(Request("https://service.example/x", refs), body.encode())
    return {one.ref: [row.date for row in one.rows] for one in found}


@each_service
def test_days_in_iso_form_are_read_by_every_service(service: DataService, ref: SeriesRef, build) -> None:
    assert read(service, build(date.isoformat), ref) == {ref: DAYS}


@pytest.mark.parametrize("write", [lambda day: f"{day:%m/%d/%Y}", lambda day: f"{day.month}/{day.day}/{day:%y}"])
@pytest.mark.parametrize(("service", "ref", "build"), [SERVICES[0], SERVICES[2]], ids=["fred", "treasury"])
def test_files_may_write_their_days_month_first(service: DataService, ref: SeriesRef, build, write: Write) -> None:
    assert read(service, build(write), ref) == {ref: DAYS}


@each_service
@pytest.mark.parametrize("form", ["%A", "%B %d", "%d-%b-%y", "%Y-%m", "%d. %m. %Y", "%Y-W%V-%u"])
def test_days_in_an_unknown_form_are_a_failure(service: DataService, ref: SeriesRef, build, form: str) -> None:
    with pytest.raises(UnusableAnswerError, match=r"no row could be read: .* is not a day"):
        read(service, build(lambda day: day.strftime(form)), ref)


@each_service
def test_values_that_are_no_numbers_are_a_failure(service: DataService, ref: SeriesRef, build) -> None:
    with pytest.raises(UnusableAnswerError, match="no row could be read: none has a value"):
        read(service, build(date.isoformat, value="n/a"), ref)


@each_service
@pytest.mark.parametrize("form", ["%d.%m.%Y", "%m/%d/%Y", "%d %b %Y", "%b-%d-%Y", "%Y%m%d", "%Y-%m-%d 00:00:00"])
def test_days_in_a_form_that_leaves_no_doubt_are_read(service: DataService, ref: SeriesRef, build, form: str) -> None:
    assert read(service, build(lambda day: day.strftime(form)), ref) == {ref: DAYS}


some_days = st.lists(st.dates(date(2001, 1, 1), date(2026, 3, 1)), min_size=1, max_size=9, unique=True)


@given(some_days, st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%m-%d-%Y"]))
def test_days_in_numbers_are_read_by_the_whole_column_or_refused(days: list[date], form: str) -> None:
    """One day after the twelfth proves the order of all. Where none does, a file of a few days is refused."""
    body = "observation_date,T10YX\n" + "".join(f"{day.strftime(form)},1\n" for day in days)
    if any(day.day > 12 for day in days) or all(day.day == day.month for day in days):
        assert read(Fred(), body, UNKNOWN) == {UNKNOWN: sorted(days)}
    elif len(days) < 4:
        with pytest.raises(UnusableAnswerError, match=r"days that are not certain: .* can be month first or day first"):
            read(Fred(), body, UNKNOWN)


@pytest.mark.parametrize(("service", "ref", "build"), SERVICES[1:2] + SERVICES[3:])
def test_json_with_days_that_could_be_others_is_refused(service: DataService, ref: SeriesRef, build) -> None:
    days = iter(["03/04/2026", "03/05/2026", "03/06/2026"])
    with pytest.raises(UnusableAnswerError, match="'03/04/2026' can be month first or day first"):
        read(service, build(lambda _: next(days)), ref)


def test_a_vintage_without_a_day_is_refused() -> None:
    """It could be later than the first: its value would then count as known before it was."""
    body = vintages(date.isoformat).replace('"realtime_start": "2026-03-17"', '"realtime_start": "03/17/2026"')
    with pytest.raises(UnusableAnswerError, match="the vintage '03/17/2026', which is not a day"):
        read(Fred(key="k"), body, T10Y)


def test_a_few_days_that_cannot_be_read_are_reported_and_the_others_are_read() -> None:
    body = fred(date.isoformat) + "total,9\n"
    (found,) = Fred().read(Request("", (T10Y,)), body.encode())
    assert [row.date for row in found.rows] == DAYS
    assert found.problem == "1 of 4 days could not be read, such as 'total'"


def chart(days: list[date], **meta: object) -> str:
    seconds = [int(datetime(day.year, day.month, day.day, 14, tzinfo=UTC).timestamp()) for day in days]
    values = [100.0 + place for place in range(len(days))]
    result = {
        "meta": {"gmtoffset": 0, "symbol": "SPY", "dataGranularity": "1d", **meta},
        "timestamp": seconds,
        "indicators": {"quote": [{"close": values}], "adjclose": [{"adjclose": values}]},
    }
    return json.dumps({"chart": {"result": [result], "error": None}})


def holdings(heading: str) -> str:
    rows = "".join(f'"S{place}","A","E","Equity","1,{place:03}.00","5"\n' for place in range(20))
    table = f"Ticker,Name,Sector,Asset Class,Market Value,Weight (%)\n{rows}"
    return f'{heading}\nFund Holdings as of,"Mar 17, 2026"\n\u00a0\n{table}'


def accounts(cik: object) -> str:
    fact = {"end": "2025-12-31", "val": 5, "form": "10-K", "filed": "2026-02-10"}
    return json.dumps({"cik": cik, "facts": {"us-gaap": {"StockholdersEquity": {"units": {"USD": [fact]}}}}})


WEEKS = [DAYS[0] - timedelta(weeks=place) for place in range(8, -1, -1)]
OTHERS = [
    (Fred(), T10Y, fred(date.isoformat, "T5YIE"), fred(date.isoformat), "the series 'T5YIE' instead of T10YIE"),
    (Fred(), T10Y, fred(date.isoformat, "T10YIE_PC1"), fred(date.isoformat, "t10yie"), "the series 'T10YIE_PC1'"),
    (Fred(key="k"), T10Y, vintages(date.isoformat).replace('"lin"', '"pch"'), vintages(date.isoformat), "units 'pch'"),
    (NewYorkFed(), DFF, new_york_fed(date.isoformat).replace("EFFR", "SOFR"), new_york_fed(date.isoformat),
     "rates of the type 'SOFR' instead of EFFR"),
    (Yahoo(), PRICE, chart(DAYS, symbol="QQQ"), chart(DAYS), "prices of 'QQQ' instead of SPY"),
    (Yahoo(), PRICE, chart(DAYS, dataGranularity="1wk"), chart(DAYS), "bars of '1wk' instead of 1d"),
    (Yahoo(), TOTAL, chart(WEEKS, dataGranularity=None), chart(DAYS, dataGranularity=None), "7 days apart instead"),
    (Tiingo(key="k"), TOTAL, json.dumps([{"date": str(day), "adjClose": 1.5} for day in WEEKS]),
     tiingo(date.isoformat), "bars that are 7 days apart instead of daily ones"),
    (IShares(), WEIGHT, holdings("iShares S&P 500 Growth ETF"), holdings("iShares Core S&P 500 ETF"),
     "the list of 'iShares S&P 500 Growth ETF' instead of iShares Core S&P 500 ETF"),
    (IShares(), WEIGHT, holdings("An index fund"), holdings('\ufeff"iShares® Core S&P 500 ETF",'),
     "instead of iShares Core S&P 500 ETF"),
    (Sec(contact="x"), EQUITY, accounts(78), accounts(77),
     "the accounts of company 78 instead of CIK0000000077.equity"),
    (Sec(contact="x"), EQUITY, accounts("0000000078"), accounts("0000000077"), "the accounts of company 78"),
]  # fmt: skip


@pytest.mark.parametrize(("service", "ref", "other", "right", "words"), OTHERS)
def test_an_answer_to_another_question_is_refused_and_named(
    service: DataService, ref: SeriesRef, other: str, right: str, words: str
) -> None:
    assert read(service, right, ref)[ref]
    with pytest.raises(UnusableAnswerError, match=words.replace("(", r"\(")):
        read(service, other, ref)


def run_update(service: DataService, body: str, *refs: SeriesRef) -> tuple[UpstreamState, set[SeriesRef]]:
    state = UpstreamState("data:x", UpstreamKind.DATA, service.title, service.base_address, "", enabled=True)
    answers = [(Request("https://service.example/x", refs), Retrieved(Outcome.OK, "HTTP 200", body.encode()))]
    updated = update(state, service, answers, Stored(NOTHING, {}), NOW)
    return updated.state, {observation.ref for observation in updated.observations}


def test_a_tenor_that_is_gone_is_reported_and_the_others_are_read() -> None:
    body = treasury(date.isoformat).replace("10 Yr", "Ten Years")
    state, stored = run_update(Treasury(), body, DGS2, DGS10)
    assert (state.outcome, stored) == (Outcome.OK, {DGS2})
    assert state.detail == "3 new values, 1 of 1 answers usable; DGS10: the file has no column '10 yr' any more"


def test_a_field_that_is_gone_is_reported_and_the_others_are_read() -> None:
    body = new_york_fed(date.isoformat).replace("targetRateTo", "targetTo")
    state, stored = run_update(NewYorkFed(), body, DFF, TARGET)
    assert (state.outcome, stored) == (Outcome.OK, {DFF})
    assert state.detail.endswith("1 of 1 answers usable; DFEDTARU: no row could be read: none has a value")
    without = json.loads(chart(DAYS))
    del without["chart"]["result"][0]["indicators"]["adjclose"]
    state, stored = run_update(Yahoo(), json.dumps(without), PRICE, TOTAL)
    assert (state.outcome, stored) == (Outcome.OK, {PRICE})
    assert "SPY: no row could be read: none has a value" in state.detail


def test_an_answer_of_which_nothing_can_be_read_is_a_failure_of_the_service() -> None:
    state, stored = run_update(Fred(), fred(lambda day: f"{day:%B %d}"), T10Y)
    assert (state.outcome, stored, state.failures) == (Outcome.MALFORMED, set(), 1)
    assert state.detail == "T10YIE: no row could be read: 'March 16' is not a day"


def test_two_sessions_around_a_long_weekend_are_daily_bars() -> None:
    around = [date(2026, 4, 2), date(2026, 4, 7)]
    assert read(Yahoo(), chart(around), PRICE) == {PRICE: around}


def test_a_chart_with_more_days_than_values_is_refused() -> None:
    broken = json.loads(chart(DAYS))
    broken["chart"]["result"][0]["indicators"]["quote"][0]["close"].pop()
    with pytest.raises(UnusableAnswerError, match="3 days and 2 values"):
        read(Yahoo(), json.dumps(broken), PRICE)


@pytest.mark.parametrize("body", ["Date,2 Yr,10 Yr\n", "Date,2 Yr,10 Yr\n\n,,\n"])
def test_a_year_without_a_value_yet_is_no_failure(body: str) -> None:
    assert read(Treasury(), body, DGS2, DGS10) == {DGS2: [], DGS10: []}
