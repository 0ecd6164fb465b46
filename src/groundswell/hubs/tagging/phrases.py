"""The phrases of tagging rules: how they are written, the role of each, and a search for all of them in one pass."""

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

PERCENTAGE = re.compile(r"(\d+(?: ?\. ?\d+)?) ?(?:%|percent\b|per cent\b|pct\b)", re.IGNORECASE)


class PhraseRole(IntEnum):
    """The role of a phrase in the rules of a hub; ``spec.Tagging`` says what each does."""

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
    """One phrase in one role for one hub; ``pair`` numbers the pair of a topic, a context or an exception."""

    hub: int
    role: PhraseRole
    phrase: str
    pair: int = -1


class PhraseMatch(NamedTuple):
    """A phrase found between two offsets of the words of a headline, with the surrounding spaces.

    ``shown`` is the phrase as readers see it. For a phrase with a star it is the words that were found.
    """

    use: PhraseUse
    start: int
    end: int
    shown: str

    def is_inside(self, other: PhraseMatch) -> bool:
        """Return whether ``other`` covers this match."""
        return other.start <= self.start and self.end <= other.end

    def is_apart_from(self, other: PhraseMatch) -> bool:
        """Return whether the two share no word; neighbours share the space between them."""
        return self.start >= other.end - 1 or other.start >= self.end - 1


class PhraseFinder:
    """Finds every phrase of every hub in one pass over the words of a text."""

    def __init__(self, rules: Sequence[Tagging]) -> None:
        uses: defaultdict[str, list[PhraseUse]] = defaultdict(list)
        for hub, tagging in enumerate(rules):
            for use in _uses(hub, tagging):
                uses[_pattern(use.phrase)].append(use)
        self._uses = tuple(tuple(same_phrase) for same_phrase in uses.values())
        self._roles = tuple(frozenset(use.role for use in same_phrase) for same_phrase in uses.values())
        self._automaton = AhoCorasick(list(uses))

    def find(self, words: str, required: Collection[PhraseRole] = ()) -> Iterator[PhraseMatch]:
        """Yield each match of a phrase in a text, overlapping ones too.

        ``words`` is the text as ``separate_words`` writes it. With ``required`` roles, nothing is yielded unless a
        phrase in one of them is found.
        """
        hits = self._automaton.find_matches_as_indexes(words.lower(), overlapping=True)
        if required and all(self._roles[number].isdisjoint(required) for number, _, _ in hits):
            return
        for number, start, end in hits:
            for use in self._uses[number]:
                if _has_required_capitals(use.role, words[start:end]):
                    is_open_ended = use.phrase.endswith("*")
                    shown = words[start : words.index(" ", end - 1)].strip() if is_open_ended else use.phrase
                    yield PhraseMatch(use, start, end, shown)


def separate_words(text: str) -> str:
    """Return the words of ``text`` with one space before each word and one after the last.

    Every character other than letters and digits separates words, so that "U . S ." equals "U.S." and "small-cap"
    equals "small cap". The result is as long as its lower-case form.
    """
    return f" {' '.join(split_plain_words(text))} "


def find_largest_percentage(title: str) -> float:
    """Return the largest percentage in ``title`` ("8 . 1%", "4 percent"); 0 if there is none."""
    return max((float(number.replace(" ", "")) for number in PERCENTAGE.findall(title)), default=0.0)


def _has_required_capitals(role: PhraseRole, matched: str) -> bool:
    """Return whether ``matched``, which begins with a space, has the capitals that the role requires."""
    if role is PhraseRole.TICKER:
        return matched.isupper()
    return role is not PhraseRole.NAME or matched[1].isupper()


def _pattern(phrase: str) -> str:
    """Return the text to search for; the pattern of a phrase with a star has no space at its end."""
    pattern = separate_words(phrase).lower()
    return pattern[:-1] if phrase.endswith("*") else pattern


def _uses(hub: int, rules: Tagging) -> Iterator[PhraseUse]:
    """Yield every phrase of a hub's rules with its role."""
    single = (
        (PhraseRole.STRONG, rules.strong),
        (PhraseRole.NAME, rules.names),
        (PhraseRole.TICKER, rules.tickers),
        (PhraseRole.VETO, rules.vetoes),
        (PhraseRole.OVERRIDE, rules.overrides),
        (PhraseRole.IGNORED, rules.ignored),
    )
    for role, phrases in single:
        for phrase in phrases:
            yield PhraseUse(hub, role, phrase)
    for number, pair in enumerate(rules.pairs):
        for phrase in pair.topics:
            yield PhraseUse(hub, PhraseRole.TOPIC, phrase, number)
        for phrase in pair.contexts:
            yield PhraseUse(hub, PhraseRole.CONTEXT, phrase, number)
        for phrase in pair.unless:
            yield PhraseUse(hub, PhraseRole.UNLESS, phrase, number)
