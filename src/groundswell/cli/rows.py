"""How stories are told in rows, to people and to programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from groundswell.model import Member, Story
    from groundswell.pages.models import StoryPage

STORY_COLUMNS = ("last", "articles", "headline", "id")
MEMBER_COLUMNS = ("time", "publisher", "headline", "why it is here")


def story_row(story: Story) -> tuple[str, ...]:
    return story.last_at.strftime("%Y-%m-%d %H:%M"), str(len(story.members)), story.headline, story.id


def story_json(story: Story) -> dict[str, Any]:
    return {
        "id": story.id,
        "headline": story.headline,
        "first_at": story.first_at.isoformat(),
        "last_at": story.last_at.isoformat(),
        "articles": len(story.members),
        "publishers": list(story.publishers),
        "demonstration": story.demonstration,
    }


def member_row(member: Member) -> tuple[str, ...]:
    article, place = member.article, member.assignment
    why = "it began a story" if place.founded else "; ".join(place.reasons)
    at = article.at.strftime("%Y-%m-%d" if article.day_only else "%Y-%m-%d %H:%M")
    return at, article.publisher, article.title, why


def page_json(page: StoryPage) -> dict[str, Any]:
    """A story with what is told of it, its articles and its tags."""
    facets = page.facets
    return story_json(page.story) | {
        "status": facets.status.value,
        "momentum": facets.momentum,
        "independent_publishers": facets.independent_publishers,
        "hubs": {tag.hub: list(tag.reasons) for tag in page.story.tags},
        "members": [
            {
                "id": member.article.id,
                "title": member.article.title,
                "publisher": member.article.publisher,
                "url": member.article.url,
                "at": member.article.at.isoformat(),
                "joined_because": list(member.assignment.reasons),
            }
            for member in page.story.members
        ],
    }
