"""Measure how fast pages answer with 100,000 stored stories, next to datasette over the same file in the same run.

    python benchmarks/site.py [--data DIR] [--stories 100000] [--rate 200] [--seconds 10] [--datasette COMMAND]

Requests are sent at a fixed rate whether or not earlier ones are answered; a time is measured from when a request was
due to the end of its body. Everything runs on one machine, so that the client's work is part of the times.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from groundswell.hubs.file.load import load_catalog
from groundswell.hubs.tagging.tagger import hash_rules
from groundswell.model import Article, Assignment, Member, Origin, Tag
from groundswell.storage.engine.store import Store
from groundswell.storage.news import articles
from groundswell.storage.news import tags as stored_tags

SUBJECTS = ("Small caps", "Regional banks", "The Fed", "Traders", "Biotech shares", "Bond funds", "Analysts", "Lenders")
VERBS = ("weigh", "welcome", "fear", "await", "shrug off", "debate", "follow", "question")
OBJECTS = (
    "a rate cut",
    "new figures",
    "a hot summer",
    "higher costs",
    "a merger",
    "the minutes",
    "a strike",
    "the vote",
)
HUBS = ("small-caps", "fomc", "panic-selling", "roic")
CLIENT_THREADS = 48


def fill(db: Path, count: int) -> list[str]:
    """Store ``count`` stories of one article each, a minute apart up to now; return their ids."""
    rng, now = random.Random(7), datetime.now(UTC)
    store = Store.open(str(db))
    with store.write() as connection:
        for hub in load_catalog():
            stored_tags.save_progress(
                connection, hub.slug, hash_rules(hub), upto=None
            )  # none of them will be tagged again
    ids = []
    for start in range(0, count, 5000):
        members = [
            _build_member(rng, number, now - timedelta(minutes=count - number)) for number in range(start, start + 5000)
        ]
        ids += [member.article.id for member in members]
        with store.write() as connection:
            articles.add_members(connection, members)
    store.close()
    return ids


def _build_member(rng: random.Random, number: int, at: datetime) -> Member:
    title = f"{rng.choice(SUBJECTS)} {rng.choice(VERBS)} {rng.choice(OBJECTS)} in week {number % 53}"
    ident = f"{number:016x}"
    url = f"https://news.example/{number}"
    article = Article(ident, "wire", title, "", f"Paper {number % 40}", url, at, at, False, Origin.LIVE)
    hubs = [hub for hub in HUBS if rng.random() < 0.25]
    tags = tuple(Tag(hub, ("the headline holds “rate cut”",)) for hub in hubs)
    return Member(article, Assignment(ident, ident, founded=True, score=1.0, reasons=()), tags)


@contextmanager
def serving(command: list[str], port: int, path: str) -> Iterator[int]:
    """Run a server; yield its process id once it answers."""
    unlimited = os.environ | {"GROUNDSWELL_REQUESTS_PER_MINUTE": "0"}  # all requests come from one client
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=unlimited)
    try:
        for _ in range(600):
            if process.poll() is not None:
                raise SystemExit(f"{command[0]} ended with {process.returncode}")
            try:
                if _get(http.client.HTTPConnection("127.0.0.1", port, timeout=30), path) == 200:
                    break
            except OSError:
                time.sleep(0.2)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def _get(connection: http.client.HTTPConnection, path: str) -> int:
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    return answer.status


def load(port: int, paths: dict[str, Callable[[], str]], rate: float, seconds: float) -> dict[str, list[float]]:
    """Request each kind of page in turn, ``rate`` a second; return the times of each kind in milliseconds."""
    local = threading.local()
    times: dict[str, list[float]] = {kind: [] for kind in paths}
    begin = time.perf_counter() + 0.2

    def request(number: int, kind: str) -> None:
        due = begin + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        if not hasattr(local, "connection"):
            local.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        if _get(local.connection, paths[kind]()) != 200:
            raise RuntimeError(f"{kind} did not answer 200")
        times[kind].append(1000.0 * (time.perf_counter() - due))

    kinds = list(paths)
    with ThreadPoolExecutor(CLIENT_THREADS) as pool:
        futures = [pool.submit(request, number, kinds[number % len(kinds)]) for number in range(int(rate * seconds))]
        for future in futures:
            future.result()
    return times


def read_processor_ms(pid: int) -> float:
    """Read the processor time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return 1000.0 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(name: str, pid: int, send: Callable[[], dict[str, list[float]]]) -> None:
    before, times = read_processor_ms(pid), send()
    report(name, times)
    count = sum(map(len, times.values()))
    print(f"{name:12} {(read_processor_ms(pid) - before) / count:.2f} ms of processor time a request", flush=True)


def report(name: str, times: dict[str, list[float]]) -> None:
    every = [milliseconds for kind in times.values() for milliseconds in kind]
    for kind, sample in [*times.items(), ("all", every)]:
        low, high = np.quantile(sample, [0.5, 0.99])
        print(f"{name:12} {kind:10} n {len(sample):5}  p50 {low:8.1f} ms  p99 {high:8.1f} ms", flush=True)


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--stories", type=int, default=100_000)
    parser.add_argument("--rate", type=float, default=200.0)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--datasette", default=shutil.which("datasette"))
    given = parser.parse_args()
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "hubs.db"
        ids = fill(db, given.stories)
        port = find_free_port()
        command = [sys.executable, "-m", "groundswell", "up", "--no-live", "--db", str(db), "--port", str(port)]
        pages = {
            "hub": lambda: "/hubs/small-caps",
            "story": lambda: f"/stories/{rng.choice(ids)}",
            "claim": lambda: "/claims/small-caps/C1",
            "feed": lambda: "/hubs/small-caps/feed.atom",
            "api": lambda: "/api/v1/hubs/small-caps",
        }
        with serving(command + (["--data", str(given.data)] if given.data else []), port, "/healthz") as pid:
            time.sleep(30)  # charts of claims are drawn after the start
            report("first", load(port, pages, 5, 2))
            measure("groundswell", pid, lambda: load(port, pages, given.rate, given.seconds))
        if given.datasette is None:
            print("datasette is not installed: pip install 'groundswell[bench]'")
            return
        port = find_free_port()
        tables = {
            "table": lambda: "/hubs/articles?_sort_desc=at&_size=12",
            "row": lambda: f"/hubs/articles/{rng.randrange(1, given.stories)}",
            "json": lambda: "/hubs/articles.json?_sort_desc=at&_size=12",
        }
        with serving([given.datasette, "serve", str(db), "--port", str(port)], port, "/-/versions.json") as pid:
            measure("datasette", pid, lambda: load(port, tables, given.rate, given.seconds))


if __name__ == "__main__":
    main()
