"""From made lists, tickers and frames over the loopback to the claims on small and large companies."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from groundswell import Groundswell
from groundswell.app.cycle import CycleRunner
from groundswell.fetch.client import HttpRetriever
from groundswell.markets.series.catalogue import GROUP_ACCOUNTS
from groundswell.model import Basis, Evaluation, Outcome, Series, Verdict
from groundswell.sources.services.accounts.frames import list_frames
from groundswell.sources.services.accounts.groups import YEARS, SecFrames

LOOPBACK = [ip_network("127.0.0.0/8")]
NOW = datetime(2026, 8, 21, 22, tzinfo=UTC)
SIZE = 120
REQUESTS_A_YEAR = len(list_frames(2025)) + 3
NAMES = {"IVV": "iShares Core S&P 500 ETF", "IWM": "iShares Russell 2000 ETF"}
FUNDS = {"239726": "IVV", "239710": "IWM"}
FRAME = re.compile(r"/frames/us-gaap/(\w+)/USD/(CY(\d{4})(Q4I)?)\.json$")


def list_members(fund: str) -> list[tuple[str, int, str]]:
    """Ticker, number and sector: one company is on both lists, one has two classes of shares, one is a bank."""
    first = 1_000 if fund == "IVV" else 5_000
    letter = "L" if fund == "IVV" else "S"
    members = [(f"{letter}{place:03}", first + place, "Industrials") for place in range(SIZE)]
    both = ("L000", 1_000, "Industrials")
    return [*members, (f"{letter}000B", first, "Industrials"), (f"{letter}BANK", first + 900, "Financials"), both]


def amount_of(tag: str, number: int, year: int) -> float | None:
    """The made accounts: small companies have more debt that is due soon, and half of them do not earn their interest.

    Banks would reverse each figure. Only large companies have commercial paper. A twentieth files no accounts.
    """
    is_small, is_bank, place = number >= 5_000, number % 1_000 == 900, number % 1_000
    if place % 20 == 19:
        return None
    short = (30.0 if is_small else 4.0) + place % 5
    amounts = {
        "LongTermDebtCurrent": 90.0 if is_bank else short,
        "CommercialPaper": None if is_small else 6.5,
        "LongTermDebt": 100.0 + short,
        "InterestExpenseNonoperating": (6.0 + 0.2 * (year - 2016)) if is_small else 5.0,
        "OperatingIncomeLoss": 1.0 if is_small and place % 2 else 50.0,
        "NetIncomeLoss": -1.0 if is_small and place % 2 else 40.0,
    }
    return amounts.get(tag)


class Server(ThreadingHTTPServer):
    """Answers as the SEC and BlackRock do; ``broken`` names parts of addresses with another status or body."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.broken: dict[str, tuple[int, bytes]] = {}
        self.asked: list[str] = []

    def answer(self, path: str) -> tuple[int, bytes]:
        for part, answer in self.broken.items():
            if part in path:
                return answer
        if path.startswith("/files/company_tickers.json"):
            members = [one for fund in NAMES for one in list_members(fund)]
            listed = {str(place): {"cik_str": one[1], "ticker": one[0]} for place, one in enumerate(members)}
            return 200, json.dumps(listed).encode()
        fund = next((fund for number, fund in FUNDS.items() if number in path), "")
        return (200, self._write_list(fund)) if fund else self._write_frame(urlsplit(path).path)

    def _write_list(self, fund: str) -> bytes:
        members = list_members(fund)
        weight = 100 / len(members)
        head = f'{NAMES[fund]}\nFund Holdings as of,"Aug 20, 2026"\n\n'
        head += "Ticker,Name,Sector,Asset Class,Market Value,Weight (%)\n"
        rows = (f'"{one[0]}","Made","{one[2]}","Equity","1,000","{weight:.4f}"\n' for one in members)
        return (head + "".join(rows)).encode()

    def _write_frame(self, path: str) -> tuple[int, bytes]:
        found = FRAME.search(path)
        if found is None:
            return 404, b"<Error><Code>NoSuchKey</Code></Error>"
        tag, period, year = found[1], found[2], int(found[3])
        numbers = {one[1] for fund in NAMES for one in list_members(fund)} | {999_999}
        data = [
            {"accn": "1", "cik": number, "entityName": "Made", "loc": "US", "end": f"{year}-12-31", "val": value}
            for number in sorted(numbers)
            if (value := amount_of(tag, number, year)) is not None
        ]
        if not data:
            return 404, b"<Error><Code>NoSuchKey</Code></Error>"
        said = {"taxonomy": "us-gaap", "tag": tag, "ccp": period, "uom": "USD", "pts": len(data), "data": data}
        return 200, json.dumps(said).encode()


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        status, body = self.server.answer(self.path)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Clock:
    """A clock that goes on while the program waits between two requests to a host."""

    def __init__(self) -> None:
        self.now, self.seconds = NOW, 0.0

    def __call__(self) -> datetime:
        return self.now

    def wait(self, _: float) -> None:
        self.now += timedelta(seconds=self.seconds)


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def groundswell(tmp_path: Path, clock: Clock, server: Server) -> Iterator[Groundswell]:
    services = [SecFrames(f"http://127.0.0.1:{server.server_port}", "", "desk@example.org")]
    with Groundswell.open(str(tmp_path / "live.db"), clock=clock, services=services) as opened:
        opened.load()
        opened._services.register()
        yield opened


@pytest.fixture
def cycle(groundswell: Groundswell, clock: Clock) -> CycleRunner:
    return CycleRunner(groundswell, HttpRetriever("desk@example.org", LOOPBACK), clock, pause=clock.wait)


def find_row(groundswell: Groundswell):
    return next(one for one in groundswell.status_page().data if one.name == "data:secframes")


def find_series(groundswell: Groundswell, *parts: str) -> Series | None:
    return groundswell._evidence.book().get(GROUP_ACCOUNTS.ref(*parts))


def list_years(groundswell: Groundswell) -> list[int]:
    series = find_series(groundswell, "small", "loss_share", "mean")
    return [day.year for day in series.dates.tolist()] if series else []


def evaluate(groundswell: Groundswell, hub: str, claim: str) -> Evaluation:
    return next(one for one in groundswell._evidence.evaluate(hub, NOW.date()) if one.id == claim)


def test_the_claims_on_small_companies_are_measured_live(
    groundswell: Groundswell, cycle: CycleRunner, server: Server
) -> None:
    cycle.run_once()
    assert find_row(groundswell).outcome is Outcome.OK, find_row(groundswell).detail
    assert list_years(groundswell) == list(range(2016, 2026))
    assert len(server.asked) == YEARS * REQUESTS_A_YEAR
    floating = evaluate(groundswell, "small-caps", "C4")
    debt = next(reading for reading in floating.readings if reading.name == "Debt due within a year, from accounts")
    assert (debt.verdict, bool(debt.asks)) == (Verdict.SUPPORTED, True)
    filed, listed = 114, 120  # the one that is on both lists is large
    large = [(4 + place % 5, 6.5) for place in range(120) if place % 20 != 19]
    small = [30 + place % 5 for place in range(120) if place % 20 != 19]
    expected = sum(due / (due + 100) for due in small) / len(small)
    expected -= sum((due + paper) / (due + paper + 100) for due, paper in large) / len(large)
    assert debt.estimate == pytest.approx(expected)
    assert debt.n == filed + 114
    note = f"For fiscal year 2025, {filed} of {listed} listed small and 114 of 120 large companies have accounts at"
    assert any("as last published" in one for one in floating.notes)
    cost = evaluate(groundswell, "small-caps", "C5")
    assert cost.verdict is Verdict.INSUFFICIENT
    assert {event.date.year for event in cost.events} == {2019, 2024}
    assert all(event.value > 0 for event in cost.events)
    unearned = evaluate(groundswell, "roic", "R4")
    assert any(one.startswith(note) for one in unearned.notes)
    assert (unearned.verdict, unearned.events[-1].date) == (Verdict.SUPPORTED, date(2025, 12, 31))
    assert all("SEC frames" in use.source for use in unearned.sources if use.series.startswith("small."))


def test_figures_count_from_the_middle_of_the_next_year_on(groundswell: Groundswell, cycle: CycleRunner) -> None:
    cycle.run_once()
    series = find_series(groundswell, "large", "companies", "listed")
    assert series is not None
    assert [str(instant) for instant in series.known_at[-2:]] == ["2025-06-30T21:30:00", "2026-06-30T21:30:00"]
    assert series.revised
    assert len(series.known_by(datetime(2026, 6, 30, 21, tzinfo=UTC))) == YEARS - 1


def test_what_a_minute_does_not_suffice_for_comes_in_the_next_cycles(
    groundswell: Groundswell, cycle: CycleRunner, clock: Clock, server: Server
) -> None:
    clock.seconds = 2.0  # thirty requests a minute: a year and a part of the next, which is finished
    cycle.run_once()
    assert list_years(groundswell) == [2024, 2025]
    for _ in range(6):
        cycle.run_once()
    assert list_years(groundswell) == list(range(2016, 2026))
    assert len(server.asked) <= (YEARS + 1) * REQUESTS_A_YEAR
    series = find_series(groundswell, "large", "loss_share", "mean")
    assert series is not None
    assert str(series.known_at[0]) == "2017-06-30T21:30:00"  # although it came after the newest year


def test_a_year_is_not_asked_for_twice_but_the_newest_is(
    groundswell: Groundswell, cycle: CycleRunner, clock: Clock, server: Server
) -> None:
    cycle.run_once()
    server.asked.clear()
    clock.now += timedelta(hours=30)
    cycle.run_once()
    assert len(server.asked) == REQUESTS_A_YEAR
    assert all("CY2025" in path for path in server.asked if "/frames/" in path)


@pytest.mark.parametrize(
    "case",
    [
        ("NetIncomeLoss/USD/CY20", (500, b""), "NetIncomeLoss: HTTP 500"),
        ("OperatingIncomeLoss", (200, b"<html>busy</html>"), "OperatingIncomeLoss: a web page instead of data"),
        ("company_tickers", (403, b""), "the list of tickers: HTTP 403"),
        ("company_tickers", (200, b'{"0": {"ticker": "L001", "cik_str": 1001}}'), "has only"),
        ("239710", (200, b"<html>consent</html>"), "the list of IWM: a web page"),
        ("239710", (404, b""), "the list of IWM: HTTP 404"),
    ],
)
def test_without_a_part_nothing_is_computed_and_the_reason_is_given(
    groundswell: Groundswell, cycle: CycleRunner, server: Server, case: tuple[str, tuple[int, bytes], str]
) -> None:
    part, answer, words = case
    server.broken[part] = answer
    cycle.run_once()
    assert list_years(groundswell) == []
    assert words in find_row(groundswell).detail
    assert find_row(groundswell).outcome.failed
    assert evaluate(groundswell, "roic", "R4").basis is not Basis.DECLARED


def test_one_year_that_fails_leaves_the_others(groundswell: Groundswell, cycle: CycleRunner, server: Server) -> None:
    server.broken["DebtCurrent/USD/CY2019Q4I"] = (200, b"{}")
    cycle.run_once()
    assert list_years(groundswell) == [year for year in range(2016, 2026) if year != 2019]
    assert "fiscal year 2019, DebtCurrent: taxonomy 'None' instead of 'us-gaap'" in find_row(groundswell).detail
