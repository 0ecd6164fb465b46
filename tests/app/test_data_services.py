"""From a data service over the loopback to a verdict: asked, kept, evaluated, told on the status page."""

from __future__ import annotations

import json
import math
import random
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from itertools import accumulate
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from groundswell import Groundswell
from groundswell.app.cycle import CycleRunner
from groundswell.fetch.client import HttpRetriever
from groundswell.markets.series.calendar import sessions_between
from groundswell.model import Measure, Outcome, SeriesRef, Verdict
from groundswell.ports import Retrieved
from groundswell.sources.services.macro.fred import Fred
from groundswell.sources.services.macro.treasury import Treasury
from groundswell.sources.services.prices.tiingo import Tiingo
from groundswell.sources.services.prices.yahoo import Yahoo
from groundswell.testing.fakes import FixedClock

DGS10 = SeriesRef("DGS10", Measure.RATE)
FRIDAY = datetime(2026, 8, 21, 22, tzinfo=UTC)
LOOPBACK = [ip_network("127.0.0.0/8")]
HEADER = 'Date,"1 Mo","1.5 Month","2 Yr","10 Yr"\n'


class Server(ThreadingHTTPServer):
    """Answers each path with what ``answers`` holds for it, or 404."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.asked: list[str] = []

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        path = urlsplit(self.path).path
        status, body = next(
            (answer for part, answer in self.server.answers.items() if part in path), (404, b"<html>no</html>")
        )
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


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
def clock() -> FixedClock:
    return FixedClock(FRIDAY)


@pytest.fixture
def groundswell(tmp_path: Path, clock: FixedClock, server: Server) -> Iterator[Groundswell]:
    services = [Treasury(server.root)]
    with Groundswell.open(str(tmp_path / "live.db"), clock=clock, services=services, shipped=tuple) as opened:
        opened.register_sources()
        yield opened


@pytest.fixture
def pipeline(groundswell: Groundswell, clock: FixedClock) -> CycleRunner:
    return CycleRunner(groundswell, HttpRetriever("", LOOPBACK), clock, pause=lambda _: None)


def row(groundswell: Groundswell):
    return next(one for one in groundswell.status_page().data if one.name == "data:treasury")


def held(groundswell: Groundswell) -> dict[date, float]:
    found = groundswell._evidence.book().get(DGS10)
    return dict(zip(found.dates.tolist(), found.values.tolist(), strict=True)) if found else {}


def test_an_answer_is_kept_evaluated_and_told(groundswell: Groundswell, server: Server, pipeline: CycleRunner) -> None:
    server.answers["daily-treasury-rates.csv/all/all"] = (
        200,
        (HEADER + "08/21/2026,3.7,,3.9,4.41\n08/20/2026,3.7,3.7,3.9,4.43\n").encode(),
    )
    cycle = pipeline.run_once()
    assert cycle.values == 4
    assert held(groundswell) == {date(2026, 8, 20): 4.43, date(2026, 8, 21): 4.41}
    assert (row(groundswell).outcome, row(groundswell).items) == (Outcome.OK, 4)
    assert row(groundswell).detail == "4 new values, 1 of 1 answers usable"
    assert row(groundswell).next_due_at > FRIDAY
    told = next(one for one in groundswell.series_status() if one.id == "DGS10")
    assert told.source == "2026-08-20 to 2026-08-21: US Treasury par yields"
    assert pipeline.run_once().values == 0
    assert len(server.asked) == 1


def test_a_revision_stands_beside_what_it_revises(
    groundswell: Groundswell, server: Server, pipeline: CycleRunner, clock: FixedClock
) -> None:
    server.answers["/all/all"] = (200, (HEADER + "08/20/2026,3.7,,3.9,4.43\n01/02/1990,,,7.9,7.94\n").encode())
    pipeline.run_once()
    clock.advance(timedelta(days=3))
    server.answers["/2026/all"] = (200, (HEADER + "08/21/2026,3.7,,3.9,4.40\n08/20/2026,3.7,,3.9,4.53\n").encode())
    assert pipeline.run_once().values == 3
    book = groundswell._evidence.book()
    assert held(groundswell)[date(2026, 8, 20)] == 4.53
    then = book.known_by(FRIDAY + timedelta(hours=1)).get(DGS10)
    assert (then.dates.tolist(), then.values.tolist()) == ([date(1990, 1, 2), date(2026, 8, 20)], [7.94, 4.43])


def chart(symbol: str, days: list[date], steps: list[float]) -> bytes:
    """Yahoo's answer for a symbol, with a close a session that makes these steps."""
    levels = [100.0 * math.exp(one) for one in accumulate(steps)]
    stamps = [int(datetime(day.year, day.month, day.day, 13, 30, tzinfo=UTC).timestamp()) for day in days]
    result = {
        "meta": {"symbol": symbol, "gmtoffset": -14400},
        "timestamp": stamps,
        "indicators": {"quote": [{"close": levels}], "adjclose": [{"adjclose": levels}]},
    }
    return json.dumps({"chart": {"result": [result], "error": None}}).encode()


def test_prices_that_come_in_give_a_claim_its_verdict_within_the_cycle(
    tmp_path: Path, server: Server, clock: FixedClock
) -> None:
    services = [Yahoo(server.root)]
    days = sessions_between(date(1993, 1, 29), FRIDAY.date()).tolist()
    draw = random.Random(1)
    with Groundswell.open(str(tmp_path / "prices.db"), clock=clock, services=services, shipped=tuple) as groundswell:
        groundswell.register_sources()
        cycles = CycleRunner(groundswell, HttpRetriever("", LOOPBACK), clock, pause=lambda _: None)
        assert cycles.run_once().values == 0
        (before,) = [one for one in groundswell.claims("small-caps") if one.id == "C1"]
        assert before.verdict is Verdict.NOT_MEASURED
        for symbol in ("IWM", "SPY"):
            server.answers[f"chart/{symbol}"] = (200, chart(symbol, days, [draw.gauss(0.0003, 0.01) for _ in days]))
        clock.advance(timedelta(hours=20))
        assert cycles.run_once().values == 4 * len(days)  # prices and total returns of two symbols
        (after,) = [one for one in groundswell.claims("small-caps") if one.id == "C1"]
        assert after.verdict is not Verdict.NOT_MEASURED
        assert after.n >= 3
        assert {(use.source, use.last) for use in after.sources if use.series == "IWM (total return)"} == {
            (f"1993-01-29 to {FRIDAY.date()}: Yahoo charts", FRIDAY.date())
        }
        state = next(one for one in groundswell.status_page().data if one.name == "data:yahoo")
        assert state.outcome is Outcome.OK
        assert "2 of " in state.detail
        assert "HTTP 404" in state.detail


def test_a_service_that_refuses_is_asked_nothing_more_and_left_alone(
    tmp_path: Path, server: Server, clock: FixedClock
) -> None:
    server.answers["chart/"] = (429, b"Too Many Requests")
    services = [Yahoo(server.root)]
    with Groundswell.open(str(tmp_path / "refused.db"), clock=clock, services=services, shipped=tuple) as groundswell:
        assert groundswell.register_sources() == (f"Yahoo charts: {services[0].terms}",)
        CycleRunner(groundswell, HttpRetriever("", LOOPBACK), clock, pause=lambda _: None).run_once()
        assert len(server.asked) == 1
        (state,) = [one for one in groundswell.status_page().data if one.name == "data:yahoo"]
        assert (state.outcome, state.topic) == (Outcome.REFUSED, services[0].terms)
        assert "HTTP 429 Too Many Requests" in state.detail
        assert FRIDAY + timedelta(minutes=30) <= state.next_due_at <= FRIDAY + timedelta(hours=1)
        assert groundswell.register_sources() == ()


def test_a_try_cut_short_goes_on_in_the_next_cycle(tmp_path: Path, server: Server, clock: FixedClock) -> None:
    for symbol in ("IWM", "SPY", "KRE"):
        server.answers[f"chart/{symbol}"] = (200, chart(symbol, [date(2026, 8, 19), date(2026, 8, 20)], [0.0, 0.01]))
    services = [Yahoo(server.root)]
    with Groundswell.open(str(tmp_path / "short.db"), clock=clock, services=services, shipped=tuple) as groundswell:
        groundswell.register_sources()

        def slow(_: float) -> None:
            clock.advance(timedelta(seconds=25))

        cycles = CycleRunner(groundswell, HttpRetriever("", LOOPBACK), clock, pause=slow)
        cycles.run_once()
        few = len(server.asked)
        (state,) = [one for one in groundswell.status_page().data if one.name == "data:yahoo"]
        assert (state.due_reason, state.next_due_at) == ("the rest of an interrupted update", clock.now)
        CycleRunner(groundswell, HttpRetriever("", LOOPBACK), clock, pause=lambda _: None).run_once()
        assert len(server.asked) > 2 * few
        assert {("IWM", "price"), ("SPY", "price"), ("KRE", "total return")} <= {
            (one.id, one.measure) for one in groundswell.series_status()
        }


def test_a_key_is_sent_and_told_nowhere(tmp_path: Path, server: Server, clock: FixedClock) -> None:
    services = [Fred(server.root, "s3cret"), Tiingo(server.root, "s3cret")]
    with Groundswell.open(str(tmp_path / "keys.db"), clock=clock, services=services, shipped=tuple) as groundswell:
        groundswell.register_sources()
        CycleRunner(groundswell, HttpRetriever("", LOOPBACK), clock, pause=lambda _: None).run_once()
        assert all("s3cret" in path for path in server.asked)
        assert {path.split("/")[1] for path in server.asked} == {"fred", "tiingo"}
        assert "s3cret" not in repr(groundswell.status_page())
    assert b"s3cret" not in (tmp_path / "keys.db").read_bytes()


def test_a_service_without_its_key_or_off_is_told_so(tmp_path: Path, server: Server, clock: FixedClock) -> None:
    database = str(tmp_path / "off.db")
    services = [Tiingo(server.root)]
    with Groundswell.open(database, clock=clock, services=services, shipped=tuple) as groundswell:
        groundswell.register_sources()
        assert groundswell.due_requests() == []
        (state,) = [one for one in groundswell.status_page().data if one.name == "data:tiingo"]
        assert (state.outcome, state.detail) == (
            Outcome.NOT_TRIED,
            "not asked: it needs a key, to be set as key in [services.tiingo]",
        )
    with Groundswell.open(database, clock=clock, services=()) as groundswell:
        groundswell.register_sources()
        (state,) = [one for one in groundswell.status_page().data if one.name == "data:tiingo"]
        assert not state.enabled


NO_TABLE = "a file without a table of days"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((200, b"<!DOCTYPE html><html>busy</html>"), (Outcome.MALFORMED, "a web page instead of data")),
        ((200, b"Term,2 Yr\n"), (Outcome.MALFORMED, f"{NO_TABLE}: it has no column date among 'Term, 2 Yr'")),
        ((403, b"no"), (Outcome.REFUSED, "HTTP 403 Forbidden")),
        ((429, b"slow down"), (Outcome.REFUSED, "HTTP 429 Too Many Requests")),
    ],
)
def test_a_bad_answer_is_a_row_and_no_exception(
    groundswell: Groundswell,
    server: Server,
    pipeline: CycleRunner,
    answer: tuple[int, bytes],
    told: tuple[Outcome, str],
) -> None:
    server.answers["/all/all"] = answer
    assert pipeline.run_once().values == 0
    state = row(groundswell)
    assert (state.outcome, state.detail, state.failures) == (told[0], f"DGS10, DGS2: {told[1]}", 1)
    assert state.next_due_at > FRIDAY
    assert "having failed once" in state.due_reason


def test_only_the_days_after_the_shipped_ones_are_asked_for(tmp_path):
    """A first start asks the Treasury for this year's file and not for that of all years, and stores what is new."""
    clock = FixedClock(datetime(2026, 8, 27, 12, tzinfo=UTC))
    with Groundswell.open(str(tmp_path / "shipped.db"), clock=clock, services=(Treasury(),)) as groundswell:
        groundswell.register_sources()
        (due,) = groundswell.due_requests()
        assert "daily-treasury-rates.csv/2026/all" in due.request.address
        header = b'Date,"2 Yr","5 Yr","10 Yr","30 Yr"\n'
        rows = b"08/21/2026,4.20,4.40,4.70,5.25\n08/20/2026,4.19,4.39,4.69,5.23\n"
        answer = Retrieved(Outcome.OK, "HTTP 200", header + rows, status=200)
        assert groundswell.take_answers([due], [(due, answer)]) == 2  # the 20th ships; two of the yields are in use
        ten_years = next(series for series in groundswell.series_status() if series.id == "DGS10")
        assert (ten_years.last, ten_years.observations) == (date(2026, 8, 21), 16145)
        assert ten_years.source.endswith("2026-08-21 to 2026-08-21: US Treasury par yields")
        assert "release H.15" in ten_years.source
