"""Decide which hubs a headline belongs to, and why, by the rules and the examples of the hub files."""

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

MAX_REASONS_PER_HUB = 3
MAX_TEXT_CHARACTERS = 400
"""Length of the opening of a text that may supply the context of a pair."""

_ADMITTING_ROLES = (PhraseRole.STRONG, PhraseRole.NAME, PhraseRole.TICKER, PhraseRole.TOPIC)
"""Without a phrase in one of these roles the rules admit no headline."""

_METHOD = 4
"""Increase this whenever the same rules would give other tags or other reasons."""


@dataclass(frozen=True, slots=True)
class Admission:
    """The similarity to an example from which a headline is admitted without the rules.

    ``near`` is the least cosine with an example that belongs, and ``near_with_topic`` the least cosine if the headline
    has a topic of one of the hub's pairs. The cosine must exceed that with any example that does not belong by
    ``margin``. The headline must share ``shared`` words with the example.
    """

    near: float = 0.65
    near_with_topic: float = 0.5
    margin: float = 0.1
    shared: int = 3

    def admits(self, similarity: ExampleSimilarity, *, has_topic: bool) -> bool:
        """Return whether a headline of this similarity is admitted."""
        required = self.near_with_topic if has_topic else self.near
        return similarity.belongs >= max(required, similarity.others + self.margin)


class Tagger:
    """Decides for all hubs at once. A tagger has no state apart from the rules, so threads may share it."""

    def __init__(self, hubs: Iterable[HubSpec], admission: Admission | None = None) -> None:
        self._hubs = tuple(hubs)
        self._admission = admission or Admission()
        self._finder = PhraseFinder([hub.tagging for hub in self._hubs])
        self._examples = ExampleIndex([hub.examples for hub in self._hubs])
        self._min_cosine = min(self._admission.near, self._admission.near_with_topic)

    def tag(self, title: str, text: str = "") -> tuple[Tag, ...]:
        """Return the hubs that a headline belongs to, in the order of the hubs, with the reasons.

        The headline decides. The opening of ``text`` can only supply the context of a pair whose topic is in the
        headline. A headline that the rules neither admit nor veto may be admitted by its similarity to an example.
        """
        words = separate_words(title)
        similarities = self._examples.find_similar(words, self._min_cosine, self._admission.shared)
        matches: defaultdict[int, list[PhraseMatch]] = defaultdict(list)
        for match in self._finder.find(words, required=() if similarities else _ADMITTING_ROLES):
            matches[match.use.hub].append(match)
        if not matches and not similarities:
            return ()
        text_contexts: list[PhraseMatch] = []
        if text and any(match.use.role is PhraseRole.TOPIC for of_hub in matches.values() for match in of_hub):
            opening = separate_words(text[:MAX_TEXT_CHARACTERS])
            text_contexts = [match for match in self._finder.find(opening) if match.use.role is PhraseRole.CONTEXT]
        tags = []
        for hub in sorted({*matches, *similarities}):
            reasons = self._judge(hub, matches.get(hub, ()), title, text_contexts, similarities)
            if reasons:
                tags.append(Tag(self._hubs[hub].slug, reasons[:MAX_REASONS_PER_HUB]))
        return tuple(tags)

    def _judge(
        self,
        hub: int,
        candidates: Sequence[PhraseMatch],
        title: str,
        text_contexts: Sequence[PhraseMatch],
        similarities: Mapping[int, ExampleSimilarity],
    ) -> tuple[str, ...]:
        """Return the reasons for which a headline belongs to a hub; none if it does not belong."""
        masks = [match for match in candidates if match.use.role is PhraseRole.IGNORED]
        matches = candidates
        if masks:
            matches = [match for match in candidates if not any(match.is_inside(mask) for mask in masks)]
        roles = {match.use.role for match in matches}
        if PhraseRole.VETO in roles and PhraseRole.OVERRIDE not in roles:
            return ()
        reasons = tuple(dict.fromkeys(self._reasons(hub, matches, title, text_contexts)))
        if reasons or hub not in similarities:
            return reasons
        if self._admission.admits(similarities[hub], has_topic=PhraseRole.TOPIC in roles):
            return (f"similar to '{similarities[hub].example}'",)
        return ()

    def _reasons(
        self, hub: int, matches: Sequence[PhraseMatch], title: str, text_contexts: Sequence[PhraseMatch]
    ) -> Iterator[str]:
        for match in matches:
            if match.use.role in (PhraseRole.STRONG, PhraseRole.NAME):
                yield f"names '{match.shown}'"
            elif match.use.role is PhraseRole.TICKER:
                yield f"names the ticker {match.shown}"
        for match in matches:
            if match.use.role is PhraseRole.TOPIC:
                yield from self._pair_reasons(hub, match, matches, title, text_contexts)

    def _pair_reasons(
        self,
        hub: int,
        topic: PhraseMatch,
        matches: Sequence[PhraseMatch],
        title: str,
        text_contexts: Sequence[PhraseMatch],
    ) -> Iterator[str]:
        """Yield a reason for each context that a topic has in the headline or in the opening of the text."""
        required = self._hubs[hub].tagging.pairs[topic.use.pair].percent
        percentage = 0.0
        if required is not None and (percentage := find_largest_percentage(title)) < required:
            return
        if any(match.use.role is PhraseRole.UNLESS and match.use.pair == topic.use.pair for match in matches):
            return
        ending = f" and {percentage:g} %" if required is not None else ""
        wanted = (hub, PhraseRole.CONTEXT, topic.use.pair)
        for match in matches:
            if (match.use.hub, match.use.role, match.use.pair) == wanted and match.is_apart_from(topic):
                yield f"'{topic.shown}' with '{match.shown}'{ending}"
        for context in text_contexts:
            if (context.use.hub, context.use.role, context.use.pair) == wanted:
                yield f"'{topic.shown}' with '{context.shown}' in the text{ending}"


def hash_rules(hub: HubSpec) -> str:
    """Return a hash of everything that decides the tags of ``hub``; stored articles are tagged again when it changes.

    The hash does not depend on the hub's prose, claims, charts or headline tests.
    """
    rules = [_METHOD, hub.slug, hub.tagging.model_dump(mode="json"), hub.examples.model_dump(mode="json")]
    return hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()
