"""Phrases of tagging rules: how they are written, what each is for, and finding all of them in one pass."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, auto
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from groundswell.hubs.spec import Tagging
from groundswell.text.words import split_plain_words

PERCENT = re.compile(r"(\d+(?: ?\. ?\d+)?) ?(?:%|percent\b|per cent\b|pct\b)", re.IGNORECASE)


class PhraseRole(IntEnum):
    """The part that a phrase plays in a hub's rules."""

    STRONG = auto()
    NAME = auto()
    TOPIC = auto()
    CONTEXT = auto()
    UNLESS = auto()
    TICKER = auto()
    VETO = auto()
    OVERRIDE = auto()
    IGNORED = auto()


@dataclass(frozen=True, slots=True)
class PhraseUse:
    """One phrase as one hub uses it; ``pair`` numbers the pair of a topic or context."""

    hub: int
    part: PhraseRole
    phrase: str
    pair: int = -1


class PhraseMatch(NamedTuple):
    """A use found between two offsets of the words of a headline, the surrounding spaces included.

    ``shown`` is what readers are told was found: the phrase, or the words that one with a star went on to.
    """

    use: PhraseUse
    start: int
    end: int
    shown: str

    def inside(self, other: PhraseMatch) -> bool:
        return other.start <= self.start and self.end <= other.end

    def apart(self, other: PhraseMatch) -> bool:
        """Whether the two share no word; neighbours share the space between them."""
        return self.start >= other.end - 1 or other.start >= self.end - 1


class PhraseFinder:
    """Finds every phrase of every hub in one pass over the words of a text."""

    def __init__(self, rules: Sequence[Tagging]) -> None:
        uses: defaultdict[str, list[PhraseUse]] = defaultdict(list)
        for number, one in enumerate(rules):
            for use in _uses(number, one):
                uses[_pattern(use.phrase)].append(use)
        self._uses = tuple(tuple(found) for found in uses.values())
        self._parts = tuple(frozenset(use.part for use in found) for found in uses.values())
        self._automaton = AhoCorasick(list(uses))

    def find(self, written: str, least: Collection[PhraseRole] = ()) -> Iterator[PhraseMatch]:
        """Give each use of a phrase in a text, overlapping ones too; none where no phrase of the ``least`` stands.

        The text is given by its ``words``.
        """
        found = self._automaton.find_matches_as_indexes(written.lower(), overlapping=True)
        if least and all(self._parts[number].isdisjoint(least) for number, _, _ in found):
            return
        for number, start, end in found:
            for use in self._uses[number]:
                if _as_written(use.part, written[start:end]):
                    open_ended = use.phrase.endswith("*")
                    shown = written[start : written.index(" ", end - 1)].strip() if open_ended else use.phrase
                    yield PhraseMatch(use, start, end, shown)


def separate_words(text: str) -> str:
    """Give the words of ``text``, one space before each and one after the last.

    Everything but letters and digits only separates, so that "U . S .", "U.S." and "small-cap", "small cap" are the
    same words. The result has the length of its lower-case form.
    """
    return f" {' '.join(split_plain_words(text))} "


def find_largest_percentage(title: str) -> float:
    """Give the largest percentage written in ``title`` ("8 . 1%", "4 percent"), 0 where there is none."""
    return max((float(found.replace(" ", "")) for found in PERCENT.findall(title)), default=0.0)


def _as_written(part: PhraseRole, found: str) -> bool:
    """Whether the capitals of what was found are those that the part asks for; ``found`` begins with a space."""
    if part is PhraseRole.TICKER:
        return found.isupper()
    return part is not PhraseRole.NAME or found[1].isupper()


def _pattern(phrase: str) -> str:
    folded = separate_words(phrase).lower()
    return folded[:-1] if phrase.endswith("*") else folded


def _uses(hub: int, rules: Tagging) -> Iterator[PhraseUse]:
    alone = (
        (PhraseRole.STRONG, rules.strong),
        (PhraseRole.NAME, rules.names),
        (PhraseRole.TICKER, rules.tickers),
        (PhraseRole.VETO, rules.vetoes),
        (PhraseRole.OVERRIDE, rules.overrides),
        (PhraseRole.IGNORED, rules.ignored),
    )
    for part, phrases in alone:
        for phrase in phrases:
            yield PhraseUse(hub, part, phrase)
    for number, pair in enumerate(rules.pairs):
        for phrase in pair.topics:
            yield PhraseUse(hub, PhraseRole.TOPIC, phrase, number)
        for phrase in pair.contexts:
            yield PhraseUse(hub, PhraseRole.CONTEXT, phrase, number)
        for phrase in pair.unless:
            yield PhraseUse(hub, PhraseRole.UNLESS, phrase, number)
