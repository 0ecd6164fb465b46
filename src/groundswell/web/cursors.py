"""Cursors: the position in a list as an opaque text, for links to the next page of results."""

from __future__ import annotations

import base64
import binascii

from groundswell.errors import UsageError
from groundswell.model import Cursor

MAX_SKIPPED_ITEMS = 100_000  # a longer list must be narrowed with filters


def encode(cursor: Cursor | None) -> str | None:
    """Encode a cursor as text; return None at the end of a list."""
    if cursor is None or cursor.skip > MAX_SKIPPED_ITEMS:
        return None
    return base64.urlsafe_b64encode(f"{cursor.upto}.{cursor.skip}".encode()).decode().rstrip("=")


def decode(text: str | None) -> Cursor | None:
    """Decode a cursor; no text means the start of the list. Raises ``UsageError`` for an invalid cursor."""
    if not text:
        return None
    try:
        plain = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode("ascii")
        upto, skip = plain.split(".")
        cursor = Cursor(int(upto), int(skip))
    except (binascii.Error, ValueError):
        cursor = None
    if cursor is None or cursor.skip > MAX_SKIPPED_ITEMS or encode(cursor) != text:
        raise UsageError("cursor must be the value of next on the previous page; leave it out for the first page")
    return cursor
