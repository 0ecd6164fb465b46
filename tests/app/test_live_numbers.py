"""From a data service over the loopback to a verdict: asked, kept, evaluated, told on the status page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from groundswell import Groundswell
from groundswell.app import live_sources
from groundswell.feeds.retrieve import HttpRetriever
from groundswell.pipeline import Pipeline
from groundswell.testing.fakes import FixedClock
from groundswell.types import Measure, Outcome, SeriesRef

DGS10 = SeriesRef("DGS10", Measure.RATE)
FRIDAY = datetime(2026, 8, 21, 22, tzinfo=UTC)
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
    sources = live_sources(["treasury"], {"treasury": server.root})
    with Groundswell.open(str(tmp_path / "live.db"), clock=clock, sources=sources) as opened:
        opened.live.register()
        yield opened


@pytest.fixture
def pipeline(groundswell: Groundswell, clock: FixedClock) -> Pipeline:
    return Pipeline(groundswell, HttpRetriever("", [ip_network("127.0.0.0/8")]), clock, pause=lambda _: None)


def row(groundswell: Groundswell):
    return next(one for one in groundswell.status_page().data if one.name == "data:treasury")


def held(groundswell: Groundswell) -> dict[date, float]:
    found = groundswell.evidence.book().get(DGS10)
    return dict(zip(found.dates.tolist(), found.values.tolist(), strict=True)) if found else {}


def test_an_answer_is_kept_evaluated_and_told(groundswell: Groundswell, server: Server, pipeline: Pipeline) -> None:
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
    told = next(one for one in groundswell.holdings() if one.series == "DGS10 (rate)")
    assert told.source == "2026-08-20 to 2026-08-21: US Treasury par yields"
    assert pipeline.run_once().values == 0
    assert len(server.asked) == 1


def test_a_revision_stands_beside_what_it_revises(
    groundswell: Groundswell, server: Server, pipeline: Pipeline, clock: FixedClock
) -> None:
    server.answers["/all/all"] = (200, (HEADER + "08/20/2026,3.7,,3.9,4.43\n").encode())
    pipeline.run_once()
    clock.advance(timedelta(days=3))
    server.answers["/2026/all"] = (200, (HEADER + "08/21/2026,3.7,,3.9,4.40\n08/20/2026,3.7,,3.9,4.53\n").encode())
    assert pipeline.run_once().values == 3
    book = groundswell.evidence.book()
    assert held(groundswell)[date(2026, 8, 20)] == 4.53
    then = book.known_by(FRIDAY + timedelta(hours=1)).get(DGS10)
    assert (then.dates.tolist(), then.values.tolist()) == ([date(2026, 8, 20)], [4.43])


def test_claims_are_evaluated_anew_when_a_value_is_new(
    groundswell: Groundswell, server: Server, pipeline: Pipeline, clock: FixedClock
) -> None:
    pipeline.run_once()
    before = {use.series for one in groundswell.claims("small-caps") for use in one.sources}
    assert "DGS10 (rate)" not in before
    assert groundswell.evidence.book().get(DGS10) is None
    clock.advance(timedelta(hours=20))
    rows = "".join(
        f"{day:%m/%d/%Y},3.7,,{2 + place % 7 / 10},{3 + place % 5 / 10}\n"
        for place, day in enumerate(date(2023, 1, 2) + timedelta(days=one) for one in range(1320))
        if day.weekday() < 5
    )
    server.answers["/all/all"] = (200, (HEADER + rows).encode())
    assert pipeline.run_once().values > 1000
    assert groundswell.evidence.book().get(DGS10).last == date(2026, 8, 13)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((200, b"<!DOCTYPE html><html>busy</html>"), (Outcome.MALFORMED, "a web page instead of data")),
        ((200, b"Day,2 Yr\n"), (Outcome.MALFORMED, "a file whose first column is not Date")),
        ((403, b"no"), (Outcome.REFUSED, "HTTP 403 Forbidden")),
        ((429, b"slow down"), (Outcome.REFUSED, "HTTP 429 Too Many Requests")),
    ],
)
def test_a_bad_answer_is_a_row_and_no_exception(
    groundswell: Groundswell, server: Server, pipeline: Pipeline, answer: tuple[int, bytes], told: tuple[Outcome, str]
) -> None:
    server.answers["/all/all"] = answer
    assert pipeline.run_once().values == 0
    state = row(groundswell)
    assert (state.outcome, state.detail, state.failures) == (told[0], f"DGS10, DGS2: {told[1]}", 1)
    assert state.next_due_at > FRIDAY
    assert "having failed once" in state.due_reason
