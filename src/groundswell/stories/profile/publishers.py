"""Count the publishers of a story that report independently: fifty sites with one press release count once."""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence

from groundswell.fetch.domains import find_registered_domain
from groundswell.model import Article
from groundswell.stories.profile.words import (
    MAX_PROFILE_TEXT_CHARACTERS,
    MAX_PROFILE_TITLE_CHARACTERS,
    extract_content_words,
)
from groundswell.text.words import split_plain_words

MIN_TITLE_SIMILARITY = 0.8  # Jaccard similarity of the words of two titles from which they are one text
MIN_TEXT_SIMILARITY = 0.5  # the same of the word runs of two excerpts
WORDS_PER_RUN = 4
MIN_RUNS_PER_TEXT = 12  # shorter excerpts are not compared: two sentences may be alike by chance
MAX_WORDS_PER_TEXT = 80
MAX_COMPARED_SETS = 32  # newest sets with the same rare word: bounds the cost of thousands of near-copies

_TITLE_TAIL = re.compile(r"\s+[-–—|]\s+[^-–—|]{1,40}$")
_MAX_TAIL_CHARACTERS = 120
_NOT_IN_NAMES = re.compile(r"[^\w]+")


def count_independent_publishers(articles: Sequence[Article], texts: Sequence[int] | None = None) -> int:
    """Return how many publishers can each be credited with a text that no other is credited with.

    Articles with nearly the same title or excerpt are one text. Articles with the same publisher name or registered
    domain have one publisher. The answer is the size of the largest matching of publishers and texts: one publisher
    with fifty texts counts as one, and so do fifty publishers with one text; two that share an agency's text but each
    have another of their own count as two. No articles give 0.

    Sets are compared exactly rather than by MinHash sketches, because a story is small and prefix filtering (Bayardo,
    Ma and Srikant, WWW 2007) avoids comparing all pairs. ``texts`` may give the result of ``number_texts``.
    """
    texts = number_texts(articles) if texts is None else texts
    publishers = _number_by_marks([_list_publisher_marks(article) for article in articles])
    texts_of: dict[int, list[int]] = {}
    for publisher, text in dict.fromkeys(zip(publishers, texts, strict=True)):
        texts_of.setdefault(publisher, []).append(text)
    return count_largest_matching(texts_of)


def number_texts(articles: Sequence[Article]) -> list[int]:
    """Return a number for each article, equal for near-copies: the position of the first of them."""
    titles = [_list_title_words(strip_publisher(article)[:MAX_PROFILE_TITLE_CHARACTERS]) for article in articles]
    texts = [_list_word_runs(article.text) for article in articles]
    pairs = [*find_similar_pairs(titles, MIN_TITLE_SIMILARITY), *find_similar_pairs(texts, MIN_TEXT_SIMILARITY)]
    return _number_groups(len(articles), pairs)


def _list_title_words(title: str) -> frozenset[str]:
    """Return the content words of a title, or the whole title if it has none."""
    return frozenset(extract_content_words(title)) or frozenset((title.strip().casefold(),))


def strip_publisher(article: Article) -> str:
    """Return the article's title without the publisher's name at its end ("… - Example Times")."""
    tail = _TITLE_TAIL.search(article.title[-_MAX_TAIL_CHARACTERS:])
    if tail is None:
        return article.title
    ending, publisher = _fold_name(tail.group()), _fold_name(article.publisher)
    is_publisher = bool(ending and publisher) and (ending in publisher or publisher in ending)
    return article.title[: -len(tail.group())] if is_publisher else article.title


def find_similar_pairs(sets: Sequence[frozenset[str]], threshold: float) -> list[tuple[int, int]]:
    """Return pairs of positions whose sets have a Jaccard similarity of at least ``threshold``; empty sets have none.

    The first of equal sets is compared with other sets, and paired with its equals. Of the sets that share one of their
    rarest words, the newest ``MAX_COMPARED_SETS`` are compared, so that the cost is proportional to the number of sets.
    """
    pairs: list[tuple[int, int]] = []
    first_position: dict[frozenset[str], int] = {}
    for position, words in enumerate(sets):
        if words and first_position.setdefault(words, position) != position:
            pairs.append((first_position[words], position))
    frequency = Counter(word for words in first_position for word in words)
    postings: defaultdict[str, deque[int]] = defaultdict(lambda: deque(maxlen=MAX_COMPARED_SETS))
    for words, position in first_position.items():
        # two sets of this similarity share at least one of these rarest words
        prefix = sorted(words, key=lambda word: (frequency[word], word))
        prefix = prefix[: int((1 - threshold) * len(words) + 1e-9) + 1]
        for other in sorted({other for word in prefix for other in postings[word]}):
            if len(words & sets[other]) >= threshold * len(words | sets[other]):
                pairs.append((other, position))
        for word in prefix:
            postings[word].append(position)
    return pairs


def count_largest_matching(credits: Mapping[int, Collection[int]]) -> int:
    """Return the size of the largest matching of the keys and the values listed for each."""
    if len(credits) < 2:
        return min(1, sum(map(len, credits.values())))
    from scipy.sparse import csr_array  # noqa: PLC0415 - takes a quarter of a second, and most stories have one publisher
    from scipy.sparse.csgraph import maximum_bipartite_matching  # noqa: PLC0415

    edges = [(row, value) for row, values in enumerate(credits.values()) for value in values]
    rows, values = [row for row, _ in edges], [value for _, value in edges]
    columns = {value: column for column, value in enumerate(dict.fromkeys(values))}
    cells = ([1] * len(edges), (rows, [columns[value] for value in values]))
    matched = maximum_bipartite_matching(csr_array(cells, shape=(len(credits), max(1, len(columns)))))
    return int((matched >= 0).sum())


def _list_word_runs(text: str) -> frozenset[str]:
    words = split_plain_words(text[:MAX_PROFILE_TEXT_CHARACTERS].lower())[:MAX_WORDS_PER_TEXT]
    starts = range(len(words) - WORDS_PER_RUN + 1)
    runs = frozenset(" ".join(words[start : start + WORDS_PER_RUN]) for start in starts)
    return runs if len(runs) >= MIN_RUNS_PER_TEXT else frozenset()


def _list_publisher_marks(article: Article) -> tuple[str, ...]:
    """Return what identifies the article's publisher; articles without any mark count as one publisher."""
    domain = find_registered_domain(article.url) if article.domain is None else article.domain
    marks = (_fold_name(article.publisher), domain)
    return tuple(filter(None, marks)) or ("",)


def _fold_name(name: str) -> str:
    return _NOT_IN_NAMES.sub("", name.casefold().replace("www.", ""))


def _number_by_marks(marks: Sequence[Iterable[Hashable]]) -> list[int]:
    """Return a number for each position, equal for positions that are linked by common marks."""
    first_position: dict[Hashable, int] = {}
    pairs = [
        (first_position.setdefault(mark, position), position)
        for position, position_marks in enumerate(marks)
        for mark in position_marks
    ]
    return _number_groups(len(marks), pairs)


def _number_groups(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Return a number for each position, equal for positions linked by pairs: the first of them (union-find).

    For the few articles of a story this takes 2 µs, scipy's ``connected_components`` 108 µs: see
    docs/decisions/0015-publisher-domains-and-matching.md.
    """
    root = list(range(count))

    def find(position: int) -> int:
        while root[position] != position:
            root[position] = root[root[position]]
            position = root[position]
        return position

    for first, second in pairs:
        low, high = sorted((find(first), find(second)))
        root[high] = low
    return [find(position) for position in range(count)]
