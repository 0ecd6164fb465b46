"""What the operator's monitoring polls: whether pages can be made, and whether news and numbers keep coming in."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from anyio import to_thread
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from groundswell import Groundswell
from groundswell.app.cycle import CycleRunner
from groundswell.model.cycle_progress import MAX_CYCLE_TIME, CycleProgress
from groundswell.pages.status import CycleStatus
from groundswell.testing.fakes import FakeRetriever, FixedClock
from groundswell.web import health
from groundswell.web.app import create_app
from groundswell.web.middleware.work_pool import LIGHT_SLOTS

from .conftest import CYCLE, NOW, FakeHubs

SECOND = timedelta(seconds=1)


class Crowded(FakeHubs):
    """A backend whose index takes as long as the test wants, so that all threads are busy."""

    def __init__(self) -> None:
        super().__init__()
        self.leave = threading.Event()
        self.entered = threading.Semaphore(0)

    def index_page(self, as_of=None):
        self.entered.release()
        self.leave.wait(30)
        return super().index_page(as_of)


THREADS = 4


@pytest.fixture(params=["threads", "places in the pool"])
def crowd(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[TestClient, Crowded]]:
    """A running site where no page can be made: all of its few threads, or all places for light pages, are taken."""
    monkeypatch.setattr(health, "SECONDS_BETWEEN_CHECKS", 0.01)
    backend = Crowded()
    with TestClient(create_app(backend)) as site:
        assert site.portal is not None
        taken = LIGHT_SLOTS
        if request.param == "threads":
            taken = THREADS
            site.portal.call(limit_threads)
        readers = [threading.Thread(target=site.get, args=(f"/?limit={n}",)) for n in range(taken)]
        for reader in readers:
            reader.start()
        try:
            for _ in readers:
                assert backend.entered.acquire(timeout=20)
            yield site, backend
        finally:
            backend.leave.set()
            for reader in readers:
                reader.join()


async def limit_threads() -> None:
    to_thread.current_default_thread_limiter().total_tokens = THREADS


def test_health_answers_at_once_while_no_page_can_be_made(crowd: tuple[TestClient, Crowded]) -> None:
    site, _ = crowd
    for path in ("/healthz", "/readyz"):
        started = time.monotonic()
        site.get(path)
        assert time.monotonic() - started < 0.5
    assert site.get("/healthz").text == "ok\n"


def test_health_fails_when_no_page_was_made_for_long(
    crowd: tuple[TestClient, Crowded], monkeypatch: pytest.MonkeyPatch
) -> None:
    site, backend = crowd
    monkeypatch.setattr(health, "MAX_AGE_SECONDS", 0.05)
    time.sleep(0.1)
    assert site.get("/healthz").status_code == 503
    backend.leave.set()
    wait_until(lambda: site.get("/healthz").status_code == 200)


def wait_until(is_true, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_health_fails_while_the_store_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "SECONDS_BETWEEN_CHECKS", 0.01)
    backend = FakeHubs()
    with TestClient(create_app(backend)) as site:
        assert (site.get("/healthz").text, site.head("/healthz").status_code) == ("ok\n", 200)
        for sick, status in ((True, 503), (False, 200)):
            backend.sick = sick
            wait_until(lambda status=status: site.get("/healthz").status_code == status)
            wait_until(lambda sick=sick: site.get("/readyz").json()["healthy"] is not sick)


def test_health_is_checked_on_request_where_nothing_runs_in_the_background(hubs: FakeHubs) -> None:
    client = TestClient(create_app(hubs))  # not as a context: no start, and no checks
    assert client.get("/healthz").status_code == 200
    hubs.sick = True
    assert client.get("/healthz").status_code == 503


def test_a_store_that_lost_its_tables_is_not_healthy(tmp_path: Path) -> None:
    with Groundswell.open(str(tmp_path / "a.db")) as groundswell:
        assert groundswell.is_healthy()
        with groundswell._store.write() as connection:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("ALTER TABLE articles RENAME TO lost")
        assert not groundswell.is_healthy()


def test_readiness_names_the_last_cycle_and_what_is_stuck(client: TestClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    body = answer.json()
    assert (body["ready"], body["healthy"]) == (False, True)
    assert body["cycle"] == client.get("/api/v1/status").json()["cycle"]
    assert body["cycle"]["last_cycle_at"] == write(NOW - timedelta(minutes=1))
    (stuck,) = body["cycle"]["stuck"]
    assert (stuck["step"], stuck["error"], stuck["failures"]) == ("evaluation", "KeyError", 1)


def test_the_status_page_and_the_metrics_show_the_same(client: TestClient) -> None:
    page = client.get("/status").text
    assert "1 step is stuck" in page
    assert 'evaluation: <span class="failed">KeyError</span>, 1 time in a row' in page
    families = {one.name: one for one in text_string_to_metric_families(client.get("/metrics").text)}

    def read(name: str) -> float:
        return families[f"groundswell_{name}"].samples[0].value

    progress = CYCLE.progress
    assert read("cycle_failures") == progress.cycle_failures
    assert read("last_cycle_timestamp_seconds") == progress.last_cycle_at.timestamp()
    assert read("last_evaluation_timestamp_seconds") == progress.last_evaluation_at.timestamp()
    assert read("cycle_overdue") == 0
    (sample,) = families["groundswell_step_consecutive_failures"].samples
    assert (sample.labels, sample.value) == ({"step": "evaluation"}, 1)


def write(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


def test_a_site_without_cycles_is_ready(hubs: FakeHubs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "cycle_status", CycleStatus, raising=False)
    answer = TestClient(create_app(hubs)).get("/readyz")
    assert (answer.status_code, answer.json()["cycle"]["expected"]) == (200, False)


def test_cycles_that_hang_or_fail_make_the_program_unready(tmp_path: Path) -> None:
    clock = FixedClock(NOW)
    with Groundswell.open(str(tmp_path / "a.db"), (), clock) as groundswell:
        site = TestClient(create_app(groundswell))
        assert site.get("/readyz").status_code == 200, "no cycle is expected yet"
        groundswell.heartbeat().start(60)
        clock.advance(MAX_CYCLE_TIME)
        assert site.get("/readyz").status_code == 200
        clock.advance(timedelta(minutes=4))
        answer = site.get("/readyz")
        assert (answer.status_code, answer.json()["cycle"]["overdue"]) == (503, True)
        CycleRunner(groundswell, FakeRetriever({}), clock, pause=lambda _: None).run_once()
        answer = site.get("/readyz")
        assert (answer.status_code, answer.json()["cycle"]["last_cycle_at"]) == (200, write(clock.now))


def test_a_stuck_step_waits_ever_longer_and_is_forgotten_once_it_succeeds() -> None:
    progress, now, waits = CycleProgress(), NOW, []
    for _ in range(8):
        progress = progress.record_failure("stories", "KeyError", now)
        (stuck,) = progress.stuck
        waits.append((stuck.retry_at - now) // timedelta(minutes=1))
        assert progress.is_waiting("stories", stuck.retry_at - SECOND)
        assert not progress.is_waiting("stories", stuck.retry_at)
        assert not progress.is_waiting("feeds", now)
        now = stuck.retry_at
    assert waits == [1, 2, 4, 8, 16, 32, 32, 32]
    assert (stuck.since, stuck.failures) == (NOW, 8)
    assert not progress.is_waiting("stories", NOW - timedelta(days=400)), "the clock was wrong"
    assert progress.clear("stories") == replace(progress, stuck=())
