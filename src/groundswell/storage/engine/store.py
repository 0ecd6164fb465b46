"""The store: SQLite by default; one writing process with one writing connection, any number of readers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from groundswell.errors import StoreError
from groundswell.storage.engine.errors import explain_failure, take_first_line
from groundswell.storage.engine.unclean_shutdown import OpenMark
from groundswell.storage.migrations import SchemaState, migrate, schema_state

CHANGE_MARK_QUERIES = {"sqlite": "PRAGMA data_version", "postgresql": "SELECT pg_current_snapshot()"}
"""By kind of database, a query whose result differs after every commit that a reader would see."""


class Store:
    """A database with separate connections for reading and for writing.

    Several processes may read. The first that writes holds a lock file next to the database until it closes the store;
    other processes cannot write until then. Within a process, one thread writes at a time. A store that its last writer
    did not close is checked before the first write.
    """

    def __init__(
        self, reader: Engine, writer: Engine, address: str, claim: tuple[FileLock, OpenMark] | None = None
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._lock: FileLock | None = claim[0] if claim else None
        self._mark: OpenMark | None = claim[1] if claim else None
        self._write_lock = threading.RLock()
        self._watch_lock = threading.Lock()
        self._watch: Connection | None = (
            None  # a connection of its own: SQLite counts the changes by others a connection
        )
        self.address = address

    @classmethod
    def open(cls, url: str) -> Store:
        """Open the store at a database URL or a file path; create or migrate it as needed.

        Raises ``StoreError`` if it cannot be opened, belongs to another program, or must be migrated while another
        process is writing to it.
        """
        if "://" not in url:
            url = f"sqlite:///{url}"
        try:
            store = _open_sqlite(url) if url.startswith("sqlite:") else _open_server(url)
        except ModuleNotFoundError as error:
            driver = {"psycopg": "'psycopg[binary]'"}.get(error.name or "", error.name)
            address = make_url(url).render_as_string()
            raise StoreError(
                f"cannot open the store {address}: its driver is not installed; pip install {driver}"
            ) from error
        except (ArgumentError, NoSuchModuleError) as error:
            raise StoreError(
                f"cannot open the store {url}: {error}; give a file path, a sqlite:/// or a postgresql URL"
            ) from error
        try:
            with store.read() as connection:
                state = schema_state(connection)
            if state in (SchemaState.NEWER, SchemaState.FOREIGN):
                raise StoreError(f"cannot open the store {store.address}: it {state}; name another with --db")
            if state is not SchemaState.CURRENT:
                with store.write() as connection:
                    migrate(connection)
        except DatabaseError as error:
            store.close()
            raise explain_failure(error, store.address) or StoreError(
                f"cannot open the store {store.address}: {take_first_line(error)}; "
                "check the path and its permissions, or name another with --db"
            ) from error
        except StoreError:
            store.close()
            raise
        return store

    @property
    def name(self) -> str:
        """The kind of database and its name, without path, host or password, so that readers may see it."""
        url = make_url(self.address)
        return f"{url.get_backend_name()} {Path(url.database or '').name}"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection for reading one consistent state; writing on it is refused."""
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give the connection of a transaction, which is committed at the end, or rolled back on any exception.

        Raises ``StoreError`` if another process is writing, and for failures of disk and system: no space, no
        permission.
        """
        with self._write_lock:
            self._lock_for_writing()
            try:
                with self._writer.begin() as connection:
                    yield connection
            except DatabaseError as error:
                if failure := explain_failure(error, self.address):
                    raise failure from error
                raise

    def change_mark(self) -> str:
        """Return a mark of the state that readers see, which differs after every write of any process.

        It is cheap, and comparable within this process only. What is read after taking the mark is at least as new.
        """
        with self._watch_lock:
            if self._watch is None:
                self._watch = self._reader.connect()
            mark = str(self._watch.exec_driver_sql(CHANGE_MARK_QUERIES[self._reader.dialect.name]).scalar())
            self._watch.rollback()  # ends the transaction, so that the next query sees later writes
        return mark

    def ping(self) -> None:
        """Raise ``StoreError`` unless the database answers."""
        try:
            with self.read() as connection:
                connection.execute(select(1))
        except DatabaseError as error:
            raise StoreError(f"the store {self.address} does not answer: {take_first_line(error)}") from error

    def close(self) -> None:
        """Close all connections, and let other processes write."""
        if self._watch is not None:
            self._watch.close()
        self._reader.dispose()
        self._writer.dispose()
        if self._lock is not None and self._mark is not None and self._lock.is_locked:
            self._mark.remove()
            self._lock.release()

    def _lock_for_writing(self) -> None:
        if self._lock is None or self._mark is None or self._lock.is_locked:
            return
        try:
            self._lock.acquire(blocking=False)
            self._mark.create()
        except Timeout as error:
            raise StoreError(
                f"another process is writing to the store {self.address}; "
                "stop that process, or name another store with --db"
            ) from error
        except OSError as error:
            self._lock.release()
            raise StoreError(
                f"cannot write next to the store {self.address}: {error.strerror}; choose a writable folder"
            ) from error
        except StoreError:
            self._lock.release()
            raise


def _open_sqlite(url: str) -> Store:
    path = Path(make_url(url).database or "").absolute()
    if path.is_dir() or not path.parent.is_dir():
        what = "is a folder" if path.is_dir() else f"needs the folder {path.parent}, which does not exist"
        raise StoreError(f"cannot open the store: {path} {what}; name a file with --db")
    address = f"sqlite:///{path}"
    # A fixed pool of one connection, because SQLite 3.40 can corrupt the file when two connections write at once.
    writer = create_engine(address, poolclass=QueuePool, pool_size=1, max_overflow=0)
    reader = create_engine(address, poolclass=QueuePool, pool_size=8, max_overflow=8)

    @event.listens_for(writer, "connect")
    def _writing(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions begin only where stated below
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(writer, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(reader, "connect")
    def _reading(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver would begin no transaction for a query, and see two states
        connection.execute("PRAGMA query_only=ON")

    @event.listens_for(reader, "begin")
    def _begin_reading(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    # The lock belongs to the process, whichever thread took it.
    return Store(reader, writer, address, (FileLock(f"{path}.lock", thread_local=False), OpenMark(path)))


def _open_server(url: str) -> Store:
    engine = create_engine(url, pool_pre_ping=True)
    return Store(engine, engine, make_url(url).render_as_string(hide_password=True))
