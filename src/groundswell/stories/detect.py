"""Puts each article into a story as it arrives: the first detector, single-pass TF-IDF over a moving window.

The method is the usual one of topic detection and tracking: compare with recent articles, join the story of the
nearest if it is near enough, else found a story (Allan, Papka and Lavrenko, On-line new event detection and tracking,
SIGIR 1998). See docs/decisions/0004-first-story-detector.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nsmallest
from math import sqrt

from groundswell.stories.features import Features, features
from groundswell.stories.window import Held, Window
from groundswell.types import Article, Assignment, Repair

WINDOW = timedelta(hours=72)
CAPACITY = 50_000


@dataclass(frozen=True, slots=True)
class Tuning:
    """The detector's numbers, chosen by measurement (see the decision page)."""

    threshold: float = 0.35
    half_life: timedelta = timedelta(hours=48)
    rare_words: int = 6
    candidates: int = 25
    same_day: timedelta = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Match:
    """How near an article of the window is: cosine of the weighted words, and the same after decay by time."""

    held: Held
    similarity: float
    score: float
    gap: timedelta
    in_days: bool


class StoryDetector:
    """Implements ``ports.Detector``. The state is a function of the articles in the window and of nothing else."""

    def __init__(self, window: timedelta = WINDOW, capacity: int = CAPACITY, tuning: Tuning | None = None) -> None:
        self.window = window
        self.capacity = capacity
        self._tuning = tuning or Tuning()
        self._articles = Window(window, capacity)

    def assign(self, article: Article) -> Assignment:
        """Return the story that ``article`` joins, or the one it founds, whose id is then the article's own."""
        found = features(article.title)
        best = self._best(article, found)
        if best is not None and best.score >= self._tuning.threshold:
            answer = Assignment(article.id, best.held.story_id, False, round(best.score, 4), _joined(found, best))
        else:
            answer = Assignment(article.id, article.id, True, round(best.score, 4) if best else 0.0, _founded(best))
        self._take(article, answer.story_id, found)
        return answer

    def repair(self) -> tuple[Repair, ...]:
        """Return nothing: this detector never reconsiders."""
        return ()

    def restore(self, assigned: Iterable[tuple[Article, str]]) -> None:
        """Take up articles with the stories they already have, in order of ``(at, arrival)``."""
        for article, story_id in assigned:
            self._take(article, story_id, features(article.title))

    def _take(self, article: Article, story_id: str, found: Features) -> None:
        self._articles.add(article.at, article.day_only, story_id, article.title, found)

    def _best(self, article: Article, found: Features) -> Match | None:
        nearest = self._nearest(found)
        square = self._articles.square(found.words)
        matches = (self._match(article, found, square, self._articles.held(arrival)) for arrival in nearest)
        # of equal scores the earliest article counts
        return min(
            (match for match in matches if match is not None),
            key=lambda match: (-match.score, match.held.place),
            default=None,
        )

    def _nearest(self, found: Features) -> Iterable[int]:
        shared = self._articles.sharing(found.words, self._tuning.rare_words)
        if len(shared) <= self._tuning.candidates:
            return shared
        held = self._articles.held
        return nsmallest(self._tuning.candidates, shared, key=lambda arrival: (-shared[arrival], held(arrival).place))

    def _match(self, article: Article, found: Features, square: float, held: Held) -> Match | None:
        gap = time_between(article.at, article.day_only, held)
        if gap > self.window or (gap > self._tuning.same_day and comes_again(found, held.features)):
            return None
        theirs = held.features.words
        common = self._articles.square(word for word in found.words if word in theirs)
        similarity = common / sqrt(square * self._articles.square_held(held))
        decay = 0.5 ** (gap / self._tuning.half_life)
        return Match(held, similarity, similarity * decay, gap, article.day_only or held.day_only)


def time_between(at: datetime, day_only: bool, held: Held) -> timedelta:
    """Return the time between two articles; in whole days where either has only a day."""
    if day_only or held.day_only:
        return abs(timedelta(days=(at.date() - held.place.at.date()).days))
    return abs(at - held.place.at)


def comes_again(one: Features, other: Features) -> bool:
    """Return whether two headlines from different days are the same recurring headline rather than one happening.

    They are when either is of a recurring kind (wraps, "stocks to watch"), or when they differ in nothing but their
    numbers and dates.
    """
    if one.recurring or other.recurring:
        return True
    return one.numbers != other.numbers and one.frame == other.frame


def _joined(found: Features, best: Match) -> tuple[str, ...]:
    shared = [form for word, form in found.words.items() if word in best.held.features.words]
    words = ", ".join(f"‘{form}’" for form in shared[:6])
    return (
        f"shares {words} with “{best.held.title}”",
        f"similarity {best.similarity:.2f}",
        _apart(best.gap, best.in_days),
    )


def _founded(best: Match | None) -> tuple[str, ...]:
    if best is None:
        return ("nothing of the last days shares its rarer words",)
    return (f"the nearest, “{best.held.title}”, is not near enough: similarity {best.similarity:.2f}",)


def _apart(gap: timedelta, in_days: bool) -> str:
    if in_days:
        return {0: "the same day", 1: "1 day apart"}.get(gap.days, f"{gap.days} days apart")
    minutes = round(gap.total_seconds() / 60)
    return f"{minutes} min apart" if minutes < 90 else f"{round(minutes / 60)} h apart"
