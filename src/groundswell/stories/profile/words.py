"""The words by which texts of a story are compared, and its sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence

from groundswell.stories.features import title_words

TITLE = 400  # characters of a title that are looked at; nobody writes longer ones in earnest
TEXT = 1_200  # characters of an excerpt that are looked at

_END = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+(?=[\"“‘'(\[]?[^\W\d_a-z]|[\"“‘'(\[]?\d)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-z]|[A-Za-z](?:\.[A-Za-z])+|mr|mrs|ms|dr|prof|sen|rep|gov|gen|st|inc|corp|co|ltd|plc|llc|no|vs|etc"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|approx|est|dept|u\.s|u\.k|e\.u))\.$",
    re.IGNORECASE,
)


def content_words(text: str) -> tuple[str, ...]:
    """Return the normalised words of the beginning of ``text``, each once, without stop words."""
    return tuple(title_words(text[:TEXT]))


def near(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of the words of the shorter that the other holds too; 0 where either has no words."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def sentences(text: str) -> list[str]:
    """Split the beginning of ``text`` into sentences; a last one that was cut off is left out.

    A stop behind an abbreviation or an initial ends nothing.
    """
    cut = len(text) > TEXT
    found: list[str] = []
    for piece in _END.split(" ".join(text[:TEXT].split())):
        if found and _ABBREVIATION.search(found[-1]):
            found[-1] = f"{found[-1]} {piece}"
        elif piece:
            found.append(piece)
    return _whole(found, cut)


def _whole(found: Sequence[str], cut: bool) -> list[str]:
    return [one for one in (found[:-1] if cut else found) if not one.endswith(("...", "…", "[…]"))]
