"""What every engine of the store must do, whatever database is behind it."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import DBAPIError

from groundswell.errors import StoreError
from groundswell.model.changes import Changes
from groundswell.storage.engine.store import Store
from groundswell.storage.news.full_text import INDEX_TABLE
from groundswell.storage.schema import metadata, repairs, taggings

NOON = datetime(2024, 9, 18, 12, tzinfo=UTC)


def add_tagging(connection: Connection, hub: str) -> None:
    connection.execute(insert(taggings).values(hub=hub, digest="d"))


def read_hubs(store: Store) -> list[str]:
    with store.read() as connection:
        return list(connection.scalars(select(taggings.c.hub).order_by(taggings.c.hub)))


def test_migrations_create_exactly_the_tables_of_the_schema(store: Store) -> None:
    with store.read() as connection:
        options = {"compare_type": True, "include_name": lambda name, *_: not (name or "").startswith(INDEX_TABLE)}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_committed_rows_survive_closing(store_url: str) -> None:
    first = Store.open(store_url)
    with first.write() as connection:
        add_tagging(connection, "fomc")
    first.close()
    second = Store.open(store_url)
    assert read_hubs(second) == ["fomc"]
    second.close()


def test_readers_see_nothing_of_an_open_transaction_and_all_of_a_committed_one(store: Store) -> None:
    with store.write() as connection:
        add_tagging(connection, "a")
        add_tagging(connection, "b")
        assert read_hubs(store) == []
    assert read_hubs(store) == ["a", "b"]


def test_a_reader_sees_one_state_from_its_first_query_on(store: Store) -> None:
    with store.read() as reading:
        before = reading.scalar(select(func.count()).select_from(taggings))
        with store.write() as connection:
            add_tagging(connection, "a")
        assert reading.scalar(select(func.count()).select_from(taggings)) == before == 0
    assert read_hubs(store) == ["a"]


def test_a_failed_transaction_leaves_nothing_and_the_next_one_works(store: Store) -> None:
    def fail() -> None:
        with store.write() as connection:
            add_tagging(connection, "half")
            raise RuntimeError("interrupted")

    with pytest.raises(RuntimeError, match="interrupted"):
        fail()
    with pytest.raises(DBAPIError), store.write() as connection:
        connection.exec_driver_sql("SELECT no_such_column FROM taggings")
    assert read_hubs(store) == []
    with store.write() as connection:
        add_tagging(connection, "whole")
    assert read_hubs(store) == ["whole"]


def test_a_reading_connection_cannot_write(store: Store) -> None:
    with store.read() as connection, pytest.raises(DBAPIError, match=r"readonly|read-only"):
        add_tagging(connection, "sneaked")
    assert read_hubs(store) == []


def test_threads_of_one_process_write_in_turn(store: Store) -> None:
    def add_next(_: int) -> None:
        with store.write() as connection:
            count = connection.scalar(select(func.count()).select_from(taggings)) or 0
            add_tagging(connection, f"{count:02}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add_next, range(40)))
    assert read_hubs(store) == [f"{place:02}" for place in range(40)]


WRITER = """
import sys
from groundswell.model.changes import Changes
from groundswell.storage.engine.store import Store
store = Store.open(sys.argv[1])
with store.write(): pass
print("writing", flush=True)
sys.stdin.read()
"""


def test_a_second_process_may_read_but_not_write(store_url: str) -> None:
    command = [sys.executable, "-c", WRITER, store_url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "writing\n"
        store = Store.open(store_url)
        store.ping()
        with (
            pytest.raises(StoreError, match=r"another process is writing to the store .*; stop that process"),
            store.write(),
        ):
            pass
        other.communicate("")
        with store.write():
            pass
        store.close()


def test_instants_are_stored_in_utc_and_come_back_aware(store: Store) -> None:
    row = {"kind": "merge", "source": "b", "target": "a", "reason": ""}
    instants = [NOON, NOON.astimezone(timezone(timedelta(hours=-4))), NOON + timedelta(microseconds=1)]
    with store.write() as connection:
        connection.execute(insert(repairs), [{"at": instant, **row} for instant in instants])
    with store.read() as connection:
        loaded = list(connection.scalars(select(repairs.c.at).order_by(repairs.c.key)))
        assert loaded == instants
        assert {instant.tzinfo for instant in loaded} == {UTC}
        assert connection.scalar(select(func.count()).where(repairs.c.at == instants[1])) == 2


def test_a_naive_instant_is_refused(store: Store) -> None:
    with store.write() as connection, pytest.raises(Exception, match="naive datetime"):
        connection.execute(repairs.update().values(at=datetime(2024, 1, 1)))  # noqa: DTZ001


def test_changes_are_seen_after_each_write_whoever_wrote(store_url: str) -> None:
    other = Store.open(store_url)  # creates the tables, and so is the one that writes
    store = Store.open(store_url)
    seen = [store.read_changes()]
    assert store.read_changes(seen[0].mark) == Changes(seen[0].mark, frozenset())
    for writer, hub in ((other, "a"), (other, "b"), (store, "c")):
        if writer is store:
            other.close()
        with writer.write() as connection:
            add_tagging(connection, hub)
        seen.append(store.read_changes(seen[-1].mark))
        assert seen[-1].topics
    assert len({changes.mark for changes in seen}) == 4
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: store.read_changes().mark, range(20))) == {seen[-1].mark}
    store.close()
