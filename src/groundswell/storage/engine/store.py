"""Opening the store: SQLite by default, one writing process, one writing connection, readers beside it."""

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
from groundswell.storage.engine.errors import first_line, outside
from groundswell.storage.engine.unclean_shutdown import StopMark
from groundswell.storage.migrations import SchemaState, migrate, schema_state

MARKS = {"sqlite": "PRAGMA data_version", "postgresql": "SELECT pg_current_snapshot()"}
"""How each kind of database tells what a reader would see: it differs after every commit."""


class Store:
    """A database with its reading and writing sides.

    Several processes may read; the first that writes holds a lock file beside the database until it closes, and
    others that want to write are told so. Within the process one thread writes at a time. A store whose last writer
    did not close it is checked before the first write.
    """

    def __init__(
        self, reader: Engine, writer: Engine, address: str, claim: tuple[FileLock, StopMark] | None = None
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._lock: FileLock | None = claim[0] if claim else None
        self._mark: StopMark | None = claim[1] if claim else None
        self._turn = threading.RLock()
        self._watching = threading.Lock()
        self._watch: Connection | None = None  # SQLite counts others' changes for each connection by itself
        self.address = address

    @classmethod
    def open(cls, url: str) -> Store:
        """Open the store at a database URL or a file path, creating and migrating it as needed.

        Raises ``StoreError`` where it cannot be opened, is not ours, or must be migrated while another process writes.
        """
        if "://" not in url:
            url = f"sqlite:///{url}"
        try:
            store = _sqlite(url) if url.startswith("sqlite:") else _server(url)
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
            raise outside(error, store.address) or StoreError(
                f"cannot open the store {store.address}: {first_line(error)}; "
                "check the path and its permissions, or name another with --db"
            ) from error
        except StoreError:
            store.close()
            raise
        return store

    @property
    def name(self) -> str:
        """What may be shown to readers: the kind of database and its name, no path, host or password."""
        url = make_url(self.address)
        return f"{url.get_backend_name()} {Path(url.database or '').name}"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading one consistent state; whatever is written on it is refused or rolled back."""
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction: committed whole at the end, or not at all.

        Raises ``StoreError`` where another process writes, and for what disk and system do: no room, no permission.
        """
        with self._turn:
            self._claim()
            try:
                with self._writer.begin() as connection:
                    yield connection
            except DatabaseError as error:
                if told := outside(error, self.address):
                    raise told from error
                raise

    def changes(self) -> str:
        """A mark of the state that readers see: it differs after every write of any process, and costs next to nothing.

        To be compared within this process only. Something read after the mark was taken is at least as new as the mark.
        """
        with self._watching:
            if self._watch is None:
                self._watch = self._reader.connect()
            mark = str(self._watch.exec_driver_sql(MARKS[self._reader.dialect.name]).scalar())
            self._watch.rollback()  # the next look is to see what came since
        return mark

    def ping(self) -> None:
        """Raise ``StoreError`` unless the database answers."""
        try:
            with self.read() as connection:
                connection.execute(select(1))
        except DatabaseError as error:
            raise StoreError(f"the store {self.address} does not answer: {first_line(error)}") from error

    def close(self) -> None:
        if self._watch is not None:
            self._watch.close()
        self._reader.dispose()
        self._writer.dispose()
        if self._lock is not None and self._mark is not None and self._lock.is_locked:
            self._mark.end()
            self._lock.release()

    def _claim(self) -> None:
        if self._lock is None or self._mark is None or self._lock.is_locked:
            return
        try:
            self._lock.acquire(blocking=False)
            self._mark.begin()
        except Timeout as error:
            raise StoreError(
                f"the store {self.address} is being written by another process; "
                "stop that one, or name another store with --db"
            ) from error
        except OSError as error:
            self._lock.release()
            raise StoreError(
                f"cannot write beside the store {self.address}: {error.strerror}; choose a writable place"
            ) from error
        except StoreError:
            self._lock.release()
            raise


def _sqlite(url: str) -> Store:
    path = Path(make_url(url).database or "").absolute()
    if path.is_dir() or not path.parent.is_dir():
        what = "is a folder" if path.is_dir() else f"needs the folder {path.parent}, which does not exist"
        raise StoreError(f"cannot open the store: {path} {what}; name a file with --db")
    address = f"sqlite:///{path}"
    # A fixed pool of one: two writing connections at once are what SQLite must never see from us.
    writer = create_engine(address, poolclass=QueuePool, pool_size=1, max_overflow=0)
    reader = create_engine(address, poolclass=QueuePool, pool_size=8, max_overflow=8)

    @event.listens_for(writer, "connect")
    def _writing(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say so, below
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

    # The lock is the process's, whichever of its threads came first.
    return Store(reader, writer, address, (FileLock(f"{path}.lock", thread_local=False), StopMark(path)))


def _server(url: str) -> Store:
    engine = create_engine(url, pool_pre_ping=True)
    return Store(engine, engine, make_url(url).render_as_string(hide_password=True))
