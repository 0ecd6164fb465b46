"""The log: a line for each cycle, each failed source and each failure of the system; a traceback for errors."""

from __future__ import annotations

import json
import logging
import threading

import pytest

from groundswell import Groundswell
from groundswell.app.cycle import CycleRunner
from groundswell.errors import StoreError
from groundswell.log import JsonFormatter
from groundswell.testing.fakes import FakeRetriever, FixedClock

from .conftest import NOW


def cycles(groundswell: Groundswell, caplog: pytest.LogCaptureFixture, broken: Exception | None) -> list[dict]:
    """Run cycles until the first is over; answers the log as JSON."""
    stop = threading.Event()
    stop.wait = lambda timeout=None: stop.set()
    clock = FixedClock(NOW)
    pipeline = CycleRunner(groundswell, FakeRetriever({}), clock, pause=lambda seconds: None)
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
    *sources, day, cycle = cycles(groundswell, caplog, None)
    assert cycle["requested"] == cycle["failed"] == len(sources) > 5
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


def test_a_failure_of_the_system_is_one_line_and_an_error_of_the_program_has_a_trace(
    groundswell: Groundswell, caplog
) -> None:
    (line,) = cycles(groundswell, caplog, StoreError("the disk is full; make room"))
    assert "the disk is full; make room. Retrying in 1 seconds" in line["message"]
    assert "trace" not in line
    caplog.clear()
    (fault,) = cycles(groundswell, caplog, ZeroDivisionError("a bug\nof two lines"))
    assert "ZeroDivisionError" in fault["trace"]
