"""An error of the program at any step of one data service is that service's outcome, whichever service it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from groundswell import Groundswell
from groundswell.app import facade
from groundswell.app.cycle import CycleReport, CycleRunner
from groundswell.app.data_services import DataServices
from groundswell.claims import evaluate
from groundswell.hubs.file.load import load_catalog
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import COMPANY_ACCOUNTS, GROUP_ACCOUNTS, RELEASE_DAYS
from groundswell.model import Evaluation, Measure, Outcome, SeriesRef, UpstreamState, Verdict
from groundswell.ports import Retrieved
from groundswell.sources.services.accounts.frames import list_frames
from groundswell.sources.services.accounts.groups import YEARS, SecFrames
from groundswell.sources.services.accounts.sec import Sec
from groundswell.sources.services.base import DataService, Request, Row, SeriesRows
from groundswell.sources.services.holdings.invesco import Invesco
from groundswell.sources.services.holdings.ishares import IShares
from groundswell.sources.services.holdings.nport import NPort
from groundswell.sources.services.holdings.ssga import StateStreet
from groundswell.sources.services.macro.bea import Bea
from groundswell.sources.services.macro.bls import Bls
from groundswell.sources.services.macro.fomc import Fomc
from groundswell.sources.services.macro.fred import Fred
from groundswell.sources.services.macro.fred_releases import FredReleases
from groundswell.sources.services.macro.newyorkfed import NewYorkFed
from groundswell.sources.services.macro.treasury import Treasury
from groundswell.sources.services.prices.cboe import VIX, Cboe
from groundswell.sources.services.prices.tiingo import Tiingo
from groundswell.sources.services.prices.yahoo import Yahoo
from groundswell.sources.services.registry import DATA_SERVICES, build_services
from groundswell.testing.fakes import FixedClock

from ..sources.holdings_answers import write_invesco, write_nport_index, write_ssga
from .injection import InjectedError, Injection, name_of

NOW = datetime(2026, 8, 21, 22, tzinfo=UTC)
BROKEN = "https://broken.example"
HARBOUR = SeriesRef("HARBOUR", Measure.RATE)
TOTAL = SeriesRef("IWM", Measure.TOTAL_RETURN)


class Bank(DataService):
    """A plug-in whose answers are a number."""

    name = "bank"
    title = "A bank"
    terms = "Ask the bank."
    default_address = BROKEN
    priority = 1000
    interval = timedelta(hours=1)

    def offers(self, ref: SeriesRef) -> bool:
        return ref == TOTAL

    def requests(self, refs: Collection[SeriesRef], stored: SeriesBook, today: date) -> tuple[Request, ...]:
        return tuple(Request(f"{self.base_address}/{ref.id}", (ref,)) for ref in sorted(refs))

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        day, value = json.loads(body)
        return (SeriesRows(request.refs[0], (Row(date.fromisoformat(day), value),)),)


class Harbour(Bank):
    """The healthy neighbour: a value a day of a series that nobody else offers."""

    name = "harbour"
    title = "A harbour"
    default_address = "https://harbour.example"

    def offers(self, ref: SeriesRef) -> bool:
        return ref == HARBOUR


class CountedBank(Bank):
    """A bank that is asked for a yield, whose values need no scale."""

    def offers(self, ref: SeriesRef) -> bool:
        return ref == SeriesRef("DGS10", Measure.RATE)


def write_bank(day: date) -> str:
    return json.dumps([day.isoformat(), 4.0 + day.day / 100])


def write_treasury(day: date) -> str:
    return f"Date,2 Yr,10 Yr\n{day:%m/%d/%Y},3.9,{4 + day.day / 100}\n"


def write_new_york_fed(day: date) -> str:
    rate = {"effectiveDate": str(day), "type": "EFFR", "percentRate": 3.6, "targetRateFrom": 3.5, "targetRateTo": 3.75}
    return json.dumps({"refRates": [rate]})


def write_fred(day: date) -> str:
    return f"observation_date,BAA10Y\n{day},{1 + day.day / 100}\n"


def write_fred_vintages(day: date) -> str:
    row = {"date": str(day), "realtime_start": str(day), "realtime_end": "9999-12-31", "value": str(1 + day.day / 100)}
    return json.dumps({"realtime_start": str(day), "observations": [row]})


def write_fred_releases(day: date) -> dict[str, str]:
    released, planned = [day - timedelta(days=30 * back) for back in (3, 2, 1, 0)], day + timedelta(days=40)
    lists = {
        f"release_id={number}&": json.dumps(
            {"release_dates": [{"release_id": number, "date": str(one)} for one in (*released, planned)]}
        )
        for number in (10, 50, 53)
    }
    values = [{"date": str(one.replace(day=1)), "realtime_start": str(one), "value": "1"} for one in released]
    return {**lists, "output_type=4": json.dumps({"observations": values})}


def write_tiingo(day: date) -> str:
    days = [{"date": f"{one}T00:00:00.000Z", "adjClose": 100.0 + one.day} for one in list_days(day)]
    return json.dumps(days)


def write_yahoo(day: date) -> str:
    days = list_days(day)
    closes = [100.0 + one.day for one in days]
    result = {
        "meta": {"symbol": "IWM", "gmtoffset": -14400, "dataGranularity": "1d"},
        "timestamp": [int(datetime(one.year, one.month, one.day, 13, 30, tzinfo=UTC).timestamp()) for one in days],
        "indicators": {"quote": [{"close": closes}], "adjclose": [{"adjclose": closes}]},
    }
    return json.dumps({"chart": {"result": [result], "error": None}})


def list_days(day: date) -> list[date]:
    """The last thirty days up to one, so that consecutive answers have days in common."""
    return [day - timedelta(days=before) for before in range(30, -1, -1)]


def write_sec(day: date) -> str:
    fact = {"end": f"{day.year - 1}-12-31", "val": 100 + day.day, "form": "10-K", "filed": str(day)}
    return json.dumps({"cik": 320193, "facts": {"us-gaap": {"StockholdersEquity": {"units": {"USD": [fact]}}}}})


def write_ishares(day: date) -> str:
    rows = "".join(f'"S{n}","CO","Energy","Equity","1,0{n:02}.00","5.00","10.00"\n' for n in range(20))
    head = f'iShares Core S&P 500 ETF\nFund Holdings as of,"{day:%b %d, %Y}"\n\u00a0\n'
    return head + "Ticker,Name,Sector,Asset Class,Market Value,Weight (%),Quantity\n" + rows


def write_fomc(day: date) -> str:
    meeting = (
        '<div class="fomc-meeting__month col-md-2"><strong>December</strong></div>\n'
        f'<div class="fomc-meeting__date col-lg-1">{1 + day.day % 9}-{2 + day.day % 9}*</div>'
    )
    return f'<html><h4><a id="1">{day.year} FOMC Meetings</a></h4>{meeting}</html>'


def write_cboe(day: date) -> str:
    return "DATE,OPEN,HIGH,LOW,CLOSE\n" + "".join(
        f"{one:%m/%d/%Y},1,1,1,{15 + one.day / 10}\n" for one in list_days(day)
    )


def write_calendar(day: date, *titles: str) -> str:
    start = f"DTSTART:{day + timedelta(days=30):%Y%m%d}T123000Z"
    events = [line for title in titles for line in ("BEGIN:VEVENT", start, f"SUMMARY:{title}", "END:VEVENT")]
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Agency//EN", *events, "END:VCALENDAR"))


def write_bls(day: date) -> str:
    return write_calendar(day, "Consumer Price Index", "Employment Situation")


def write_bea(day: date) -> str:
    return write_calendar(day, "GDP (Advance Estimate)\\, 3rd Quarter 2026")


def write_index_of_reports(day: date) -> bytes:
    return write_nport_index((day, "0001209466-26-000001", "NPORT-P"))


@cache
def write_frames(day: date) -> dict[str, str]:
    """The lists of two funds, the tickers of their companies and their accounts, by a part of the address."""
    members = {fund: [f"{fund}{place}" for place in range(12)] for fund in ("IVV", "IWM")}
    numbers = {ticker: number for number, ticker in enumerate([*members["IVV"], *members["IWM"]], start=1000)}
    listed = {str(number): {"cik_str": number, "ticker": ticker} for ticker, number in numbers.items()}
    answers = {"/company_tickers.json": json.dumps(listed)}
    funds = (("239726", "IVV", "iShares Core S&P 500 ETF"), ("239710", "IWM", "iShares Russell 2000 ETF"))
    for number, fund, title in funds:
        head = f'{title}\nFund Holdings as of,"{day:%b %d, %Y}"\n\u00a0\n'
        head += "Ticker,Name,Sector,Asset Class,Market Value,Weight (%)\n"
        sectors = ("Financials", *("Energy",) * 11)
        pairs = zip(members[fund], sectors, strict=True)
        rows = (f'"{ticker}","CO","{sector}","Equity","1.00","8.30"\n' for ticker, sector in pairs)
        answers[number] = head + "".join(rows)
    for frame in (frame for year in range(day.year - YEARS, day.year) for frame in list_frames(year)):
        facts = [
            {"cik": number, "end": f"{frame.year}-12-31", "val": number + day.day + len(frame.tag)}
            for number in numbers.values()
        ]
        said = {"taxonomy": "us-gaap", "tag": frame.tag, "ccp": frame.period, "uom": "USD", "data": facts}
        answers[frame.path] = json.dumps(said)
    return answers


def holdings_of(fund: str) -> SeriesRef:
    return SeriesRef(f"{fund}.concentration.top10", Measure.LEVEL)


Writer = Callable[[date], str | bytes | dict[str, str]]
"""The answer of a service on a day; of one with several, each by a part of its address."""

KINDS: dict[str, tuple[DataService, SeriesRef, Writer]] = {
    "treasury": (Treasury(BROKEN), SeriesRef("DGS10", Measure.RATE), write_treasury),
    "newyorkfed": (NewYorkFed(BROKEN), SeriesRef("DFF", Measure.RATE), write_new_york_fed),
    "fomc": (Fomc(BROKEN), SeriesRef("none", Measure.LEVEL), write_fomc),
    "bls": (Bls(BROKEN, "", "me"), RELEASE_DAYS.ref("cpi"), write_bls),
    "bea": (Bea(BROKEN), RELEASE_DAYS.ref("gdp"), write_bea),
    "fredreleases": (FredReleases(BROKEN, "key"), RELEASE_DAYS.ref("cpi"), write_fred_releases),
    "fred": (Fred(BROKEN), SeriesRef("BAA10Y", Measure.RATE), write_fred),
    "fred with a key": (Fred(BROKEN, "key"), SeriesRef("BAA10Y", Measure.RATE), write_fred_vintages),
    "tiingo": (Tiingo(BROKEN, "key"), TOTAL, write_tiingo),
    "yahoo": (Yahoo(BROKEN), TOTAL, write_yahoo),
    "cboe": (Cboe(BROKEN), VIX, write_cboe),
    "ishares": (IShares(BROKEN), holdings_of("IVV"), write_ishares),
    "ssga": (StateStreet(BROKEN), holdings_of("SPY"), write_ssga),
    "invesco": (Invesco(BROKEN), holdings_of("RSP"), write_invesco),
    "nport": (NPort(BROKEN, "", "me"), holdings_of("RSP"), write_index_of_reports),
    "sec": (Sec(BROKEN, "", "me"), COMPANY_ACCOUNTS.ref(320193, "equity"), write_sec),
    "secframes": (SecFrames(BROKEN, "", "me"), GROUP_ACCOUNTS.ref("small", "loss_share", "mean"), write_frames),
    "a plug-in": (CountedBank(), SeriesRef("DGS10", Measure.RATE), write_bank),
}


FIRST = next(iter(KINDS))
"""The kind that tests what all share."""

COMMON: set[CodeType] = set()
"""The functions that run for the first kind, once they are found."""


class Wire:
    """Answers of the service that is made to fail, and of its neighbour, with a new day in each turn."""

    def __init__(self, clock: FixedClock, write: Writer) -> None:
        self.clock, self.write = clock, write
        self.asked: list[str] = []

    def retrieve(
        self, url: str, etag: str | None, last_modified: str | None, max_bytes: int | None = None
    ) -> Retrieved:
        self.asked.append(url)
        parameters = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        day = self.clock.now.date() - timedelta(days=1)
        if requested := parameters.get("asOfDate"):
            day = date.fromisoformat(requested)
        if (year := parameters.get("field_tdr_date_value", "all")) not in ("all", str(day.year)):
            day = date(int(year), 12, 31)
        written = (self.write if "broken" in urlsplit(url).netloc else write_bank)(day)
        if isinstance(written, dict):
            written = next(answer for part, answer in written.items() if part in url)
        body = written.encode() if isinstance(written, str) else written
        if series := parameters.get("id"):
            body = body.replace(b"BAA10Y", series.encode())  # FRED's file names its series
        return Retrieved(Outcome.OK, "HTTP 200", body, status=200)


class House:
    """A store with one service that is made to fail, and a healthy neighbour."""

    def __init__(self, groundswell: Groundswell, clock: FixedClock, wire: Wire, name: str) -> None:
        self.groundswell, self.clock, self.wire, self.name = groundswell, clock, wire, name
        self.runner = CycleRunner(groundswell, wire, clock, pause=lambda _: None)

    def run(self) -> CycleReport:
        """Run a cycle two days later, in which every service is due."""
        self.clock.advance(timedelta(days=2))
        return self.runner.run_once()

    def state(self, name: str) -> UpstreamState:
        return next(state for state in self.groundswell.status_page().data if state.name == f"data:{name}")

    def is_harbour_stored(self) -> bool:
        """Whether the neighbour's value of this turn is stored."""
        harbour = self.groundswell._evidence.book().get(HARBOUR)
        return harbour is not None and harbour.last == self.clock.now.date() - timedelta(days=1)


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., House]]:
    opened: list[Groundswell] = []

    def build(service: DataService, ref: SeriesRef, write: Writer = write_bank) -> House:
        monkeypatch.setattr(facade, "load_default_feeds", tuple)
        monkeypatch.setattr(facade, "collect_series_refs", lambda _: frozenset({ref, HARBOUR}))
        clock = FixedClock(NOW)
        services = (Harbour(), service)
        groundswell = Groundswell.open(str(tmp_path / f"{len(opened)}.db"), (), clock, services=services)
        opened.append(groundswell)
        groundswell.register_sources()
        return House(groundswell, clock, Wire(clock, write), service.name)

    yield build
    for groundswell in opened:
        groundswell.close()


def test_every_service_is_a_kind() -> None:
    assert {type(service).name for service, *_ in KINDS.values()} == {*DATA_SERVICES, "bank"}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_an_error_in_any_function_of_a_service_is_its_outcome_alone(
    kind: str, build: Callable[..., House], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    common = () if kind == FIRST else find_common_steps(build)
    house = build(*KINDS[kind])
    injection = record_steps(house, monkeypatch)
    assert house.state(house.name).outcome is Outcome.OK, house.state(house.name).detail
    assert len(injection.seen) > 15
    steps = injection.take_steps(common)
    reached = 0
    for number, step in enumerate(steps):
        injection.target, injection.raised = step, 0
        caplog.clear()
        house.run()
        place = f"{number}: {name_of(step)}"
        assert house.is_harbour_stored(), place
        assert house.state("harbour").outcome is Outcome.OK, place
        reached += injection.raised
        if injection.raised:
            check_failed(house, caplog, place)
        injection.target = None
        house.run()
        assert (house.state(house.name).outcome, house.state(house.name).failures) == (Outcome.OK, 0), place
    assert reached >= 0.9 * len(steps)
    assert house.groundswell.heartbeat().progress.stuck == ()


def record_steps(house: House, monkeypatch: pytest.MonkeyPatch) -> Injection:
    """Run a cycle, and another one of which the functions are recorded that run for the service."""
    house.run()
    injection = Injection()
    for method in ("_build_requests", "_store_answers"):
        injection.watch(monkeypatch, DataServices, method, lambda _, turn, *__, **___: "broken" in turn.state.address)
    house.run()
    return injection


def find_common_steps(build: Callable[..., House]) -> set[CodeType]:
    """The functions that run for the first kind too. Workers do not know what others test, and find them themselves."""
    if not COMMON:
        with pytest.MonkeyPatch.context() as patch:
            COMMON.update(record_steps(build(*KINDS[FIRST]), patch).seen)
    return COMMON


def check_failed(house: House, caplog: pytest.LogCaptureFixture, place: str) -> None:
    """The service has failed, or one of its answers; it is named in the log with a trace."""
    state = house.state(house.name)
    assert "the program failed on it: " in state.detail, place
    if state.outcome is not Outcome.OK:
        assert (state.outcome, state.failures) == (Outcome.PROGRAM_ERROR, 1), place
        assert state.next_due_at is not None
        assert state.next_due_at - house.clock.now >= timedelta(minutes=60), place
        assert "having failed once" in state.due_reason
    traces = [record for record in caplog.records if record.exc_info and state.name in record.getMessage()]
    assert traces, place
    assert "raise InjectedError" in caplog.text, place


class Raising:
    """Raises from whatever it stands for, as a method, a property or a class variable of another kind."""

    def __get__(self, instance: object, owner: type) -> Any:
        if instance is None:
            return self
        raise InjectedError("secret")


MEMBERS = ("title", "terms", "base_address", "unavailable", "hide_secrets", "offers", "requests", "read", "interval")


@pytest.mark.parametrize("member", MEMBERS)
def test_a_plug_in_may_raise_from_any_member(
    member: str, build: Callable[..., House], caplog: pytest.LogCaptureFixture
) -> None:
    service = type("Broken", (CountedBank,), {member: Raising()})()
    house = build(service, SeriesRef("DGS10", Measure.RATE))
    for _ in range(25):
        house.clock.advance(timedelta(seconds=30))
        house.runner.run_once()
    state = house.state("bank")
    assert (state.outcome, state.failures < 2) == (Outcome.PROGRAM_ERROR, True)
    assert "the program failed on it: InjectedError" in state.detail
    assert "secret" not in state.detail
    assert sum("broken" in url for url in house.wire.asked) <= 1
    assert "InjectedError: secret" in caplog.text
    house.run()
    assert house.is_harbour_stored()
    assert house.groundswell.heartbeat().progress.stuck == ()


@pytest.mark.parametrize(
    "requests", [[], (), None, 7, [None], [Request(None, ())], [Request("http://[", (HARBOUR,))]], ids=repr
)
def test_a_plug_in_may_return_anything_as_its_requests(requests: Any, build: Callable[..., House]) -> None:
    service = type("Broken", (CountedBank,), {"requests": lambda *_: requests})()
    house = build(service, SeriesRef("DGS10", Measure.RATE))
    house.run()
    assert house.is_harbour_stored()
    assert house.groundswell.heartbeat().progress.stuck == ()


@pytest.mark.parametrize(
    "rows",
    [
        None,
        [None],
        [SeriesRows(HARBOUR, (Row(date(2026, 8, 20), 1.0),))],
        *(
            [SeriesRows(SeriesRef("DGS10", Measure.RATE), (Row(day, value),))]
            for day, value in (
                (date(2026, 8, 20), float("inf")),
                (date(2026, 8, 20), float("nan")),
                (date(2026, 8, 20), "4"),
                (date(2026, 8, 20), None),
                ("2026-08-20", 4.0),
                (date(1, 1, 1), 1e308),
            )
        ),
    ],
    ids=repr,
)
def test_nothing_that_a_plug_in_reads_stops_the_readers(rows: Any, build: Callable[..., House]) -> None:
    service = type("Broken", (CountedBank,), {"read": lambda *_: rows})()
    house = build(service, SeriesRef("DGS10", Measure.RATE))
    for _ in range(2):
        house.run()
        assert house.is_harbour_stored()
        assert house.groundswell.series_status()
    assert house.groundswell.heartbeat().progress.stuck == ()


@pytest.mark.parametrize("source", ["raise RuntimeError", "import nothing_of_this_name", "def (", CountedBank.__doc__])
def test_a_plug_in_that_cannot_be_loaded_is_left_out(
    source: str, install_plugin: Callable[[str, str, str], None], caplog: pytest.LogCaptureFixture
) -> None:
    install_plugin("groundswell.data_services", "a_broken_bank", source)
    assert {service.name for service in build_services({})} == {*DATA_SERVICES} >= {"treasury"}
    assert "the plug-in a_broken_bank of groundswell.data_services cannot be loaded and is left out" in caplog.text


@pytest.mark.parametrize("line", ["name = 'x'", "priority = 1", "name = 'x'\n    priority = 1"])
def test_a_plug_in_that_declares_too_little_is_left_out_or_shown_as_broken(
    line: str, install_plugin: Callable[[str, str, str], None]
) -> None:
    source = (
        "from groundswell.sources.services.base import DataService\nclass X(DataService):\n"
        f"    terms = 'x'\n    {line}\n    offers = requests = read = lambda *_: ()\n"
    )
    install_plugin("groundswell.data_services", "a_short_bank", source)
    assert {service.name for service in build_services({})} - {"x"} == {*DATA_SERVICES} - {"x"}


def test_a_claim_on_which_the_program_fails_keeps_its_verdict_and_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = FixedClock(NOW)
    hubs = tuple(load_catalog())
    original = evaluate._evaluate
    broken = hubs[0].claims[0].id

    def raise_for_one(hub: str, claim: Any, *rest: Any) -> Any:
        if failing and (hub, claim.id) == (hubs[0].slug, broken):
            raise InjectedError
        return original(hub, claim, *rest)

    monkeypatch.setattr(evaluate, "_evaluate", raise_for_one)
    monkeypatch.setattr(facade, "load_default_feeds", tuple)
    with Groundswell.open(str(tmp_path / "a.db"), hubs, clock) as groundswell:
        groundswell.load()

        def read(day: date) -> dict[str, Evaluation]:
            found = {f"{hub.slug}/{one.id}": one for hub in hubs for one in groundswell.claims(hub.slug)}
            return {name: one for name, one in found.items() if one.as_of == day}

        runner = CycleRunner(groundswell, Wire(clock, write_bank), clock, pause=lambda _: None)
        failing = False
        runner.run_once()
        first_day, everything = clock.now.date(), read(clock.now.date())
        assert f"{hubs[0].slug}/{broken}" in everything
        failing = True
        clock.advance(timedelta(days=1))
        runner.run_once()
        assert read(clock.now.date()).keys() == everything.keys() - {f"{hubs[0].slug}/{broken}"}
        assert read(first_day).keys() == {f"{hubs[0].slug}/{broken}"}, "the recorded verdict stays"
        page = groundswell.claim_page(hubs[0].slug, broken, first_day).evaluation
        assert (page.verdict, page.reason) == (Verdict.NOT_MEASURED, "the program failed on it: InjectedError")
        (stuck,) = groundswell.heartbeat().progress.stuck
        assert (stuck.step, stuck.error) == ("evaluation", f"the program failed on {hubs[0].slug}/{broken}")
        assert f"{hubs[0].slug}/{broken}: the program failed on it: InjectedError" in caplog.text
        failing = False
        clock.advance(timedelta(minutes=5))
        runner.run_once()
        assert read(clock.now.date()).keys() == everything.keys()
        assert groundswell.heartbeat().progress.stuck == ()
