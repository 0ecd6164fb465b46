"""Echoes: which claims a story repeats, by the pairs of phrases that the hub files give for each claim."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from groundswell.hubs.spec import Examples, HubSpec, Tagging
from groundswell.hubs.tagging.tagger import Tagger
from groundswell.model import Story


@dataclass(frozen=True, slots=True)
class ClaimMention:
    """A claim that a story repeats, and what in a headline says so."""

    hub: str
    claim_id: str
    reason: str


class ClaimMentionFinder:
    """Finds the claims that stories repeat; holds nothing beside the rules and may be shared by threads."""

    def __init__(self, hubs: Iterable[HubSpec]) -> None:
        self._claims: dict[str, tuple[str, str]] = {}
        rules = []
        for hub in hubs:
            for claim_id in dict.fromkeys(echo.claim for echo in hub.echoes):
                # A claim's pairs are the rules of a hub of its own, so that one tagger judges all headlines alike.
                key = f"{hub.slug}/{claim_id}"
                pairs = tuple(echo for echo in hub.echoes if echo.claim == claim_id)
                own = {"slug": key, "tagging": Tagging(pairs=pairs), "examples": Examples()}
                rules.append(hub.model_copy(update=own))
                self._claims[key] = hub.slug, claim_id
        self._tagger = Tagger(rules)

    def of(self, story: Story) -> tuple[ClaimMention, ...]:
        """The claims of the story's hubs of which at least a third of its headlines hold both parts of a pair."""
        hubs = {tag.hub for tag in story.tags}
        found: dict[str, list[str]] = {}
        for member in story.members:
            for tag in self._tagger.tag(member.article.title):
                found.setdefault(tag.hub, []).append(tag.reasons[0])
        return tuple(
            ClaimMention(*self._claims[key], found[key][0])
            for key in self._claims
            if self._claims[key][0] in hubs and 3 * len(found.get(key, ())) >= len(story.members)
        )
