"""Find the time zone in a date: an offset, an abbreviation, or a name such as Europe/Rome."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

_OFFSET = re.compile(r"[ ,:(]*(?:gmt|utc|ut|z)? ?([+-])(\d{1,2})(?::?(\d{2}))?(?![\d./-])\)?", re.ASCII)
_OFFSET_AT_END = re.compile(r"(?<= )([+-])(\d{2}):?(\d{2})$", re.ASCII)
_NAME = re.compile(r"[ ,(]*([a-z]{1,5})\b\.?\)?", re.ASCII)
_NAME_AT_END = re.compile(r"(?<= )\(?([a-z]{2,5})\)?$", re.ASCII)
_PLACE = re.compile(r"[ ,(]*([a-z_]{2,20}(?:/[a-z0-9_+-]{1,30}){1,2})\)?", re.ASCII)
_MAX_OFFSET_MINUTES = 14 * 60

# Abbreviations that newswires use for one offset only. Other abbreviations count as UTC. The single letters have the
# signs of RFC 822, the standard that RSS names.
_FIXED_ZONES = {
    name: hours
    for hours, names in (
        *((0, "utc gmt ut z wet"), (-10, "hst"), (-9, "akst"), (-8, "pst akdt"), (-7, "mst pdt"), (-6, "cst mdt")),
        *((-5, "est cdt cot pet"), (-4, "edt ast at clt"), (-3.5, "nst"), (-3, "adt brt art clst"), (-2.5, "ndt")),
        *((-2, "brst"), (1, "bst west cet mez met wat"), (2, "cest mesz mest eet sast cat"), (3, "eest msk trt eat")),
        *((4, "gst"), (5, "pkt"), (5.5, "ist"), (5.75, "npt"), (7, "wib ict"), (8, "hkt sgt awst wita pht myt")),
        *((9, "jst kst wit"), (9.5, "acst"), (10, "aest"), (10.5, "acdt"), (11, "aedt"), (12, "nzst"), (13, "nzdt")),
        *((-offset, letter) for offset, letter in enumerate("abcdefghiklm", 1)),
        *((offset, letter) for offset, letter in enumerate("nopqrstuvwxy", 1)),
    )
    for name in names.split()
}
_CIVIL_ZONES = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}


class FoundZone(NamedTuple):
    """A zone, and the text around it."""

    zone: tzinfo
    rest: str


def split_zone(text: str) -> FoundZone:
    """Find the zone at the start of ``text``, which is in lower case, or at its end; without one it is UTC.

    Raises ``ValueError`` for an offset that no place has.
    """
    if place := _PLACE.match(text):
        return FoundZone(_find_place(place[1]), text[place.end() :])
    for pattern in (_OFFSET, _OFFSET_AT_END):
        if offset := pattern.search(text) if pattern is _OFFSET_AT_END else pattern.match(text):
            return FoundZone(_read_offset(offset), text[: offset.start()] + text[offset.end() :])
    for pattern in (_NAME, _NAME_AT_END):
        name = pattern.search(text) if pattern is _NAME_AT_END else pattern.match(text)
        if name and (zone := _find_abbreviation(name[1])):
            return FoundZone(zone, f"{text[: name.start()]} {text[name.end() :]}")
    return FoundZone(UTC, text)


def _read_offset(offset: re.Match[str]) -> tzinfo:
    minutes = int(offset[2]) * 60 + int(offset[3] or 0)
    if minutes > _MAX_OFFSET_MINUTES:
        raise ValueError("no place has this offset")
    return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))


def _find_abbreviation(name: str) -> tzinfo | None:
    if name in _CIVIL_ZONES:
        return ZoneInfo(_CIVIL_ZONES[name])
    return timezone(timedelta(hours=_FIXED_ZONES[name])) if name in _FIXED_ZONES else None


def _find_place(name: str) -> tzinfo:
    key = _list_places().get(name)
    return ZoneInfo(key) if key else UTC


@lru_cache(maxsize=1)
def _list_places() -> dict[str, str]:
    """Return the names of all zones, by the name in lower case."""
    return {name.lower(): name for name in available_timezones()}
