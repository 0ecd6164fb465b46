"""The log counts what repeats, and grows no faster than its budget."""

from __future__ import annotations

import io
import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.log import BURST_BYTES, BYTES_PER_SECOND, WINDOW_SECONDS, JsonFormatter, LimitedHandler


class Log:
    """A log on a clock that is set by hand."""

    def __init__(self, formatter: logging.Formatter | None = None) -> None:
        self.now = 0.0
        self.stream = io.StringIO()
        self.handler = LimitedHandler(self.stream, lambda: self.now)
        self.handler.setFormatter(formatter)

    def say(self, message: str, *values: object, name: str = "groundswell", error: Exception | None = None) -> None:
        info = (type(error), error, error.__traceback__) if error else None
        self.handler.handle(logging.LogRecord(name, logging.WARNING, "", 1, message, values, info))

    def lines(self) -> list[str]:
        return self.stream.getvalue().splitlines()


@pytest.fixture
def log():
    made = Log()
    yield made
    made.handler.close()


def test_a_repeated_line_is_written_once_and_counted(log: Log) -> None:
    for _ in range(124):
        log.say("no file can be opened for %s", "a connection")
    log.say("no file can be opened for %s", "the store")
    assert log.lines() == ["no file can be opened for a connection", "no file can be opened for the store"]
    log.now = WINDOW_SECONDS
    log.say("all is well")
    assert log.lines()[2:] == ["repeated 123 times: no file can be opened for a connection", "all is well"]


def test_counts_are_written_although_nothing_follows(log: Log) -> None:
    log.say("once")
    log.say("again")
    log.say("again")
    log.now = WINDOW_SECONDS
    log.handler.write_due_counts()
    assert log.lines() == ["once", "again", "repeated 1 times: again"]
    log.say("again")
    log.say("again")
    log.handler.close()
    assert log.lines()[3:] == ["again", "repeated 1 times: again"]


def test_equal_messages_of_different_errors_are_no_repeats(log: Log) -> None:
    def fail(kind: type[Exception]) -> Exception:
        try:
            raise kind
        except Exception as error:
            return error

    for kind in (ValueError, KeyError, ValueError):
        log.say("cycle failed", error=fail(kind))
    assert log.stream.getvalue().count("cycle failed") == 2
    assert log.stream.getvalue().count("Traceback") == 2


def test_counts_are_json_where_the_log_is() -> None:
    log = Log(JsonFormatter())
    for _ in range(3):
        log.say("socket.accept() out of system resource", name="asyncio")
    log.handler.close()
    last = json.loads(log.lines()[-1])
    assert (last["logger"], last["level"]) == ("asyncio", "warning")
    assert last["message"] == "repeated 2 times: socket.accept() out of system resource"


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(1, 20_000)), min_size=1, max_size=60))
def test_the_log_of_one_library_grows_no_faster_than_its_budget(steps: list[tuple[float, int]]) -> None:
    log = Log()
    for number, (pause, size) in enumerate(steps):
        log.now += pause
        log.say(f"{number:06d}" + "x" * size, name=f"uvicorn.{number % 2}")
    written = log.stream.getvalue()
    assert len(written) <= BURST_BYTES + log.now * BYTES_PER_SECOND + 100 * (2 + log.now / WINDOW_SECONDS)
    log.handler.close()
    shown = sum(line.startswith("0") for line in log.lines())
    left_out = sum(int(line.split()[0]) for line in log.lines() if "left out" in line)
    assert shown + left_out == len(steps), "every line is shown or counted"


def test_a_noisy_library_does_not_silence_our_own_lines(log: Log) -> None:
    for number in range(10_000):
        log.say("%06d invalid request", number, name="uvicorn.error")
    assert sum("invalid" in line for line in log.lines()) < 10_000
    log.say("cycle failed")
    assert log.lines()[-1] == "cycle failed"
