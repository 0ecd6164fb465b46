"""Hostile text to plain text, and addresses to those that a page may link to."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

import nh3

TITLE_LIMIT = 500
TEXT_LIMIT = 2_000
ADDRESS_LIMIT = 2_000

_RAW_LIMIT = 100_000  # markup beyond this is not looked at: it could not fit the limits above anyway
_PASSES = 5  # nobody with good cause escapes a text, or puts titles within titles, more often than this
_REMAINS = re.compile(r"<[^<>]*>|[<>]|&#?\w{1,32};")

# Control, zero-width and bidirectional characters, lone surrogates, tags and the two non-characters: they hide or
# reorder what a reader sees, or cannot be stored. White space is left for folding.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_PLAIN = re.compile(r"[!-%'-;=?-~]+(?: [!-%'-;=?-~]+)*")  # printable ASCII without markup, single spaces
_BARE_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
_BLOCK_TAG = re.compile(r"<(?=/?(?:p|br|div|li|ul|ol|h[1-6]|td|th|tr|table|blockquote|hr)\b)", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s/?#\\@<>\"]+(?:[/?#][^\s<>\"]*)?", re.IGNORECASE)


def plain_text(text: str, limit: int) -> str:
    """Return ``text`` as one line of at most ``limit`` characters, without markup or unseen characters.

    Tags go with the content of scripts and styles; entities become their characters; white space is folded. Text that
    was escaped several times is unescaped, and stripped again, until nothing changes, so that no tag survives. A text
    cut at the limit ends in "…".
    """
    if text and not _PLAIN.fullmatch(text, 0, _RAW_LIMIT):
        text = _stripped(text[:_RAW_LIMIT])
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _stripped(text: str) -> str:
    for _ in range(_PASSES):
        before = text
        text = _UNSEEN.sub("", text)
        if "<" in text or "&" in text:
            text = _BLOCK_TAG.sub(" <", _BARE_AMPERSAND.sub("&amp;", text))
            text = _UNSEEN.sub("", html.unescape(nh3.clean(text, tags=set())))
        text = " ".join(text.split())
        if text == before:
            return text
    return " ".join(_REMAINS.sub(" ", text).split())  # what still changes was made to outlast the passes


def address(text: str | None) -> str | None:
    """Return ``text`` if it is an absolute http or https address that is safe to link to, else None.

    Addresses with a user name, a backslash in the host, unseen characters or over 2,000 characters are refused.
    """
    text = text.strip() if text else ""
    if not text or len(text) > ADDRESS_LIMIT or _UNSEEN.search(text) or not _ADDRESS.fullmatch(text):
        return None
    try:
        parts = urlsplit(text)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return text if usable else None
