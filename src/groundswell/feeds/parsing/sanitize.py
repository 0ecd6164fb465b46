"""Hostile text to plain text, and addresses to those that a page may link to."""

from __future__ import annotations

import html
import re

import nh3

from groundswell.fetch.urls import UNSEEN

TITLE_LIMIT = 500
TEXT_LIMIT = 2_000

_RAW_LIMIT = 100_000  # markup beyond this is not looked at: it could not fit the limits above anyway
_PASSES = 5  # nobody with good cause escapes a text, or puts titles within titles, more often than this
_REMAINS = re.compile(r"<[^<>]*>|[<>]|&#?\w{1,32};")

_PLAIN = re.compile(r"[!-%'-;=?-~]+(?: [!-%'-;=?-~]+)*")  # printable ASCII without markup, single spaces
_BARE_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
_BLOCK_TAG = re.compile(r"<(?=/?(?:p|br|div|li|ul|ol|h[1-6]|td|th|tr|table|blockquote|hr)\b)", re.IGNORECASE)


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
        text = UNSEEN.sub("", text)
        if "<" in text or "&" in text:
            text = _BLOCK_TAG.sub(" <", _BARE_AMPERSAND.sub("&amp;", text))
            text = UNSEEN.sub("", html.unescape(nh3.clean(text, tags=set())))
        text = " ".join(text.split())
        if text == before:
            return text
    return " ".join(_REMAINS.sub(" ", text).split())  # what still changes was made to outlast the passes
