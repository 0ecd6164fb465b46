"""Addresses that feeds and services give: absolute, of a safe scheme, of a bounded length."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

# Control, zero-width and bidirectional characters, lone surrogates, tags and the two non-characters: they hide or
# reorder what a reader sees, or cannot be stored. White space is left for folding.
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)

ADDRESS_LIMIT = 2_000


_ADDRESS = re.compile(r"https?://[^\s/?#\\@<>\"]+(?:[/?#][^\s<>\"]*)?", re.IGNORECASE)


def address(text: str | None) -> str | None:
    """Return ``text`` if it is an absolute http or https address that is safe to link to, else None.

    Addresses with a user name, a backslash in the host, unseen characters or over 2,000 characters are refused.
    """
    text = text.strip() if text else ""
    if not text or len(text) > ADDRESS_LIMIT or UNSEEN.search(text) or not _ADDRESS.fullmatch(text):
        return None
    try:
        parts = urlsplit(text)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return text if usable else None


def absolute(base: str, link: str) -> str:
    """Resolve a link against its feed's address; "" where there is none or it cannot be."""
    try:
        return urljoin(base, link.strip()) if link else ""
    except ValueError:
        return ""
