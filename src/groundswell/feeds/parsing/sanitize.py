"""Reduce hostile markup to plain text, and keep the words in it that only look like markup."""

from __future__ import annotations

import html
import re

import nh3

from groundswell.fetch.urls import UNSEEN_CHARACTERS

MAX_ENTRY_TITLE_CHARACTERS = 500
MAX_ENTRY_TEXT_CHARACTERS = 2_000

_NAMES_IN_HTML = (  # current and obsolete
    "a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink blockquote body br "
    "button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em "
    "embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html "
    "i iframe img input ins kbd label legend li link main map mark marquee math menu meta meter nav nobr noframes "
    "noscript object ol optgroup option output p param picture pre progress q rp rt ruby s samp script section "
    "select slot small source span strike strong style sub summary sup svg table tbody td template textarea tfoot "
    "th thead time title tr track tt u ul var video wbr xmp"
)
_NAMES_IN_DRAWINGS = (  # and in formulas: SVG and MathML
    "animate circle defs ellipse g line path polygon polyline rect symbol text tspan use "
    "annotation mfrac mglyph mi mn mo mover mrow mspace msqrt msub msubsup msup mtable mtd mtext mtr munder semantics"
)
_HTML_ELEMENTS = frozenset(_NAMES_IN_HTML.split())
_ELEMENTS_IN_DRAWINGS = frozenset(_NAMES_IN_DRAWINGS.split())
_OFFICE_PREFIXES = ("o:", "v:", "w:", "m:", "st1:")

_MAX_RAW_CHARACTERS = 100_000  # the rest is ignored: the limits above are far smaller
_MAX_PASSES = 5  # no honest text is escaped, or nested, more often than this
_REMAINING_MARKUP = re.compile(r"<[^<>]*>|[<>]|&#?\w{1,32};")

_PLAIN_TEXT = re.compile(r"[!-%'-;=?-~]+(?: [!-%'-;=?-~]+)*")  # printable ASCII without markup, single spaces
_BARE_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
_BLOCK_TAG = re.compile(r"<(?=/?(?:p|br|div|li|ul|ol|h[1-6]|td|th|tr|table|blockquote|hr)\b)", re.IGNORECASE)
_BARE_TAG = re.compile(r"<(?=/?([A-Za-z][\w.:]{0,40})\s?/?>)", re.ASCII)
_NO_TAG = re.compile(r"<(?=[^<>]*(?:<|$))(?!/?[A-Za-z][\w:-]{0,40}\s+[\w:-]{1,40}\s*=|/?[A-Za-z]\w{0,40}\s*/?(?:<|$))")
_LONE_CODE = re.compile(r"<(?=(?:script|style)>(?![^<]*[(){};=]))", re.IGNORECASE)
_END_OF_CODE = re.compile(r"</(?:script|style)", re.IGNORECASE)
_BYTES_IN_WINDOWS_1252 = {ord(bytes([byte]).decode("cp1252", "ignore") or "\0"): byte for byte in range(0x80, 0xA0)}
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_MISREAD_UTF_8 = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0178\u02c6\u02dc\u2013-\u203a\u20ac\u2122]")


def to_plain_text(text: str, limit: int) -> str:
    """Return ``text`` as one line of at most ``limit`` characters, without markup or invisible characters.

    Tags and the content of scripts and styles are removed, entities become their characters, and white space is folded.
    Text that was escaped several times is unescaped and stripped until nothing changes, so that no tag of HTML
    survives. Words that only look like tags, such as ``<AAPL.O>``, stay. A text cut at the limit ends in "…".
    """
    if text and not _PLAIN_TEXT.fullmatch(text, 0, _MAX_RAW_CHARACTERS):
        text = _strip_markup(text[:_MAX_RAW_CHARACTERS])
    return cut(text, limit)


def cut(text: str, limit: int) -> str:
    """Return the text, or its start and "…" if it is longer than ``limit`` characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def repair_text(text: str) -> str:
    """Return the text without a CDATA section that was escaped around it, and UTF-8 that was misread as Latin-1."""
    text = text.strip()
    while text.startswith(_CDATA):
        text = text.removeprefix(_CDATA).removesuffix(_CDATA_END).strip()
    if not _MISREAD_UTF_8.search(text):
        return text
    try:
        return text.translate(_BYTES_IN_WINDOWS_1252).encode("latin-1").decode()
    except UnicodeError:
        return text


def remove_all_markup(text: str) -> str:
    """Return the text without anything in angle brackets and without references: it is built to survive cleaning."""
    return " ".join(_REMAINING_MARKUP.sub(" ", text).split())


def is_element(name: str) -> bool:
    """Return whether ``name`` is that of an element of HTML, or one that office programs write into HTML."""
    return name.lower() in _HTML_ELEMENTS or name.lower().startswith(_OFFICE_PREFIXES)


def is_part_of_drawing(name: str) -> bool:
    """Return whether ``name`` is that of an element of SVG or MathML, some of which are words as well."""
    return name.lower() in _ELEMENTS_IN_DRAWINGS


def _strip_markup(text: str) -> str:
    for _ in range(_MAX_PASSES):
        before = text
        text = UNSEEN_CHARACTERS.sub("", repair_text(text))
        if "<" in text or "&" in text:
            text = _BLOCK_TAG.sub(" <", _BARE_AMPERSAND.sub("&amp;", _escape_words(text)))
            text = UNSEEN_CHARACTERS.sub("", html.unescape(nh3.clean(text, tags=set())))
        text = " ".join(text.split())
        if text == before:
            return text
    return remove_all_markup(text)


def _escape_words(text: str) -> str:
    """Escape the brackets that start no tag of HTML, so that the parser of HTML does not take words for markup."""
    text = _NO_TAG.sub("&lt;", _BARE_TAG.sub(_escape_unknown, text))
    last = 0
    for end in _END_OF_CODE.finditer(text):
        last = end.end()
    return text[:last] + _LONE_CODE.sub("&lt;", text[last:])


def _escape_unknown(tag: re.Match[str]) -> str:
    return "<" if is_element(tag[1]) or is_part_of_drawing(tag[1]) else "&lt;"
