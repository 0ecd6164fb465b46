"""Summarize a story in at most three sentences, each quoted word for word from one of its articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum, log, sqrt

from groundswell.model import Article, Sentence
from groundswell.stories.profile.headline import count_sensation_marks
from groundswell.stories.profile.words import compute_overlap, extract_content_words, split_sentences

MAX_SENTENCES = 3
MAX_ARTICLES = 60  # distinct articles that supply sentences, oldest first
SENTENCES_PER_TEXT = 3  # at the beginning, where news says what matters
MIN_SENTENCE_CHARACTERS, MAX_SENTENCE_CHARACTERS = 30, 320
MIN_SENTENCE_WORDS = 4
MAX_SENSATION_MARKS_PER_SENTENCE = 1
REPEAT_OVERLAP = 0.6  # with the headline or a chosen sentence, from which a sentence says nothing new
NOVELTY_WEIGHT = 0.35  # of being unlike the chosen sentences, against relevance
RELEVANCE_LOSS_PER_SENTENCE = 0.15  # for each sentence before it in its text
MIN_RELATIVE_COSINE = 0.35  # of the best cosine with the whole story; below it a sentence is about something else


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may be part of a summary, with its words and its relevance to the story."""

    sentence: Sentence
    words: frozenset[str]
    relevance: float


def summarize(headline: str, articles: Sequence[Article]) -> tuple[Sentence, ...]:
    """Return at most three sentences of ``articles`` (oldest first) that add to ``headline``.

    Sentences of excerpts and titles are rated by their cosine similarity to all of them together (the centroid of
    Radev et al., 2004), earlier sentences of an excerpt higher. They are then chosen one by one for being relevant and
    unlike those already chosen (maximal marginal relevance, Carbonell and Goldstein, SIGIR 1998). Near-repeats of the
    headline or of each other, questions and sensational sentences are left out. The result is empty if the articles
    say nothing beyond the headline.
    """
    headline_words = frozenset(extract_content_words(headline))
    candidates = [
        candidate
        for candidate in _rate_candidates(articles)
        if compute_overlap(candidate.words, headline_words) < REPEAT_OVERLAP
    ]
    chosen: list[Candidate] = []
    while candidates and len(chosen) < MAX_SENTENCES:
        known_words = [headline_words, *(candidate.words for candidate in chosen)]
        gains = [_compute_gain(candidate, known_words) for candidate in candidates]
        best = candidates[gains.index(max(gains))]
        chosen.append(best)
        candidates = [
            candidate
            for candidate in candidates
            if candidate is not best and compute_overlap(candidate.words, best.words) < REPEAT_OVERLAP
        ]
    return tuple(candidate.sentence for candidate in chosen)


def _compute_gain(candidate: Candidate, known_words: Sequence[frozenset[str]]) -> float:
    overlap = max(compute_overlap(candidate.words, words) for words in known_words)
    return (1 - NOVELTY_WEIGHT) * candidate.relevance - NOVELTY_WEIGHT * overlap


def _rate_candidates(articles: Sequence[Article]) -> list[Candidate]:
    """Return the sentences that may be part of a summary, without those about something else."""
    sentences = list(_list_sentences(articles))
    counts = Counter(word for _, words, _ in sentences for word in words)
    weights = {word: 1 + log(count) for word, count in counts.items()}
    length = sqrt(fsum(weight * weight for weight in weights.values())) or 1.0
    cosines = [fsum(weights[word] for word in words) / (length * sqrt(len(words))) for _, words, _ in sentences]
    min_cosine = MIN_RELATIVE_COSINE * max(cosines, default=0.0)
    return [
        Candidate(sentence, words, cosine * (1 - RELEVANCE_LOSS_PER_SENTENCE * position))
        for (sentence, words, position), cosine in zip(sentences, cosines, strict=True)
        if cosine >= min_cosine
    ]


def _list_sentences(articles: Sequence[Article]) -> Iterator[tuple[Sentence, frozenset[str], int]]:
    """Yield sentences with their words and their position in the article; a title counts after the text."""
    seen: set[frozenset[str]] = set()
    for article in _list_distinct_articles(articles):
        texts = [*enumerate(split_sentences(article.text)[:SENTENCES_PER_TEXT]), (SENTENCES_PER_TEXT, article.title)]
        for position, text in texts:
            words = frozenset(extract_content_words(text))
            if words not in seen and _is_quotable(text, words):
                seen.add(words)
                yield Sentence(text, article.id, article.publisher, article.url), words, position


def _list_distinct_articles(articles: Sequence[Article]) -> list[Article]:
    by_words = {(article.title, article.text): article for article in reversed(articles)}
    return list(reversed(by_words.values()))[:MAX_ARTICLES]


def _is_quotable(text: str, words: frozenset[str]) -> bool:
    is_sentence = MIN_SENTENCE_CHARACTERS <= len(text) <= MAX_SENTENCE_CHARACTERS and len(words) >= MIN_SENTENCE_WORDS
    return is_sentence and not text.endswith("?") and count_sensation_marks(text) <= MAX_SENSATION_MARKS_PER_SENTENCE
