"""Measure live ingestion over loopback: new items, unchanged feeds, and a long run in one process.

Usage: python benchmarks/ingest.py items|unchanged|soak [ANSWERS ITEMS]

- items: one cycle over 50 feeds with 10 new items each, from the request until they are stored and tagged.
- unchanged: one cycle over 1,000 feeds of 1,000 hosts; 95 % answer "not modified", 5 % send one new item.
- soak: 2,000 answers of 50 items each (or as given) in one process; memory in use in the second and the last tenth.

The server runs in its own process. Headlines have eight words out of 39,000, drawn with a fixed seed as frequently as
in language (Zipf). Every feed has its own host, and there is no pause between two requests to one host.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path

from groundswell import Groundswell
from groundswell.app.cycle import CycleReport, CycleRunner
from groundswell.feeds.opml import Outline
from groundswell.fetch.client import HttpRetriever
from groundswell.model import Outcome
from groundswell.ports import Retrieved
from groundswell.testing.fakes import FixedClock

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
NEWS = [
    "banks", "rates", "yields", "Fed", "Treasury", "small", "caps", "Russell", "biotech", "drug",
    "approval", "merger", "deal", "profit", "loss", "outlook", "jobs", "inflation", "consumer", "retail",
    "housing", "oil", "gas", "chips", "cloud", "airline", "strike", "court", "ruling", "tariff", "trade",
    "China", "Europe", "dollar", "bond", "auction", "credit", "spread", "default", "fund", "flows",
    "buyback", "dividend", "split", "guidance", "forecast", "record", "fall", "rise", "slump", "rally",
]  # fmt: skip
SYLLABLES = [first + vowel for first in "bdfgklmnprstvz" for vowel in "aeiou"]
WORDS = [*NEWS, *("".join(parts) for parts in itertools.product(SYLLABLES, SYLLABLES, SYLLABLES[::9]))]
random.Random(1).shuffle(WORDS)
WEIGHTS = list(itertools.accumulate(1 / (rank + 1) for rank in range(len(WORDS))))


def draw_words(draw: random.Random, count: int) -> str:
    return " ".join(draw.choices(WORDS, cum_weights=WEIGHTS, k=count))


def write_feed(feed: int, version: int, count: int, at: datetime) -> bytes:
    draw = random.Random(feed * 1_000_003 + version)
    items = "".join(
        f"<item><title>{draw_words(draw, 8).capitalize()}</title>"
        f"<link>https://feed{feed}.example/{version}/{place}</link><guid>{feed}-{version}-{place}</guid>"
        f"<description>{draw_words(draw, 25)}</description><pubDate>{at.isoformat()}</pubDate></item>"
        for place in range(count)
    )
    return f"<rss version='2.0'><channel><title>Feed {feed}</title>{items}</channel></rss>".encode()


class Handler(BaseHTTPRequestHandler):
    """Serves ``/FEED/COUNT``; one feed in 20 has a second version for conditional requests."""

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        feed, count = map(int, self.path.strip("/").split("/"))
        etag = self.headers.get("If-None-Match")
        if etag and (feed % 20 or etag == '"2"'):
            self.send_response(304)
            self.end_headers()
            return
        version = 2 if etag else 1
        body = write_feed(feed, version, 1 if etag else count, START)
        self.send_response(200)
        self.send_header("ETag", f'"{version}"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve(ready: multiprocessing.Queue[int]) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    ready.put(server.server_port)
    server.serve_forever()


def measure_cycle(feeds: int, count: int, again: bool) -> dict[str, float]:
    ready: multiprocessing.Queue[int] = multiprocessing.Queue()
    server = multiprocessing.Process(target=serve, args=(ready,), daemon=True)
    server.start()
    port = ready.get()
    clock = FixedClock(START)
    retriever = HttpRetriever("", (ip_network("127.0.0.1"),), resolver=lambda host, port: ["127.0.0.1"])
    try:
        with tempfile.TemporaryDirectory() as folder, open_without_feeds(Path(folder), clock) as groundswell:
            runner = CycleRunner(groundswell, retriever, clock, lambda seconds: None)
            runner.run_once()  # evaluates the claims of the day, which is not measured
            outlines = [Outline(f"http://feed{n}.example:{port}/{n}/{count}", f"F{n}", "") for n in range(feeds)]
            groundswell.add_feeds(outlines)
            clock.advance(timedelta(hours=1))
            cycle, wall, cpu = time_cycle(runner)
            if again:
                clock.advance(timedelta(hours=8))
                cycle, wall, cpu = time_cycle(runner)
    finally:
        server.terminate()
        server.join()
    return {
        "requested": cycle.requested,
        "failed": cycle.failed,
        "new": cycle.ingested.new,
        "wall_s": wall,
        "cpu_s": cpu,
    }


def time_cycle(runner: CycleRunner) -> tuple[CycleReport, float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    cycle = runner.run_once()
    return cycle, round(time.perf_counter() - wall, 2), round(time.process_time() - cpu, 2)


def open_without_feeds(folder: Path, clock: FixedClock) -> Groundswell:
    groundswell = Groundswell.open(str(folder / "a.db"), clock=clock)
    for feed in groundswell.feeds():
        if feed.enabled:
            groundswell.remove_feed(feed.slug)
    return groundswell


def measure_soak(answers: int = 2_000, count: int = 50) -> dict[str, float]:
    clock = FixedClock(START)
    memory: list[float] = []
    with tempfile.TemporaryDirectory() as folder, open_without_feeds(Path(folder), clock) as groundswell:
        added = groundswell.add_feeds([Outline("https://soak.example/rss", "Soak", "")])
        started = time.process_time()
        for version in range(answers):
            clock.advance(timedelta(minutes=40))  # articles are remembered for five days: less than a tenth of the run
            (state,) = [s for s in groundswell.feed_states().values() if s.name == added.new[0].slug]
            body = write_feed(0, version, count, clock.now)
            groundswell.take_feed(state, Retrieved(Outcome.OK, "HTTP 200", body))
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            memory.append(pages * os.sysconf("SC_PAGE_SIZE") / 1e6)
    tenth = answers // 10
    second, last = statistics.mean(memory[tenth : 2 * tenth]), statistics.mean(memory[-tenth:])
    return {
        "items": answers * count,
        "cpu_s": round(time.process_time() - started, 1),
        "second_tenth_mb": round(second, 1),
        "last_tenth_mb": round(last, 1),
        "ratio": round(last / second, 3),
    }


RUNS = {
    "items": lambda: measure_cycle(50, 10, False),
    "unchanged": lambda: measure_cycle(1_000, 5, True),
    "soak": lambda: measure_soak(*map(int, sys.argv[2:])),
}

if __name__ == "__main__":
    print(json.dumps(RUNS[sys.argv[1]]()))
