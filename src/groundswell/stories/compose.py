"""The story made of its members."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from groundswell.model import Member, Story, Tag
from groundswell.stories.profile.headline import headline

REASON_LIMIT = 5


def compose(story_id: str, members: Sequence[Member]) -> Story:
    """Return the story of ``members``, which are sorted oldest first (equal instants keep their order).

    Raises:
        ValueError: there are no members.
    """
    if not members:
        raise ValueError(f"story {story_id} has no members")
    ordered = tuple(sorted(members, key=lambda member: member.article.at))
    return Story(
        id=story_id,
        headline=headline([member.article.title for member in ordered]),
        members=ordered,
        tags=story_tags(ordered),
    )


def story_tags(members: Sequence[Member]) -> tuple[Tag, ...]:
    """Return the hubs that at least a third of ``members`` are tagged to, most widely tagged first.

    The reasons are those of the members, most frequent first, at most five.
    """
    tags = [tag for member in members for tag in member.tags]
    support = Counter(tag.hub for tag in tags)
    hubs = sorted(
        (hub for hub, count in support.items() if 3 * count >= len(members)), key=lambda hub: (-support[hub], hub)
    )
    return tuple(Tag(hub, _reasons([tag for tag in tags if tag.hub == hub])) for hub in hubs)


def _reasons(tags: Sequence[Tag]) -> tuple[str, ...]:
    counts = Counter(reason for tag in tags for reason in tag.reasons)
    return tuple(reason for reason, _ in counts.most_common(REASON_LIMIT))
