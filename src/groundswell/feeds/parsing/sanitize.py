"""Reduce hostile markup to plain text."""

from __future__ import annotations

import html
import re

import nh3

from groundswell.fetch.urls import UNSEEN_CHARACTERS

MAX_ENTRY_TITLE_CHARACTERS = 500
MAX_ENTRY_TEXT_CHARACTERS = 2_000

_MAX_RAW_CHARACTERS = 100_000  # the rest is ignored: the limits above are far smaller
_MAX_PASSES = 5  # no honest text is escaped, or nested, more often than this
_REMAINING_MARKUP = re.compile(r"<[^<>]*>|[<>]|&#?\w{1,32};")

_PLAIN_TEXT = re.compile(r"[!-%'-;=?-~]+(?: [!-%'-;=?-~]+)*")  # printable ASCII without markup, single spaces
_BARE_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
_BLOCK_TAG = re.compile(r"<(?=/?(?:p|br|div|li|ul|ol|h[1-6]|td|th|tr|table|blockquote|hr)\b)", re.IGNORECASE)


def to_plain_text(text: str, limit: int) -> str:
    """Return ``text`` as one line of at most ``limit`` characters, without markup or invisible characters.

    Tags and the content of scripts and styles are removed, entities become their characters, and white space is folded.
    Text that was escaped several times is unescaped and stripped until nothing changes, so that no tag survives. A text
    cut at the limit ends in "…".
    """
    if text and not _PLAIN_TEXT.fullmatch(text, 0, _MAX_RAW_CHARACTERS):
        text = _strip_markup(text[:_MAX_RAW_CHARACTERS])
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _strip_markup(text: str) -> str:
    for _ in range(_MAX_PASSES):
        before = text
        text = UNSEEN_CHARACTERS.sub("", text)
        if "<" in text or "&" in text:
            text = _BLOCK_TAG.sub(" <", _BARE_AMPERSAND.sub("&amp;", text))
            text = UNSEEN_CHARACTERS.sub("", html.unescape(nh3.clean(text, tags=set())))
        text = " ".join(text.split())
        if text == before:
            return text
    return " ".join(_REMAINING_MARKUP.sub(" ", text).split())  # text that still changes is built to survive the passes
