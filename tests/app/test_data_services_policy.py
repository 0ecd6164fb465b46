"""The Federal Reserve's pages and the SEC's accounts over the loopback: from the answer to what readers are told."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path

import pytest

from groundswell import Groundswell
from groundswell.app.cycle import CycleRunner
from groundswell.fetch.client import HttpRetriever
from groundswell.markets.events.fed_decisions import list_decisions
from groundswell.markets.indicators.policy_path import list_meetings
from groundswell.markets.series.catalogue import COMPANY_ACCOUNTS
from groundswell.model import Outcome
from groundswell.sources.services.registry import DATA_SERVICES
from groundswell.testing.fakes import FixedClock

NOW = datetime(2026, 11, 20, 22, tzinfo=UTC)
CONTACT = "desk@example.org"
CALENDAR = (
    '\ufeff<h4><a id="1">2026 FOMC Meetings</a></h4>'
    '<div class="row fomc-meeting"><div class="fomc-meeting__month col-md-2"><strong>September</strong></div>'
    '<div class="fomc-meeting__date col-lg-1">15-16*</div></div>'
    '<div class="row fomc-meeting"><div class="fomc-meeting__month col-md-2"><strong>December</strong></div>'
    '<div class="fomc-meeting__date col-lg-1">1-2*</div></div>'
)
STATEMENT = (
    '<div id="article"><p>The Federal Open Market Committee approved the following statement by a 9 — 3 vote:</p>'
    "<p>The Committee decided to lower the target range for the federal funds rate by 1/4 percentage point to 3‑1/4 to "
    "3‑1/2 percent.</p></div>"
)
FACT = {"end": "2025-12-31", "val": 7e8, "fy": 2025, "fp": "FY", "form": "10-K", "filed": "2026-02-20"}
FACTS = json.dumps({"cik": 42, "facts": {"us-gaap": {"DebtCurrent": {"units": {"USD": [FACT]}}}}})


class Handler(BaseHTTPRequestHandler):
    """The Board's pages (the statement of 28 October is not out), and the SEC's, which want a contact."""

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        status, body = 404, "<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>"
        if self.path.endswith("fomccalendars.htm"):
            status, body = 200, CALENDAR
        elif self.path.endswith("monetary20260916a.htm"):
            status, body = 200, STATEMENT
        elif self.path.endswith("CIK0000000042.json"):
            named = CONTACT in self.headers["User-Agent"]
            status, body = (200, FACTS) if named else (403, "<html>Undeclared Automated Tool</html>")
        packed = gzip.compress(body.encode())
        self.send_response(status)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(packed)))
        self.end_headers()
        self.wfile.write(packed)


@pytest.fixture
def base() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def run(tmp_path: Path, base: str, name: str, contact: str = CONTACT) -> Groundswell:
    clock = FixedClock(NOW)
    services = [DATA_SERVICES[name](base, contact=CONTACT)]
    groundswell = Groundswell.open(str(tmp_path / "live.db"), clock=clock, services=services, companies=[42])
    groundswell.register_sources()
    retriever = HttpRetriever(contact, [ip_network("127.0.0.0/8")])
    CycleRunner(groundswell, retriever, clock, pause=lambda _: None).run_once()
    return groundswell


def test_a_decision_of_today_reaches_the_phase_of_policy(tmp_path: Path, base: str) -> None:
    with run(tmp_path, base, "fomc") as groundswell:
        book = groundswell._evidence.book()
        assert list_decisions(NOW.date(), book)[-1].announced == date(2026, 9, 16)
        assert list_decisions(NOW.date(), book)[-1].change_bp == -25
        assert list_meetings(NOW.date(), date(2026, 12, 31), book) == (date(2026, 12, 2),)
        (row,) = [one for one in groundswell.status_page().data if one.name == "data:fomc"]
        assert row.outcome is Outcome.OK
        assert row.items == 14
        (state,) = [groundswell.hub_page("fomc").state]
        assert any("16 September 2026, to 3.25 to 3.50 %" in gauge.detail for gauge in state.gauges)
        kept = next(one for one in groundswell.series_status() if one.id == "FOMC.meeting")
        assert (kept.known, kept.stale) == ("ahead", False)


def test_accounts_come_to_programs_that_name_a_contact(tmp_path: Path, base: str) -> None:
    with run(tmp_path, base, "sec") as groundswell:
        series = groundswell._evidence.book().get(COMPANY_ACCOUNTS.ref(42, "short_term_debt"))
        assert (series.last, series.values.tolist()) == (date(2025, 12, 31), [7e8])
        assert series.known_at.tolist() == [datetime(2026, 2, 21, 3)]  # noqa: DTZ001 - numpy has no zones


def test_without_one_the_answer_is_told(tmp_path: Path, base: str) -> None:
    with run(tmp_path, base, "sec", contact="") as groundswell:
        (row,) = [one for one in groundswell.status_page().data if one.name == "data:sec"]
        assert (row.outcome, row.items) == (Outcome.REFUSED, 0)
        assert "HTTP 403 Forbidden" in row.detail
