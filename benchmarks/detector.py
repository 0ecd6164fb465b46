"""Measures the story detector: headlines a second, peak memory, and agreement with labelled stories.

Usage: python benchmarks/detector.py STREAM.jsonl.gz LABELLED.jsonl.gz

LABELLED rows carry the true story in the field ``story``. B-cubed and pairwise figures are told as percentages.
"""

from __future__ import annotations

import gzip
import json
import resource
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from math import comb
from pathlib import Path

from groundswell.feeds.identity import article_from
from groundswell.feeds.stream import read_stream
from groundswell.stories.detect import StoryDetector
from groundswell.types import Article, Origin


def articles_of(path: Path) -> list[tuple[str, Article]]:
    """The dated documents in order of publication, each with its document id."""
    entries = [entry for entry in read_stream(path) if entry.published_at is not None]
    entries.sort(key=lambda entry: (entry.published_at or datetime.min.replace(tzinfo=UTC), entry.guid))
    return [(entry.guid, article_from(entry, entry.published_at, Origin.REPLAY)) for entry in entries]


def f1(precision: float, recall: float) -> float:
    return 200 * precision * recall / (precision + recall)


def agreement(true: list[str], found: list[str]) -> tuple[float, float]:
    """B-cubed F1 (Bagga and Baldwin 1998) and pairwise F1, in percent."""
    both, trues, founds = Counter(zip(true, found, strict=True)), Counter(true), Counter(found)
    precision = sum(n * n / founds[cluster] for (_, cluster), n in both.items()) / len(true)
    recall = sum(n * n / trues[story] for (story, _), n in both.items()) / len(true)
    pairs = sum(comb(n, 2) for n in both.values())
    pair_precision = pairs / sum(comb(n, 2) for n in founds.values())
    pair_recall = pairs / sum(comb(n, 2) for n in trues.values())
    return f1(precision, recall), f1(pair_precision, pair_recall)


def main(stream: Path, labelled: Path) -> None:
    """Print the speed on ``stream`` and the agreement on ``labelled``."""
    articles = [article for _, article in articles_of(stream)]
    detector = StoryDetector()
    started = time.process_time()
    stories = {detector.assign(article).story_id for article in articles}
    seconds = time.process_time() - started
    print(f"{len(articles):,} headlines, {len(stories):,} stories, {len(articles) / seconds:,.0f} headlines/s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
    with gzip.open(labelled, "rt", encoding="utf-8") as lines:
        truth = {row["id"]: row["story"] for row in map(json.loads, lines)}
    detector = StoryDetector()
    placed = [(truth[key], detector.assign(article).story_id) for key, article in articles_of(labelled)]
    cubed, pairwise = agreement([true for true, _ in placed], [found for _, found in placed])
    print(f"{len(placed):,} labelled headlines: B-cubed F1 {cubed:.1f}, pairwise F1 {pairwise:.1f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
