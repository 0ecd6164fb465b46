"""Failures of disks, permissions and other programs: each raises with one line, and the next write works."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from groundswell.errors import StoreError
from groundswell.storage.engine.store import Store
from groundswell.storage.news import tags

NOBODY = 65_534


def note(store: Store, hub: str) -> None:
    """Write one row that takes more than a page."""
    with store.write() as connection:
        tags.save_progress(connection, hub, "d" * 20_000, upto=None)


def noted(store: Store) -> list[str]:
    with store.read() as connection:
        return sorted(connection.execute(text("SELECT hub FROM taggings")).scalars())


@contextmanager
def full_disk(store: Store) -> Iterator[None]:
    """No page more: SQLite answers as it does when the disk has no room."""
    with store.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        most = connection.exec_driver_sql("PRAGMA max_page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    yield
    with store.write() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count={most}")


@contextmanager
def file_limit(store: Store) -> Iterator[None]:
    """The system refuses to let the file grow: a real failing write. (Python ignores the signal that goes with it.)"""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    largest = max(path.stat().st_size for path in Path(store.address.removeprefix("sqlite:///")).parent.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def another_program(store: Store) -> Iterator[None]:
    """A program that does not know of our lock, such as a database shell, is in the middle of writing."""
    with closing(sqlite3.connect(store.address.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("trouble", "message"),
    [
        (full_disk, "is full; free some space on its disk"),
        (file_limit, "check its disk: free space, limits on file sizes"),
        (another_program, "is locked; another program has locked it; close that program, or wait and try again"),
    ],
)
def test_a_failure_of_the_system_is_one_line_and_the_next_write_works(
    tmp_path: Path, trouble: Callable, message: str
) -> None:
    store = Store.open(str(tmp_path / "store.db"))
    note(store, "before")
    with trouble(store):
        with pytest.raises(StoreError, match=message) as caught:
            note(store, "meanwhile")
        assert "\n" not in str(caught.value)
        assert noted(store) == ["before"]
    note(store, "after")
    store.close()
    with closing(Store.open(str(tmp_path / "store.db"))) as again:
        assert noted(again) == ["after", "before"]


READ_ONLY = """
import os, sys
from groundswell.errors import StoreError
from groundswell.storage.engine.store import Store
if os.getuid() == 0:
    os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2]))
try:
    store = Store.open(sys.argv[1])
    store.ping()
    print("read")
    with store.write(): pass
except StoreError as error:
    print(error)
"""


@pytest.mark.slow
def test_a_store_in_a_read_only_folder_raises_with_one_line() -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folders are closed to other users
        path = Path(folder) / "store.db"
        Store.open(str(path)).close()
        for one, mode in ((path, 0o444), (Path(f"{path}.lock"), 0o444), (Path(folder), 0o555)):
            one.chmod(mode)
        command = [sys.executable, "-c", READ_ONLY, str(path), str(NOBODY)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        Path(folder).chmod(0o755)
        lines = done.stdout.splitlines()
        assert lines, done.stderr
        assert lines[-1].startswith(("cannot write next to the store", "the store sqlite", "cannot open the store")), (
            lines
        )
        assert "; " in lines[-1], "the remedy is part of the message"


READING = """
import os, sys
from pathlib import Path
from groundswell.storage.engine.backup import back_up
from groundswell.errors import StoreError
from groundswell.storage.engine.store import Store
Store.open(sys.argv[3]).close()  # imports what a user without rights may not read
if os.getuid() == 0:
    os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2]))
try:
    store = Store.open_for_reading(sys.argv[1])
    with store.read() as connection:
        print(*connection.exec_driver_sql("SELECT hub FROM taggings").scalars())
    with store.write(): pass
except StoreError as error:
    print(error)
try:
    back_up(sys.argv[1], Path(sys.argv[4]), lambda done: None)
    with Store.open_for_reading(sys.argv[4]).read() as connection:
        print(*connection.exec_driver_sql("SELECT hub FROM taggings").scalars())
except StoreError as error:
    print(error)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("killed", "absent", "answer"),
    [
        (False, "", "kept"),
        (True, "", "kept"),
        (True, "-shm", "was not closed cleanly, and its folder cannot be written"),
    ],
    ids=["closed", "killed", "killed, files lost"],
)
def test_a_store_in_a_folder_that_cannot_be_written_is_read(
    tmp_path: Path, killed: bool, absent: str, answer: str
) -> None:
    # pytest's own folders are closed to other users
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as copies:
        Path(copies).chmod(0o777)
        path = Path(folder) / "store.db"
        if killed:
            killed_while_open(path)
        else:
            with closing(Store.open(str(path))) as store:
                note(store, "kept")
        if absent:
            Path(f"{path}{absent}").unlink()
        for one in Path(folder).iterdir():
            one.chmod(0o444)
        Path(folder).chmod(0o555)
        before = {one.name: one.read_bytes() for one in Path(folder).iterdir() if not one.name.endswith("-shm")}
        command = [
            sys.executable,
            "-c",
            READING,
            str(path),
            str(NOBODY),
            str(tmp_path / "warm.db"),
            f"{copies}/copy.db",
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        Path(folder).chmod(0o755)
        lines = done.stdout.splitlines()
        assert answer in lines[0], done.stderr
        assert absent or "was opened for reading" in lines[1]
        assert answer in lines[-1], "a backup is read in the same way"
        after = {one.name: one.read_bytes() for one in Path(folder).iterdir() if not one.name.endswith("-shm")}
        assert after == before


OPENED = """
import sys
from groundswell.storage.engine.store import Store
from groundswell.storage.news import tags as taggings
store = Store.open(sys.argv[1])
with store.write() as connection:
    taggings.save_progress(connection, "kept", "d", upto=None)
print("kept", flush=True)
sys.stdin.read()
"""


def killed_while_open(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OPENED, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "kept\n"
        child.kill()


def test_a_store_is_checked_only_after_an_unclean_shutdown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "store.db"
    killed_while_open(path)
    for expected in (["store.db was not closed cleanly", "store.db is intact"], []):
        caplog.clear()
        with closing(Store.open(str(path))) as store:
            note(store, "again")
            assert "kept" in noted(store)
        assert [record.message.split(":")[0].split(" (")[0] for record in caplog.records] == expected


def test_a_store_damaged_by_an_unclean_shutdown_is_not_written_to(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with closing(Store.open(str(path))) as store:
        for hub in map(str, range(40)):
            note(store, hub)
    (tmp_path / "store.db.open").write_text("1\n")
    body = bytearray(path.read_bytes())
    body[len(body) // 2 : len(body) // 2 + 40_000] = b"\xff" * 40_000
    path.write_bytes(body)
    for _ in range(2):  # nor at the second try
        with (
            pytest.raises(StoreError, match=r"damaged .*; restore a backup with: groundswell data restore FILE --db"),
            closing(Store.open(str(path))) as store,
        ):
            note(store, "more")
    assert path.read_bytes() == bytes(body)


def test_errors_of_the_program_are_not_reported_as_failures_of_the_system(tmp_path: Path) -> None:
    from sqlalchemy.exc import IntegrityError

    with closing(Store.open(str(tmp_path / "store.db"))) as store:
        with pytest.raises(IntegrityError), store.write() as connection:
            connection.execute(text("INSERT INTO taggings (hub) VALUES ('no digest')"))
        assert noted(store) == []


def test_feeds_requested_in_the_future_by_a_wrong_clock_are_due_at_once(tmp_path: Path) -> None:
    from groundswell.model import UpstreamKind, UpstreamState
    from groundswell.storage.upstreams import states as upstream_states

    def tried(name: str, at: datetime, due: datetime) -> UpstreamState:
        return UpstreamState(name, UpstreamKind.FEED, name, "", "", True, last_tried_at=at, next_due_at=due)

    now = datetime(2026, 8, 20, 12, tzinfo=UTC)
    states = [
        tried("clock was a year ahead", now.replace(year=2027), now.replace(year=2027, hour=13)),
        tried("clock was a little ahead", now.replace(minute=1), now.replace(hour=13)),
        tried("due", now.replace(hour=10), now.replace(hour=11)),
    ]
    with closing(Store.open(str(tmp_path / "store.db"))) as store:
        with store.write() as connection:
            upstream_states.save_states(connection, states)
        with store.read() as connection:
            assert [one.name for one in upstream_states.list_due(connection, now)] == ["due", "clock was a year ahead"]
