"""Services as the program asks them, over the loopback: further addresses, answers that lead to others, and meetings
of the Fed that are on no calendar."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from groundswell import Groundswell
from groundswell.app import facade, service_requests
from groundswell.app.cycle import CycleRunner
from groundswell.fetch.client import HttpRetriever
from groundswell.markets.events.fed_decisions import list_decisions
from groundswell.markets.series.catalogue import COMPANY_ACCOUNTS, FUND_CONCENTRATION
from groundswell.model import Outcome, SeriesRef
from groundswell.sources.services.accounts.sec import Sec
from groundswell.sources.services.base import DataService
from groundswell.sources.services.holdings.ishares import IShares
from groundswell.sources.services.holdings.nport import NPort
from groundswell.sources.services.macro.fomc import Fomc
from groundswell.sources.services.macro.newyorkfed import NewYorkFed
from groundswell.testing.fakes import FixedClock

from ..sources.holdings_answers import WEIGHTS, write_nport, write_nport_index
from .test_data_services import LOOPBACK, Server, server

__all__ = ["server"]

NOW = datetime(2026, 11, 12, 15, tzinfo=UTC)
RSP, IVV = (FUND_CONCENTRATION.ref(fund, "top10") for fund in ("RSP", "IVV"))


class Desk:
    """A store that asks services of a loopback server for some series, a cycle at a time."""

    def __init__(self, groundswell: Groundswell, clock: FixedClock) -> None:
        self.groundswell, self.clock = groundswell, clock
        self.runner = CycleRunner(groundswell, HttpRetriever("", LOOPBACK), clock, pause=lambda _: None)

    def run(self, hours: int = 0) -> None:
        self.clock.advance(timedelta(hours=hours))
        self.runner.run_once()

    def values(self, ref: SeriesRef) -> dict[date, float]:
        series = self.groundswell._evidence.book().get(ref)
        return dict(zip(series.dates.tolist(), series.values.tolist(), strict=True)) if series else {}

    def state(self, name: str):
        return next(one for one in self.groundswell.status_page().data if one.name == f"data:{name}")


@pytest.fixture
def open_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator:
    opened: list[Groundswell] = []

    def build(services: list[DataService], *refs: SeriesRef) -> Desk:
        monkeypatch.setattr(facade, "load_default_feeds", tuple)
        monkeypatch.setattr(facade, "collect_series_refs", lambda _: frozenset(refs))
        clock = FixedClock(NOW)
        groundswell = Groundswell.open(str(tmp_path / "a.db"), (), clock, services=services)
        opened.append(groundswell)
        groundswell.register_sources()
        return Desk(groundswell, clock)

    yield build
    for groundswell in opened:
        groundswell.close()


def write_rates(*rows: tuple[date, float]) -> bytes:
    rates = [
        {"effectiveDate": str(day), "type": "EFFR", "percentRate": upper - 0.1, "targetRateFrom": upper - 0.25,
         "targetRateTo": upper, "revisionIndicator": ""}
        for day, upper in rows
    ]  # fmt: skip
    return json.dumps({"refRates": rates}).encode()


def test_an_emergency_cut_is_noticed_and_read(open_desk, server: Server) -> None:
    days = [date(2026, 11, 5), date(2026, 11, 6), date(2026, 11, 9), date(2026, 11, 10)]
    server.answers["effr/search.json"] = (200, write_rates(*((day, 3.75) for day in days[:3]), (days[3], 3.25)))
    words = (
        "the Committee decided today to lower the target range for the federal funds rate by 1/2 percentage point, to"
    )
    server.answers["monetary20261109a.htm"] = (200, f"<p>{words} 3 to 3\u20111/4 percent.</p>".encode())
    server.answers["monetary2026"] = (404, b"<html>no such page</html>")
    meeting = '<div class="fomc-meeting__month"><strong>{}</strong></div><div class="fomc-meeting__date">{}</div>'
    listed = "".join(meeting.format(*one) for one in (("October", "27-28"), ("December", "8-9*")))
    server.answers["fomccalendars.htm"] = (200, f"<h4>2026 FOMC Meetings</h4>{listed}".encode())
    desk = open_desk([NewYorkFed(server.root), Fomc(server.root)])
    desk.run()
    assert not [path for path in server.asked if "monetary20261109a.htm" in path]
    desk.run(hours=7)
    known = list_decisions(desk.clock.now.date(), desk.groundswell._evidence.book())
    cut = next(one for one in known if one.announced == date(2026, 11, 9))
    assert (cut.lower, cut.upper, cut.change_bp, cut.scheduled) == (3.0, 3.25, -50, False)
    asked = len(server.asked)
    desk.run(hours=7)
    assert not [path for path in server.asked[asked:] if "monetary20261109a" in path or "monetary20261110a" in path]


def test_a_report_is_read_by_way_of_its_index(open_desk, server: Server) -> None:
    index = write_nport_index((date(2026, 9, 28), "0001209466-26-001500", "NPORT-P"))
    server.answers["/cgi-bin/browse-edgar"] = (200, index)
    report = write_nport(date(2026, 7, 31))
    server.answers["/Archives/edgar/data/1209466/000120946626001500/primary_doc.xml"] = (200, report)
    desk = open_desk([NPort(server.root, "", "desk@example.org")], RSP)
    desk.run()
    assert desk.values(RSP) == {date(2026, 7, 31): pytest.approx(sum(WEIGHTS[:10]) / sum(WEIGHTS))}
    assert desk.state("nport").outcome is Outcome.OK
    known = desk.groundswell._evidence.book().get(RSP).known_at[0]
    assert str(known).startswith("2026-09-28T23:00")


def test_a_list_is_taken_from_the_first_address_that_gives_one(open_desk, server: Server) -> None:
    rows = "".join(f'"S{n}","CO","Energy","Equity","1,0{n:02}.00","5.00"\n' for n in range(20))
    head = 'iShares Core S&P 500 ETF\nFund Holdings as of,"Nov 10, 2026"\n\u00a0\n'
    latest = f"{head}Ticker,Name,Sector,Asset Class,Market Value,Weight (%)\n{rows}".encode()
    server.answers["get-fund-document"] = (200, b"<!DOCTYPE html><html>busy</html>")
    server.answers["1467271812596.ajax"] = (200, latest)
    desk = open_desk([IShares(server.root)], IVV)
    desk.run()
    assert list(desk.values(IVV)) == [date(2026, 11, 10)]
    assert desk.state("ishares").outcome is Outcome.OK
    assert [("asOfDate=20261111" in path, ".ajax" in path) for path in server.asked] == [
        (True, False),
        (False, False),
        (False, True),
    ]


def write_large_facts(company: int, megabytes: int) -> bytes:
    """Write facts of a company, with so many of a tag that nobody reads."""
    entry = {"end": "2025-12-31", "val": 5e9, "form": "10-K", "filed": "2026-02-10"}
    flow = {**entry, "start": "2025-01-01", "val": 1e8}
    other = {**entry, "accn": "0001234567-26-000001", "fy": 2025, "fp": "FY", "frame": "CY2025Q4I"}
    facts = {
        "Unread": {"units": {"USD": [other] * (megabytes * 1_000_000 // len(json.dumps(other)))}},
        "StockholdersEquity": {"units": {"USD": [entry]}},
        "NetIncomeLoss": {"units": {"USD": [flow]}},
    }
    return json.dumps({"cik": company, "facts": {"us-gaap": facts}}).encode()


def test_the_facts_of_large_companies_are_read(open_desk, server, monkeypatch) -> None:
    first, second, third = (COMPANY_ACCOUNTS.ref(company, "equity") for company in (11, 12, 13))
    bodies = {company: write_large_facts(company, 11) for company in (11, 12)}
    server.answers = {f"CIK{company:010d}": (200, body) for company, body in bodies.items()}
    server.answers["CIK0000000013"] = (200, write_large_facts(13, 33))
    desk = open_desk([Sec(address=server.root, contact="x")], first, second, third)
    monkeypatch.setattr(service_requests, "MAX_BYTES_OF_CYCLE", 10_000_000)
    desk.run()
    assert len(server.asked) == 1, "with so much kept, the next company waits for the next cycle"
    desk.run()
    desk.run()
    assert [desk.values(ref) for ref in (first, second, third)] == [{date(2025, 12, 31): 5e9}] * 2 + [{}]
    assert "larger than 32 MB" in desk.state("sec").detail
