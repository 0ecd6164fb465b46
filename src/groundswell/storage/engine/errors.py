"""What can go wrong with a database through no fault of the program, each told in a line with its mend."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DatabaseError

from groundswell.errors import StoreError

MENDS = {
    sqlite3.SQLITE_FULL: "make room on its disk; nothing of what was being written is kept by halves",
    sqlite3.SQLITE_IOERR: "look at its disk: room, limits on the size of files, hardware",
    sqlite3.SQLITE_READONLY: "make the file and its folder writable, or name another with --db",
    sqlite3.SQLITE_BUSY: "another program holds it; close that one, or wait and try again",
    sqlite3.SQLITE_LOCKED: "another program holds it; close that one, or wait and try again",
    sqlite3.SQLITE_CANTOPEN: "check the path and its permissions, or name another with --db",
    sqlite3.SQLITE_CORRUPT: "it is damaged; restore a backup with: groundswell data restore FILE",
    sqlite3.SQLITE_NOTADB: "check the path, or name another with --db",
}
"""What to do, by SQLite's primary result code. Codes that are missing here come of faults in the program."""


def outside(error: DatabaseError, address: str) -> StoreError | None:
    """The failure in a line if it came from outside the program; None for what is a fault of the program."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    remedy = MENDS.get(code & 0xFF) if code is not None else None
    return StoreError(f"the store {address} failed: {first_line(error)}; {remedy}") if remedy else None


def first_line(error: DatabaseError) -> str:
    return str(error.orig or error).splitlines()[0]
