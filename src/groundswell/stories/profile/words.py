"""Split the texts of a story into words and sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence

from groundswell.stories.features import extract_title_words

MAX_PROFILE_TITLE_CHARACTERS = 400  # no honest title is longer
MAX_PROFILE_TEXT_CHARACTERS = 1_200

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+(?=[\"“‘'(\[]?[^\W\d_a-z]|[\"“‘'(\[]?\d)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-z]|[A-Za-z](?:\.[A-Za-z])+|mr|mrs|ms|dr|prof|sen|rep|gov|gen|st|inc|corp|co|ltd|plc|llc|no|vs|etc"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|approx|est|dept|u\.s|u\.k|e\.u))\.$",
    re.IGNORECASE,
)
_CUT_OFF = ("...", "…", "[…]")


def extract_content_words(text: str) -> tuple[str, ...]:
    """Return the distinct normalized words at the beginning of ``text``, without stop words."""
    return tuple(extract_title_words(text[:MAX_PROFILE_TEXT_CHARACTERS]))


def compute_overlap(first: frozenset[str], second: frozenset[str]) -> float:
    """Return the share of the shorter set's words that the other contains; 0 if either is empty."""
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0


def split_sentences(text: str) -> list[str]:
    """Split the beginning of ``text`` into sentences, without those that are cut off.

    A full stop after an abbreviation or an initial ends no sentence.
    """
    is_cut = len(text) > MAX_PROFILE_TEXT_CHARACTERS
    sentences: list[str] = []
    for piece in _SENTENCE_END.split(" ".join(text[:MAX_PROFILE_TEXT_CHARACTERS].split())):
        if sentences and _ABBREVIATION.search(sentences[-1]):
            sentences[-1] = f"{sentences[-1]} {piece}"
        elif piece:
            sentences.append(piece)
    return _drop_cut_off(sentences[:-1] if is_cut else sentences)


def _drop_cut_off(sentences: Sequence[str]) -> list[str]:
    return [sentence for sentence in sentences if not sentence.endswith(_CUT_OFF)]
