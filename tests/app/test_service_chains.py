"""A series whose service fails is sent by the next one, and by the first again once it is back; who did is shown."""

from __future__ import annotations

from datetime import date, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from groundswell.app import facade
from groundswell.app.service_probe import probe_services
from groundswell.fetch.client import HttpRetriever
from groundswell.model import IssueKind, Measure, Outcome, SeriesRef
from groundswell.sources.services.registry import DATA_SERVICES
from groundswell.testing.fakes import FixedClock

from . import loopback_services
from .loopback_services import Sent, serve
from .test_first_start import START, House, choose_hubs, open_house

VIX = SeriesRef("^VIX", Measure.PRICE)


@pytest.fixture(autouse=True)
def no_feeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facade, "load_default_feeds", tuple)


def list_changes(house: House) -> list[str]:
    return [
        issue.series for issue in house.groundswell.status_page().data_issues if issue.kind is IssueKind.SOURCE_CHANGE
    ]


def find_server(house: House, ref: SeriesRef) -> str:
    chains = house.groundswell.status_page().chains
    links = next(chain.links for chain in chains if (chain.id, chain.measure) == (ref.id, ref.measure))
    return next(link.service for link in links if link.serves)


def test_the_next_service_goes_on_and_the_first_takes_its_place_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sent, "until", date(2026, 8, 19))
    with open_house(tmp_path) as house:
        monkeypatch.setattr(Sent, "until", loopback_services.LAST)
        assert find_server(house, VIX) == "cboe"
        house.servers["cboe"].mode = "refuse"
        house.clock.advance(timedelta(hours=7))
        house.cycles.run_once()
        series = house.groundswell._evidence.book().get(VIX)
        assert series.last == loopback_services.LAST
        assert find_server(house, VIX) == "fred"
        assert str(VIX) in list_changes(house)
        house.servers["cboe"].mode = "well"
        house.run(60)
        assert find_server(house, VIX) == "cboe"
        assert str(VIX) not in list_changes(house)
        assert house.groundswell._evidence.book().get(VIX).values.tolist() == series.values.tolist()


def test_the_symbols_that_most_claims_wait_for_are_asked_first_and_a_late_refusal_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = loopback_services.Upstream.answer

    def refuse_third(self: loopback_services.Upstream, address: str) -> bytes:
        if "/chart/" in address and len(self.asked) > 2:
            self.mode = "refuse"
        return answer(self, address)

    monkeypatch.setattr(loopback_services.Upstream, "answer", refuse_third)
    with open_house(tmp_path) as house:
        asked = [path.split("/chart/")[1].split("?")[0] for path in house.servers["yahoo"].asked]
        assert asked[0] == "SPY"  # all three claims wait for it
        monkeypatch.setattr(loopback_services.Upstream, "answer", answer)
        house.servers["yahoo"].asked.clear()
        missing = [one for one in house.claims().values() if "Yahoo charts refused at 12:00 UTC" in one.reason]
        page = house.groundswell.status_page()
        state = next(one for one in page.data if one.name == "data:yahoo")
        due = state.next_due_at
        assert timedelta(minutes=30) <= due - house.clock.now <= timedelta(hours=1)
        for one in missing:
            assert f"asked again at {due:%H:%M} UTC" in one.reason
        house.servers["yahoo"].mode = "well"
        house.run(60)
        assert not any("refused" in one.reason for one in house.claims().values())
        again = {path.split("/chart/")[1].split("?")[0] for path in house.servers["yahoo"].asked}
        assert not again & set(asked[:2]), "what had been answered is not asked again"


def test_a_probe_tries_every_service_and_stores_nothing() -> None:
    with serve(("treasury", "fred", "yahoo", "cboe", "newyorkfed")) as servers:
        servers["fred"].mode, servers["cboe"].mode, servers["yahoo"].mode = "refuse", "hollow", "hang"
        services = [DATA_SERVICES[name](server.root) for name, server in servers.items()]
        services.append(DATA_SERVICES["tiingo"]())
        retriever = HttpRetriever("", [ip_network("127.0.0.0/8")], timeout=2.0, total=3.0)
        clock = FixedClock(START)
        found = {one.service: one for one in probe_services(services, choose_hubs(), retriever, clock)}
    assert {name: one.outcome for name, one in found.items()} == {
        "treasury": Outcome.OK,
        "newyorkfed": Outcome.OK,
        "fred": Outcome.REFUSED,
        "yahoo": Outcome.UNREACHABLE,
        "cboe": Outcome.MALFORMED,
        "tiingo": Outcome.NOT_TRIED,
    }
    assert found["treasury"].last == loopback_services.LAST
    assert found["treasury"].values > 9000
    assert "needs a key" in found["tiingo"].detail
