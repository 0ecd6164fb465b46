"""The store: opening, one writer, migrations."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from groundswell.errors import StoreError
from groundswell.storage.engine.store import Store
from groundswell.storage.news.full_text import INDEX
from groundswell.storage.schema import metadata


@pytest.fixture
def store(tmp_path: Path):
    opened = Store.open(str(tmp_path / "store.db"))
    yield opened
    opened.close()


def test_migrations_make_exactly_the_tables_of_the_schema(store: Store) -> None:
    with store.read() as connection:
        options = {"compare_type": True, "include_name": lambda name, *_: not (name or "").startswith(INDEX)}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_opening_again_finds_what_was_kept(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'store.db'}"
    first = Store.open(address)
    with first.write() as connection:
        connection.execute(text("CREATE TABLE kept (x INTEGER)"))
    first.close()
    second = Store.open(address)
    with second.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM kept")).scalar() == 0
    second.close()


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    with pytest.raises(OperationalError, match="no such column"), store.write() as connection:  # noqa: PT012
        connection.execute(text("CREATE TABLE half (x INTEGER)"))
        connection.execute(text("SELECT y FROM half"))
    with store.read() as connection, pytest.raises(OperationalError, match="no such table"):
        connection.execute(text("SELECT * FROM half"))


def test_a_reading_connection_cannot_write(store: Store) -> None:
    with store.read() as connection, pytest.raises(OperationalError, match="readonly"):
        connection.execute(text("CREATE TABLE sneaked (x INTEGER)"))


WRITER = """
import sys
from groundswell.storage.engine.store import Store
store = Store.open(sys.argv[1])
with store.write(): pass
print("writing", flush=True)
sys.stdin.read()
"""


def test_a_second_process_may_read_but_is_told_that_it_cannot_write(tmp_path: Path) -> None:
    path = str(tmp_path / "store.db")
    command = [sys.executable, "-c", WRITER, path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "writing\n"
        store = Store.open(path)
        store.ping()
        with pytest.raises(StoreError, match="written by another process; stop that one"), store.write():
            pass
        other.communicate("")
        with store.write():
            pass
        store.close()


def test_threads_of_one_process_write_in_turn(store: Store) -> None:
    with store.write() as connection:
        connection.execute(text("CREATE TABLE counted (x INTEGER)"))

    def count(_: int) -> None:
        with store.write() as connection:
            seen = connection.execute(text("SELECT count(*) FROM counted")).scalar()
            connection.execute(text("INSERT INTO counted VALUES (:x)"), {"x": seen})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(40)))
    with store.read() as connection:
        assert connection.execute(text("SELECT x FROM counted ORDER BY x")).scalars().all() == list(range(40))


def _foreign(path: Path) -> str:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    return str(path)


def _newer(path: Path) -> str:
    Store.open(str(path)).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    return str(path)


def _noise(path: Path) -> str:
    path.write_bytes(b"not a database at all, but long enough to look at" * 50)
    return str(path)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (_foreign, "holds the tables of another program; name another with --db"),
        (_newer, "made by a newer version"),
        (_noise, "file is not a database; check the path"),
        (lambda path: str(path.parent), "is a folder; name a file with --db"),
        (lambda path: str(path / "deeper" / "x.db"), "which does not exist; name a file with --db"),
        (
            lambda path: "postgresql+pg8000://me:secret@x/y",
            r"me:\*\*\*@x/y: its driver is not installed; pip install pg8000",
        ),
        (lambda path: "nonsense://x", "give a file path, a sqlite:/// or a postgresql URL"),
    ],
)
def test_what_cannot_be_opened_is_told_in_a_line(tmp_path: Path, make, told: str) -> None:
    address = make(tmp_path / "store.db")
    with pytest.raises(StoreError, match=told) as caught:
        Store.open(address)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_the_mark_of_changes_differs_after_each_write_whoever_wrote(tmp_path: Path) -> None:
    address = str(tmp_path / "store.db")
    other = Store.open(address)  # makes the tables, and so is the one that writes
    store = Store.open(address)
    marks = [store.changes()]
    assert store.changes() == marks[0]
    for writer, hub in ((other, "a"), (other, "b"), (store, "c")):
        if writer is store:
            other.close()
        with writer.write() as connection:
            connection.execute(text("INSERT INTO taggings (hub, digest) VALUES (:hub, 'd')"), {"hub": hub})
        marks.append(store.changes())
    assert len(set(marks)) == 4
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: store.changes(), range(20))) == {marks[-1]}
    store.close()
