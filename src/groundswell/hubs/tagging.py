"""Tagging: which hubs a headline belongs to, and why, by the rules of the hub files."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from ahocorasick_rs import AhoCorasick

from groundswell.hubs.spec import HubSpec, Tagging
from groundswell.types import Tag

REASONS = 3  # shown for one hub: the first few explain enough
OPENING = 400  # characters of the text that may supply the context of a pair

WORD = re.compile(r"[^\W_]+")
PERCENT = re.compile(r"(\d+(?: ?\. ?\d+)?) ?(?:%|percent\b|per cent\b|pct\b)", re.IGNORECASE)


class Part(Enum):
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
class Use:
    """One phrase as one hub uses it; ``pair`` numbers the pair of a topic or context."""

    hub: int
    part: Part
    phrase: str
    pair: int = -1


@dataclass(frozen=True, slots=True)
class Hit:
    """A use found between two offsets of the words of a headline, the surrounding spaces included.

    ``shown`` is what readers are told was found: the phrase, or the words that one with a star went on to.
    """

    use: Use
    start: int
    end: int
    shown: str

    def inside(self, other: Hit) -> bool:
        return other.start <= self.start and self.end <= other.end

    def apart(self, other: Hit) -> bool:
        """Whether the two share no word; neighbours share the space between them."""
        return self.start >= other.end - 1 or other.start >= self.end - 1


class Tagger:
    """Decides for all hubs at once: one pass over the words of a headline finds the phrases of every rule."""

    def __init__(self, hubs: Iterable[HubSpec]) -> None:
        self._hubs = tuple(hubs)
        uses: defaultdict[str, list[Use]] = defaultdict(list)
        for number, hub in enumerate(self._hubs):
            for use in _uses(number, hub.tagging):
                uses[_pattern(use.phrase)].append(use)
        self._uses = tuple(tuple(found) for found in uses.values())
        self._automaton = AhoCorasick(list(uses))

    def tag(self, title: str, text: str = "") -> tuple[Tag, ...]:
        """Give the hubs that a headline belongs to, in the order of the hubs, with the reasons.

        The headline decides; the opening of ``text`` may only supply the context of a pair whose topic is in the
        headline.
        """
        hits: defaultdict[int, list[Hit]] = defaultdict(list)
        for hit in self._find(title):
            hits[hit.use.hub].append(hit)
        if not hits:
            return ()
        beside: list[Hit] = []
        if text and any(hit.use.part is Part.TOPIC for found in hits.values() for hit in found):
            beside = [hit for hit in self._find(text[:OPENING]) if hit.use.part is Part.CONTEXT]
        tags = []
        for number in sorted(hits):
            reasons = tuple(dict.fromkeys(self._reasons(number, hits[number], title, beside)))
            if reasons:
                tags.append(Tag(self._hubs[number].slug, reasons[:REASONS]))
        return tuple(tags)

    def _find(self, title: str) -> Iterator[Hit]:
        written = words(title)
        for number, start, end in self._automaton.find_matches_as_indexes(written.lower(), overlapping=True):
            for use in self._uses[number]:
                if _as_written(use.part, written[start:end]):
                    open_ended = use.phrase.endswith("*")
                    shown = written[start : written.index(" ", end - 1)].strip() if open_ended else use.phrase
                    yield Hit(use, start, end, shown)

    def _reasons(self, number: int, found: Sequence[Hit], title: str, beside: Sequence[Hit]) -> Iterator[str]:
        masks = [hit for hit in found if hit.use.part is Part.IGNORED]
        hits = [hit for hit in found if not any(hit.inside(mask) for mask in masks)] if masks else found
        parts = {hit.use.part for hit in hits}
        if Part.VETO in parts and Part.OVERRIDE not in parts:
            return
        for hit in hits:
            if hit.use.part in (Part.STRONG, Part.NAME):
                yield f"names '{hit.shown}'"
            elif hit.use.part is Part.TICKER:
                yield f"names the ticker {hit.shown}"
        for hit in hits:
            if hit.use.part is Part.TOPIC:
                yield from self._pair_reasons(number, hit, hits, title, beside)

    def _pair_reasons(
        self, number: int, topic: Hit, hits: Sequence[Hit], title: str, beside: Sequence[Hit]
    ) -> Iterator[str]:
        needed = self._hubs[number].tagging.pairs[topic.use.pair].percent
        given = 0.0
        if needed is not None and (given := largest_percentage(title)) < needed:
            return
        if any(hit.use.part is Part.UNLESS and hit.use.pair == topic.use.pair for hit in hits):
            return
        ending = f" with {given:g} %" if needed is not None else ""
        wanted = (number, Part.CONTEXT, topic.use.pair)
        for hit in hits:
            if (hit.use.hub, hit.use.part, hit.use.pair) == wanted and hit.apart(topic):
                yield f"'{topic.shown}' beside '{hit.shown}'{ending}"
        for near in beside:
            if (near.use.hub, near.use.part, near.use.pair) == wanted:
                yield f"'{topic.shown}' beside '{near.shown}' in the text{ending}"


def words(text: str) -> str:
    """Give the words of ``text``, one space before each and one after the last.

    Everything but letters and digits only separates, so that "U . S .", "U.S." and "small-cap", "small cap" are the
    same words. The result has the length of its lower-case form.
    """
    return f" {' '.join(WORD.findall(text.replace('İ', 'I')))} "


def largest_percentage(title: str) -> float:
    """Give the largest percentage written in ``title`` ("8 . 1%", "4 percent"), 0 where there is none."""
    return max((float(found.replace(" ", "")) for found in PERCENT.findall(title)), default=0.0)


def _as_written(part: Part, found: str) -> bool:
    """Whether the capitals of what was found are those that the part asks for; ``found`` begins with a space."""
    if part is Part.TICKER:
        return found.isupper()
    return part is not Part.NAME or found[1].isupper()


def _pattern(phrase: str) -> str:
    folded = words(phrase).lower()
    return folded[:-1] if phrase.endswith("*") else folded


def _uses(hub: int, rules: Tagging) -> Iterator[Use]:
    alone = (
        (Part.STRONG, rules.strong),
        (Part.NAME, rules.names),
        (Part.TICKER, rules.tickers),
        (Part.VETO, rules.vetoes),
        (Part.OVERRIDE, rules.overrides),
        (Part.IGNORED, rules.ignored),
    )
    for part, phrases in alone:
        for phrase in phrases:
            yield Use(hub, part, phrase)
    for number, pair in enumerate(rules.pairs):
        for phrase in pair.topics:
            yield Use(hub, Part.TOPIC, phrase, number)
        for phrase in pair.contexts:
            yield Use(hub, Part.CONTEXT, phrase, number)
        for phrase in pair.unless:
            yield Use(hub, Part.UNLESS, phrase, number)
