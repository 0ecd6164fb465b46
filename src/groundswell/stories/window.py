"""The articles of the last days, in order, indexed by the words of their titles."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import log
from typing import Any

from groundswell.model import Article
from groundswell.stories.features import FULL_TEXT, Frame, frame

_PRIOR = 1_000  # words are weighed as if this many other headlines had been seen, so that a young window is usable
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ARRIVAL_BITS = 40


@dataclass(frozen=True, slots=True)
class Search:
    """How candidates are sought: by the rarest ``words``, the newest ``each`` of a word, the best ``compared``."""

    words: int = 5
    each: int = 32
    compared: int = 5
    least: float = 0.38


class Held:
    """An article in the window, with its story as of now.

    ``key`` orders articles by instant, then by arrival; ``hours`` are counted since 1970, ``date`` in days.
    """

    __slots__ = ("_frame", "article", "at", "date", "day", "hours", "key", "story_id", "terms", "words")

    def __init__(self, article: Article, words: dict[str, str], arrival: int, story_id: str = "") -> None:
        at = article.at
        self.key = key_of(at) + arrival
        self.article = article
        self.at = at
        self.hours = (self.key >> _ARRIVAL_BITS) / 10**6 / 3_600
        self.date = at.toordinal()
        self.day = article.day_only
        self.story_id = story_id
        self.words = words
        self.terms: Any = None  # kept here by what compares articles, once it has worked them out
        self._frame: Frame | None = None

    @property
    def frame(self) -> Frame:
        """The frame of the title, worked out when first asked for."""
        if self._frame is None:
            self._frame = frame(self.article.title, self.words)
        return self._frame


def key_of(at: datetime) -> int:
    """The lowest key an article of that instant could have."""
    return (at - EPOCH) // _MICROSECOND << _ARRIVAL_BITS


def _before(key: int, span: timedelta) -> int:
    """The lowest key that an article could have which is at most so much older than the one of a key."""
    return (key >> _ARRIVAL_BITS) - span // _MICROSECOND << _ARRIVAL_BITS


def hour_of(at: datetime) -> int:
    """The number of the hour in which the instant lies."""
    return at.toordinal() * 24 + at.hour


class Window:
    """A moving window over articles; all its answers are functions of the articles in it and their order by place.

    The window holds the articles whose instant is at most ``span`` behind the newest instant seen, and besides these
    the newest ``memory`` articles of whatever age; of all at most the newest ``capacity``. Postings are kept in order
    of place, so that a window restored after out-of-order arrivals is the very same.
    """

    def __init__(self, span: timedelta, capacity: int, memory: int) -> None:
        self._span = span // _MICROSECOND
        self.capacity = capacity
        self.memory = min(memory, capacity)
        self._order: list[int] = []
        self._start = 0  # keys before this one have left; the list is cut now and then
        self._held: dict[int, Held] = {}
        self._postings: dict[str, list[int]] = {}
        self._members: dict[str, set[int]] = {}
        self._arrivals = 0
        self._full: list[int] = []

    def __len__(self) -> int:
        return len(self._held)

    @property
    def newest(self) -> datetime | None:
        return self._held[self._order[-1]].at if self._held else None

    def latest(self, count: int) -> set[int]:
        """Return the keys of the newest ``count`` articles."""
        return set(self._order[max(self._start, len(self._order) - count) :])

    def since(self, at: datetime) -> set[int]:
        """Return the keys of the articles that are no older than ``at``."""
        return set(self._order[bisect_left(self._order, key_of(at), lo=self._start) :])

    def active(self, first: int, span: timedelta, count: int) -> list[Held]:
        """Return in order the articles from ``span`` before the key ``first`` on, and the full texts before these.

        Of each kind at most the newest ``count``.
        """
        order = self._order
        since = _before(first, span)
        start = max(self._start, len(order) - count, bisect_left(order, since, lo=self._start))
        older = self._full[: bisect_left(self._full, order[start])][-count:]
        return [self._held[key] for key in (*older, *order[start:])]

    def arriving(self, article: Article, words: dict[str, str]) -> Held:
        """Return the article as it would be held if it were the next that is added, in no story yet."""
        return Held(article, words, self._arrivals)

    def add(self, held: Held, story_id: str) -> None:
        """Take up an article that is arriving and let go of those that fall out of the window because of it."""
        key, order = held.key, self._order
        held.story_id = story_id
        self._arrivals += 1
        late = bool(order) and key < order[-1]
        if late:
            insort(order, key, lo=self._start)
        else:
            order.append(key)
        self._held[key] = held
        if len(held.article.text) >= FULL_TEXT:
            insort(self._full, key)
        self._members.setdefault(story_id, set()).add(key)
        postings = self._postings
        for word in held.words:
            known = postings.get(word)
            if known is None:
                postings[word] = [key]
            elif late:
                insort(known, key)
            else:
                known.append(key)
        self._evict()

    def candidates(
        self, new: Held, span: timedelta, tuning: Search
    ) -> tuple[list[tuple[int, float]], dict[str, float]]:
        """Return the articles worth comparing with a new one, most promising first, and its words' squared weights.

        None is older by more than ``span``. With each stands how much weight, squared, it can have in common at most.
        The rarest words propose the newest articles they stand in. An article whose shared words could not reach the
        cosine ``tuning.least``, however short it is, is left out.
        """
        known, squares = self._weighed(new.words)
        unseen = sum([squares[word] for _, word in known[tuning.words :]])
        needed = sum(squares.values()) * tuning.least**2 - unseen
        first = _before(new.key, span)
        shared: dict[int, float] = {}
        for _, word in known[: tuning.words]:
            articles = self._postings[word]
            if articles[-1] < first:
                continue
            newest = articles[-tuning.each :]
            if newest[0] < first:
                newest = newest[bisect_left(newest, first) :]
            elif len(newest) < len(articles):  # older ones may hold the word too
                unseen += squares[word]
            for key in newest:
                shared[key] = shared.get(key, 0.0) + squares[word]
        near = sorted([(-weight, key) for key, weight in shared.items() if weight >= needed])
        return [(key, unseen - weight) for weight, key in near[: tuning.compared]], squares

    def _weighed(self, words: Iterable[str]) -> tuple[list[tuple[int, str]], dict[str, float]]:
        """The words that the window knows, rarest first, with their counts; and of all words the squared weights."""
        size = log(len(self._held) + _PRIOR)
        known: list[tuple[int, str]] = []
        squares: dict[str, float] = {}
        for word in words:
            articles = self._postings.get(word)
            count = 0
            if articles is not None:
                count = len(articles)
                known.append((count, word))
            squares[word] = (size - log(count + 1)) ** 2
        known.sort()
        return known, squares

    def square(self, words: Iterable[str]) -> float:
        """The squared length of the vector of the words of an article in the window: inverse document frequencies."""
        size = log(len(self._held) + _PRIOR)
        postings = self._postings
        return sum([(size - log(len(postings[word]) + 1)) ** 2 for word in words])

    def held(self, key: int) -> Held:
        return self._held[key]

    def count(self, word: str) -> int:
        """In how many articles of the window ``word`` stands."""
        return len(self._postings.get(word, ()))

    def move(self, key: int, story_id: str) -> None:
        """Put an article into another story."""
        held = self._held[key]
        self._leave(held)
        held.story_id = story_id
        self._members.setdefault(story_id, set()).add(key)

    def unite(self, source: str, target: str) -> None:
        """Put all articles of one story into another."""
        for key in sorted(self._members.get(source, ())):
            self.move(key, target)

    def _leave(self, held: Held) -> None:
        members = self._members[held.story_id]
        members.discard(held.key)
        if not members:
            del self._members[held.story_id]

    def _evict(self) -> None:
        order, held = self._order, self._held
        if len(held) <= self.memory:
            return
        first = (order[-1] >> _ARRIVAL_BITS) - self._span << _ARRIVAL_BITS
        while len(held) > self.capacity or (len(held) > self.memory and order[self._start] < first):
            self._drop(order[self._start])
            self._start += 1
        if self._start > 1_000 and self._start * 2 > len(order):
            del order[: self._start]
            self._start = 0

    def _drop(self, key: int) -> None:
        held = self._held.pop(key)
        self._leave(held)
        if self._full and self._full[0] == key:
            del self._full[0]
        for word in held.words:
            known = self._postings[word]
            if len(known) == 1:
                del self._postings[word]
            elif known[0] == key:
                del known[0]
            else:
                del known[bisect_left(known, key)]
