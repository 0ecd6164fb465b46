"""Puts each article into a story as it arrives, and now and then mends the stories of the last days.

Joining is the usual method of topic detection and tracking: compare with recent articles, join the story of the
nearest if it is near enough, else found a story (Allan, Papka and Lavrenko, On-line new event detection and tracking,
SIGIR 1998). The repair regroups the latest articles as a whole; a separate merge step is what lifted Miranda et al.
(Multilingual clustering of streaming news, EMNLP 2018) most. See docs/decisions/0006-story-repair.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp, sqrt
from zlib import crc32

from groundswell.stories.features import comes_again, title_words
from groundswell.stories.lifecycle import repairs
from groundswell.stories.window import Held, Window
from groundswell.types import Article, Assignment, Merge, Repair

WINDOW = timedelta(days=3_650)
CAPACITY = 100_000
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Tuning:
    """The detector's numbers, chosen by measurement (see the decision page).

    ``span`` is how far back articles are remembered in any case, ``memory`` how many besides, however old. A repair
    looks at the newest ``reach`` articles of the last ``span``; it is due when the stream passes a multiple of
    ``repair_every`` and after each article whose id falls to it, about one in ``repair_count``.
    """

    join: float = 0.38
    fade: timedelta = timedelta(hours=72)
    rare_words: int = 5
    proposals: int = 40
    compared: int = 5
    same_day: timedelta = timedelta(hours=12)
    span: timedelta = timedelta(hours=72)
    memory: int = 5_000
    group: float = 0.36
    repair_every: timedelta = timedelta(hours=48)
    repair_count: int = 1_000
    reach: int = 1_200
    settle_reach: int = 7_000


@dataclass(frozen=True, slots=True)
class Match:
    """How near an article of the window is: cosine of the weighted words, and the same after fading with time."""

    held: Held
    similarity: float
    score: float
    gap: timedelta
    in_days: bool


@dataclass(slots=True)
class StoryDetector:
    """Implements ``ports.Detector``. The state is a function of the articles in the window and of nothing else."""

    window: timedelta = WINDOW
    capacity: int = CAPACITY
    tuning: Tuning = field(default_factory=Tuning)
    _articles: Window = field(init=False)
    _due: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._articles = Window(min(self.tuning.span, self.window), self.capacity, self.tuning.memory)

    def assign(self, article: Article) -> Assignment:
        """Return the story that ``article`` joins, or the one it founds, whose id is then the article's own."""
        at, words = article.at, title_words(article.title)
        best = self._best(article, at, words)
        if best is not None and best.score >= self.tuning.join:
            answer = Assignment(article.id, best.held.story_id, False, round(best.score, 4), _joined(words, best))
        else:
            answer = Assignment(article.id, article.id, True, round(best.score, 4) if best else 0.0, _founded(best))
        before = self._articles.newest
        self._articles.add(article, at, answer.story_id, words)
        self._due = self._due or self._falls_due(article.id, before)
        return answer

    def repair(self) -> tuple[Repair, ...]:
        """Return the merges and splits that are due by now, which the detector has then taken up itself.

        Nothing is due at most times. Call it after each ``assign`` and store its answer with the assignment.
        """
        newest = self._articles.newest
        if not self._due or newest is None:
            return ()
        self._due = False
        return self._mend(self._articles.latest(self.tuning.reach, newest - self.tuning.span))

    def settle(self) -> tuple[Repair, ...]:
        """Return the merges and splits of all that is remembered: for the end of a recorded stream."""
        self._due = False
        return self._mend(self._articles.latest(self.tuning.settle_reach))

    def restore(self, assigned: Iterable[tuple[Article, str]]) -> None:
        """Take up articles with the stories they have by now, in order of ``(at, arrival)``."""
        for article, story_id in assigned:
            self._articles.add(article, article.at, story_id, title_words(article.title))

    def _falls_due(self, article_id: str, before: datetime | None) -> bool:
        if crc32(article_id.encode()) % self.tuning.repair_count == 0:
            return True
        newest = self._articles.newest
        if before is None or newest is None or newest == before:
            return False
        every = self.tuning.repair_every.total_seconds()
        return newest.timestamp() // every != before.timestamp() // every

    def _mend(self, articles: list[Held]) -> tuple[Repair, ...]:
        from groundswell.stories.linkage import groups  # noqa: PLC0415 - loads scipy, which a short run never needs
        from groundswell.stories.similarity import similarities  # noqa: PLC0415

        if len(articles) < 2:
            return ()
        found = repairs(articles, groups(similarities(articles), self.tuning.group))
        moved: dict[str, str] = {}
        for repair in found:
            if isinstance(repair, Merge):
                moved[repair.source] = repair.target
            else:
                leaving = set(repair.articles)
                for held in articles:
                    if held.article.id in leaving:
                        held.story_id = repair.target
        if moved:
            for held in self._articles:
                held.story_id = moved.get(held.story_id, held.story_id)
        return found

    def _best(self, article: Article, at: datetime, words: dict[str, str]) -> Match | None:
        tuning = self.tuning
        shared, squares = self._articles.candidates(words, tuning.rare_words, tuning.proposals)
        if not shared:
            return None
        nearest = sorted(shared, key=lambda key: (-shared[key], key))[: tuning.compared]
        own = sqrt(sum(squares.values()))
        best: Match | None = None
        for key in sorted(nearest):  # of equal scores the earliest article counts
            match = self._match(article, at, words, squares, own, self._articles.held(key))
            if match is not None and (best is None or match.score > best.score):
                best = match
        return best

    def _match(
        self, article: Article, at: datetime, words: dict[str, str], squares: dict[str, float], own: float, held: Held
    ) -> Match | None:
        gap = time_between(at, article.day_only, held)
        if gap > self.tuning.same_day and comes_again(article.title, held.article.title):
            return None
        theirs = held.words
        common = sum(square for word, square in squares.items() if word in theirs)
        similarity = common / (own * sqrt(self._articles.square(theirs)))
        return Match(held, similarity, similarity * exp(-(gap / self.tuning.fade)), gap, article.day_only or held.day)


def time_between(at: datetime, day_only: bool, held: Held) -> timedelta:
    """Return the time between two articles; in whole days where either has only a day."""
    if day_only or held.day:
        return abs(timedelta(days=(at.date() - held.at.date()).days))
    return abs(at - held.at)


def _joined(words: dict[str, str], best: Match) -> tuple[str, ...]:
    shared = [form for word, form in words.items() if word in best.held.words]
    told = ", ".join(f"‘{form}’" for form in shared[:6])
    return (
        f"shares {told} with “{best.held.article.title}”",
        f"similarity {best.similarity:.2f}",
        _apart(best.gap, best.in_days),
    )


def _founded(best: Match | None) -> tuple[str, ...]:
    if best is None:
        return ("nothing of the last days shares its rarer words",)
    return (f"the nearest, “{best.held.article.title}”, is not near enough: similarity {best.similarity:.2f}",)


def _apart(gap: timedelta, in_days: bool) -> str:
    if in_days:
        return {0: "the same day", 1: "1 day apart"}.get(gap.days, f"{gap.days} days apart")
    minutes = round(gap.total_seconds() / 60)
    return f"{minutes} min apart" if minutes < 90 else f"{round(minutes / 60)} h apart"
