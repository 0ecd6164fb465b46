"""Killed at any moment, two hundred times: nothing is lost, nothing is there twice, the stories are the same."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

NURSERY = Path(__file__).with_name("nursery.py")
KILLS = 200


def nursery(folder: Path) -> dict[str, object]:
    command = [sys.executable, str(NURSERY), str(folder), str(KILLS), "20181001"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def everything(store: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with closing(sqlite3.connect(store)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in tables}


@pytest.mark.slow
def test_two_hundred_kills_leave_the_store_as_if_there_had_been_none(tmp_path: Path) -> None:
    harmed = nursery(tmp_path)
    expected = everything(tmp_path / "unharmed.db")
    assert {"articles", "evaluations", "moves", "observations", "upstreams"} <= {
        name for name, rows in expected.items() if rows
    }, "the work is to touch every kind of row"
    assert harmed["faults"] == []
    assert harmed["kills"] >= KILLS
    assert {"n", "e", "-"} <= set(harmed["after"]), "killed after news, after evaluations and before either"
    for store in harmed["stores"]:
        found = everything(Path(store))
        assert found.keys() == expected.keys()
        for name, rows in expected.items():
            assert found[name] == rows, name
