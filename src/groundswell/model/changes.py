"""What has changed in the store, by topic, so that a page is made again only after a change of what it shows."""

from __future__ import annotations

from dataclasses import dataclass

NEWS = "news"
"""Any article, title, tag or story."""
PAST = "past"
"""An article, title or tag of more than a day ago, which pages as of past days may show."""
EVIDENCE = "evidence"
"""A series, its observations or data issues, or a recorded evaluation."""
SOURCES = "sources"
"""The state of a feed or data service, or a subscription."""
EVERYTHING = "*"
"""A change of which nothing more is known: every page may show it."""

LOST = "lost"
"""The store was removed or replaced: nothing that was read from it may be shown any more."""


def name_hub_topic(slug: str) -> str:
    """Return the topic of the stories of a hub: which they are, their articles, titles and tags."""
    return f"hub:{slug}"


def name_story_topic(story_id: str) -> str:
    """Return the topic of a story: its articles, their titles and tags, and its repairs."""
    return f"story:{story_id}"


@dataclass(frozen=True, slots=True)
class ChangeMark:
    """A state of the store: the database's own mark of it, and the number of the last noted change."""

    version: str
    number: int


@dataclass(frozen=True, slots=True)
class Changes:
    """The topics that changed between two marks, and the later of these."""

    mark: ChangeMark
    topics: frozenset[str]
