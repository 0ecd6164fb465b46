"""Failures of a database that are not errors of the program: one line each, with a remedy."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DatabaseError

from groundswell.errors import StoreError

REMEDIES_BY_CODE = {
    sqlite3.SQLITE_FULL: "free some space on its disk; the interrupted transaction left nothing behind",
    sqlite3.SQLITE_IOERR: "check its disk: free space, limits on file sizes, hardware",
    sqlite3.SQLITE_READONLY: "make the file and its folder writable, or name another with --db",
    sqlite3.SQLITE_BUSY: "another program has locked it; close that program, or wait and try again",
    sqlite3.SQLITE_LOCKED: "another program has locked it; close that program, or wait and try again",
    sqlite3.SQLITE_CANTOPEN: "check the path and its permissions, or name another with --db",
    sqlite3.SQLITE_CORRUPT: "it is damaged; restore a backup with: groundswell data restore FILE",
    sqlite3.SQLITE_NOTADB: "check the path, or name another with --db",
}
"""What to do, by SQLite's primary result code. Codes not listed here point to an error in the program."""


def explain_failure(error: DatabaseError, address: str) -> StoreError | None:
    """Return a failure that the owner can fix as one line; None for an error in the program."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    remedy = REMEDIES_BY_CODE.get(code & 0xFF) if code is not None else None
    return StoreError(f"the store {address} failed: {take_first_line(error)}; {remedy}") if remedy else None


def take_first_line(error: DatabaseError) -> str:
    """Return the first line of the driver's message."""
    return str(error.orig or error).splitlines()[0]
