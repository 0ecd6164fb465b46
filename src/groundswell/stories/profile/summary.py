"""A story in at most three sentences, each word for word from one of its articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum, log, sqrt

from groundswell.model import Article, Sentence
from groundswell.stories.profile.headline import marks
from groundswell.stories.profile.words import content_words, near, sentences

MOST = 3
ARTICLES = 60  # the first so many articles with a text of their own supply sentences
OPENING = 3  # sentences of an excerpt: news says first what matters
LENGTHS = (30, 320)  # characters of a sentence that can stand in a summary
REPEAT = 0.6  # a sentence that shares so much with the headline or a chosen one says nothing new
NOVELTY = 0.35  # how much being unlike the chosen ones counts
LATER = 0.15  # what a sentence loses in worth for each one before it
RELEVANT = 0.35  # of the best cosine with the whole story: below it a sentence is about something else


@dataclass(frozen=True, slots=True)
class Candidate:
    sentence: Sentence
    words: frozenset[str]
    worth: float


def summary(headline: str, articles: Sequence[Article]) -> tuple[Sentence, ...]:
    """Return at most three sentences of ``articles`` (oldest first) that say what ``headline`` leaves out.

    Sentences of excerpts and titles are rated by their cosine similarity to all of them together (the centroid of
    Radev et al., 2004), earlier sentences of an excerpt higher; then picked one by one for being worth much and unlike
    those picked (maximal marginal relevance, Carbonell and Goldstein, SIGIR 1998). Near-repeats of the headline or of
    each other are left out, and so are questions and loud sentences. Empty where the articles say nothing more.
    """
    told = frozenset(content_words(headline))
    candidates = [one for one in _rated(articles) if near(one.words, told) < REPEAT]
    chosen: list[Candidate] = []
    while candidates and len(chosen) < MOST:
        best = max(candidates, key=lambda one: (_gain(one, chosen, told), -candidates.index(one)))
        chosen.append(best)
        candidates = [one for one in candidates if one is not best and near(one.words, best.words) < REPEAT]
    return tuple(one.sentence for one in chosen)


def _gain(one: Candidate, chosen: Sequence[Candidate], told: frozenset[str]) -> float:
    alike = max(near(one.words, words) for words in (told, *(other.words for other in chosen)))
    return (1 - NOVELTY) * one.worth - NOVELTY * alike


def _rated(articles: Sequence[Article]) -> list[Candidate]:
    """The sentences that could stand in a summary, without those about something else."""
    offered = list(_offered(articles))
    holding = Counter(word for _, words, _ in offered for word in words)
    weights = {word: 1 + log(count) for word, count in holding.items()}
    length = sqrt(fsum(weight * weight for weight in weights.values())) or 1.0
    cosines = [fsum(weights[word] for word in words) / (length * sqrt(len(words))) for _, words, _ in offered]
    least = RELEVANT * max(cosines, default=0.0)
    return [
        Candidate(sentence, words, cosine * (1 - LATER * place))
        for (sentence, words, place), cosine in zip(offered, cosines, strict=True)
        if cosine >= least
    ]


def _offered(articles: Sequence[Article]) -> Iterator[tuple[Sentence, frozenset[str], int]]:
    """Sentences with their words and their place in the article; a title stands behind the sentences of a text."""
    seen: set[frozenset[str]] = set()
    for article in _distinct(articles):
        pieces = [*enumerate(sentences(article.text)[:OPENING]), (OPENING, article.title)]
        for place, text in pieces:
            words = frozenset(content_words(text))
            if words not in seen and _stands_alone(text, words):
                seen.add(words)
                yield Sentence(text, article.id, article.publisher, article.url), words, place


def _distinct(articles: Sequence[Article]) -> list[Article]:
    by_words = {(article.title, article.text): article for article in reversed(articles)}
    return list(reversed(by_words.values()))[:ARTICLES]


def _stands_alone(text: str, words: frozenset[str]) -> bool:
    low, high = LENGTHS
    return low <= len(text) <= high and len(words) >= 4 and not text.endswith("?") and marks(text) <= 1
