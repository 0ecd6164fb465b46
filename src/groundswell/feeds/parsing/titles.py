"""Clean the titles of items: remove what is markup, and keep every word that only looks like it."""

from __future__ import annotations

import html
import re
from collections import Counter

from groundswell.feeds.parsing.forms import Form
from groundswell.feeds.parsing.sanitize import (
    MAX_ENTRY_TITLE_CHARACTERS,
    cut,
    is_element,
    is_part_of_drawing,
    remove_all_markup,
    repair_text,
)
from groundswell.fetch.urls import UNSEEN_CHARACTERS

_MAX_RAW_CHARACTERS = 20_000
_MAX_PASSES = 5  # no honest title is escaped more often than this

_FORMATTING = frozenset(
    (
        *("a", "abbr", "b", "big", "cite", "code", "div", "em", "font", "i", "ins", "kbd", "li", "mark", "p", "q", "s"),
        *("small", "span", "strong", "sub", "sup", "tt", "u"),
    )
)
_STANDING_ALONE = frozenset(("br", "hr", "wbr"))
_BREAKS = frozenset(
    (
        "p",
        "br",
        "hr",
        "div",
        "li",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "td",
        "th",
        "tr",
        "table",
        "blockquote",
    )
)
_CODE = frozenset(("script", "style"))
_SWALLOWING = _CODE | {"title", "textarea", "xmp", "iframe", "noframes", "noscript", "template", "plaintext"}
_AFTER_A_WORD = " -–—.,:;!?)]}/»”’"

_ATTRIBUTE = r"\s[^\s<>\"'=/]{1,100}\s?(?:=\s?(?:\"[^\"<]{0,4000}\"|'[^'<]{0,4000}'|[^\s<>\"'=`]{1,4000}))?"
_TAG = re.compile(rf"<(?P<end>/?)(?P<name>[A-Za-z][\w:]{{0,15}})(?P<attributes>(?:{_ATTRIBUTE})*+)\s?/?>", re.ASCII)
_VALUE = re.compile(r"\s[^\s<>\"'=/]+\s?=")
_BROKEN_TAG = re.compile(r"</?(?P<name>[A-Za-z][\w:]{0,15})\s[^<>=]*\w\s?=[^<>]*(?:>|$)", re.ASCII)  # or cut off
_COMMENT = re.compile(r"<!--[^<>]{0,2000}-->")
_CODE_START = re.compile(r"<(?P<name>script|style)\b(?P<attributes>[^<>]{0,500})>", re.IGNORECASE)
_CODE_ENDS = {name: re.compile(f"</{name}", re.IGNORECASE) for name in _CODE}
_CODE_SIGNS = re.compile(r"[(){};=]")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def clean_title(text: str, form: Form, limit: int = MAX_ENTRY_TITLE_CHARACTERS) -> str:
    """Return a title as one line of at most ``limit`` characters, without markup and invisible characters.

    A plain title keeps what looks like a tag; only its references (``&amp;``) become their characters. Of a title in
    markup, the tags of HTML are removed and its references read once. What then remains, and a title whose form is
    unsure, is judged by what it looks like: a tag is markup when it has attributes, when its end follows, or when it
    sticks to a word as formatting does; and where one tag is markup, all tags of HTML are. Any other, such as
    ``<script>`` between two words, ``<AAPL.O>`` or ``</kubernetes>``, is a word of the title. The words around tags
    always stay.
    """
    text = _fold(text[:_MAX_RAW_CHARACTERS])
    if "<" in text or "&" in text:
        text = _read_until_stable(text) if form is Form.PLAIN else _remove_markup(text, form)
    return cut(text, limit)


def _read_until_stable(text: str) -> str:
    for _ in range(_MAX_PASSES):
        before, text = text, _fold(_read_references(text))
        if text == before:
            return text
    return remove_all_markup(text)


def _remove_markup(text: str, form: Form) -> str:
    words: frozenset[str] | None = _SWALLOWING if form is Form.MARKUP else None
    for number in range(_MAX_PASSES):
        stripped = _remove_tags(text, words)
        if stripped != text:
            words = frozenset()
        elif number == 0:
            words = None
        before, text = text, _fold(_read_references(stripped))
        if text == before and number > 0:
            return text
    return remove_all_markup(text)


def _fold(text: str) -> str:
    for _ in range(_MAX_PASSES):
        before, text = text, " ".join(UNSEEN_CHARACTERS.sub("", repair_text(text)).split())
        if text == before:
            break
    return text


def _read_references(text: str) -> str:
    return _REFERENCE.sub(lambda reference: html.unescape(reference.group()), text)


def _remove_tags(text: str, words: frozenset[str] | None) -> str:
    """Remove the tags of HTML except those in ``words``, which stay if they stand alone; ``None``: judge each tag."""
    if "<" not in text:
        return text
    text = _COMMENT.sub("", _remove_code(text))
    paired = _find_paired(text)

    def replace(tag: re.Match[str]) -> str:
        if not _is_markup(tag, paired, words):
            return tag.group()
        return " " if tag["name"].lower() in _BREAKS else ""

    return _BROKEN_TAG.sub(lambda tag: "" if is_element(tag["name"]) else tag.group(), _TAG.sub(replace, text))


def _is_markup(tag: re.Match[str], paired: set[str], words: frozenset[str] | None) -> bool:
    name = tag["name"].lower()
    if _VALUE.search(tag["attributes"]):
        return True
    if not is_element(name) and not (words is not None and is_part_of_drawing(name)):
        return False
    if name in paired or name in _STANDING_ALONE or (words is not None and name not in words):
        return True
    return name in _FORMATTING and not tag["attributes"] and _sticks_to_a_word(tag)


def _remove_code(text: str) -> str:
    """Remove scripts and styles with what they contain, unless that reads like words between two names of tags."""
    pieces: list[str] = []
    position = 0
    while start := _CODE_START.search(text, position):
        end = _CODE_ENDS[start["name"].lower()].search(text, start.end())
        if not end:
            break
        close = text.find(">", end.start()) + 1 or len(text)
        body = text[start.end() : end.start()]
        is_code = start["attributes"].strip() or _CODE_SIGNS.search(body) or not body.strip()
        pieces.append(text[position : start.start() if is_code else close])
        position = close
    return "".join(pieces) + text[position:]


def _find_paired(text: str) -> set[str]:
    """Return the names of the elements with a start and later an end. Scripts with words in them are words as well."""
    starts: Counter[str] = Counter()
    paired: set[str] = set()
    for tag in _TAG.finditer(text):
        name = tag["name"].lower()
        if not tag["end"]:
            starts[name] += 1
        elif starts[name]:
            paired.add(name)
    return paired - _CODE


def _sticks_to_a_word(tag: re.Match[str]) -> bool:
    """Return whether a start stands directly before a word, an end directly after one, or a start after the last."""
    text = tag.string
    follows = tag.start() > 0 and text[tag.start() - 1] != " "
    if tag["end"] or tag.end() == len(text):
        return follows
    return text[tag.end()] not in _AFTER_A_WORD
