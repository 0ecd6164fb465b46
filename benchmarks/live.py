"""Soak the running program: 200 feeds of which most misbehave, 20 readers, and a kill every few seconds.

    python benchmarks/live.py [--minutes 10] [--feeds 200] [--readers 20] [--kills 30] [--data DIR] [--quick] [--json]

Everything is on loopback and in one run: readers of a bare ASGI application (the floor of the machine), of the program
without ingestion, of the program while it ingests, and while it is killed and started again. At the end the store is
compared with what was sent. `--quick` takes about two minutes. Headlines are made and no address outside is asked.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import runpy
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from live_feeds import EXACT, Feed, FeedServer, word
from live_readers import Reading, Readings

from groundswell import Groundswell
from groundswell.feeds.opml import Outline
from groundswell.sources.services.registry import DATA_SERVICES

SITE = runpy.run_path(str(Path(__file__).with_name("site.py")))  # its name is that of a standard module
WORD = re.compile(r"k\d{3}n\d{5}")
CLAIM_PAGES = ("hub", "story", "claim")
START_SECONDS = 90
WARM_UP_SECONDS = 8  # of readers, before anything is measured
SETTLED_SHARE = 0.15  # of a core, once charts are drawn


@dataclass
class Soak:
    """What is shared by the phases of one run."""

    folder: Path
    given: argparse.Namespace
    feeds: FeedServer
    stories: list[str]
    result: dict[str, Any] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)  # words of items that were in the store at some look
    port: int = field(default_factory=SITE["find_free_port"])

    @property
    def db(self) -> Path:
        return self.folder / "hubs.db"

    @property
    def log(self) -> Path:
        return self.folder / "log.txt"


class Program:
    """A running `groundswell up`, with its memory watched."""

    def __init__(self, soak: Soak, *, live: bool) -> None:
        services = {f"GROUNDSWELL_SERVICES__{name.upper()}__ENABLED": "false" for name in DATA_SERVICES}
        settings = {
            "GROUNDSWELL_NETWORKS": '["127.0.0.0/8"]',
            "GROUNDSWELL_REQUESTS_PER_MINUTE": "0",
            "GROUNDSWELL_CYCLE_SECONDS": "1",
        }
        command = [sys.executable, "-m", "groundswell", "up", "--db", str(soak.db), "--port", str(soak.port)]
        command += [] if live else ["--no-live"]
        command += ["--data", str(soak.given.data)] if soak.given.data else []
        self._port = soak.port
        self._log = soak.log.open("ab")
        self.process = subprocess.Popen(
            command, stdout=self._log, stderr=self._log, env=os.environ | services | settings, cwd=soak.folder
        )
        self.memory: list[tuple[float, float]] = []  # seconds since the start, megabytes
        self._started = time.monotonic()
        threading.Thread(target=self._watch, daemon=True).start()

    @property
    def pid(self) -> int:
        return self.process.pid

    def is_up(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def wait(self, seconds: float = START_SECONDS) -> float:
        """Wait until the program answers; return how long that took."""
        began = time.monotonic()
        while not self.is_up():
            if self.process.poll() is not None or time.monotonic() - began > seconds:
                raise SystemExit(f"the program does not answer; its state is {self.process.poll()}")
            time.sleep(0.1)
        return time.monotonic() - began

    def settle(self, seconds: float) -> None:
        """Wait until the charts are drawn, at most ``seconds``."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            before = self.processor_ms()
            time.sleep(2)
            if self.processor_ms() - before < 2_000 * SETTLED_SHARE:
                return

    def processor_ms(self) -> float:
        return float(sum(SITE["read_processor_ms"](pid) for pid in list_tree(self.pid)))

    def stop(self) -> float:
        """Ask the program to stop; return how many seconds it took, 120 where it did not."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(120)
        except subprocess.TimeoutExpired:
            self.kill()
        self._log.close()
        return time.monotonic() - began

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._log.close()

    def _watch(self) -> None:
        while self.process.poll() is None:
            megabytes = sum(map(read_share, list_tree(self.pid)))
            if megabytes:
                self.memory.append((time.monotonic() - self._started, megabytes))
            time.sleep(1)


def list_tree(pid: int) -> list[int]:
    """List a process and all below it."""
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += map(int, children.read_text().split())
            except OSError:
                continue  # the thread has ended meanwhile
    return found


def read_share(pid: int) -> float:
    """Read the resident megabytes of a process; what several have in common counts in equal parts for each."""
    return read_megabytes(Path(f"/proc/{pid}/smaps_rollup"), "Pss")


def read_megabytes(file: Path, what: str) -> float:
    try:
        found = re.search(rf"{what}:\s+(\d+)", file.read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


def prepare(folder: Path, given: argparse.Namespace) -> Soak:
    """Fill a store with stories of the past, and add the feeds, each requested every minute."""
    feeds = FeedServer(given.feeds, SITE["find_free_port"]())
    soak = Soak(folder, given, feeds, SITE["fill"](folder / "hubs.db", given.stories))
    with Groundswell.open(str(soak.db)) as groundswell:
        for feed in groundswell.feeds():
            if feed.enabled:
                groundswell.remove_feed(feed.slug)
        groundswell.add_feeds([Outline(feed.url(feeds.port), f"P{feed.number}", "") for feed in feeds.feeds], 1)
    return soak


def read_floor(soak: Soak, seconds: float) -> None:
    """Read from an application that does nothing."""
    port = SITE["find_free_port"]()
    here = str(Path(__file__).parent)
    command = [sys.executable, "-m", "uvicorn", "live_readers:floor", "--app-dir", here, "--port", str(port)]
    with SITE["serving"](command, port, "/"):
        soak.result["floor"] = summarize(read(soak, port, lambda: time.sleep(seconds)))


def read(soak: Soak, port: int, wait: Callable[[], object]) -> Readings:
    reading = Reading(port, soak.given.readers, soak.given.rate, soak.stories)
    wait()
    return reading.stop()


def summarize(readings: Readings, processor_ms: float = 0.0) -> dict[str, Any]:
    times = readings.times | {"all": [time for kind in readings.times.values() for time in kind]}
    kinds = {
        kind: {"n": len(sample), "p50": float(np.quantile(sample, 0.5)), "p99": float(np.quantile(sample, 0.99))}
        for kind, sample in times.items()
        if sample
    }
    return {
        "pages": kinds,
        "statuses": dict(readings.statuses),
        "broken": readings.broken,
        "processor_ms_a_request": processor_ms / max(1, readings.count),
    }


def read_program(soak: Soak, name: str, seconds: float, *, live: bool) -> None:
    """Start the program, read from it for ``seconds``, and stop it amid its work."""
    program = Program(soak, live=live)
    started = program.wait()
    program.settle(30)
    read(soak, soak.port, lambda: time.sleep(WARM_UP_SECONDS))
    before, cpu = time.monotonic() - program._started, program.processor_ms()
    readings = read(soak, soak.port, lambda: time.sleep(seconds))
    summary = summarize(readings, program.processor_ms() - cpu)
    summary["memory"] = summarize_memory([sample for sample in program.memory if sample[0] >= before])
    summary["memory"]["peak_mb"] = read_megabytes(
        Path(f"/proc/{program.pid}/status"), "VmHWM"
    )  # of the main process, from its start
    summary["start_seconds"], summary["stop_seconds"] = started, program.stop()
    soak.result[name] = summary


def summarize_memory(samples: list[tuple[float, float]]) -> dict[str, float]:
    """Return the megabytes at most, and how they change after the first third."""
    times, megabytes = np.array(samples).T
    later = times >= times[0] + (times[-1] - times[0]) / 3
    slope = float(np.polyfit(times[later], megabytes[later], 1)[0]) if later.sum() > 2 else 0.0
    tenth = max(1, len(megabytes) // 10)
    return {
        "first_mb": float(megabytes[0]),
        "highest_mb": float(megabytes.max()),
        "middle_mb": float(np.median(megabytes[later])),
        "last_tenth_mb": float(megabytes[-tenth:].mean()),
        "mb_a_minute": 60 * slope,
    }


def kill_again_and_again(soak: Soak, seconds: float) -> None:
    """Kill the program at random moments, some of them while it starts, and look at the store each time."""
    draw, looks, starts, highest = random.Random(3), Counter[str](), [], 0.0

    def kill() -> None:
        nonlocal highest
        for number in range(soak.given.kills):
            make_feeds_due(soak.db)
            program = Program(soak, live=True)
            if number % 5:
                starts.append(program.wait())
            time.sleep(draw.uniform(0.2, 2 * seconds / soak.given.kills))
            program.kill()
            highest = max([highest, *(megabytes for _, megabytes in program.memory)])
            looks.update(look_at_store(soak))

    readings = read(soak, soak.port, kill)
    soak.result["kills"] = summarize(readings) | {
        "kills": soak.given.kills,
        "damaged": looks["damaged"],
        "vanished": looks["vanished"],
        "doubled": looks["doubled"],
        "start_seconds": float(np.median(starts)) if starts else 0.0,
        "highest_mb": highest,
    }


def make_feeds_due(db: Path, min_failures: int = 1) -> None:
    """Let feeds that failed be asked at once: back-off would spare the program after a few minutes."""
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("UPDATE upstreams SET next_due_at = NULL WHERE failures >= ?", [min_failures])


def read_words(db: Path) -> Counter[str]:
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as connection:
        titles = connection.execute("SELECT title FROM articles WHERE origin = 'live'")
        return Counter(found for (title,) in titles for found in set(WORD.findall(title)))


def look_at_store(soak: Soak) -> Counter[str]:
    """Count what is wrong with the store of a killed program: damage, items that vanished, items stored twice."""
    with closing(sqlite3.connect(soak.db)) as connection:
        damage = [row for row in connection.execute("PRAGMA integrity_check") if row != ("ok",)]
    words = read_words(soak.db)
    exact = {
        found for found in words if soak.feeds.feeds[int(found[1:4])].kind in EXACT
    }  # the others' titles may change
    vanished = soak.seen - exact
    soak.seen |= exact
    doubled = sum(words[found] > 1 for found in exact)
    return Counter(damaged=bool(damage), vanished=len(vanished), doubled=doubled)


def finish(soak: Soak, seconds: float) -> None:
    """Let no item appear any more, wait until all were asked for, stop, and compare the store with what was sent."""
    clock, _ = soak.feeds.ask("end")
    make_feeds_due(soak.db, 0)
    program = Program(soak, live=True)
    program.wait()
    end = time.monotonic() + seconds
    unasked: list[Feed] = []
    while time.monotonic() < end:
        _, feeds = soak.feeds.ask()
        unasked = [feed for feed in feeds if feed.kind in EXACT and not was_asked_after(feed, clock.end)]
        if not unasked:
            break
        time.sleep(1)
    make_feeds_due(soak.db)
    time.sleep(5)  # what was asked is stored, and slow feeds are being asked
    stopped = program.stop()
    soak.result["end"] = {"stop_seconds": stopped, "unasked": dict(Counter(feed.kind for feed in unasked))}
    soak.result["store"] = compare_store(soak)
    soak.result["log"] = describe_log(soak.log)


def was_asked_after(feed: Feed, end: float) -> bool:
    return any(request > end for request in feed.requests)


def compare_store(soak: Soak) -> dict[str, Any]:
    """Compare each sent item with the store, and how long after its appearance an item of a healthy feed was stored."""
    clock, feeds = soak.feeds.ask()
    with closing(sqlite3.connect(f"file:{soak.db}?mode=ro", uri=True)) as connection:
        damage = [str(row[0]) for row in connection.execute("PRAGMA integrity_check") if row != ("ok",)]
        rows = connection.execute("SELECT title, first_seen_at FROM articles WHERE origin = 'live'").fetchall()
    stored: dict[str, list[str]] = {}
    for title, seen_at in rows:
        for found in set(WORD.findall(title)):
            stored.setdefault(found, []).append(seen_at)
    lost: Counter[str] = Counter()
    doubled: Counter[str] = Counter()
    sent = 0
    for feed in feeds:
        if feed.kind not in EXACT:
            continue
        for number in range(clock.count_items(feed, time.time())):
            times = stored.get(word(feed.number, number), [])
            sent += 1
            lost[feed.kind] += not times
            doubled[feed.kind] += max(0, len(times) - 1)
    return {
        "sent": sent,
        "articles": len(rows),
        "lost": dict(+lost),
        "doubled": dict(+doubled),
        "false_titles": sum(title.startswith("False") for title, _ in rows),
        "damage": damage,
        **dict(measure_healthy(soak, clock.start, [feed for feed in feeds if feed.kind == "healthy"], stored)),
    }


def measure_healthy(
    soak: Soak, start: float, feeds: list[Feed], stored: dict[str, list[str]]
) -> Iterator[tuple[str, float]]:
    """Yield the seconds between requests of healthy feeds, and from sending to storing, before the kills."""
    begin, end = soak.result["ingesting"]["span"]
    waits = [
        second - first
        for feed in feeds
        for first, second in zip(feed.requests, feed.requests[1:], strict=False)
        if begin < first and second < end
    ]
    delays = []
    for feed in feeds:
        done = 0
        for at, upto in feed.sent:
            for number in range(done, upto):
                times = stored.get(word(feed.number, number))
                if times and begin < at < end:
                    delays.append(datetime.fromisoformat(times[0] + "+00:00").timestamp() - at)
            done = max(done, upto)
    for name, sample in (("wait", waits), ("stored_after", delays)):
        if sample:
            yield f"healthy_{name}_p50_s", float(np.median(sample))
            yield f"healthy_{name}_max_s", float(max(sample))


def describe_log(log: Path) -> dict[str, int]:
    text = log.read_text(errors="replace")
    return {
        "bytes": log.stat().st_size,
        "lines": text.count("\n"),
        "cycles_failed": text.count("cycle failed"),
        "tracebacks": text.count("Traceback"),
    }


def print_result(result: dict[str, Any]) -> None:
    quiet, busy = result["quiet"]["pages"], result["ingesting"]["pages"]
    print(f"{'page':8} {'n':>6} {'quiet p50':>10} {'p99':>8} {'ingesting p50':>14} {'p99':>8} {'p99 ratio':>10}")
    for kind in busy:
        low, high = quiet[kind], busy[kind]
        print(
            f"{kind:8} {high['n']:6} {low['p50']:10.1f} {low['p99']:8.1f} {high['p50']:14.1f} {high['p99']:8.1f}"
            f" {high['p99'] / low['p99']:10.2f}"
        )
    floor = result["floor"]["pages"]["all"]
    print(f"floor: p50 {floor['p50']:.1f} ms, p99 {floor['p99']:.1f} ms")
    for phase in ("quiet", "ingesting"):
        part = result[phase]
        memory = part["memory"]
        print(
            f"{phase}: {part['processor_ms_a_request']:.1f} ms of processor time a request; start"
            f" {part['start_seconds']:.1f} s, stop {part['stop_seconds']:.1f} s; other statuses {part['statuses']};"
            f" broken {part['broken']}"
        )
        print(
            f"{phase}: memory {memory['first_mb']:.0f} MB, highest {memory['highest_mb']:.0f}, at the end"
            f" {memory['last_tenth_mb']:.0f}, peak {memory['peak_mb']:.0f}; {memory['mb_a_minute']:+.1f} MB a minute"
        )
    for part in ("kills", "end", "store", "log"):
        shown = {name: round(value, 1) if isinstance(value, float) else value for name, value in result[part].items()}
        shown.pop("pages", None)
        print(f"{part}: {shown}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--rate", type=float, default=40.0, help="requests a second of all readers together")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--stories", type=int, default=20_000)
    parser.add_argument("--data", type=lambda text: Path(text).absolute())
    parser.add_argument("--quick", action="store_true", help="two minutes, 100 feeds and five kills")
    parser.add_argument("--keep", type=Path, help="a folder for the store and the log, which stay")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if given.quick:
        given.minutes, given.feeds, given.kills, given.stories = 2.0, 100, 5, 5_000
    seconds = 60 * given.minutes
    with folder_for(given.keep) as folder:
        soak = prepare(folder, given)
        read_floor(soak, 0.05 * seconds)
        read_program(soak, "quiet", 0.15 * seconds, live=False)
        began = time.time()
        read_program(soak, "ingesting", 0.4 * seconds, live=True)
        soak.result["ingesting"]["span"] = (began, time.time())
        kill_again_and_again(soak, 0.3 * seconds)
        finish(soak, 180)
        soak.feeds.stop()
    print(json.dumps(soak.result, indent=1)) if given.json else print_result(soak.result)


@contextmanager
def folder_for(keep: Path | None) -> Iterator[Path]:
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.absolute()
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


if __name__ == "__main__":
    main()
