"""The words of a headline, and the headlines that recur every day or week."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from groundswell.text.words import normalize_content_word, split_headline_words

# fmt: off
_CALENDAR_WORDS = frozenset((
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "wed", "thu", "fri",
    "sat", "sun", "january", "february", "march", "april", "june", "july", "august", "september", "october",
    "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    "today", "yesterday", "tomorrow",
))
# fmt: on
# Whole phrases of headlines that appear every day or week.
_RECURRING_PHRASES = (
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
    *(f"market {event}" for event in ("wrap", "report", "close", "open")),
    *(
        f"wall {street} {event}"
        for street in ("st", "st.", "st .", "street")
        for event in ("end", "ends", "close", "closes", "open", "opens", "week")
    ),
    *(f"morning {kind}" for kind in ("bid", "briefing", "call", "note")),
    *(f"evening {kind}" for kind in ("briefing", "note")),
    *(f"daily {kind}" for kind in ("briefing", "digest", "wrap", "recap")),
    *(f"weekly {kind}" for kind in ("wrap", "recap", "roundup")),
    *(f"stock market {kind}" for kind in ("today", "live", "news today", "news live")),
    *(f"unusual {kind}" for kind in ("moves", "volume", "options")),
)  # fmt: skip
_RECURRING_FINDER = AhoCorasick(_RECURRING_PHRASES)

MAX_TITLE_WORDS = 60  # distinct words; text with more is not a headline
MAX_INDEXED_TITLE_CHARACTERS = 600
MAX_INDEXED_TEXT_CHARACTERS = 2_000
MIN_FULL_TEXT_CHARACTERS = 300  # a text of this length identifies its event without its date


class TitleFrame(NamedTuple):
    """What decides whether a title is a recurring headline.

    ``words`` are its words without numbers and calendar words, ``numbers`` are those numbers and calendar words, and
    ``recurring`` is set for a kind of headline that appears every day or week.
    """

    words: frozenset[str]
    numbers: frozenset[str]
    recurring: bool


def extract_title_words(title: str) -> dict[str, str]:
    """Return the first ``MAX_TITLE_WORDS`` normalized words of ``title``, each with its first written form.

    The order is that of first appearance. Stop words are left out.
    """
    forms = split_headline_words(title[:MAX_INDEXED_TITLE_CHARACTERS])
    normalized = list(map(normalize_content_word, forms))
    words = dict(zip(normalized, forms, strict=True))
    if len(words) < len(normalized) - max(0, normalized.count("") - 1):  # a word is repeated: its first form counts
        words.update(zip(reversed(normalized), reversed(forms), strict=True))
    words.pop("", None)
    return words if len(words) <= MAX_TITLE_WORDS else dict(islice(words.items(), MAX_TITLE_WORDS))


def extract_weighted_words(title: str, text: str) -> list[str]:
    """Return the normalized words of a title and its text with repetitions; with a text the title counts twice."""
    weighted = title[:MAX_INDEXED_TITLE_CHARACTERS]
    if text:
        weighted = f"{weighted} {weighted} {text[:MAX_INDEXED_TEXT_CHARACTERS]}"
    return list(filter(None, map(normalize_content_word, split_headline_words(weighted))))


def build_frame(title: str, words: Iterable[str]) -> TitleFrame:
    """Return the frame of ``title``, whose normalized words are given."""
    numbers = frozenset([word for word in words if word[0].isdigit() or word in _CALENDAR_WORDS])
    frame_words = frozenset(words) - numbers if numbers else frozenset(words)
    return TitleFrame(frame_words, numbers, _is_recurring(title[:MAX_INDEXED_TITLE_CHARACTERS]))


def _is_recurring(title: str) -> bool:
    """Return whether a recurring phrase stands in ``title`` with no letter or digit next to it."""
    padded = f" {title.lower()} "
    if not padded.isascii():
        padded = padded.encode("utf-8", "replace").decode()  # the finder rejects lone surrogates
    matches = _RECURRING_FINDER.find_matches_as_indexes(padded, overlapping=True)
    return any(not padded[start - 1].isalnum() and not padded[end].isalnum() for _, start, end in matches)


def is_recurring_pair(first: TitleFrame, second: TitleFrame) -> bool:
    """Return whether titles of different days are one recurring headline rather than reports of one event.

    They are if either is of a recurring kind (wraps, "stocks to watch"), or if they differ in numbers and dates alone.
    """
    if first.recurring or second.recurring:
        return True
    return first.numbers != second.numbers and first.words == second.words
