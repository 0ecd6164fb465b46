"""The connections of a store: how SQLite and database servers are opened, to read and write or to read alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from groundswell.errors import StoreError
from groundswell.redaction import redact_address, redact_text
from groundswell.storage.engine.files import (
    FileWatch,
    build_file_url,
    create_private,
    explain_missing,
    is_immutable,
    take_mode,
)
from groundswell.storage.engine.unclean_shutdown import OpenMark


@dataclass(frozen=True, slots=True)
class Connections:
    """The engines of a store; a store opened for reading has no writer. A store on a server has no files."""

    reader: Engine
    writer: Engine | None
    address: str
    files: FileWatch | None = None
    lock: FileLock | None = None
    mark: OpenMark | None = None


def connect(url: str, *, create: bool) -> Connections:
    """Connect to read and write. Raises ``StoreError``, and without ``create`` ``NotFoundError`` for a missing file."""
    return _explain_address(url, lambda given: _open_sqlite(given, create=create), _open_server)


def connect_for_reading(url: str) -> Connections:
    """Connect to read alone. Raises ``StoreError``, and ``NotFoundError`` for a missing file."""
    return _explain_address(url, _open_sqlite_for_reading, _open_server_for_reading)


def _explain_address(
    url: str, open_sqlite: Callable[[str], Connections], open_server: Callable[[str], Connections]
) -> Connections:
    if "://" not in url:
        url = f"sqlite:///{url}"
    try:
        return open_sqlite(url) if url.startswith("sqlite:") else open_server(url)
    except ModuleNotFoundError as error:
        driver = {"psycopg": "'psycopg[binary]'"}.get(error.name or "", error.name)
        raise StoreError(
            f"cannot open the store {_show_server(url)}: its driver is not installed; pip install {driver}"
        ) from error
    except ValueError as error:  # the text of this error may hold a part of a password
        raise StoreError(
            f"cannot open the store {redact_address(url)}: its port is not a number; "
            "write special characters of a password as %40 and the like"
        ) from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreError(
            f"cannot open the store {redact_address(url)}: {redact_text(str(error))}; "
            "give a file path, a sqlite:/// or a postgresql URL"
        ) from error


def _open_sqlite(url: str, *, create: bool) -> Connections:
    path = _resolve_file(url)
    if not path.exists():
        if not create:
            raise explain_missing(path)
        create_private(path)
    files = FileWatch(path)
    files.learn("")
    # A fixed pool of one connection, because SQLite 3.40 can corrupt the file when two connections write at once.
    writer = create_engine(build_file_url(path, "rw"), poolclass=QueuePool, pool_size=1, max_overflow=0)

    @event.listens_for(writer, "connect")
    def _writing(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions begin only where stated below
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
        files.forget("-wal", "-shm")  # SQLite makes new ones once no connection is left

    @event.listens_for(writer, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        files.learn("-wal", "-shm")

    # The lock belongs to the process, whichever thread took it.
    lock = FileLock(f"{path}.lock", thread_local=False, mode=take_mode(path))
    return Connections(_build_reader(path), writer, f"sqlite:///{path}", files, lock, OpenMark(path))


def _open_sqlite_for_reading(url: str) -> Connections:
    path = _resolve_file(url)
    if not path.exists():
        raise explain_missing(path)
    files = FileWatch(path)
    files.learn("")
    return Connections(_build_reader(path, immutable=is_immutable(path)), None, f"sqlite:///{path}", files)


def _resolve_file(url: str) -> Path:
    path = Path(make_url(url).database or "").absolute()
    if path.is_dir() or not path.parent.is_dir():
        what = "is a folder" if path.is_dir() else f"needs the folder {path.parent}, which does not exist"
        raise StoreError(f"cannot open the store: {path} {what}; name a file with --db")
    return path


def _build_reader(path: Path, *, immutable: bool = False) -> Engine:
    url = build_file_url(path, "ro", immutable=immutable)
    reader = create_engine(url, poolclass=QueuePool, pool_size=8, max_overflow=8)

    @event.listens_for(reader, "connect")
    def _reading(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver would begin no transaction for a query, and see two states
        connection.execute("PRAGMA query_only=ON")
        connection.execute("PRAGMA cache_size=-500")  # kilobytes of each of 16 connections; the system keeps the file

    @event.listens_for(reader, "begin")
    def _begin_reading(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return reader


def _show_server(url: str) -> str:
    """Return an address without password and options, which may be one."""
    return make_url(url).set(query={}).render_as_string(hide_password=True)


def _open_server(url: str) -> Connections:
    engine = create_engine(url, pool_pre_ping=True)
    return Connections(engine, engine, _show_server(url))


def _open_server_for_reading(url: str) -> Connections:
    engine = create_engine(url, pool_pre_ping=True, execution_options={"postgresql_readonly": True})
    return Connections(engine, None, _show_server(url))
