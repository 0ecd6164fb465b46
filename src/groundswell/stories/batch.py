"""A whole stream at once: the state of all stories after the last article."""

from __future__ import annotations

from collections.abc import Iterable

from groundswell.model import Article, Merge, Repair
from groundswell.ports import StoryDetector
from groundswell.stories.detector import OnlineStoryDetector


class Ledger:
    """Which story each article is in, with the repairs applied as they come."""

    def __init__(self) -> None:
        self._story_of: dict[str, str] = {}
        self._articles_of: dict[str, list[str]] = {}

    def place(self, article_id: str, story_id: str) -> None:
        self._story_of[article_id] = story_id
        self._articles_of.setdefault(story_id, []).append(article_id)

    def apply(self, repair: Repair) -> None:
        """Move the articles that ``repair`` names."""
        if isinstance(repair, Merge):
            moved = self._articles_of.pop(repair.source)
        else:
            moved = list(repair.articles)
            leaving = set(moved)
            kept = [article_id for article_id in self._articles_of[repair.source] if article_id not in leaving]
            self._articles_of[repair.source] = kept
        for article_id in moved:
            self.place(article_id, repair.target)

    def stories(self) -> dict[str, str]:
        """The story of each article, by id."""
        return dict(self._story_of)


def cluster(articles: Iterable[Article], detector: StoryDetector | None = None) -> dict[str, str]:
    """Return the story of each article after the last one, by article id. Of articles with one id the first counts."""
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
