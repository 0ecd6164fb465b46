"""Backups of a SQLite store: whole, made while it is in use, and put back only where they are sound."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import NullPool, create_engine
from sqlalchemy.engine import make_url

from groundswell.errors import NotFoundError, StoreError, UsageError
from groundswell.ports import Progress
from groundswell.storage.engine.unclean_shutdown import damage
from groundswell.storage.migrations import SchemaState, schema_state

PAGES = 2_000  # copied at a time: 8 MB of a usual store
BESIDE = ("", "-wal", "-shm", ".open")
"""What belongs to a store by its name: the file, what is not yet folded into it, and the mark of an open one."""


def store_file(url: str) -> Path:
    """The file of a SQLite store. Raises ``UsageError`` for a store on a database server."""
    if "://" not in url:
        return Path(url).absolute()
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        raise UsageError(f"a store on {address.get_backend_name()} is backed up by its own tools, such as pg_dump")
    return Path(address.database or "").absolute()


def back_up(url: str, target: Path, progress: Progress) -> int:
    """Copy a store as it stands at this moment, whoever writes to it meanwhile; answers the copy's size in bytes.

    The copy appears whole and checked, or not at all. Progress counts pages. Raises ``NotFoundError``, ``UsageError``
    and ``StoreError``.
    """
    store = store_file(url)
    if not store.is_file():
        raise NotFoundError(f"there is no store {store}; name one with --db")
    beside = {store.with_name(store.name + end) for end in (*BESIDE, ".lock")}
    if target.absolute() in beside or (target.exists() and not target.is_file()):
        raise UsageError(f"{target} cannot be the backup: it belongs to the store or is no file; name another file")
    with _made_whole(target) as part:
        _copy(store, part, progress)
        if faults := damage(part):
            raise StoreError(f"the store {store} is damaged ({faults[0]}); keep older backups, and restore one of them")
        return part.stat().st_size


def restore(backup: Path, url: str, progress: Progress) -> Path | None:
    """Put a backup in a store's place. What was there is moved aside; answers where to, None where nothing was.

    A backup of an older version is brought up to date when the store is opened. Raises ``NotFoundError`` without a
    backup, ``UsageError``, and ``StoreError`` for one that is not sound or not ours, and while the store is written.
    """
    store = store_file(url)
    if not backup.is_file():
        raise NotFoundError(f"there is no backup {backup}; name a file that `groundswell data backup` made")
    if faults := damage(backup):
        raise StoreError(f"the backup {backup} is not sound ({faults[0]}); take an older one")
    with create_engine(f"sqlite:///{backup.absolute()}", poolclass=NullPool).connect() as connection:
        state = schema_state(connection)
    if state not in (SchemaState.CURRENT, SchemaState.OLDER):
        raise StoreError(f"{backup} is no backup that can be restored: it {state}; name another file")
    aside = store.with_name(f"{store.name}.replaced")
    if store.exists() and aside.exists():
        raise UsageError(f"{aside} is in the way: an earlier restore left it; move or delete it")
    with _writing_alone(store), _made_whole(store) as part:
        _copy(backup, part, progress)
        replaced = store.exists()
        for end in BESIDE if replaced else ():
            if (old := store.with_name(store.name + end)).exists():
                old.rename(aside.with_name(aside.name + end))
    return aside if replaced else None


def _copy(source: Path, target: Path, progress: Progress) -> None:
    """Copy from one reading transaction: what is written meanwhile neither enters the copy nor starts it anew."""
    done = 0

    def told(_status: int, remaining: int, total: int) -> None:
        nonlocal done
        progress(total - remaining - done)
        done = total - remaining

    try:
        with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(target)) as writing:
            reading.execute("PRAGMA query_only=ON")
            reading.execute("BEGIN")
            reading.execute("SELECT count(*) FROM sqlite_master").fetchone()
            reading.backup(writing, pages=PAGES, progress=told)
            reading.rollback()
            writing.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
    except sqlite3.DatabaseError as error:
        raise StoreError(f"cannot copy {source} to {target}: {error}; check both files and the room left") from error


@contextmanager
def _made_whole(target: Path) -> Iterator[Path]:
    """A file to write to, which takes the target's name at the end, once the disk has it."""
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        yield part
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.replace(target)
    except OSError as error:
        raise UsageError(
            f"cannot write {target}: {error.strerror}; name a file in a folder that can be written"
        ) from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _writing_alone(store: Path) -> Iterator[None]:
    try:
        with FileLock(f"{store}.lock", blocking=False):
            yield
    except Timeout as error:
        raise StoreError(f"the store {store} is being written by another process; stop that one first") from error
