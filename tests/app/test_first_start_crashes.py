"""A first start with a data folder and services that is killed: no wrong verdict, and the next start finishes it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from groundswell import Groundswell
from groundswell.app import facade
from groundswell.storage.engine.unclean_shutdown import find_damage
from groundswell.testing.fakes import FixedClock

from .first_start_worker import HUBS, NAMES, start
from .loopback_services import make_levels, serve
from .test_first_start import OPEN, START, House

ROOT = Path(__file__).parents[2]
KILLS = [("loaded", 0.0), ("registered", 0.2)]
"""The step after which, and so many seconds later, a start is killed."""


@pytest.fixture(autouse=True)
def no_feeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facade, "load_default_feeds", tuple)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder whose prices end before those of the services."""
    made = tmp_path / "data"
    made.mkdir()
    for symbol in ("IWM", "SPY"):
        rows = (f"{day},{level}" for day, level in make_levels(symbol).items() if day <= date(2026, 6, 30))
        made.joinpath(f"{symbol}.csv").write_text("\n".join(["Date,Adj Close", *rows]) + "\n", encoding="utf-8")
    return made


def kill_start(store: Path, folder: Path, addresses: Sequence[str], until: str, seconds: float) -> None:
    """Start a process on the store, and kill it so many seconds after a step."""
    command = [sys.executable, "-m", "tests.app.first_start_worker", str(store), str(folder), *addresses]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout
        while (line := process.stdout.readline().strip()) != until:
            assert line, "it ended by itself"
        time.sleep(seconds)
        process.kill()
        assert "ended" not in process.stdout.read()


@pytest.mark.slow
def test_a_first_start_that_is_killed_shows_no_wrong_verdict_and_the_next_one_finishes_it(
    tmp_path: Path, folder: Path
) -> None:
    with serve(NAMES) as servers:
        addresses = [servers[name].root for name in NAMES]
        expected = start(tmp_path / "whole.db", folder, addresses)
        assert not [name for name, (verdict, _) in expected.items() if verdict in OPEN]
        store = tmp_path / "killed.db"
        for until, seconds in KILLS:
            kill_start(store, folder, addresses, until, seconds)
            assert list(find_damage(store)) == []
            clock = FixedClock(START)
            with Groundswell.open(str(store), HUBS, clock) as groundswell:
                shown = House(groundswell, {}, clock).verdicts()
            assert all(found[0] in OPEN or found == expected[name] for name, found in shown.items()), (until, shown)
        assert start(store, folder, addresses) == expected
