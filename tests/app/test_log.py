"""The log: a line for each cycle, each failed source and each failure of the system; a traceback for errors."""

from __future__ import annotations

import json
import logging
import threading
from datetime import timedelta

import pytest

from groundswell import Groundswell
from groundswell.app.cycle import CycleRunner
from groundswell.errors import StoreError
from groundswell.log import JsonFormatter
from groundswell.model import Outcome
from groundswell.ports import Retrieved
from groundswell.testing.fakes import FakeRetriever, FixedClock

from .conftest import NOW

FED = "https://www.federalreserve.gov/feeds/press_monetary.xml"


def cycles(
    groundswell: Groundswell, caplog: pytest.LogCaptureFixture, broken: Exception | None, *answering: str
) -> list[dict]:
    """Run cycles until the first is over, with feeds of these addresses; answers the log as JSON."""
    stop = threading.Event()
    stop.wait = lambda timeout=None: stop.set()
    clock = FixedClock(NOW)
    retriever = FakeRetriever({url: Retrieved(Outcome.NOT_MODIFIED, "HTTP 304") for url in answering})
    pipeline = CycleRunner(groundswell, retriever, clock, pause=lambda seconds: None)
    whole = pipeline.run_once

    def once(given: threading.Event | None = None):
        if broken:
            raise broken
        return whole()

    pipeline.run_once = once
    caplog.set_level(logging.INFO, "groundswell")
    pipeline.run(stop, 1)
    return [json.loads(JsonFormatter().format(record)) for record in caplog.records]


def test_a_cycle_and_each_source_that_failed_have_a_line(groundswell: Groundswell, caplog) -> None:
    groundswell.register_sources()
    *sources, day, cycle = cycles(groundswell, caplog, None, FED)
    assert cycle["requested"] - 1 == cycle["failed"] == len(sources) > 5
    assert {one["outcome"] for one in sources} == {"unreachable"}
    assert {one["source"] for one in sources} <= set(groundswell.feed_states())
    assert set(cycle) == {
        "at",
        "level",
        "logger",
        "message",
        "requested",
        "failed",
        "offered",
        "new",
        "founded",
        "tagged",
        "edited",
    }
    assert (day["articles"], day["failing"], day["stalled"]) == (0, len(sources), 0)


def test_without_a_network_there_is_one_line_until_a_feed_is_reached(
    groundswell: Groundswell, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    groundswell.register_sources()
    retriever = FakeRetriever({})
    pipeline = CycleRunner(groundswell, retriever, clock, pause=lambda seconds: None)
    caplog.set_level(logging.WARNING, "groundswell")
    for _ in range(30):
        pipeline.run_once()
        clock.advance(timedelta(minutes=1))
    assert [record.getMessage() for record in caplog.records] == ["60 of 60 feeds unreachable: no network"]
    clock.advance(timedelta(days=1))
    retriever.answers = {FED: Retrieved(Outcome.NOT_MODIFIED, "HTTP 304")}
    pipeline.run_once()
    assert len(caplog.records) == 60  # there is a network, and each of the 59 others has its own failure


def test_a_failure_of_the_system_is_one_line_and_an_error_of_the_program_has_a_trace(
    groundswell: Groundswell, caplog
) -> None:
    (line,) = cycles(groundswell, caplog, StoreError("the disk is full; make room"))
    assert "the disk is full; make room. Retrying in 1 seconds" in line["message"]
    assert "trace" not in line
    caplog.clear()
    (fault,) = cycles(groundswell, caplog, ZeroDivisionError("a bug\nof two lines"))
    assert "ZeroDivisionError" in fault["trace"]
