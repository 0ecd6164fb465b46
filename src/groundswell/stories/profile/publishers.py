"""How many publishers speak for themselves: fifty sites that carry one press release are one voice."""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from groundswell.model import Article
from groundswell.stories.profile.words import TITLE, content_words
from groundswell.text.words import split_plain_words

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

TITLES_ALIKE = 0.8  # Jaccard similarity of the words of two titles from which they are one text
TEXTS_ALIKE = 0.5  # the same of runs of four words of two excerpts
RUN = 4
COMPARED = 32  # of the sets that share a rare word the latest so many: thousands of near-copies stay cheap
LEAST_RUNS = 12  # shorter excerpts are not compared: two sentences may well be alike
WORDS = 80  # of an excerpt that are compared

PLATFORMS = frozenset(("blogspot.com", "medium.com", "substack.com", "tumblr.com", "wordpress.com"))
"""Domains whose sites belong to different publishers, and that the public suffix list does not name."""

_TAIL = re.compile(r"\s+[-–—|]\s+[^-–—|]{1,40}$")
_NOT_NAMES = re.compile(r"[^\w]+")


def independent_publishers(articles: Sequence[Article], texts: Sequence[int] | None = None) -> int:
    """Return how many publishers can each be credited with a text that no other is credited with; 0 of nothing.

    Articles with nearly the same title or excerpt are one text, and articles of one publisher (one name, or one
    registered domain) have one speaker. The answer is the size of the largest matching of publishers and texts: one
    publisher with fifty texts and fifty with one text both count 1, two that share an agency's text but each have
    one of their own as well count 2. Exact sets rather than MinHash sketches: a story is small, and prefix filtering
    (Bayardo, Ma and Srikant, WWW 2007) spares comparing all pairs. ``texts`` is the answer of ``same_texts`` where it
    is known already.
    """
    texts = same_texts(articles) if texts is None else texts
    speakers = _same([_speaker_marks(article) for article in articles])
    credits: dict[int, list[int]] = {}
    for speaker, text in dict.fromkeys(zip(speakers, texts, strict=True)):
        credits.setdefault(speaker, []).append(text)
    return count_largest_matching(credits)


def same_texts(articles: Sequence[Article]) -> list[int]:
    """Number the articles so that near-copies have one number, that of the first of them."""
    titles = [_title(untailed(article)[:TITLE]) for article in articles]
    texts = [_runs(article.text) for article in articles]
    return _joined(len(articles), [*alike(titles, TITLES_ALIKE), *alike(texts, TEXTS_ALIKE)])


def _title(title: str) -> frozenset[str]:
    """The words of a title; one without any that say something is compared as it is."""
    return frozenset(content_words(title)) or frozenset((title.strip().casefold(),))


def untailed(article: Article) -> str:
    """Return the title without the publisher's name at its end ("… - Example Times")."""
    tail = _TAIL.search(article.title[-120:])
    if tail is None:
        return article.title
    named, publisher = _name(tail.group()), _name(article.publisher)
    ours = bool(named and publisher) and (named in publisher or publisher in named)
    return article.title[: -len(tail.group())] if ours else article.title


def alike(sets: Sequence[frozenset[str]], threshold: float) -> list[tuple[int, int]]:
    """Return pairs of places whose sets have a Jaccard similarity of at least ``threshold``; empty sets have none.

    Of equal sets only the first is compared with others, the rest are paired with it; of sets that share one of
    their rarest words the latest ``COMPARED`` are compared, so that the cost is in proportion to the number of sets.
    """
    pairs: list[tuple[int, int]] = []
    first: dict[frozenset[str], int] = {}
    for place, own in enumerate(sets):
        if own and first.setdefault(own, place) != place:
            pairs.append((first[own], place))
    rarity = Counter(word for own in first for word in own)
    postings: defaultdict[str, deque[int]] = defaultdict(lambda: deque(maxlen=COMPARED))
    for own, place in first.items():
        # two sets that are so alike share one of these rarest words
        prefix = sorted(own, key=lambda word: (rarity[word], word))[: int((1 - threshold) * len(own) + 1e-9) + 1]
        for other in sorted({other for word in prefix for other in postings[word]}):
            if len(own & sets[other]) >= threshold * len(own | sets[other]):
                pairs.append((other, place))
        for word in prefix:
            postings[word].append(place)
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


def _runs(text: str) -> frozenset[str]:
    words = split_plain_words(text[:1_200].lower())[:WORDS]
    runs = frozenset(" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1))
    return runs if len(runs) >= LEAST_RUNS else frozenset()


def _speaker_marks(article: Article) -> tuple[str, ...]:
    marks = (_name(article.publisher), registered_domain(article.url))
    return tuple(filter(None, marks)) or ("",)  # nameless ones are taken for one


@lru_cache(maxsize=4_096)
def registered_domain(url: str | None) -> str:
    """Return the domain that a publisher registered, in ASCII ("example.co.uk"), or an empty string if it has none.

    The public suffix list decides, including its private rules and ``PLATFORMS``: "ann.github.io" and
    "ann.substack.com" are publishers of their own. A host that is itself a public suffix ("gob.mx") is its own
    publisher. IP addresses and single labels have no domain.
    """
    try:
        host = (urlsplit(url or "").hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:
        return ""
    with suppress(UnicodeError):
        host = host.encode("idna").decode()
    labels = host.split(".")
    if len(labels) < 2 or not all(labels) or ":" in host or labels[-1].isdigit():
        return ""
    domain: str = _public_suffixes().privatesuffix(host) or host
    return ".".join(labels[-domain.count(".") - 2 :]) if domain in PLATFORMS else domain


@cache
def _public_suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 - reads its list for a tenth of a second

    return PublicSuffixList()


def _name(text: str) -> str:
    return _NOT_NAMES.sub("", text.casefold().replace("www.", ""))


def _same(marks: Sequence[Iterable[Hashable]]) -> list[int]:
    """Number places so that those with a mark in common have one number."""
    first: dict[Hashable, int] = {}
    pairs = [(first.setdefault(mark, place), place) for place, own in enumerate(marks) for mark in own]
    return _joined(len(marks), pairs)


def _joined(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Number places so that those joined by a chain of pairs have one number, that of the first (union-find).

    For the few articles of a story this takes 2 µs, scipy's ``connected_components`` 108 µs: see
    docs/decisions/0015-publisher-domains-and-matching.md.
    """
    root = list(range(count))

    def find(place: int) -> int:
        while root[place] != place:
            root[place] = root[root[place]]
            place = root[place]
        return place

    for one, other in pairs:
        low, high = sorted((find(one), find(other)))
        root[high] = low
    return [find(place) for place in range(count)]
