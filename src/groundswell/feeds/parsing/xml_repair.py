"""Mends common faults of feed XML before it is parsed, and takes away what could be abused."""

from __future__ import annotations

import re
from html.entities import html5

# Bounded repeats: without them a body of many openings and no end would take quadratic time.
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]{0,500}(?:\[[^\]]{0,5000}\]\s{0,100})?>", re.IGNORECASE)
_DECLARATION = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_AMPERSAND = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{0,31}))?(;)?")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PROLOGUE = 20_000  # characters: a document type stands at the beginning or is none
_AMPERSAND_LIMIT = 500_000
_XML_NAMES = frozenset(("amp", "lt", "gt", "quot", "apos"))


class RepairError(ValueError):
    """The feed holds what cannot simply be taken away or mended: entities of its own, half a million ampersands."""


def repaired(xml: str) -> str:
    """Return ``xml`` without document type, with every ampersand well formed and no illegal characters.

    A bare ampersand (``S&P 500``) is escaped, an HTML entity becomes its characters, an entity of any other name is
    left as the text it is: nothing is ever expanded. CDATA sections are left alone.

    Raises:
        RepairError: a document type or entity declaration remains after the plain one was taken away, or there are
            more ampersands than any feed has.
    """
    if xml.count("&") > _AMPERSAND_LIMIT:
        raise RepairError(f"the feed holds more than {_AMPERSAND_LIMIT:,} ampersands, which is not accepted")
    xml = _DOCTYPE.sub("", _ILLEGAL.sub("", xml[:_PROLOGUE]), count=1) + _ILLEGAL.sub("", xml[_PROLOGUE:])
    pieces: list[str] = []
    place = 0
    while (start := xml.find("<![CDATA[", place)) >= 0 and (end := xml.find("]]>", start)) >= 0:
        pieces += (_outside_cdata(xml[place:start]), xml[start : end + 3])
        place = end + 3
    return "".join((*pieces, _outside_cdata(xml[place:])))


def _outside_cdata(piece: str) -> str:
    if "<!" in piece and _DECLARATION.search(piece):
        raise RepairError("the feed declares a document type with entities, which is not accepted")
    return _AMPERSAND.sub(_reference, piece) if "&" in piece else piece


def _reference(found: re.Match[str]) -> str:
    decimal, hexadecimal, name, semicolon = found.groups()
    if semicolon is None or not (decimal or hexadecimal or name):
        return "&amp;" + found.group()[1:]
    if name in _XML_NAMES:
        return found.group()
    if name:
        characters = html5.get(name + ";")
        return "".join(f"&#{ord(character)};" for character in characters) if characters else f"&amp;{name};"
    code = int(decimal) if decimal else int(hexadecimal, 16)
    legal = code <= 0x10FFFF and (code in (9, 10, 13) or (code >= 32 and not _ILLEGAL.match(chr(code))))
    return f"&#{code};" if legal else ""
