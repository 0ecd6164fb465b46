"""Replay a recorded stream into a new SQLite file; measure headlines a second and peak memory of the process.

Usage: python benchmarks/replay.py STREAM.jsonl.gz [--data DIR] [--runs N]

The plain baseline, measured in the same run, reads the same file and inserts id, date and title into one SQLite table
with the standard library: the least that any program must do.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from groundswell import Groundswell


def replay_with_groundswell(stream: Path, data: Path | None, store: Path) -> int:
    with Groundswell.open(str(store)) as opened:
        done = opened.replay(stream, data).ingested
    return done.offered


def replay_plainly(stream: Path, data: Path | None, store: Path) -> int:
    rows = []
    with gzip.open(stream, "rt", encoding="utf-8") as lines:
        for line in lines:
            document = json.loads(line)
            rows.append((document["id"], document["published"], document["title"]))
    with sqlite3.connect(store) as connection:
        connection.execute("CREATE TABLE documents (id TEXT PRIMARY KEY, published TEXT, title TEXT)")
        connection.executemany("INSERT INTO documents VALUES (?, ?, ?)", rows)
    return len(rows)


def run_in_process(contender: str, stream: Path, data: Path | None) -> dict[str, float]:
    """Run one contender in its own process, so that the peak memory is its own."""
    command = [
        sys.executable,
        __file__,
        str(stream),
        "--contender",
        contender,
        *(["--data", str(data)] if data else []),
    ]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def run_here(contender: str, stream: Path, data: Path | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder, "store.db")
        started = time.perf_counter()
        count = {"groundswell": replay_with_groundswell, "plain": replay_plainly}[contender](stream, data, store)
        seconds = time.perf_counter() - started
        size = store.stat().st_size
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"headlines": count, "seconds": seconds, "peak_mb": peak, "store_mb": size / 1e6}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stream", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--contender", choices=("groundswell", "plain"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.contender:
        run_here(arguments.contender, arguments.stream, arguments.data)
        return
    pairs = [
        (
            run_in_process("groundswell", arguments.stream, arguments.data),
            run_in_process("plain", arguments.stream, None),
        )
        for _ in range(arguments.runs)
    ]
    for name, runs in zip(("groundswell", "plain baseline"), zip(*pairs, strict=True), strict=True):
        seconds = statistics.median(run["seconds"] for run in runs)
        count = runs[0]["headlines"]
        print(
            f"{name:15} {count:,.0f} headlines in {seconds:.2f} s (median of {len(runs)}), "
            f"{count / seconds:,.0f} a second, peak {max(run['peak_mb'] for run in runs):,.0f} MB, "
            f"store {runs[0]['store_mb']:,.1f} MB"
        )
    ratio = statistics.median(ours["seconds"] / base["seconds"] for ours, base in pairs)
    print(f"{'ratio':15} {ratio:.1f} times the baseline's time (median of pairs)")


if __name__ == "__main__":
    main()
