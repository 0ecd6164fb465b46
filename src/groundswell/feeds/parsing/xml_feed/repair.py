"""Repair common faults of feed XML before it is parsed, and remove what could be abused."""

from __future__ import annotations

import html
import re
from html.entities import html5

# Repeats are bounded: otherwise a body with many openings and no end would take quadratic time.
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]{0,500}(?:\[[^\]]{0,5000}\]\s{0,100})?>", re.IGNORECASE)
_DECLARATION = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_AMPERSAND = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{0,31}))?(;)?")
_ILLEGAL_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PROLOGUE_CHARACTERS = 20_000  # a document type must be at the beginning
_MAX_AMPERSANDS = 500_000
_WINDOWS_1252_CODES = range(0x80, 0xA0)
_XML_NAMES = frozenset(("amp", "lt", "gt", "quot", "apos"))


class RepairError(ValueError):
    """The feed has what can be neither removed nor repaired: entity declarations, or half a million ampersands."""


def repair_xml(xml: str) -> str:
    """Return ``xml`` without a document type or illegal characters, and with every ampersand well formed.

    A bare ampersand (``S&P 500``) is escaped, an HTML entity becomes its characters, and any other entity becomes text:
    no entity is expanded. CDATA sections stay unchanged.

    Raises:
        RepairError: a document type or entity declaration remains after the plain one was removed, or there are more
            ampersands than any honest feed has.
    """
    if xml.count("&") > _MAX_AMPERSANDS:
        raise RepairError(f"the feed has more than {_MAX_AMPERSANDS:,} ampersands, which is not accepted")
    xml = _DOCTYPE.sub("", _ILLEGAL_CHARACTER.sub("", xml[:_PROLOGUE_CHARACTERS]), count=1) + _ILLEGAL_CHARACTER.sub(
        "", xml[_PROLOGUE_CHARACTERS:]
    )
    pieces: list[str] = []
    position = 0
    while (start := xml.find("<![CDATA[", position)) >= 0 and (end := xml.find("]]>", start)) >= 0:
        pieces += (_repair_outside_cdata(xml[position:start]), xml[start : end + 3])
        position = end + 3
    return "".join((*pieces, _repair_outside_cdata(xml[position:])))


def _repair_outside_cdata(piece: str) -> str:
    if "<!" in piece and _DECLARATION.search(piece):
        raise RepairError("the feed declares a document type with entities, which is not accepted")
    return _AMPERSAND.sub(_repair_reference, piece) if "&" in piece else piece


def _repair_reference(match: re.Match[str]) -> str:
    decimal, hexadecimal, name, semicolon = match.groups()
    if semicolon is None or not (decimal or hexadecimal or name):
        return "&amp;" + match.group()[1:]
    if name in _XML_NAMES:
        return match.group()
    if name:
        characters = html5.get(name + ";")
        return "".join(f"&#{ord(character)};" for character in characters) if characters else f"&amp;{name};"
    code = int(decimal) if decimal else int(hexadecimal, 16)
    if code in _WINDOWS_1252_CODES:  # as browsers do
        return html.unescape(match.group())
    is_legal = code <= 0x10FFFF and (code in (9, 10, 13) or (code >= 32 and not _ILLEGAL_CHARACTER.match(chr(code))))
    return f"&#{code};" if is_legal else ""
