"""The recent articles in order of publication, indexed by the words of their titles."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log

from groundswell.model import Article
from groundswell.stories.features import MIN_FULL_TEXT_CHARACTERS
from groundswell.stories.indexed_article import (
    ARRIVAL_BITS,
    MICROSECOND,
    IndexedArticle,
    find_lowest_key,
    find_lowest_key_before,
)

_PRIOR_ARTICLES = 1_000  # added to the number of articles, so that weights are usable while the window is nearly empty


@dataclass(frozen=True, slots=True)
class CandidateSearch:
    """How the window finds articles that a new one may join.

    The ``rare_words`` rarest words of the new title propose the newest ``articles_per_word`` articles that contain
    them. The ``max_candidates`` best are returned, without those that cannot reach the cosine ``min_similarity``.
    """

    rare_words: int = 5
    articles_per_word: int = 32
    max_candidates: int = 5
    min_similarity: float = 0.38


class ArticleWindow:
    """A moving window over articles. All its answers follow from the articles in it and their order.

    It contains the articles published at most ``span`` before the newest instant seen, and in addition the newest
    ``min_articles`` of any age, but never more than the newest ``capacity``. Postings are sorted by key, so that a
    window restored after out-of-order arrivals equals the original.
    """

    def __init__(self, span: timedelta, capacity: int, min_articles: int) -> None:
        self._span = span // MICROSECOND
        self.capacity = capacity
        self.min_articles = min(min_articles, capacity)
        self._keys: list[int] = []
        self._start = 0  # keys before this position have left; the list is shortened now and then
        self._articles: dict[int, IndexedArticle] = {}
        self._postings: dict[str, list[int]] = {}
        self._story_keys: dict[str, set[int]] = {}
        self._arrivals = 0
        self._full_text_keys: list[int] = []
        self._has_dropped = False

    def __len__(self) -> int:
        return len(self._articles)

    def __getitem__(self, key: int) -> IndexedArticle:
        return self._articles[key]

    @property
    def newest_at(self) -> datetime | None:
        """The instant of the newest article, or ``None`` for an empty window."""
        return self._articles[self._keys[-1]].at if self._articles else None

    def list_newest_keys(self, count: int) -> set[int]:
        """Return the keys of the newest ``count`` articles."""
        return set(self._keys[max(self._start, len(self._keys) - count) :])

    def list_keys_since(self, at: datetime) -> set[int]:
        """Return the keys of the articles that are no older than ``at``."""
        return set(self._keys[bisect_left(self._keys, find_lowest_key(at), lo=self._start) :])

    def list_articles_around(self, first_key: int, span: timedelta, limit: int) -> list[IndexedArticle]:
        """Return in order the articles from ``span`` before ``first_key`` on, and the older ones with a full text.

        At most the newest ``limit`` of each kind are returned.
        """
        keys = self._keys
        oldest = find_lowest_key_before(first_key, span)
        start = max(self._start, len(keys) - limit, bisect_left(keys, oldest, lo=self._start))
        older_full_texts = self._full_text_keys[: bisect_left(self._full_text_keys, keys[start])][-limit:]
        return [self._articles[key] for key in (*older_full_texts, *keys[start:])]

    def prepare(self, article: Article, words: dict[str, str]) -> IndexedArticle:
        """Return ``article`` as the window would index it if it were added next, in no story yet."""
        return IndexedArticle(article, words, self._arrivals)

    def add(self, new: IndexedArticle, story_id: str) -> None:
        """Add a prepared article to a story, and drop the articles that leave the window because of it."""
        self._arrivals += 1
        self._insert(new, story_id)
        self._evict()

    def find_key(self, article: Article) -> int | None:
        """Return the key of an article in the window, which has the instant of ``article``; None if there is none."""
        lowest = find_lowest_key(article.at)
        first = bisect_left(self._keys, lowest, lo=self._start)
        keys = self._keys[first : bisect_left(self._keys, lowest + (1 << ARRIVAL_BITS), lo=first)]
        return next((key for key in keys if self._articles[key].article.id == article.id), None)

    def precedes(self, article: Article) -> bool:
        """Whether an article is too old for the window."""
        key, count = find_lowest_key(article.at) + (1 << ARRIVAL_BITS), len(self)
        if not count or key > self._keys[self._start]:
            return False
        is_too_old = key <= (self._keys[-1] >> ARRIVAL_BITS) - self._span << ARRIVAL_BITS
        return count >= self.capacity or (count >= self.min_articles and is_too_old)

    def forget_older(self) -> None:
        """Note that there may be older articles than those in the window."""
        self._has_dropped = True

    def take_out(self, key: int) -> IndexedArticle:
        """Take an article out of the window and return it."""
        del self._keys[bisect_left(self._keys, key, lo=self._start)]
        taken = self._articles.pop(key)
        self._remove_from_story(taken)
        if len(taken.article.text) >= MIN_FULL_TEXT_CHARACTERS:
            self._full_text_keys.remove(key)
        for word in taken.words:
            self._remove_posting(word, key)
        return taken

    def put_back(self, taken: IndexedArticle, article: Article, words: dict[str, str]) -> IndexedArticle | None:
        """Put an article that was taken out back into its story under another title or time, in its order of arrival.

        Returns None, and puts nothing back, if its new time would change which other articles are in the window.
        """
        new = IndexedArticle(article, words, taken.key & ((1 << ARRIVAL_BITS) - 1))
        if article.at != taken.at and not self._would_contain_the_same(taken.key, new.key):
            return None
        self._insert(new, taken.story_id)
        self._evict()
        return new if new.key in self._articles else None

    def _would_contain_the_same(self, former_key: int, key: int) -> bool:
        """Whether a window restored with another key of one article would have the same articles in the same order."""
        keys, lowest = self._keys[self._start :], key >> ARRIVAL_BITS << ARRIVAL_BITS
        if bisect_left(keys, lowest) != bisect_left(keys, lowest + (1 << ARRIVAL_BITS)):
            return False  # another article has the same instant
        return not self._has_dropped or (bool(keys) and keys[0] < key and max(key, former_key) < keys[-1])

    def list_story(self, story_id: str) -> list[IndexedArticle]:
        """Return the articles of a story that are in the window, in order."""
        return [self._articles[key] for key in sorted(self._story_keys.get(story_id, ()))]

    def _insert(self, new: IndexedArticle, story_id: str) -> None:
        key, keys = new.key, self._keys
        new.story_id = story_id
        is_late = bool(keys) and key < keys[-1]
        if is_late:
            insort(keys, key, lo=self._start)
        else:
            keys.append(key)
        self._articles[key] = new
        if len(new.article.text) >= MIN_FULL_TEXT_CHARACTERS:
            insort(self._full_text_keys, key)
        self._story_keys.setdefault(story_id, set()).add(key)
        postings = self._postings
        for word in new.words:
            word_keys = postings.get(word)
            if word_keys is None:
                postings[word] = [key]
            elif is_late:
                insort(word_keys, key)
            else:
                word_keys.append(key)

    def find_candidates(
        self, new: IndexedArticle, max_age: timedelta, search: CandidateSearch
    ) -> tuple[list[tuple[int, float]], dict[str, float]]:
        """Return the articles worth comparing with ``new``, best first, and the squared weights of the new words.

        Each candidate is a key with an upper bound on the squared weight of the words that it shares. None is older by
        more than ``max_age``. An article whose shared words cannot reach ``search.min_similarity``, however short its
        title is, is left out.
        """
        known_words, squares = self._weigh_words(new.words)
        unseen = sum([squares[word] for _, word in known_words[search.rare_words :]])
        needed = sum(squares.values()) * search.min_similarity**2 - unseen
        oldest = find_lowest_key_before(new.key, max_age)
        shared: dict[int, float] = {}
        for _, word in known_words[: search.rare_words]:
            word_keys = self._postings[word]
            if word_keys[-1] < oldest:
                continue
            newest = word_keys[-search.articles_per_word :]
            if newest[0] < oldest:
                newest = newest[bisect_left(newest, oldest) :]
            elif len(newest) < len(word_keys):  # older articles may contain the word too
                unseen += squares[word]
            for key in newest:
                shared[key] = shared.get(key, 0.0) + squares[word]
        candidates = sorted([(-weight, key) for key, weight in shared.items() if weight >= needed])
        return [(key, unseen - weight) for weight, key in candidates[: search.max_candidates]], squares

    def _weigh_words(self, words: Iterable[str]) -> tuple[list[tuple[int, str]], dict[str, float]]:
        """Return the known words with their article counts, rarest first, and the squared weights of all words."""
        log_size = log(len(self._articles) + _PRIOR_ARTICLES)
        known_words: list[tuple[int, str]] = []
        squares: dict[str, float] = {}
        for word in words:
            word_keys = self._postings.get(word)
            count = 0
            if word_keys is not None:
                count = len(word_keys)
                known_words.append((count, word))
            squares[word] = (log_size - log(count + 1)) ** 2
        known_words.sort()
        return known_words, squares

    def compute_squared_length(self, words: Iterable[str]) -> float:
        """Return the squared length of the vector of inverse document frequencies of an indexed article's words."""
        log_size = log(len(self._articles) + _PRIOR_ARTICLES)
        postings = self._postings
        return sum([(log_size - log(len(postings[word]) + 1)) ** 2 for word in words])

    def move_article(self, key: int, story_id: str) -> None:
        """Move an article to another story."""
        article = self._articles[key]
        self._remove_from_story(article)
        article.story_id = story_id
        self._story_keys.setdefault(story_id, set()).add(key)

    def merge_stories(self, source: str, target: str) -> None:
        """Move all articles of the story ``source`` to the story ``target``."""
        for key in sorted(self._story_keys.get(source, ())):
            self.move_article(key, target)

    def _remove_from_story(self, article: IndexedArticle) -> None:
        story_keys = self._story_keys[article.story_id]
        story_keys.discard(article.key)
        if not story_keys:
            del self._story_keys[article.story_id]

    def _evict(self) -> None:
        keys, articles = self._keys, self._articles
        if len(articles) <= self.min_articles:
            return
        oldest = (keys[-1] >> ARRIVAL_BITS) - self._span << ARRIVAL_BITS
        while len(articles) > self.capacity or (len(articles) > self.min_articles and keys[self._start] < oldest):
            self._drop(keys[self._start])
            self._start += 1
        if self._start > 1_000 and self._start * 2 > len(keys):
            del keys[: self._start]
            self._start = 0

    def _drop(self, key: int) -> None:
        self._has_dropped = True
        article = self._articles.pop(key)
        self._remove_from_story(article)
        if self._full_text_keys and self._full_text_keys[0] == key:
            del self._full_text_keys[0]
        for word in article.words:
            self._remove_posting(word, key)

    def _remove_posting(self, word: str, key: int) -> None:
        word_keys = self._postings[word]
        if len(word_keys) == 1:
            del self._postings[word]
        else:
            del word_keys[bisect_left(word_keys, key)]
