"""Put each article into a story as it arrives, and repair the stories of the last days at fixed points.

Joining follows the usual method of topic detection and tracking: compare a new article with recent ones, join the story
of the most similar one if it is similar enough, and otherwise found a story (Allan, Papka and Lavrenko, On-line new
event detection and tracking, SIGIR 1998). A repair re-clusters the articles around the newest ones; see
docs/decisions/0006-story-repair.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp, sqrt
from zlib import crc32

from groundswell.model import Article, Assignment, Belonging, Merge, Repair
from groundswell.model.instants import EPOCH
from groundswell.ports import Vectors
from groundswell.stories.features import extract_title_words, is_recurring_pair
from groundswell.stories.indexed_article import IndexedArticle, count_hours
from groundswell.stories.window import ArticleWindow, CandidateSearch

DEFAULT_WINDOW = timedelta(days=3_650)
DEFAULT_CAPACITY_ARTICLES = 100_000
MAX_WORDS_PER_JOIN_REASON = 6
MAX_COMPARED_MEMBERS = 50  # newest articles of a story that a retitled one is compared with
_ROUNDING_MARGIN = 1 - 1e-9  # so that an upper bound computed in another order excludes nothing


@dataclass(frozen=True, slots=True)
class Tuning:
    """The detector's parameters, chosen by measurement (see docs/stories.md).

    Joining:
        ``search`` finds candidates, none of them older than ``max_join_age``. Similarity decays by a factor of e in
        ``decay_hours``. Recurring headlines join only within ``same_day_hours``.

    Memory:
        Articles are remembered for ``memory_span``, and in addition the newest ``min_remembered`` of any age.

    Repairs:
        A repair is due when the stream passes a multiple of one of ``repair_hours`` (since 1970). At all but the
        longest of these it is due only if the period brought ``min_repair_articles`` articles, or a fifth of the
        articles that can be compared if that is more. On a very busy stream a repair is also due after each article
        whose id hashes to it, one in ``busy_repair_articles`` or in an eighth of the remembered articles, if that many
        arrived within the longest period.

        A repair compares the articles published up to ``max_join_age`` before those of the period, at most
        ``repair_limit``. A flush compares up to ``flush_limit``, or up to ``bulk_flush_limit`` where that many articles
        share one instant, as in a collection without times. Groups are united from ``min_group_similarity`` on.
    """

    search: CandidateSearch = field(default_factory=CandidateSearch)
    decay_hours: float = 72.0
    same_day_hours: float = 12.0
    max_join_age: timedelta = timedelta(hours=72)
    memory_span: timedelta = timedelta(hours=120)
    min_remembered: int = 5_000
    min_group_similarity: float = 0.28
    repair_hours: tuple[int, ...] = (1, 4, 24, 48, 96)
    min_repair_articles: int = 200
    busy_repair_articles: int = 1_000
    repair_limit: int = 2_000
    flush_limit: int = 6_000
    bulk_flush_limit: int = 12_000


@dataclass(frozen=True, slots=True)
class Match:
    """An article that is similar enough to join.

    ``similarity`` is the cosine of the weighted words, ``score`` the same after decay over ``gap_hours``.
    """

    article: IndexedArticle
    similarity: float
    score: float
    gap_hours: float


@dataclass(slots=True)
class OnlineStoryDetector:
    """Implements ``ports.StoryDetector``. Its state depends only on the articles in its window and their stories.

    With ``vectors``, repairs also compare articles by meaning.
    """

    window: timedelta = DEFAULT_WINDOW
    capacity: int = DEFAULT_CAPACITY_ARTICLES
    tuning: Tuning = field(default_factory=Tuning)
    vectors: Vectors | None = None
    _articles: ArticleWindow = field(init=False)
    _due_keys: set[int] = field(init=False, default_factory=set)
    _is_flushed: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        span = min(self.tuning.memory_span, self.window)
        self._articles = ArticleWindow(span, self.capacity, self.tuning.min_remembered)

    def assign(self, article: Article) -> Assignment:
        """Return the story that ``article`` joins, or the one that it founds, whose id is the article's own."""
        new = self._articles.prepare(article, extract_title_words(article.title))
        candidates, squares = self._articles.find_candidates(new, self.tuning.max_join_age, self.tuning.search)
        match = self._find_match(new, candidates, squares)
        if match is not None:
            reasons = _explain_joining(new, match)
            assignment = Assignment(article.id, match.article.story_id, False, round(match.score, 4), reasons)
        else:
            assignment = Assignment(article.id, article.id, True, 0.0, self._explain_founding(new, candidates))
        newest_before = self._articles.newest_at
        self._articles.add(new, assignment.story_id)
        if due := self._find_due_keys(article.id, newest_before):
            self._due_keys |= due
        self._is_flushed = False
        return assignment

    def revise(self, former: Article, article: Article) -> Belonging | None:
        """Adopt another title or time of an article, and return where it belongs by it, without moving it.

        It stays in its story if it is as similar to an article of it as groups are that are united; else it belongs
        where it would be put if it were new. Returns None if the memory must be restored, because the new time changes
        what else is in it. An article that is no longer remembered stays.
        """
        self._is_flushed = False
        key = self._articles.find_key(former)
        if key is None:
            return Belonging(stays=True) if self._articles.precedes(article) else None
        taken = self._articles.take_out(key)
        new = self._articles.put_back(taken, article, words := extract_title_words(article.title))
        if new is None:
            return None
        if self._is_similar_to_story(new):
            return Belonging(stays=True)
        self._articles.take_out(new.key)
        candidates, squares = self._articles.find_candidates(new, self.tuning.max_join_age, self.tuning.search)
        match = self._find_match(new, candidates, squares)
        self._articles.put_back(new, article, words)
        return Belonging(stays=False, joins=match.article.story_id if match else None)

    def adopt(self, repairs: Iterable[Repair]) -> None:
        """Move the articles that ``repairs`` name."""
        for repair in repairs:
            if isinstance(repair, Merge):
                self._articles.merge_stories(repair.source, repair.target)
                continue
            leaving = set(repair.articles)
            for article in self._articles.list_story(repair.source):
                if article.article.id in leaving:
                    self._articles.move_article(article.key, repair.target)

    def repair(self) -> tuple[Repair, ...]:
        """Return the merges and splits that are due, usually none, after adopting them.

        Call it after each ``assign``, and store its answer together with the assignment.
        """
        due, self._due_keys = self._due_keys, set()
        return self._recluster(due, self.tuning.repair_limit) if due else ()

    def flush(self, limit: int | None = None) -> tuple[Repair, ...]:
        """Return the final merges and splits around the newest articles, after adopting them.

        Call it at the end of a recorded stream, and regularly on a live site, there with a ``limit`` of headlines and
        of full texts to compare: 4,000 in all take 140 MB, 12,000 over a gigabyte. Returns nothing if no article was
        assigned since the last call.
        """
        newest_at = self._articles.newest_at
        if self._is_flushed or newest_at is None:
            return ()
        self._is_flushed = True
        of_newest_instant = len(self._articles.list_keys_since(newest_at))
        if limit is None:
            limit = max(self.tuning.flush_limit, min(of_newest_instant, self.tuning.bulk_flush_limit))
        period_start = _find_period_start(newest_at, self.tuning.repair_hours[-1])
        due, self._due_keys = self._due_keys | self._articles.list_keys_since(period_start), set()
        return self._recluster(due, limit)

    def restore(self, assigned: Iterable[tuple[Article, str]]) -> None:
        """Adopt articles with the stories they already belong to, in order of ``(at, arrival)``."""
        for article, story_id in assigned:
            self._articles.add(self._articles.prepare(article, extract_title_words(article.title)), story_id)
        self._articles.forget_older()

    def _find_due_keys(self, article_id: str, newest_before: datetime | None) -> set[int]:
        """Return the keys around which a repair is due after the article; ``newest_before`` was the newest instant."""
        tuning, articles = self.tuning, self._articles
        newest_at = articles.newest_at
        busy_articles = max(tuning.busy_repair_articles, len(articles) // 8)
        if newest_at is not None and crc32(article_id.encode("utf-8", "surrogatepass")) % busy_articles == 0:
            period_start = newest_at - timedelta(hours=tuning.repair_hours[-1])
            keys = articles.list_newest_keys(busy_articles) & articles.list_keys_since(period_start)
            return keys if len(keys) == busy_articles else set()
        if newest_before is None or newest_at is None or newest_at is newest_before:
            return set()
        if count_hours(newest_at) == count_hours(newest_before):
            return set()
        enough_articles = max(tuning.min_repair_articles, min(len(articles), tuning.repair_limit) // 5)
        for hours in reversed(tuning.repair_hours):
            period_start = _find_period_start(newest_before, hours)
            if period_start != _find_period_start(newest_at, hours):
                keys = articles.list_keys_since(period_start)
                if len(keys) >= enough_articles or hours == tuning.repair_hours[-1]:
                    return keys
        return set()

    def _recluster(self, fresh_keys: set[int], limit: int) -> tuple[Repair, ...]:
        from groundswell.stories.repair.recluster import recluster  # noqa: PLC0415 - loads scipy, which few commands need

        articles = self._articles.list_articles_around(min(fresh_keys), self.tuning.max_join_age, limit)
        repairs = recluster(articles, fresh_keys, self.tuning.min_group_similarity, self.vectors)
        self.adopt(repairs)
        return repairs

    def _is_similar_to_story(self, new: IndexedArticle) -> bool:
        """Whether the article is similar to another one of its story, or is alone in it."""
        others = [other for other in self._articles.list_story(new.story_id) if other.key != new.key]
        length = sqrt(self._articles.compute_squared_length(new.words))
        for other in others[-MAX_COMPARED_MEMBERS:]:
            shared = self._articles.compute_squared_length([word for word in new.words if word in other.words])
            lengths = length * sqrt(self._articles.compute_squared_length(other.words))
            if lengths and shared / lengths >= self.tuning.min_group_similarity:
                return True
        return not others

    def _find_match(
        self, new: IndexedArticle, candidates: list[tuple[int, float]], squares: dict[str, float]
    ) -> Match | None:
        min_similarity = self.tuning.search.min_similarity
        new_length = sqrt(sum(squares.values()))
        best: Match | None = None
        for key, max_shared in sorted(candidates):  # of equal scores the earliest article wins
            other = self._articles[key]
            in_days = new.day_only or other.day_only
            gap = abs(24.0 * (new.day_number - other.day_number)) if in_days else abs(new.hours - other.hours)
            decay = exp(-gap / self.tuning.decay_hours)
            bound = (min_similarity if best is None else best.score) * new_length * _ROUNDING_MARGIN
            if sqrt(max_shared) * decay < bound:
                continue
            other_words = other.words
            shared = sum([square for word, square in squares.items() if word in other_words])
            if sqrt(shared) * decay < bound:  # the other vector is at least as long as its shared part
                continue
            similarity = shared / (new_length * sqrt(self._articles.compute_squared_length(other_words)))
            if similarity * decay < min_similarity or (best is not None and similarity * decay <= best.score):
                continue
            if gap > self.tuning.same_day_hours and is_recurring_pair(new.frame, other.frame):
                continue
            best = Match(other, similarity, similarity * decay, gap)
        return best

    def _explain_founding(self, new: IndexedArticle, candidates: list[tuple[int, float]]) -> tuple[str, ...]:
        if not candidates:
            return ("no recent article shares its rarer words",)
        nearest = self._articles[candidates[0][0]]
        shared = _quote_shared_words(new, nearest)
        return (f"the closest article, “{nearest.article.title}”, is not similar enough: it shares {shared}",)


def _find_period_start(at: datetime, hours: int) -> datetime:
    """Return the start of the period of ``hours``, counted from 1970, that contains ``at``."""
    return at - (at - EPOCH) % timedelta(hours=hours)


def _explain_joining(new: IndexedArticle, match: Match) -> tuple[str, ...]:
    return (
        f"shares {_quote_shared_words(new, match.article)} with “{match.article.article.title}”",
        f"similarity {match.similarity:.2f}",
        _describe_gap(match.gap_hours, new.day_only or match.article.day_only),
    )


def _quote_shared_words(new: IndexedArticle, other: IndexedArticle) -> str:
    other_words = other.words
    forms = [form for word, form in new.words.items() if word in other_words]
    return ", ".join([f"‘{form}’" for form in forms[:MAX_WORDS_PER_JOIN_REASON]])


def _describe_gap(hours: float, in_days: bool) -> str:
    if in_days:
        days = round(hours / 24)
        return {0: "the same day", 1: "1 day apart"}.get(days, f"{days} days apart")
    minutes = round(hours * 60)
    return f"{minutes} min apart" if minutes < 90 else f"{round(minutes / 60)} h apart"
