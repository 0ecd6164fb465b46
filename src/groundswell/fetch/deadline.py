"""The end of a retrieval: a time, or a stop of the program before it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TypeVar

STOP_SECONDS = 0.25
"""The longest time until a stop is noticed."""

T = TypeVar("T")


class Deadline:
    """Waits that end ``seconds`` after it was made, or as soon as ``stop`` is set."""

    def __init__(self, seconds: float, stop: threading.Event | None = None) -> None:
        self._at = time.monotonic() + seconds
        self._stop = stop or threading.Event()

    def remaining(self, timeout: float | None, late: type[Exception]) -> float:
        """Return how long a wait of ``timeout`` seconds may be. Raises ``late`` once the end has come."""
        remaining = self._at - time.monotonic()
        if remaining <= 0 or self._stop.is_set():
            raise late("the deadline has passed")
        return remaining if timeout is None else min(timeout, remaining)

    def wait(self, step: Callable[[float], T], timeout: float | None, late: type[Exception]) -> T:
        """Call ``step`` with short times to wait until it returns. Raises ``late`` when the time is over.

        ``step`` raises ``late`` too where its short time was not enough.
        """
        end = time.monotonic() + self.remaining(timeout, late)
        while True:
            short = self.remaining(min(max(end - time.monotonic(), 0.001), STOP_SECONDS), late)
            try:
                return step(short)
            except late:
                if time.monotonic() >= end:
                    raise

    def call(self, function: Callable[[], T], timeout: float | None, late: type[Exception]) -> T:
        """Return the result of a function that cannot be interrupted, which runs in a thread of its own.

        When the time is over, ``late`` is raised and the thread left alone. It ends with the process.
        """
        results: SimpleQueue[tuple[T, None] | tuple[None, Exception]] = SimpleQueue()

        def run() -> None:
            try:
                results.put((function(), None))
            except Exception as error:
                results.put((None, error))

        def take(seconds: float) -> tuple[T, None] | tuple[None, Exception]:
            try:
                return results.get(timeout=seconds)
            except Empty:
                raise late("no result yet") from None

        threading.Thread(target=run, name="retrieve-wait", daemon=True).start()
        result = self.wait(take, timeout, late)
        if result[1] is not None:
            raise result[1]
        return result[0]
