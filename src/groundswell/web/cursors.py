"""Cursors: where a list goes on, as text that means nothing to whoever carries it back."""

from __future__ import annotations

import base64
import binascii

from groundswell.errors import UsageError
from groundswell.model import Cursor

MOST_SKIPPED = 100_000  # items; a list that is read further is read again from its start, by narrower questions


def write(place: Cursor | None) -> str | None:
    """The cursor of a place; None at a list's end."""
    if place is None or place.skip > MOST_SKIPPED:
        return None
    return base64.urlsafe_b64encode(f"{place.upto}.{place.skip}".encode()).decode().rstrip("=")


def read(text: str | None) -> Cursor | None:
    """The place of a cursor; no cursor is the start. Raises ``UsageError`` for what is no cursor of ours."""
    if not text:
        return None
    try:
        plain = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode("ascii")
        upto, skip = plain.split(".")
        place = Cursor(int(upto), int(skip))
    except (binascii.Error, ValueError):
        place = None
    if place is None or place.skip > MOST_SKIPPED or write(place) != text:
        raise UsageError("cursor must be the one that the page before gave; leave it out to start from the first page")
    return place
