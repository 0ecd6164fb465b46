"""Backups of a SQLite store: complete, made while it is in use, and restored only if they are intact."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import NullPool, create_engine

from groundswell.errors import NotFoundError, StoreError, UsageError
from groundswell.ports import Progress
from groundswell.storage.engine.files import OWNER_ALONE, explain_missing, is_immutable, resolve_store_file, take_mode
from groundswell.storage.engine.unclean_shutdown import find_damage
from groundswell.storage.migrations import SchemaState, schema_state

PAGES_PER_STEP = 2_000  # 8 MB with the usual size of a page
STORE_SUFFIXES = ("", "-wal", "-shm", ".open")
"""Endings of the files of a store: the database, its write-ahead log and shared memory, the mark of an open store."""


def back_up(url: str, target: Path, progress: Progress) -> int:
    """Copy a store as it is at this moment, even while it is written to; return the size of the copy in bytes.

    The copy appears complete and checked, or not at all. Progress counts pages. Raises ``NotFoundError``,
    ``UsageError`` and ``StoreError``.
    """
    store = resolve_store_file(url)
    if not store.is_file():
        raise explain_missing(store)
    own_files = {store.with_name(store.name + end) for end in (*STORE_SUFFIXES, ".lock")}
    if target.absolute() in own_files or (target.exists() and not target.is_file()):
        raise UsageError(f"{target} cannot be the backup: it belongs to the store or is not a file; name another file")
    with _replace_at_end(target) as part:
        _copy(store, part, progress)
        if errors := find_damage(part):
            raise StoreError(f"the store {store} is damaged ({errors[0]}); keep older backups, and restore one of them")
        return part.stat().st_size


def restore(backup: Path, url: str, progress: Progress) -> Path | None:
    """Replace a store by a backup. A store that exists is renamed; return its new path, or None if there was none.

    A backup of an older version is upgraded when the store is opened. Raises ``NotFoundError`` without a backup,
    ``UsageError``, and ``StoreError`` if the backup is damaged or no store, or another process is writing to the store.
    """
    store = resolve_store_file(url)
    if not backup.is_file():
        raise NotFoundError(f"there is no backup {backup}; name a file made by `groundswell data backup`")
    if errors := find_damage(backup):
        raise StoreError(f"the backup {backup} is damaged ({errors[0]}); use an older one")
    with create_engine(f"sqlite:///{backup.absolute()}", poolclass=NullPool).connect() as connection:
        state = schema_state(connection)
    if state not in (SchemaState.CURRENT, SchemaState.OLDER):
        raise StoreError(f"{backup} cannot be restored: it {state}; name another file")
    aside = store.with_name(f"{store.name}.replaced")
    if store.exists() and aside.exists():
        raise UsageError(f"{aside} exists already, from an earlier restore; move or delete it")
    with _lock_for_writing(store), _replace_at_end(store) as part:
        _copy(backup, part, progress)
        replaced = store.exists()
        part.chmod(take_mode(store))  # who may read the store stays its owner's choice
        for end in STORE_SUFFIXES if replaced else ():
            if (old := store.with_name(store.name + end)).exists():
                old.rename(aside.with_name(aside.name + end))
    return aside if replaced else None


def _copy(source: Path, target: Path, progress: Progress) -> None:
    """Copy from one reading transaction, so that what is written meanwhile neither enters the copy nor restarts it."""
    done = 0

    def report(_status: int, remaining: int, total: int) -> None:
        nonlocal done
        progress(total - remaining - done)
        done = total - remaining

    try:
        uri = f"{source.absolute().as_uri()}?mode=ro{'&immutable=1' if is_immutable(source.absolute()) else ''}"
        with closing(sqlite3.connect(uri, uri=True)) as reading, closing(sqlite3.connect(target)) as writing:
            reading.execute("PRAGMA query_only=ON")
            reading.execute("BEGIN")
            reading.execute("SELECT count(*) FROM sqlite_master").fetchone()
            reading.backup(writing, pages=PAGES_PER_STEP, progress=report)
            reading.rollback()
            writing.execute("PRAGMA journal_mode=DELETE")  # leaves a single file
    except sqlite3.DatabaseError as error:
        raise StoreError(f"cannot copy {source} to {target}: {error}; check both files and the free space") from error


@contextmanager
def _replace_at_end(target: Path) -> Iterator[Path]:
    """Give a file to write to; at the end, once it is on disk, rename it to the target."""
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ALONE))
        yield part
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.replace(target)
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror}; name a file in a writable folder") from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _lock_for_writing(store: Path) -> Iterator[None]:
    try:
        with FileLock(f"{store}.lock", mode=take_mode(store), blocking=False):
            yield
    except Timeout as error:
        raise StoreError(f"another process is writing to the store {store}; stop that process first") from error
