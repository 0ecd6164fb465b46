"""Looking for stories: what is asked for, and how far a list has been read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from groundswell.model.news import Article, Story


@dataclass(frozen=True, slots=True)
class StoryFilter:
    """Which stories are looked for: those with an article that meets every part that is set.

    ``words`` must all be in its headline, in any order; those in double quotes as a phrase. One of ``names`` must be in
    it too (``IWM``, in capitals where the name is). ``since`` and ``until`` are days in UTC, both included.
    """

    words: str = ""
    hub: str | None = None
    publisher: str = ""
    names: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a list has been read: ``skip`` items of those whose articles had arrived as number ``upto`` or before.

    What arrives later leaves the rest of the list as it was.
    """

    upto: int
    skip: int

    def __post_init__(self) -> None:
        for name in ("upto", "skip"):
            if not 0 <= getattr(self, name) < 2**62:
                raise ValueError(f"{name} must be a number of articles, not {getattr(self, name)!r}")


@dataclass(frozen=True, slots=True)
class StoryResults:
    """Stories in order, newest first, and the place at which the list goes on; None at its end."""

    stories: tuple[Story, ...]
    next: Cursor | None


@dataclass(frozen=True, slots=True)
class ArticleResults:
    """Articles, each with the id of its story, last received first; ``next`` continues the list, None at its end."""

    articles: tuple[tuple[Article, str], ...]
    next: Cursor | None


@dataclass(frozen=True, slots=True)
class ArchiveBlock:
    """The stories founded by one block of articles, oldest first; ``before`` is where the next older block ends.

    Blocks are numbered by the articles of the whole store, so that a finished block keeps its stories.
    """

    stories: tuple[Story, ...]
    before: int | None
