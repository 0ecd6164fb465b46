"""Plan how an article leaves its story after its title turned out to be another one."""

from __future__ import annotations

from collections.abc import Sequence

from groundswell.model import Article, Merge, Repair, Split

MAX_TITLE_CHARACTERS = 120


def plan_leaving(article: Article, story: str, joins: str | None, members: Sequence[str]) -> tuple[Repair, ...]:
    """Return the repairs by which an article leaves ``story`` and joins another one, or none.

    ``members`` are the ids of the articles of ``story``, oldest first. A story has the id of its founding article, so
    that the founder stays, and the others leave for a story that has the id of the oldest of them. A founder without
    others takes its story along.
    """
    others = tuple(member for member in members if member != article.id)
    if joins == story:
        return ()
    title = article.title[:MAX_TITLE_CHARACTERS]
    reason = f"the title of an article is “{title}” by the word that counts most"
    if article.id != story:
        return (Split(story, joins or article.id, (article.id,), reason),)
    left = (Split(story, others[0], others, f"they joined by another title; {reason}"),) if others else ()
    return (*left, Merge(story, joins, reason)) if joins else left
