"""Puts each article into a story as it arrives, and now and then mends the stories of the last days.

Joining is the usual method of topic detection and tracking: compare with recent articles, join the story of the
nearest if it is near enough, else found a story (Allan, Papka and Lavrenko, On-line new event detection and tracking,
SIGIR 1998). A mend regroups what lies around the latest articles. See docs/decisions/0006-story-repair.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp, sqrt
from zlib import crc32

from groundswell.model import Article, Assignment, Merge, Repair
from groundswell.ports import Vectors
from groundswell.stories.features import comes_again, title_words
from groundswell.stories.window import EPOCH, Held, Search, Window, hour_of

WINDOW = timedelta(days=3_650)
CAPACITY = 100_000
_ROUNDING = 1 - 1e-9  # so that a bound worked out another way leaves nothing out


@dataclass(frozen=True, slots=True)
class Tuning:
    """The detector's numbers, chosen by measurement (see docs/stories.md).

    An article is joined when it is at most ``joinable`` older. ``span`` is how far back articles are remembered in any
    case, ``memory`` how many besides, however old.

    A mend looks at what lies around the articles of some hours. It is due when the stream passes a multiple of
    ``mend_hours`` (since 1970), of the shorter ones only where that span brought enough: ``mend_batch`` articles, or a
    fifth of what can be compared if that is more. On a very busy stream it is also due after each article whose id
    falls to it, one in ``batch`` or in an eighth of what is remembered, if that many came within the longest span.
    Articles since ``joinable`` before them, at most ``reach`` (``flush_reach`` when settling, up to ``bulk_reach``
    where so many are of one instant, as in a collection without times), are compared and those around grouped anew;
    groups are united from ``group`` on.
    """

    search: Search = field(default_factory=Search)
    fade_hours: float = 72.0
    same_day_hours: float = 12.0
    joinable: timedelta = timedelta(hours=72)
    span: timedelta = timedelta(hours=120)
    memory: int = 5_000
    group: float = 0.28
    mend_hours: tuple[int, ...] = (1, 4, 24, 48, 96)
    mend_batch: int = 200
    batch: int = 1_000
    reach: int = 2_000
    flush_reach: int = 6_000
    bulk_reach: int = 12_000


@dataclass(frozen=True, slots=True)
class Match:
    """An article near enough to be joined: cosine of the weighted words, and the same after fading with time."""

    held: Held
    similarity: float
    score: float
    gap: float


@dataclass(slots=True)
class OnlineStoryDetector:
    """Implements ``ports.StoryDetector``. The state is a function of the articles in the window and of nothing else.

    With ``vectors`` repairs see likeness of meaning as well.
    """

    window: timedelta = WINDOW
    capacity: int = CAPACITY
    tuning: Tuning = field(default_factory=Tuning)
    vectors: Vectors | None = None
    _articles: Window = field(init=False)
    _due: set[int] = field(init=False, default_factory=set)
    _is_flushed: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._articles = Window(min(self.tuning.span, self.window), self.capacity, self.tuning.memory)

    def assign(self, article: Article) -> Assignment:
        """Return the story that ``article`` joins, or the one it founds, whose id is then the article's own."""
        new = self._articles.arriving(article, title_words(article.title))
        near, squares = self._articles.candidates(new, self.tuning.joinable, self.tuning.search)
        best = self._best(new, near, squares)
        if best is not None:
            answer = Assignment(article.id, best.held.story_id, False, round(best.score, 4), _joined(new, best))
        else:
            answer = Assignment(article.id, article.id, True, 0.0, self._founded(new, near))
        before = self._articles.newest
        self._articles.add(new, answer.story_id)
        if due := self._falls_due(article.id, before):
            self._due |= due
        self._is_flushed = False
        return answer

    def repair(self) -> tuple[Repair, ...]:
        """Return the merges and splits that are due by now, which the detector has then taken up itself.

        Nothing is due at most times. Call it after each ``assign`` and store its answer with the assignment.
        """
        due, self._due = self._due, set()
        return self._mend(due, self.tuning.reach) if due else ()

    def flush(self) -> tuple[Repair, ...]:
        """Return the merges and splits around the last articles, without waiting for more.

        For the end of a recorded stream, and now and then on a live site. Nothing where no article came since.
        """
        newest = self._articles.newest
        if self._is_flushed or newest is None:
            return ()
        self._is_flushed = True
        reach = max(self.tuning.flush_reach, min(len(self._articles.since(newest)), self.tuning.bulk_reach))
        due, self._due = self._due | self._articles.since(_start(newest, self.tuning.mend_hours[-1])), set()
        return self._mend(due, reach)

    def restore(self, assigned: Iterable[tuple[Article, str]]) -> None:
        """Take up articles with the stories they have by now, in order of ``(at, arrival)``."""
        for article, story_id in assigned:
            self._articles.add(self._articles.arriving(article, title_words(article.title)), story_id)

    def _falls_due(self, article_id: str, before: datetime | None) -> set[int]:
        """The articles around which a mend is due, as one has come; ``before`` was the newest instant until then."""
        tuning, articles = self.tuning, self._articles
        newest = articles.newest
        batch = max(tuning.batch, len(articles) // 8)
        if newest is not None and crc32(article_id.encode("utf-8", "surrogatepass")) % batch == 0:
            latest = articles.latest(batch) & articles.since(newest - timedelta(hours=tuning.mend_hours[-1]))
            return latest if len(latest) == batch else set()
        if before is None or newest is None or newest is before or hour_of(newest) == hour_of(before):
            return set()
        enough = max(tuning.mend_batch, min(len(articles), tuning.reach) // 5)
        for hours in reversed(tuning.mend_hours):
            start = _start(before, hours)
            if start != _start(newest, hours):
                passed = articles.since(start)
                if len(passed) >= enough or hours == tuning.mend_hours[-1]:
                    return passed
        return set()

    def _mend(self, fresh: set[int], reach: int) -> tuple[Repair, ...]:
        from groundswell.stories.repair.recluster import regrouped  # noqa: PLC0415 - loads scipy, which most commands never need

        articles = self._articles.active(min(fresh), self.tuning.joinable, reach)
        found = regrouped(articles, fresh, self.tuning.group, self.vectors)
        key_of = {held.article.id: held.key for held in articles}
        for repair in found:
            if isinstance(repair, Merge):
                self._articles.unite(repair.source, repair.target)
            else:
                for article_id in repair.articles:
                    self._articles.move(key_of[article_id], repair.target)
        return found

    def _best(self, new: Held, near: list[tuple[int, float]], squares: dict[str, float]) -> Match | None:
        least = self.tuning.search.least
        own = sqrt(sum(squares.values()))
        best: Match | None = None
        for key, most in sorted(near):  # of equal scores the earliest article counts
            held = self._articles.held(key)
            gap = abs(24.0 * (new.date - held.date)) if new.day or held.day else abs(new.hours - held.hours)
            faded = exp(-gap / self.tuning.fade_hours)
            needed = least if best is None else best.score
            if sqrt(most) * faded < (bound := needed * own * _ROUNDING):
                continue
            theirs = held.words
            common = sum([square for word, square in squares.items() if word in theirs])
            if sqrt(common) * faded < bound:  # their vector is no shorter than what is shared
                continue
            similarity = common / (own * sqrt(self._articles.square(theirs)))
            if similarity * faded < least or (best is not None and similarity * faded <= best.score):
                continue
            if gap > self.tuning.same_day_hours and comes_again(new.frame, held.frame):
                continue
            best = Match(held, similarity, similarity * faded, gap)
        return best

    def _founded(self, new: Held, near: list[tuple[int, float]]) -> tuple[str, ...]:
        if not near:
            return ("nothing of the last days shares its rarer words",)
        held = self._articles.held(near[0][0])
        return (f"the nearest, “{held.article.title}”, is not near enough: shares {_shared(new, held)}",)


def _start(at: datetime, hours: int) -> datetime:
    """The beginning of the span of so many hours, counted from 1970, in which an instant lies."""
    return at - (at - EPOCH) % timedelta(hours=hours)


def _joined(new: Held, best: Match) -> tuple[str, ...]:
    return (
        f"shares {_shared(new, best.held)} with “{best.held.article.title}”",
        f"similarity {best.similarity:.2f}",
        _apart(best.gap, new.day or best.held.day),
    )


def _shared(new: Held, held: Held) -> str:
    theirs = held.words
    forms = [form for word, form in new.words.items() if word in theirs]
    return ", ".join([f"‘{form}’" for form in forms[:6]])


def _apart(hours: float, in_days: bool) -> str:
    if in_days:
        days = round(hours / 24)
        return {0: "the same day", 1: "1 day apart"}.get(days, f"{days} days apart")
    minutes = round(hours * 60)
    return f"{minutes} min apart" if minutes < 90 else f"{round(minutes / 60)} h apart"
