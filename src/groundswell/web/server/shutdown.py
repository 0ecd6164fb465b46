"""Ending the process on a signal, within five seconds, whatever its threads are doing."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Protocol

JOIN_SECONDS = 2.5
"""How long after the signal threads may take to end. Those that are still busy then are left behind."""
MIN_JOIN_SECONDS = 0.3

LAST_SECONDS = 4.0
"""After so long the process is ended although the main thread is still busy."""

CLOSE_SECONDS = 0.5


class StopSignal(BaseException):
    """Ends what the main thread does before the server runs."""


class StoppableServer(Protocol):
    """What a running server needs to have, as that of uvicorn."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None: ...


class Shutdown:
    """What happens on SIGINT and SIGTERM: ``stop`` is set, the server ends, and a thread watches the time.

    ``close`` is called, from another thread, where the main one does not come to it.
    """

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.server: StoppableServer | None = None
        self.close: Callable[[], None] | None = None
        self._signalled = threading.Event()
        self._signalled_at: float | None = None
        self._ended = threading.Event()

    @contextmanager
    def handle_signals(self) -> Iterator[None]:
        """Handle the signals while the block runs. A signal before there is a server ends the block."""
        threading.Thread(target=self._end_in_time, name="shutdown", daemon=True).start()
        previous = {kind: signal.signal(kind, self._handle) for kind in (signal.SIGINT, signal.SIGTERM)}
        try:
            with suppress(StopSignal):
                yield
            self._leave_threads_behind()
        finally:
            self._ended.set()
            for kind, handler in previous.items():
                signal.signal(kind, handler)

    @contextmanager
    def run_in_threads(self, tasks: Mapping[str, Callable[[], None]]) -> Iterator[None]:
        """Run each task in a thread of its name; at the end, set ``stop`` and wait a moment for all of them."""
        threads = [threading.Thread(target=task, name=name, daemon=True) for name, task in tasks.items()]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stop.set()
            end = max((self._signalled_at or time.monotonic()) + JOIN_SECONDS, time.monotonic() + MIN_JOIN_SECONDS)
            for thread in threads:
                thread.join(max(end - time.monotonic(), 0))

    def _handle(self, kind: int, frame: FrameType | None) -> None:
        is_first = not self._signalled.is_set()
        if is_first:
            self._signalled_at = time.monotonic()
        self._signalled.set()
        self.stop.set()
        if self.server is not None:
            self.server.handle_exit(kind, frame)
        elif is_first:
            raise StopSignal

    def _end_in_time(self) -> None:
        self._signalled.wait()
        if not self._ended.wait(LAST_SECONDS):
            closing = threading.Thread(target=self.close or (lambda: None), daemon=True)
            closing.start()
            closing.join(CLOSE_SECONDS)
            os._exit(0)

    def _leave_threads_behind(self) -> None:
        """End the process at once if threads are still busy: the interpreter would wait for some, and break others."""
        others = set(threading.enumerate()) - {threading.current_thread()}
        if self._signalled.is_set() and any(thread.name != "shutdown" for thread in others):
            logging.shutdown()
            sys.stdout.flush()
            os._exit(0)
