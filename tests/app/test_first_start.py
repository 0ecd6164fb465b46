"""A first start over the loopback with each service failing in each way: no wrong verdict, the reason, and recovery."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from itertools import cycle, product
from pathlib import Path
from types import MappingProxyType

import pytest

from groundswell import Groundswell
from groundswell.app import facade
from groundswell.app.cycle import CycleRunner
from groundswell.fetch.client import HttpRetriever
from groundswell.hubs.file.load import load_catalog
from groundswell.hubs.spec import HubSpec
from groundswell.model import Evaluation, Verdict
from groundswell.sources.services.registry import DATA_SERVICES
from groundswell.storage.evidence.observations import load_observations
from groundswell.testing.fakes import FixedClock

from .loopback_services import LAST, MODES, Upstream, serve

START = datetime(2026, 8, 22, 12, tzinfo=UTC)  # on a Saturday, so that everything is known
KEYLESS = ("treasury", "newyorkfed", "fred", "yahoo", "cboe")
FAILURES = [*(product(KEYLESS, MODES) if "EVERY_FAILURE" in os.environ else zip(cycle(KEYLESS), MODES, strict=False))]
"""Each way to fail once, and each service at least once; with EVERY_FAILURE set, each service in each way."""

OPEN = (Verdict.NOT_MEASURED, Verdict.INSUFFICIENT)
"""Verdicts that say nothing of the claim."""


def choose_hubs() -> tuple[HubSpec, ...]:
    """Hubs with a claim on prices, one on yields too, and one on volatility, and no other series."""
    hubs = {hub.slug: hub for hub in load_catalog()}
    volatile = next(claim for claim in hubs["panic-selling"].claims if "VIX" in claim.text)
    chosen = {
        "small-caps": tuple(claim for claim in hubs["small-caps"].claims if claim.id in ("C1", "C8")),
        "panic-selling": (volatile,),
    }
    return tuple(
        hubs[slug].model_copy(update={"claims": claims, "gauges": (), "charts": (), "instruments": ()})
        for slug, claims in chosen.items()
    )


class House:
    """A new store over the loopback services, with a clock that only moves when it is told to."""

    def __init__(self, groundswell: Groundswell, servers: dict[str, Upstream], clock: FixedClock) -> None:
        self.groundswell, self.servers, self.clock = groundswell, servers, clock
        retriever = HttpRetriever("", [ip_network("127.0.0.0/8")], timeout=2.0, total=3.0)
        self.cycles = CycleRunner(groundswell, retriever, clock, pause=lambda _: None)

    def run(self, minutes: int) -> None:
        """Run a cycle every five minutes."""
        for _ in range(minutes // 5):
            self.clock.advance(timedelta(minutes=5))
            self.cycles.run_once()

    def claims(self) -> dict[str, Evaluation]:
        hubs = self.groundswell.hubs()
        return {f"{hub.slug}/{one.id}": one for hub in hubs for one in self.groundswell.claims(hub.slug)}

    def verdicts(self) -> dict[str, tuple[Verdict, float | None]]:
        return {name: (one.verdict, one.estimate) for name, one in self.claims().items()}


@contextmanager
def open_house(
    folder: Path,
    names: tuple[str, ...] = KEYLESS,
    *,
    hubs: tuple[HubSpec, ...] = (),
    keys: Mapping[str, str] = MappingProxyType({"tiingo": "s3cret"}),
    **modes: str,
) -> Iterator[House]:
    clock = FixedClock(START)
    with serve(names) as servers:
        for name, mode in modes.items():
            servers[name].mode = mode
        services = tuple(
            DATA_SERVICES[name](server.root, keys.get(name, ""), "desk@example.org") for name, server in servers.items()
        )
        services = tuple(sorted(services, key=lambda service: service.priority))
        with Groundswell.open(str(folder / "first.db"), hubs or choose_hubs(), clock, services=services) as groundswell:
            groundswell.load()
            groundswell.register_sources()
            house = House(groundswell, servers, clock)
            house.cycles.run_once()
            yield house


@pytest.fixture(autouse=True)
def no_feeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facade, "load_default_feeds", tuple)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Verdict, float | None]]:
    """The verdicts where every service is well."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(facade, "load_default_feeds", tuple)
        with open_house(tmp_path_factory.mktemp("sound")) as house:
            return house.verdicts()


def test_with_every_service_well_every_claim_is_measured(sound: dict[str, tuple[Verdict, float | None]]) -> None:
    assert len(sound) == 3
    assert not [name for name, (verdict, _) in sound.items() if verdict is Verdict.NOT_MEASURED]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "mode"), FAILURES)
def test_a_service_that_fails_makes_no_verdict_wrong_and_is_back_within_an_hour(
    name: str, mode: str, sound: dict[str, tuple[Verdict, float | None]], tmp_path: Path
) -> None:
    with open_house(tmp_path, **{name: mode}) as house:
        title = DATA_SERVICES[name].title
        for claim, one in house.claims().items():
            assert one.verdict in OPEN or (one.verdict, one.estimate) == sound[claim], (claim, one.reason)
            if one.verdict is Verdict.NOT_MEASURED:
                assert title in one.reason or "withheld: " in one.reason, one.reason
        house.servers[name].mode = "well"
        house.run(60)
        assert house.verdicts() == sound
        check_sources(house)


def check_sources(house: House) -> None:
    """The last value of every series is of the first service in its chain; nothing says that the source changed."""
    chains = house.groundswell._services.chains.by_ref
    with house.groundswell._store.read() as connection:
        sent = load_observations(connection)
    for ref, chain in chains.items():
        if ref in sent:
            last = max(sent[ref], key=lambda observation: (observation.date, observation.known_at))
            assert (last.date, last.source) == (LAST, chain[0]), ref
    assert not house.groundswell.status_page().data_issues
