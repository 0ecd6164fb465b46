"""Cluster a whole stream at once."""

from __future__ import annotations

from collections.abc import Iterable

from groundswell.model import Article, Merge, Repair
from groundswell.ports import StoryDetector
from groundswell.stories.detector import OnlineStoryDetector


class Ledger:
    """Records which story each article is in, and applies repairs."""

    def __init__(self) -> None:
        self._story_of: dict[str, str] = {}
        self._articles_of: dict[str, list[str]] = {}

    def place(self, article_id: str, story_id: str) -> None:
        """Put an article into a story."""
        self._story_of[article_id] = story_id
        self._articles_of.setdefault(story_id, []).append(article_id)

    def apply(self, repair: Repair) -> None:
        """Move the articles that ``repair`` names."""
        if isinstance(repair, Merge):
            moved = self._articles_of.pop(repair.source)
        else:
            moved = list(repair.articles)
            leaving = set(moved)
            staying = [article_id for article_id in self._articles_of[repair.source] if article_id not in leaving]
            self._articles_of[repair.source] = staying
        for article_id in moved:
            self.place(article_id, repair.target)

    def stories(self) -> dict[str, str]:
        """Return the story id of each article id."""
        return dict(self._story_of)


def cluster(articles: Iterable[Article], detector: StoryDetector | None = None) -> dict[str, str]:
    """Return the story id of each article id after the last article and the final repairs.

    Of articles with the same id only the first counts.
    """
    detector = detector or OnlineStoryDetector()
    ledger = Ledger()
    seen: set[str] = set()
    for article in articles:
        if article.id in seen:
            continue
        seen.add(article.id)
        ledger.place(article.id, detector.assign(article).story_id)
        for repair in detector.repair():
            ledger.apply(repair)
    for repair in detector.flush():
        ledger.apply(repair)
    return ledger.stories()
