"""The words of a headline by which stories are told apart."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from groundswell.text.words import normalize_content_word, split_headline_words

# fmt: off
_CALENDAR = frozenset((
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "wed", "thu", "fri",
    "sat", "sun", "january", "february", "march", "april", "june", "july", "august", "september", "october",
    "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    "today", "yesterday", "tomorrow",
))
# fmt: on
# Phrases, standing alone, of headlines that come again every day or week.
_RECURRING = (
    "to watch",
    "movers",
    "most active",
    "newsletter",
    "lightning round",
    "things to know",
    "as it happened",
    "52-week",
    "closing bell",
    "opening bell",
    "stocks making the biggest moves",
    "biggest gainers",
    "biggest losers",
    "premarket",
    "pre-market",
    "after-hours",
    "after hours",
    "roundup",
    "round-up",
    "week ahead",
    "day ahead",
    "earnings calendar",
    "business live",
    "live blog",
    "live coverage",
    "top stories",
    "top news",
    *(f"market {what}" for what in ("wrap", "report", "close", "open")),
    *(
        f"wall {street} {what}"
        for street in ("st", "st.", "st .", "street")
        for what in ("end", "ends", "close", "closes", "open", "opens", "week")
    ),
    *(f"morning {what}" for what in ("bid", "briefing", "call", "note")),
    *(f"evening {what}" for what in ("briefing", "note")),
    *(f"daily {what}" for what in ("briefing", "digest", "wrap", "recap")),
    *(f"weekly {what}" for what in ("wrap", "recap", "roundup")),
    *(f"stock market {what}" for what in ("today", "live", "news today", "news live")),
    *(f"unusual {what}" for what in ("moves", "volume", "options")),
)  # fmt: skip
_FINDER = AhoCorasick(_RECURRING)


WORD_LIMIT = 60  # distinct words of a title; more are not a headline but stuffing
TITLE_LIMIT = 600
TEXT_LIMIT = 2_000
FULL_TEXT = 300  # characters from which on a text says itself which happening it is on


def title_words(title: str) -> dict[str, str]:
    """Return the title's first words, at most ``WORD_LIMIT``, each with the form it first had. The cheap part."""
    forms = split_headline_words(title[:TITLE_LIMIT])
    told = list(map(normalize_content_word, forms))
    words = dict(zip(told, forms, strict=True))  # in order of first appearance
    if len(words) < len(told) - max(0, told.count("") - 1):  # some come again, and the first form counts
        words.update(zip(reversed(told), reversed(forms), strict=True))
    words.pop("", None)
    return words if len(words) <= WORD_LIMIT else dict(islice(words.items(), WORD_LIMIT))


def weighed_words(title: str, text: str) -> list[str]:
    """Return all words, repeated as they are: the title's, and with a text the title's twice and then the text's."""
    told = title[:TITLE_LIMIT]
    if text:
        told = f"{told} {told} {text[:TEXT_LIMIT]}"
    return list(filter(None, map(normalize_content_word, split_headline_words(told))))


class Frame(NamedTuple):
    """What tells whether a headline is one that comes again: its words without numbers and dates, and those."""

    words: frozenset[str]
    numbers: frozenset[str]
    recurring: bool


def frame(title: str, words: Iterable[str]) -> Frame:
    """Return the frame of ``title``, whose words are given."""
    numbers = frozenset([word for word in words if word[0].isdigit() or word in _CALENDAR])
    return Frame(frozenset(words) - numbers if numbers else frozenset(words), numbers, _recurs(title[:TITLE_LIMIT]))


def _recurs(title: str) -> bool:
    told = f" {title.lower()} "
    if not told.isascii():
        told = told.encode("utf-8", "replace").decode()  # half a character cannot be sought in
    found = _FINDER.find_matches_as_indexes(told, overlapping=True)
    return any(not told[start - 1].isalnum() and not told[end].isalnum() for _, start, end in found)


def comes_again(first: Frame, second: Frame) -> bool:
    """Return whether two titles from different days are the same recurring headline rather than one happening.

    They are when either is of a recurring kind (wraps, "stocks to watch"), or when they differ in nothing but their
    numbers and dates.
    """
    if first.recurring or second.recurring:
        return True
    return first.numbers != second.numbers and first.words == second.words
