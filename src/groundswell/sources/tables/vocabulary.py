"""What headings mean, whoever wrote them: the roles of columns, and the names of series.

To teach the program the headings of another vendor, add rows to ``vocabulary.csv`` or ``series_names.csv``.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files


class Role(StrEnum):
    """What a column of a table holds."""

    DAY = "day"
    SYMBOL = "symbol"
    SOURCE = "source"
    CLOSE = "close"
    ADJ_CLOSE = "adj_close"
    VALUE = "value"
    DIVIDEND = "dividend"
    SPLIT = "split"
    CAPITAL_GAIN = "capital_gain"
    KEY = "key"
    """What distinguishes several series of one file, in a form that is not read: contracts, strikes."""
    NO_CLOSE = "no_close"
    """A price of the day that is none of its close: a net asset value, a bid, an average."""
    OTHER = "other"
    """Known, and of no use: volumes, highs, changes."""


VALUE_ROLES = (Role.ADJ_CLOSE, Role.CLOSE, Role.VALUE)
PAYOUT_ROLES = (Role.DIVIDEND, Role.CAPITAL_GAIN, Role.SPLIT)
NUMBER_ROLES = frozenset((*VALUE_ROLES, *PAYOUT_ROLES))

_CURRENCY = re.compile(r"\s*[(\[]\s*(?:us\s?\$|us dollars?|usd|eur|gbp|chf|jpy|cad|[$€£¥])\s*[)\]]\s*$", re.IGNORECASE)
"""What issuers add to a heading: ``Market Price ($)``."""

LETTERS_WITHOUT_ACCENTS = str.maketrans({"ł": "l", "ß": "ss", "ø": "o"})


def find_role(heading: str) -> Role | None:
    """Return the role that a heading names, in any spelling; None for one that is not in the vocabulary."""
    entry = _roles().get(_normalise(heading))
    return entry[0] if entry else None


def rank_role(heading: str) -> int:
    """Return the place of a heading in the vocabulary: of two columns with one role, the earlier one is meant."""
    entry = _roles().get(_normalise(heading))
    return entry[1] if entry else len(_roles())


def is_weak(heading: str) -> bool:
    """Whether a heading has its role only where no other column could: ``price``, or the symbol of a fund."""
    entry = _roles().get(_normalise(heading))
    return entry is not None and entry[2]


def find_series_name(heading: str) -> str:
    """Return the name under which the program knows the series that a vendor names otherwise, else the heading."""
    return _series_names().get(" ".join(heading.split()), heading.strip())


@cache
def read_headings(writer: str) -> Mapping[str, str]:
    """Return the heading under which a vendor writes each series, by the name of the series here."""
    return {row["series"]: row["heading"] for row in _read("series_names.csv") if row["written by"] == writer}


@lru_cache(maxsize=2048)  # a file is tried with several delimiters, and each cell is asked for several times
def _normalise(heading: str) -> str:
    """Return a heading in small letters and digits: ``Adj Close``, ``adj_close`` and ``adjClose`` are one."""
    heading = _CURRENCY.sub("", heading)
    folded = unicodedata.normalize("NFKD", heading.casefold().translate(LETTERS_WITHOUT_ACCENTS))
    plain = re.sub(r"\.\d+$", "", folded)  # pandas numbers equal headings: Close.1
    return "".join(sign for sign in plain if sign.isalnum() or sign == "%")


@cache
def _roles() -> Mapping[str, tuple[Role, int, bool]]:
    """Return the role, the place and the weakness of each heading."""
    roles: dict[str, tuple[Role, int, bool]] = {}
    for place, row in enumerate(_read("vocabulary.csv")):
        name, _, alternative = row["role"].partition(" or ")
        weak = name.startswith("weak ") or bool(alternative)
        roles.setdefault(_normalise(row["heading"]), (Role(name.removeprefix("weak ")), place, weak))
    return roles


@cache
def _series_names() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for row in _read("series_names.csv"):
        names[row["heading"]] = row["series"]
        if row["written by"] == "Treasury":
            # In capitals they head the real yields, which are other series.
            names[row["heading"].title()] = row["series"]
    return names


def _read(name: str) -> list[dict[str, str]]:
    with files("groundswell.sources.tables").joinpath(name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))
