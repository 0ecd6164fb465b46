"""Whether the last process that wrote to a SQLite store ended in good order; if not, the file is checked."""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from groundswell.errors import StoreError

log = logging.getLogger("groundswell")


class StopMark:
    """A small file beside the store from a process's first write to its good end: who finds it knows of a bad one.

    To be used by the holder of the store's lock alone.
    """

    def __init__(self, store: Path) -> None:
        self._store = store
        self._path = store.with_name(f"{store.name}.open")

    def begin(self) -> None:
        """Set the mark; where it stands already, check the store first. Raises ``StoreError`` for a damaged store."""
        if self._path.exists():
            check_after_bad_stop(self._store)
        self._path.write_text(f"{os.getpid()}\n", encoding="utf-8")

    def end(self) -> None:
        self._path.unlink(missing_ok=True)


def check_after_bad_stop(store: Path) -> None:
    """Check a store and tell of it in the log: this takes a few seconds per gigabyte. Raises ``StoreError``."""
    megabytes = store.stat().st_size / 1e6 if store.exists() else 0.0
    log.warning("%s was not closed in good order: checking it (%.1f MB) …", store.name, megabytes)
    began = time.monotonic()
    faults = damage(store)
    if faults:
        raise StoreError(
            f"the store {store} is damaged ({faults[0]}; {len(faults)} found in all); restore a backup with: "
            f"groundswell data restore FILE --db {store}"
        )
    log.warning("%s is whole (%.1f s)", store.name, time.monotonic() - began)


def damage(store: Path) -> tuple[str, ...]:
    """What SQLite finds wrong with a file: pages, indexes, references. Nothing for a sound one."""
    try:
        with closing(sqlite3.connect(store)) as connection:
            connection.execute("PRAGMA query_only=ON")
            pages = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
            return tuple(_faults(pages, connection.execute("PRAGMA foreign_key_check")))
    except sqlite3.DatabaseError as error:
        return (str(error),)


def _faults(pages: list[str], references: Iterable[tuple[str, int, str, int]]) -> Iterable[str]:
    if pages != ["ok"]:
        yield from pages
    for table, row, target, _ in references:
        yield f"row {row} of {table} names a row of {target} that is missing"
