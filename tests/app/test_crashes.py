"""After two hundred crashes at random instants nothing is lost or stored twice, and the stories are the same."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

WORKER = Path(__file__).with_name("crash_worker.py")
KILLS = 200


def run_worker(folder: Path) -> dict[str, object]:
    command = [sys.executable, str(WORKER), str(folder), str(KILLS), "20181001"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def read_every_row(store: Path) -> dict[str, list[tuple[object, ...]]]:
    """Read every row of every table, without the counts of changes: each start registers the sources again."""
    with closing(sqlite3.connect(store)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables.remove("changes")
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in tables}


@pytest.mark.slow
def test_two_hundred_crashes_leave_the_store_as_without_a_crash(tmp_path: Path) -> None:
    report = run_worker(tmp_path)
    expected = read_every_row(tmp_path / "uninterrupted.db")
    assert {"article_keys", "articles", "evaluations", "moves", "observations", "sightings", "upstreams"} <= {
        name for name, rows in expected.items() if rows
    }, "the work writes rows of every kind"
    assert report["damage"] == []
    assert report["kills"] >= KILLS
    assert {"n", "e", "-"} <= set(report["after"]), "killed after news, after evaluations and before either"
    for store in report["stores"]:
        rows_of = read_every_row(Path(store))
        assert rows_of.keys() == expected.keys()
        for name, rows in expected.items():
            assert rows_of[name] == rows, name
