"""Queries for stories and articles: filters, cursors and pages of results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from groundswell.model.news import Article, Story


@dataclass(frozen=True, slots=True)
class StoryFilter:
    """A filter for stories: those with an article that matches every field that is set.

    The headline must contain all ``words`` in any order, those in double quotes as a phrase. It must also contain one
    of ``names``; a name in capitals (``IWM``) must match in capitals. ``since`` and ``until`` are days in UTC, both
    included.
    """

    words: str = ""
    hub: str | None = None
    publisher: str = ""
    names: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a list has been read: ``skip`` items of the list made of the articles numbered up to ``upto``.

    Articles received later do not change the rest of the list.
    """

    upto: int
    skip: int

    def __post_init__(self) -> None:
        for name in ("upto", "skip"):
            if not 0 <= getattr(self, name) < 2**62:
                raise ValueError(f"{name} must be a number from 0 to 2**62, not {getattr(self, name)!r}")


@dataclass(frozen=True, slots=True)
class StoryResults:
    """Stories, newest first; ``next`` continues the list, None at its end."""

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
