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

from groundswell.ports import Vectors
from groundswell.stories.features import comes_again, frame, title_words
from groundswell.stories.lifecycle import repairs
from groundswell.stories.stuffing import stuffed
from groundswell.stories.window import Held, Search, Window, hours_of
from groundswell.types import Article, Assignment, Merge, Repair

WINDOW = timedelta(days=3_650)
CAPACITY = 100_000
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tuning:
    """The detector's numbers, chosen by measurement (see docs/stories.md).

    An article is joined when it is at most ``joinable`` older. ``span`` is how far back articles are remembered in any
    case, ``memory`` how many besides, however old.

    A repair looks at the newest ``reach`` articles of the last ``span``. It is due when the stream passes a multiple
    of ``repair_days`` days (since 1970), of the shorter ones only where that many days brought ``repair_batch``
    articles; and on a busy stream after each article whose id falls to it: one in ``repair_count``, or one in an
    eighth of what is remembered if that is more. Groups are united from ``group`` on; when a recorded stream ends, and
    all that is remembered can be looked at, from ``settle_group``.
    """

    search: Search = field(default_factory=Search)
    fade_hours: float = 72.0
    same_day_hours: float = 12.0
    joinable: timedelta = timedelta(hours=72)
    span: timedelta = timedelta(hours=120)
    memory: int = 5_000
    group: float = 0.36
    settle_group: float = 0.30
    repair_days: tuple[int, ...] = (1, 2, 4)
    repair_batch: int = 300
    repair_count: int = 1_000
    reach: int = 1_200
    settle_reach: int = 7_000


@dataclass(frozen=True, slots=True)
class Match:
    """An article near enough to be joined: cosine of the weighted words, and the same after fading with time."""

    held: Held
    similarity: float
    score: float
    gap: float


@dataclass(slots=True)
class StoryDetector:
    """Implements ``ports.Detector``. The state is a function of the articles in the window and of nothing else.

    With ``vectors`` repairs see likeness of meaning as well.
    """

    window: timedelta = WINDOW
    capacity: int = CAPACITY
    tuning: Tuning = field(default_factory=Tuning)
    vectors: Vectors | None = None
    _articles: Window = field(init=False)
    _due: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._articles = Window(min(self.tuning.span, self.window), self.capacity, self.tuning.memory)

    def assign(self, article: Article) -> Assignment:
        """Return the story that ``article`` joins, or the one it founds, whose id is then the article's own."""
        at, words = article.at, title_words(article.title)
        near, squares = self._articles.candidates(words, at - self.tuning.joinable, self.tuning.search)
        best = self._best(article, at, near, squares)
        if best is not None:
            answer = Assignment(
                article.id, best.held.story_id, False, round(best.score, 4), _joined(words, best, article)
            )
        else:
            answer = Assignment(article.id, article.id, True, 0.0, self._founded(near, words))
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
        from groundswell.stories.similarity import related  # noqa: PLC0415 - loads scipy, see _mend

        latest = self._articles.latest(self.tuning.reach, newest - self.tuning.span)
        # By their vectors headlines may be alike that share no word.
        return self._mend(latest if self.vectors else related(latest), self.tuning.group)

    def settle(self) -> tuple[Repair, ...]:
        """Return the merges and splits of all that is remembered: for the end of a recorded stream."""
        self._due = False
        return self._mend(self._articles.latest(self.tuning.settle_reach), self.tuning.settle_group)

    def restore(self, assigned: Iterable[tuple[Article, str]]) -> None:
        """Take up articles with the stories they have by now, in order of ``(at, arrival)``."""
        for article, story_id in assigned:
            self._articles.add(article, article.at, story_id, title_words(article.title))

    def _falls_due(self, article_id: str, before: datetime | None) -> bool:
        tuning, articles = self.tuning, self._articles
        if crc32(article_id.encode("utf-8", "surrogatepass")) % max(tuning.repair_count, len(articles) // 8) == 0:
            return True
        newest = articles.newest
        if before is None or newest is None or newest.toordinal() == before.toordinal():
            return False
        return any(
            newest.toordinal() // days != before.toordinal() // days
            and (days == tuning.repair_days[-1] or articles.since(newest - days * _DAY) >= tuning.repair_batch)
            for days in tuning.repair_days
        )

    def _mend(self, articles: list[Held], least: float) -> tuple[Repair, ...]:
        if not articles:
            return ()
        found = repairs(articles, _grouped(articles, least, self.vectors))
        key_of = {held.article.id: held.key for held in articles}
        for repair in found:
            if isinstance(repair, Merge):
                self._articles.unite(repair.source, repair.target)
            else:
                for article_id in repair.articles:
                    self._articles.move(key_of[article_id], repair.target)
        return found

    def _best(self, article: Article, at: datetime, near: list[int], squares: dict[str, float]) -> Match | None:
        least = self.tuning.search.least
        own = sqrt(sum(squares.values()))
        hours, date = hours_of(at), at.toordinal()
        best: Match | None = None
        for key in sorted(near):  # of equal scores the earliest article counts
            held = self._articles.held(key)
            theirs = held.words
            common = sum([square for word, square in squares.items() if word in theirs])
            if sqrt(common) < least * own:  # their vector is no shorter than what is shared
                continue
            daily = article.day_only or held.day
            gap = abs(24.0 * (date - held.date)) if daily else abs(hours - held.hours)
            faded = exp(-gap / self.tuning.fade_hours)
            similarity = common / (own * sqrt(self._articles.square(theirs)))
            if similarity * faded < least or (best is not None and similarity * faded <= best.score):
                continue
            if gap > self.tuning.same_day_hours and comes_again(frame(article.title, squares), held.frame):
                continue
            best = Match(held, similarity, similarity * faded, gap)
        return best

    def _founded(self, near: list[int], words: dict[str, str]) -> tuple[str, ...]:
        if not near:
            return ("nothing of the last days shares its rarer words",)
        held = self._articles.held(near[0])
        shared = [form for word, form in words.items() if word in held.words]
        return (f"the nearest, “{held.article.title}”, is not near enough: shares {_quoted(shared)}",)


def _grouped(articles: list[Held], least: float, vectors: Vectors | None) -> list[int]:
    """A group number for each article. Those that tell two happenings are grouped apart, so that they weld none."""
    from groundswell.stories.linkage import groups  # noqa: PLC0415 - loads scipy, which most commands never need
    from groundswell.stories.similarity import similarities  # noqa: PLC0415

    both = set(stuffed([held.words for held in articles]))
    found = [0] * len(articles)
    for rows in filter(None, ([row for row in range(len(articles)) if row not in both], sorted(both))):
        alike = similarities([articles[row] for row in rows], vectors=vectors)
        for row, first in zip(rows, groups(alike, least), strict=True):
            found[row] = rows[first]
    return found


def _joined(words: dict[str, str], best: Match, article: Article) -> tuple[str, ...]:
    shared = [form for word, form in words.items() if word in best.held.words]
    return (
        f"shares {_quoted(shared)} with “{best.held.article.title}”",
        f"similarity {best.similarity:.2f}",
        _apart(best.gap, article.day_only or best.held.day),
    )


def _quoted(forms: list[str]) -> str:
    return ", ".join([f"‘{form}’" for form in forms[:6]])


def _apart(hours: float, in_days: bool) -> str:
    if in_days:
        days = round(hours / 24)
        return {0: "the same day", 1: "1 day apart"}.get(days, f"{days} days apart")
    minutes = round(hours * 60)
    return f"{minutes} min apart" if minutes < 90 else f"{round(minutes / 60)} h apart"
