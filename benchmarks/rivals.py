"""Detectors to compare with: plain single-pass TF-IDF, and TextClust from the river library."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import exp, log, sqrt

from groundswell.model import Article
from groundswell.stories.features import extract_title_words

MIN_JOIN_SIMILARITY = 0.35
DECAY_HOURS = 72.0
MAX_ARTICLES_PER_WORD = 200


def cluster_single_pass(articles: Sequence[Article]) -> list[str]:
    """Join the story of the most similar earlier article, by TF-IDF cosine with decay over time, or found a story."""
    articles_with_word: Counter[str] = Counter()
    postings: defaultdict[str, list[int]] = defaultdict(list)
    vectors: list[dict[str, float]] = []
    stories: list[str] = []
    for number, article in enumerate(articles):
        words = extract_title_words(article.title)
        articles_with_word.update(list(words))
        vector = {word: log((number + 2) / articles_with_word[word]) + 0.01 for word in words}
        length = sqrt(sum(weight**2 for weight in vector.values())) or 1.0
        vector = {word: weight / length for word, weight in vector.items()}
        scores: defaultdict[int, float] = defaultdict(float)
        for word, weight in vector.items():
            for other in postings[word][-MAX_ARTICLES_PER_WORD:]:
                scores[other] += weight * vectors[other][word]
            postings[word].append(number)
        vectors.append(vector)
        decayed = {
            other: score * exp(-abs((article.at - articles[other].at).total_seconds()) / 3_600 / DECAY_HOURS)
            for other, score in scores.items()
        }
        best = max(decayed, key=lambda other: (decayed[other], -other), default=None)
        stories.append(stories[best] if best is not None and decayed[best] >= MIN_JOIN_SIMILARITY else article.id)
    return stories


def cluster_text_clust(articles: Sequence[Article], radius: float = 0.5) -> list[str] | None:
    """Cluster by TextClust (Assenmacher and Trautmann 2022) over TF-IDF; return ``None`` if river is not installed."""
    try:
        from river import cluster, compose, feature_extraction  # noqa: PLC0415 - only for comparison
    except ImportError:
        return None
    model = compose.CycleRunner(
        feature_extraction.BagOfWords(lowercase=True, ngram_range=(1, 1)),
        cluster.TextClust(radius=radius, fading_factor=0.0001, tgap=1_000, auto_r=False, real_time_fading=False),
    )
    stories = []
    for article in articles:
        words = " ".join(extract_title_words(article.title)) or "-"
        model.learn_one(words)
        stories.append(str(model.predict_one(words, type="micro")))
    return stories
