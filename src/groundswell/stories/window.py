"""The articles of the last days, indexed by their words."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log
from typing import NamedTuple

from groundswell.stories.features import Features

_PRIOR = 1_000  # words are weighed as if this many other headlines had been seen, so that a young window is usable


class Place(NamedTuple):
    """Where an article stands in the window: by its instant, then by arrival."""

    at: datetime
    arrival: int


@dataclass(frozen=True, slots=True)
class Held:
    """An article in the window; ``postings`` are those of its words, by which its length is worked out."""

    place: Place
    day_only: bool
    story_id: str
    title: str
    features: Features
    postings: tuple[set[int], ...]


class Window:
    """A moving window over articles; all its answers are functions of the articles in it and their order by place.

    The window holds the articles whose instant is at most ``span`` behind the newest instant seen, and of these the
    newest ``capacity``. An article older than that is not taken up at all. Floating-point sums run in the order of a
    headline's words, never in order of arrival, so that a restored window gives the very same figures.
    """

    def __init__(self, span: timedelta, capacity: int) -> None:
        self.span = span
        self.capacity = capacity
        self._order: list[Place] = []
        self._held: dict[int, Held] = {}
        self._postings: defaultdict[str, set[int]] = defaultdict(set)
        self._logs = [log(1)]  # of one more than each count that has come up
        self._arrivals = 0
        self._start = 0  # places before this one have left; the list is cut now and then

    def __len__(self) -> int:
        return len(self._held)

    def add(self, at: datetime, day_only: bool, story_id: str, title: str, words: Features) -> None:
        """Take up an article and let go of those that fall out of the window because of it."""
        place = Place(at, self._arrivals)
        self._arrivals += 1
        insort(self._order, place, lo=self._start)
        postings = tuple(self._postings[word] for word in words.words)
        self._held[place.arrival] = Held(place, day_only, story_id, title, words, postings)
        for posting in postings:
            posting.add(place.arrival)
        self._evict()

    def sharing(self, words: Iterable[str], rare: int) -> dict[int, float]:
        """Return, by arrival, the weight of the words shared with each article that shares one of the rarest.

        Only the ``rare`` rarest words propose articles, and only those in at most a tenth of the window (or in 50
        articles): common words would propose nearly all of it.
        """
        limit = max(50, len(self) // 10)
        known = sorted((count, word) for word in words if 0 < (count := self.count(word)) <= limit)
        shared: dict[int, float] = {}
        for _, word in known[:rare]:
            weight = self.weight(word)
            for arrival in self._postings[word]:
                shared[arrival] = shared.get(arrival, 0.0) + weight
        return shared

    def held(self, arrival: int) -> Held:
        return self._held[arrival]

    def count(self, word: str) -> int:
        """In how many articles of the window ``word`` stands."""
        postings = self._postings.get(word)
        return len(postings) if postings else 0

    def weight(self, word: str) -> float:
        """The inverse document frequency of ``word`` in the window: the rarer, the heavier."""
        return self._all() - self._log(self.count(word))

    def square(self, words: Iterable[str]) -> float:
        """The squared length of the vector of the words' weights."""
        every = self._all()
        total = 0.0
        for word in words:
            total += (every - self._log(self.count(word))) ** 2
        return total

    def square_held(self, held: Held) -> float:
        """The squared length of the vector of an article in the window; the same as that of its words, but quicker."""
        every, logs = self._all(), self._logs
        total = 0.0
        for posting in held.postings:
            count = len(posting)
            total += (every - (logs[count] if count < len(logs) else self._log(count))) ** 2
        return total

    def _all(self) -> float:
        return log(len(self._held) + _PRIOR)

    def _log(self, count: int) -> float:
        while count >= len(self._logs):
            self._logs.append(log(len(self._logs) + 1))
        return self._logs[count]

    def _evict(self) -> None:
        newest = self._order[-1].at
        while newest - self._order[self._start].at > self.span or len(self._held) > self.capacity:
            self._drop(self._order[self._start])
            self._start += 1
        if self._start > 1_000 and self._start * 2 > len(self._order):
            del self._order[: self._start]
            self._start = 0

    def _drop(self, place: Place) -> None:
        held = self._held.pop(place.arrival)
        for word in held.features.words:
            postings = self._postings[word]
            postings.discard(place.arrival)
            if not postings:
                del self._postings[word]
