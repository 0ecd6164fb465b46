"""Tagging: which hubs a headline belongs to, and why, by the rules of the hub files and likeness to their examples."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from groundswell.hubs.spec import HubSpec
from groundswell.hubs.tagging.examples import ExampleIndex, ExampleSimilarity
from groundswell.hubs.tagging.phrases import (
    PhraseFinder,
    PhraseMatch,
    PhraseRole,
    find_largest_percentage,
    separate_words,
)
from groundswell.model import Tag

REASONS = 3  # shown for one hub: the first few explain enough
OPENING = 400  # characters of the text that may supply the context of a pair

_ADMITTING = (
    PhraseRole.STRONG,
    PhraseRole.NAME,
    PhraseRole.TICKER,
    PhraseRole.TOPIC,
)  # without one of these the rules admit nothing
_METHOD = 3  # counted up whenever the same rules would give other tags than before


@dataclass(frozen=True, slots=True)
class Admission:
    """When likeness to an example lets a headline in that the rules do not.

    ``near`` is the least cosine with an example that belongs, ``near_with_topic`` the same where the headline names a
    topic of one of the hub's pairs; ``margin`` is how much nearer it must be than to any example that does not
    belong, ``shared`` how many words it must have in common with the example.
    """

    near: float = 0.65
    near_with_topic: float = 0.5
    margin: float = 0.1
    shared: int = 3

    def admits(self, near: ExampleSimilarity, *, topic: bool) -> bool:
        enough = self.near_with_topic if topic else self.near
        return near.belongs >= max(enough, near.others + self.margin)


class Tagger:
    """Decides for all hubs at once. A tagger holds no state beside the rules and may be shared by threads."""

    def __init__(self, hubs: Iterable[HubSpec], admission: Admission | None = None) -> None:
        self._hubs = tuple(hubs)
        self._admission = admission or Admission()
        self._finder = PhraseFinder([hub.tagging for hub in self._hubs])
        self._likeness = ExampleIndex([hub.examples for hub in self._hubs])
        self._least = min(self._admission.near, self._admission.near_with_topic)

    def tag(self, title: str, text: str = "") -> tuple[Tag, ...]:
        """Give the hubs that a headline belongs to, in the order of the hubs, with the reasons.

        The headline decides; the opening of ``text`` may only supply the context of a pair whose topic is in the
        headline. Where the rules neither admit nor veto it, a headline may still be let in by likeness to an example.
        """
        written = separate_words(title)
        near = self._likeness.near(written, self._least, self._admission.shared)
        hits: defaultdict[int, list[PhraseMatch]] = defaultdict(list)
        for hit in self._finder.find(written, least=() if near else _ADMITTING):
            hits[hit.use.hub].append(hit)
        if not hits and not near:
            return ()
        beside: list[PhraseMatch] = []
        if text and any(hit.use.part is PhraseRole.TOPIC for found in hits.values() for hit in found):
            beside = [
                hit for hit in self._finder.find(separate_words(text[:OPENING])) if hit.use.part is PhraseRole.CONTEXT
            ]
        tags = []
        for number in sorted({*hits, *near}):
            reasons = self._judge(number, hits.get(number, ()), title, beside, near)
            if reasons:
                tags.append(Tag(self._hubs[number].slug, reasons[:REASONS]))
        return tuple(tags)

    def _judge(
        self,
        number: int,
        found: Sequence[PhraseMatch],
        title: str,
        beside: Sequence[PhraseMatch],
        near: Mapping[int, ExampleSimilarity],
    ) -> tuple[str, ...]:
        masks = [hit for hit in found if hit.use.part is PhraseRole.IGNORED]
        hits = [hit for hit in found if not any(hit.inside(mask) for mask in masks)] if masks else found
        parts = {hit.use.part for hit in hits}
        if PhraseRole.VETO in parts and PhraseRole.OVERRIDE not in parts:
            return ()
        reasons = tuple(dict.fromkeys(self._reasons(number, hits, title, beside)))
        if not reasons and number in near and self._admission.admits(near[number], topic=PhraseRole.TOPIC in parts):
            return (f"similar to '{near[number].example}'",)
        return reasons

    def _reasons(
        self, number: int, hits: Sequence[PhraseMatch], title: str, beside: Sequence[PhraseMatch]
    ) -> Iterator[str]:
        for hit in hits:
            if hit.use.part in (PhraseRole.STRONG, PhraseRole.NAME):
                yield f"names '{hit.shown}'"
            elif hit.use.part is PhraseRole.TICKER:
                yield f"names the ticker {hit.shown}"
        for hit in hits:
            if hit.use.part is PhraseRole.TOPIC:
                yield from self._pair_reasons(number, hit, hits, title, beside)

    def _pair_reasons(
        self, number: int, topic: PhraseMatch, hits: Sequence[PhraseMatch], title: str, beside: Sequence[PhraseMatch]
    ) -> Iterator[str]:
        needed = self._hubs[number].tagging.pairs[topic.use.pair].percent
        given = 0.0
        if needed is not None and (given := find_largest_percentage(title)) < needed:
            return
        if any(hit.use.part is PhraseRole.UNLESS and hit.use.pair == topic.use.pair for hit in hits):
            return
        ending = f" with {given:g} %" if needed is not None else ""
        wanted = (number, PhraseRole.CONTEXT, topic.use.pair)
        for hit in hits:
            if (hit.use.hub, hit.use.part, hit.use.pair) == wanted and hit.apart(topic):
                yield f"'{topic.shown}' beside '{hit.shown}'{ending}"
        for near in beside:
            if (near.use.hub, near.use.part, near.use.pair) == wanted:
                yield f"'{topic.shown}' beside '{near.shown}' in the text{ending}"


def hash_rules(hub: HubSpec) -> str:
    """Return a digest of everything that decides the tags of ``hub``: other digest, tag the stored articles again.

    It does not change with the hub's prose, claims, charts or headline tests.
    """
    rules = [_METHOD, hub.slug, hub.tagging.model_dump(mode="json"), hub.examples.model_dump(mode="json")]
    return hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()
