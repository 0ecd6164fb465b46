"""Compose a story from its members."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from groundswell.model import Member, Story, Tag
from groundswell.stories.profile.headline import choose_headline

MAX_REASONS_PER_TAG = 5


def compose(story_id: str, members: Sequence[Member]) -> Story:
    """Return the story of ``members``, sorted oldest first; equal instants keep their order.

    Raises:
        ValueError: there are no members.
    """
    if not members:
        raise ValueError(f"story {story_id} has no members")
    ordered = tuple(sorted(members, key=lambda member: member.article.at))
    return Story(
        id=story_id,
        headline=choose_headline([member.article.title for member in ordered]),
        members=ordered,
        tags=collect_tags(ordered),
    )


def collect_tags(members: Sequence[Member]) -> tuple[Tag, ...]:
    """Return the hubs that at least a third of ``members`` are tagged with, the most frequent first.

    Each tag has the most frequent reasons of the members, at most ``MAX_REASONS_PER_TAG``.
    """
    tags = [tag for member in members for tag in member.tags]
    support = Counter(tag.hub for tag in tags)
    hubs = sorted(
        (hub for hub, count in support.items() if 3 * count >= len(members)), key=lambda hub: (-support[hub], hub)
    )
    return tuple(Tag(hub, _list_frequent_reasons([tag for tag in tags if tag.hub == hub])) for hub in hubs)


def _list_frequent_reasons(tags: Sequence[Tag]) -> tuple[str, ...]:
    counts = Counter(reason for tag in tags for reason in tag.reasons)
    return tuple(reason for reason, _ in counts.most_common(MAX_REASONS_PER_TAG))
