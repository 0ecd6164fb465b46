"""The articles of the last days, in order, indexed by the words of their titles."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from math import log

from groundswell.types import Article

_PRIOR = 1_000  # words are weighed as if this many other headlines had been seen, so that a young window is usable
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ARRIVAL_BITS = 40


class Held:
    """An article in the window, with its story as of now.

    ``key`` orders articles by instant, then by arrival.
    """

    __slots__ = ("article", "at", "day", "key", "story_id", "words")

    def __init__(self, key: int, article: Article, at: datetime, story_id: str, words: dict[str, str]) -> None:
        self.key = key
        self.article = article
        self.at = at
        self.day = article.day_only
        self.story_id = story_id
        self.words = words


class Window:
    """A moving window over articles; all its answers are functions of the articles in it and their order by place.

    The window holds the articles whose instant is at most ``span`` behind the newest instant seen, and besides these
    the newest ``memory`` articles of whatever age; of all at most the newest ``capacity``. Postings are kept in order
    of place, so that a window restored after out-of-order arrivals is the very same.
    """

    def __init__(self, span: timedelta, capacity: int, memory: int) -> None:
        self.span = span
        self.capacity = capacity
        self.memory = min(memory, capacity)
        self._order: list[int] = []
        self._start = 0  # keys before this one have left; the list is cut now and then
        self._held: dict[int, Held] = {}
        self._postings: dict[str, list[int]] = {}
        self._arrivals = 0

    def __len__(self) -> int:
        return len(self._held)

    @property
    def newest(self) -> datetime | None:
        return self._held[self._order[-1]].at if self._held else None

    def latest(self, count: int, since: datetime | None = None) -> list[Held]:
        """Return the newest ``count`` articles in order, those before ``since`` left out."""
        keys = self._order[max(self._start, len(self._order) - count) :]
        found = [self._held[key] for key in keys]
        return found if since is None else [held for held in found if held.at >= since]

    def add(self, article: Article, at: datetime, story_id: str, words: dict[str, str]) -> None:
        """Take up an article and let go of those that fall out of the window because of it."""
        key = ((at - _EPOCH) // _MICROSECOND << _ARRIVAL_BITS) + self._arrivals
        self._arrivals += 1
        order = self._order
        late = bool(order) and key < order[-1]
        if late:
            insort(order, key, lo=self._start)
        else:
            order.append(key)
        self._held[key] = Held(key, article, at, story_id, words)
        postings = self._postings
        for word in words:
            known = postings.get(word)
            if known is None:
                postings[word] = [key]
            elif late:
                insort(known, key)
            else:
                known.append(key)
        self._evict()

    def candidates(self, words: Iterable[str], rare: int, each: int) -> tuple[dict[int, float], dict[str, float]]:
        """Return articles that share one of the ``rare`` rarest words, and the squared weights of the known words.

        Of each word the ``each`` newest articles are proposed. The value of an article is the squared weight of the
        words that proposed it, summed from the rarest word on.
        """
        postings = self._postings
        size = log(len(self._held) + _PRIOR)
        known: list[tuple[int, str]] = []
        squares: dict[str, float] = {}
        for word in words:
            articles = postings.get(word)
            count = len(articles) if articles else 0
            squares[word] = (size - log(count + 1)) ** 2
            if count:
                known.append((count, word))
        known.sort()
        shared: dict[int, float] = {}
        for _, word in known[:rare]:
            weight = squares[word]
            for key in postings[word][-each:]:
                shared[key] = shared.get(key, 0.0) + weight
        return shared, squares

    def square(self, words: Iterable[str]) -> float:
        """The squared length of the vector of the words' weights (inverse document frequencies in the window)."""
        size = log(len(self._held) + _PRIOR)
        postings = self._postings
        return sum((size - log(len(postings.get(word, ())) + 1)) ** 2 for word in words)

    def held(self, key: int) -> Held:
        return self._held[key]

    def count(self, word: str) -> int:
        """In how many articles of the window ``word`` stands."""
        return len(self._postings.get(word, ()))

    def __iter__(self) -> Iterator[Held]:
        return (self._held[key] for key in self._order[self._start :])

    def _evict(self) -> None:
        order, held = self._order, self._held
        first = order[-1] - (self.span // _MICROSECOND << _ARRIVAL_BITS) >> _ARRIVAL_BITS << _ARRIVAL_BITS
        while len(held) > self.capacity or (len(held) > self.memory and order[self._start] < first):
            self._drop(order[self._start])
            self._start += 1
        if self._start > 1_000 and self._start * 2 > len(order):
            del order[: self._start]
            self._start = 0

    def _drop(self, key: int) -> None:
        for word in self._held.pop(key).words:
            known = self._postings[word]
            if len(known) == 1:
                del self._postings[word]
            else:
                del known[bisect_left(known, key)]
