"""The store: SQLite by default; one writing process with one writing connection, any number of readers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import Timeout
from sqlalchemy import Connection, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from groundswell.errors import StoreClosedError, StoreError, StoreLostError
from groundswell.model.changes import EVERYTHING, LOST, ChangeMark, Changes
from groundswell.storage.changes import install_triggers, read_changes
from groundswell.storage.engine.connections import Connections, connect, connect_for_reading
from groundswell.storage.engine.errors import explain_failure, take_first_line
from groundswell.storage.engine.files import describe_exposure
from groundswell.storage.migrations import SchemaState, migrate, schema_state

MARK_OF_LOST = ChangeMark(LOST, 0)
CLOSE_WAIT_SECONDS = 1.0


class Store:
    """A database with separate connections for reading and for writing.

    Several processes may read. The first that writes holds a lock file next to the database until it closes the store;
    other processes cannot write until then. Within a process, one thread writes at a time. A store that its last writer
    did not close is checked before the first write. A store whose files were removed or replaced meanwhile is neither
    read nor written: both raise ``StoreLostError``.
    """

    def __init__(self, connections: Connections) -> None:
        self.address = connections.address
        self._reader = connections.reader
        self._writer = connections.writer
        self._files = connections.files
        self._lock = connections.lock
        self._mark = connections.mark
        self._write_lock = threading.RLock()
        self._notes_changes = False
        self._closed = False
        self._watch_lock = threading.Lock()
        self._watch: Connection | None = (
            None  # a connection of its own: SQLite counts the changes by others a connection
        )

    @classmethod
    def open(cls, url: str, *, create: bool = True) -> Store:
        """Open the store at a database URL or a file path for reading and writing; create or migrate it as needed.

        Without ``create`` it must exist. Raises ``StoreError`` if it cannot be opened, belongs to another program, or
        must be migrated while another process is writing to it; ``NotFoundError`` if it does not exist.
        """
        store = cls(connect(url, create=create))
        with _closing_on_error(store):
            state = store._read_state()
            if state is not SchemaState.CURRENT:
                with store.write() as connection:
                    migrate(connection)
        return store

    @classmethod
    def open_for_reading(cls, url: str) -> Store:
        """Open an existing store as it is: it is neither created nor migrated, and cannot be written to.

        Raises ``NotFoundError`` if it does not exist; ``StoreError`` if it cannot be opened, is empty, belongs to
        another program, or must be migrated first.
        """
        store = cls(connect_for_reading(url))
        with _closing_on_error(store):
            state = store._read_state()
            if state is SchemaState.EMPTY:
                raise StoreError(f"the store {store.address} is empty; `groundswell up` fills it, or name another")
            if state is not SchemaState.CURRENT:
                raise StoreError(
                    f"the store {store.address} {state}; "
                    f"back it up, then run: groundswell data upgrade --db {store.address}"
                )
        return store

    @property
    def name(self) -> str:
        """The kind of database and its name, without path, host or password, so that readers may see it."""
        url = make_url(self.address)
        return f"{url.get_backend_name()} {Path(url.database or '').name}"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection for reading one consistent state; writing on it is refused.

        Raises ``StoreLostError``.
        """
        self.check_files()
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give the connection of a transaction, which is committed at the end, or rolled back on any exception.

        Raises ``StoreError`` if another process is writing, if the store was opened for reading, and for failures of
        disk and system: no space, no permission.
        """
        if self._writer is None:
            raise StoreError(f"the store {self.address} was opened for reading; open it for writing")
        with self._write_lock:
            if self._closed:
                raise StoreClosedError(f"the store {self.address} is closed")
            self.check_files()
            self._lock_for_writing()
            try:
                with self._writer.begin() as connection:
                    notes_changes = self._notes_changes or install_triggers(connection)
                    yield connection
                    self.check_files()  # last moment before the commit
                self._notes_changes = notes_changes
            except DatabaseError as error:
                if failure := explain_failure(error, self.address):
                    raise failure from error
                raise

    def read_changes(self, since: ChangeMark | None = None) -> Changes:
        """Return which topics changed since a mark of this store, by writes of any process.

        Without a mark, everything counts as changed. It is cheap while nothing was written. What is read after the
        call is at least as new as the mark that it returns.
        In a store that was removed or replaced, where nothing can be read, everything has changed.
        """
        if not self._is_in_place():
            return Changes(MARK_OF_LOST, frozenset({EVERYTHING, LOST}))
        with self._watch_lock:
            if self._watch is None:
                self._watch = self._reader.connect()
            try:
                return read_changes(self._watch, since)
            finally:
                self._watch.rollback()  # ends the transaction, so that the next query sees later writes

    def describe_exposure(self) -> str | None:
        """Say that other users of the machine can read the store's file, and the fix; None if they cannot."""
        return describe_exposure(self._files.store) if self._files is not None else None

    def check_files(self) -> None:
        """Raise ``StoreLostError`` if files of the store were removed or replaced since it was opened."""
        if self._files is not None:
            self._files.check()

    def ping(self) -> None:
        """Raise ``StoreError`` unless the database answers."""
        try:
            with self.read() as connection:
                connection.execute(select(1))
        except DatabaseError as error:
            raise StoreError(f"the store {self.address} does not answer: {take_first_line(error)}") from error

    def close(self) -> None:
        """Close all connections, and let other processes write.

        A transaction of another thread that is running may end first. One that takes long is left behind: it is undone
        when the process ends, and the next process checks the store.
        """
        if not self._write_lock.acquire(timeout=CLOSE_WAIT_SECONDS):
            return
        self._closed = True
        self._write_lock.release()
        if self._watch is not None:
            self._watch.close()
        in_place = self._is_in_place()  # asked before SQLite removes its log
        self._reader.dispose()
        if self._writer is not None:
            self._writer.dispose()
        if self._lock is not None and self._mark is not None and self._lock.is_locked:
            if in_place:  # otherwise the mark may be that of another process
                self._mark.remove()
            self._lock.release()

    def _is_in_place(self) -> bool:
        try:
            self.check_files()
        except StoreLostError:
            return False
        return True

    def _read_state(self) -> SchemaState:
        """Return the state of the schema. Raises ``StoreError`` for one that no migration makes usable."""
        with self.read() as connection:
            state = schema_state(connection)
        if state in (SchemaState.NEWER, SchemaState.FOREIGN):
            raise StoreError(f"cannot open the store {self.address}: it {state}; name another with --db")
        return state

    def _lock_for_writing(self) -> None:
        if self._lock is None or self._mark is None or self._lock.is_locked:
            return
        try:
            self._lock.acquire(blocking=False)
            self._mark.create()
            if self._files is not None:
                self._files.learn(".lock")
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


def upgrade(url: str) -> None:
    """Migrate an existing store to this version's schema. Raises as ``Store.open`` does."""
    Store.open(url, create=False).close()


@contextmanager
def _closing_on_error(store: Store) -> Iterator[None]:
    """Close a store that cannot be opened; a failure of the database becomes one line."""
    try:
        yield
    except DatabaseError as error:
        store.close()
        raise explain_failure(error, store.address) or StoreError(
            f"cannot open the store {store.address}: {take_first_line(error)}; "
            "check the path and its permissions, or name another with --db"
        ) from error
    except StoreError:
        store.close()
        raise
