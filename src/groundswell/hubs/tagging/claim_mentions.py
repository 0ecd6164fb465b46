"""Find the claims that a story mentions, by the pairs of phrases that the hub files give for each claim."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from groundswell.hubs.spec import Examples, HubSpec, Tagging
from groundswell.hubs.tagging.tagger import Tagger
from groundswell.model import Story

HEADLINES_PER_MENTION = 3
"""A story mentions a claim if at least one in so many of its headlines does."""


@dataclass(frozen=True, slots=True)
class ClaimMention:
    """A claim that a story mentions, with the phrases of a headline that mention it."""

    hub: str
    claim_id: str
    reason: str


class ClaimMentionFinder:
    """Finds the claims that stories mention. It has no state apart from the rules, so threads may share it."""

    def __init__(self, hubs: Iterable[HubSpec]) -> None:
        self._claims: dict[str, tuple[str, str]] = {}
        claim_hubs = []
        for hub in hubs:
            for claim_id in dict.fromkeys(rule.claim for rule in hub.claim_mentions):
                # The pairs of a claim become the rules of an artificial hub, so that one tagger judges all headlines.
                key = f"{hub.slug}/{claim_id}"
                pairs = tuple(rule for rule in hub.claim_mentions if rule.claim == claim_id)
                fields = {"slug": key, "tagging": Tagging(pairs=pairs), "examples": Examples()}
                claim_hubs.append(hub.model_copy(update=fields))
                self._claims[key] = hub.slug, claim_id
        self._tagger = Tagger(claim_hubs)

    def find(self, story: Story) -> tuple[ClaimMention, ...]:
        """Return the claims of the story's hubs that at least a third of its headlines mention."""
        hubs = {tag.hub for tag in story.tags}
        reasons: dict[str, list[str]] = {}
        for member in story.members:
            for tag in self._tagger.tag(member.article.title):
                reasons.setdefault(tag.hub, []).append(tag.reasons[0])
        return tuple(
            ClaimMention(hub, claim_id, reasons[key][0])
            for key, (hub, claim_id) in self._claims.items()
            if hub in hubs and HEADLINES_PER_MENTION * len(reasons.get(key, ())) >= len(story.members)
        )
