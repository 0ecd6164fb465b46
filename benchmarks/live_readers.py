"""Readers for benchmarks/live.py: each has one connection that is kept, and its requests have due times of their own.

A time is measured from when the request was due to the end of its body, so that an answer which makes later requests
wait counts for these too.
"""

from __future__ import annotations

import http.client
import multiprocessing
import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

STORY = re.compile(rb'/stories/([a-z2-7]{16}|[0-9a-f]{16})"')
MAX_STORIES = 400
PATHS = {
    "index": ("/",),
    "hub": ("/hubs/small-caps", "/hubs/fomc", "/hubs/panic-selling", "/hubs/roic"),
    "story": (),
    "claim": ("/claims/small-caps/C1", "/claims/fomc/F1", "/claims/panic-selling/P1", "/claims/roic/R1"),
    "search": ("/search?q=rate+cut", "/search?q=merger", "/search?q=small+caps", "/search?q=default"),
    "feed": ("/hubs/small-caps/feed.atom", "/hubs/fomc/feed.atom"),
    "api": ("/api/v1/stories?limit=20", "/api/v1/hubs/small-caps", "/api/v1/articles?limit=20"),
    "status": ("/status",),
}
KINDS = (*("hub", "story", "claim") * 3, "index", "search", "feed", "api", "story", "hub", "status")


@dataclass(slots=True)
class Readings:
    """The milliseconds of every answered request by kind of page; the statuses other than 200; the failures."""

    times: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in PATHS})
    statuses: Counter[str] = field(default_factory=Counter)
    broken: int = 0  # no connection or no whole answer, as while the program is killed

    @property
    def count(self) -> int:
        return sum(map(len, self.times.values()))


class _Reader(threading.Thread):
    def __init__(self, number: int, port: int, seconds: float, stories: list[str], stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._port, self._seconds, self._stories, self._stop_event = port, seconds, stories, stop
        self._draw = random.Random(number)
        self.readings = Readings()

    def run(self) -> None:
        due = time.perf_counter() + self._draw.random() * self._seconds
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        while not self._stop_event.wait(max(0.0, due - time.perf_counter())):
            kind = self._draw.choice(KINDS)
            path = f"/stories/{self._draw.choice(self._stories)}" if kind == "story" else self._draw.choice(PATHS[kind])
            try:
                connection.request("GET", path, headers={"Accept-Encoding": "gzip"} if kind != "index" else {})
                answer = connection.getresponse()
                body = answer.read()
            except (OSError, http.client.HTTPException):
                self.readings.broken += 1
                connection.close()
                due = max(due, time.perf_counter()) + self._seconds
                continue
            if answer.status == 200:
                self.readings.times[kind].append(1000.0 * (time.perf_counter() - due))
            elif not (kind == "story" and answer.status == 301):  # a story that was merged into another
                self.readings.statuses[f"{answer.status} {path.partition('?')[0]}"] += 1
            if kind == "index":
                self._learn(body)
            due += self._seconds

    def _learn(self, body: bytes) -> None:
        """Replace some stories by those that the page names, so that new stories are read too."""
        for ident in STORY.findall(body):
            self._stories[self._draw.randrange(len(self._stories))] = ident.decode()


def _read(port: int, readers: int, rate: float, stories: list[str], pipe: Connection) -> None:
    """Read until the parent process says something; then send it the readings."""
    stop = threading.Event()
    threads = [_Reader(number, port, readers / rate, stories, stop) for number in range(readers)]
    for thread in threads:
        thread.start()
    pipe.recv()
    stop.set()
    total = Readings()
    for thread in threads:
        thread.join(70)
        for kind, times in thread.readings.times.items():
            total.times[kind] += times
        total.statuses += thread.readings.statuses
        total.broken += thread.readings.broken
    pipe.send(total)


class Reading:
    """The process of the readers, from its start until ``stop``."""

    def __init__(self, port: int, readers: int, rate: float, stories: list[str]) -> None:
        self._pipe, other = multiprocessing.Pipe()
        self._process = multiprocessing.Process(
            target=_read, args=(port, readers, rate, stories[-MAX_STORIES:], other), daemon=True
        )
        self._process.start()

    def stop(self) -> Readings:
        self._pipe.send("stop")
        readings: Readings = self._pipe.recv()
        self._process.join(10)
        return readings


async def floor(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer any request with 20 kB, as an ASGI application that does nothing else: the machine's floor."""
    if scope["type"] == "http":
        headers = [(b"content-length", b"20000"), (b"content-type", b"text/html")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"x" * 20_000})
