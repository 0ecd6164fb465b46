"""Detect that the last process that wrote to a SQLite store was not shut down cleanly, and check the file."""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from groundswell.errors import StoreError
from groundswell.storage.engine.files import take_mode

log = logging.getLogger("groundswell")


class OpenMark:
    """A small file next to the store, from a process's first write to its clean shutdown.

    If it exists when a process starts to write, the last one was not shut down cleanly. Only the holder of the store's
    lock may use it.
    """

    def __init__(self, store: Path) -> None:
        self._store = store
        self._path = store.with_name(f"{store.name}.open")

    def create(self) -> None:
        """Create the mark; if it exists already, check the store first. Raises ``StoreError`` for a damaged store."""
        if self._path.exists():
            check_after_unclean_shutdown(self._store)
        descriptor = os.open(self._path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, take_mode(self._store))
        with os.fdopen(descriptor, "w", encoding="utf-8") as mark:
            mark.write(f"{os.getpid()}\n")

    def remove(self) -> None:
        """Remove the mark at a clean shutdown."""
        self._path.unlink(missing_ok=True)


def check_after_unclean_shutdown(store: Path) -> None:
    """Check a store, which takes a few seconds per gigabyte, and log it. Raises ``StoreError`` if it is damaged."""
    megabytes = store.stat().st_size / 1e6 if store.exists() else 0.0
    log.warning("%s was not closed cleanly: checking it (%.1f MB) …", store.name, megabytes)
    started = time.monotonic()
    if damage := find_damage(store):
        raise StoreError(
            f"the store {store} is damaged ({damage[0]}; {len(damage)} errors in all); restore a backup with: "
            f"groundswell data restore FILE --db {store}"
        )
    log.warning("%s is intact (%.1f s)", store.name, time.monotonic() - started)


def find_damage(store: Path) -> tuple[str, ...]:
    """List what SQLite finds wrong with a file: pages, indexes, references. Empty for an intact one."""
    try:
        with closing(sqlite3.connect(store)) as connection:
            connection.execute("PRAGMA query_only=ON")
            pages = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
            return tuple(_list_errors(pages, connection.execute("PRAGMA foreign_key_check")))
    except sqlite3.DatabaseError as error:
        return (str(error),)


def _list_errors(pages: list[str], references: Iterable[tuple[str, int, str, int]]) -> Iterable[str]:
    if pages != ["ok"]:
        yield from pages
    for table, row, target, _ in references:
        yield f"row {row} of {table} refers to a missing row of {target}"
