"""Print every measured figure of story detection, next to two rival detectors.

Usage: python benchmarks/stories.py FOLDER [ROW ...]

FOLDER contains the labelled collections and the finance stream. Rows: olympics, aggregator, texts, pairs, speed, crowd,
million; all if none is named. Speeds are for one thread, in processor time.
"""

from __future__ import annotations

import json
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import gzip

import numpy as np
from agreement import Agreement, join_agreements, measure_agreement
from rivals import cluster_single_pass, cluster_text_clust

from groundswell.app.replay import assign_first_seen
from groundswell.cli.main import collect_garbage_rarely
from groundswell.feeds.jsonl import read_stream
from groundswell.hubs.file.load import load_catalog
from groundswell.hubs.tagging.tagger import Tagger
from groundswell.model import Article, Entry, Origin
from groundswell.stories.batch import Ledger, cluster
from groundswell.stories.detector import OnlineStoryDetector, Tuning
from groundswell.stories.features import extract_title_words
from groundswell.stories.pairs.same_event import Background, score_same_event

NOW = datetime(2026, 1, 1, tzinfo=UTC)
START = datetime(2024, 1, 1, tzinfo=UTC)
FOLDS = 5
TIMED_ARTICLES = 1_000  # headlines on which slower rivals are timed


def read_rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def load_labelled(path: Path, arrange: Callable[[list[Entry]], list[Entry]]) -> tuple[list[Article], list[str]]:
    truth = {row["id"]: row["story"] for row in read_rows(path)}
    entries = arrange(list(read_stream(path)))
    return list(assign_first_seen(entries, NOW)), [truth[entry.guid] for entry in entries]


def sort_by_time(entries: list[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.published_at is None, entry.published_at or NOW, entry.guid))


def shuffle_without_times(entries: list[Entry]) -> list[Entry]:
    random.Random(0).shuffle(entries)
    return [replace(entry, published_at=None) for entry in entries]


def detect(articles: Sequence[Article], tuning: Tuning | None = None) -> list[str]:
    stories = cluster(articles, OnlineStoryDetector(tuning=tuning or Tuning()))
    return [stories[article.id] for article in articles]


def report(name: str, agreement: Agreement | None) -> None:
    if agreement is None:
        print(f"  {name}: not installed")
        return
    cubed, pairwise, ratio = agreement.score()
    print(
        f"  {name}: B-cubed F1 {cubed:.1f}, pairwise F1 {pairwise:.1f}, stories detected / labelled {ratio:.2f}",
        flush=True,
    )


def report_rivals(articles: list[Article], true: list[str]) -> None:
    report("plain single pass", measure_agreement(true, cluster_single_pass(articles)))
    detected = cluster_text_clust(articles)
    report("river TextClust", measure_agreement(true, detected) if detected else None)


def detect_without_repairs(articles: Sequence[Article]) -> list[str]:
    """Return the stories as joined online, without any repair."""
    detector = OnlineStoryDetector()
    return [detector.assign(article).story_id for article in articles]


def detect_without_flush(articles: Sequence[Article]) -> list[str]:
    """Return the stories after the last article, without the final repairs."""
    detector, ledger = OnlineStoryDetector(), Ledger()
    for article in articles:
        ledger.place(article.id, detector.assign(article).story_id)
        for repair in detector.repair():
            ledger.apply(repair)
    stories = ledger.stories()
    return [stories[article.id] for article in articles]


def olympics(folder: Path) -> None:
    articles, true = load_labelled(folder / "og2021_eng_first_half.jsonl.gz", sort_by_time)
    fold = np.arange(len(true)) * FOLDS // len(true)
    agreements = [
        measure_agreement(true, detect(articles, Tuning(min_group_similarity=group)))
        for group in (0.26, 0.28, 0.30, 0.31, 0.32, 0.34, 0.36)
    ]
    parts = []
    for k in range(FOLDS):
        others = [(agreement.score(fold != k), number) for number, agreement in enumerate(agreements)]
        best = agreements[max(others, key=lambda other: (other[0][2] <= 1.25, other[0][0]))[1]]
        parts.append((best, np.flatnonzero(fold == k)))
    report("as shipped", measure_agreement(true, detect(articles)))
    report("threshold chosen on the other fifths of the time", join_agreements(parts))
    report("repaired on the way, not flushed", measure_agreement(true, detect_without_flush(articles)))
    report("joined online, never repaired", measure_agreement(true, detect_without_repairs(articles)))
    report_rivals(articles, true)


def aggregator(folder: Path) -> None:
    articles, true = load_labelled(folder / "uci_news_aggregator_head.jsonl.gz", shuffle_without_times)
    report("as shipped", measure_agreement(true, detect(articles)))
    report("repaired on the way, not flushed", measure_agreement(true, detect_without_flush(articles)))
    report("joined online, never repaired", measure_agreement(true, detect_without_repairs(articles)))
    report_rivals(articles, true)


def texts(folder: Path) -> None:
    articles, true = load_labelled(folder / "giveme5w1h.jsonl.gz", sort_by_time)
    report("as shipped", measure_agreement(true, detect(articles)))
    report("repaired on the way, not flushed", measure_agreement(true, detect_without_flush(articles)))
    report_rivals(articles, true)


def pairs(folder: Path) -> None:
    """Print the F1 in sample: the weights were fitted on this set, and their file has the cross-validated figure."""
    entries = list(read_stream(folder / "finpairs_dev_docs.jsonl.gz"))
    now = NOW
    articles = {e.guid: a for e, a in zip(entries, assign_first_seen(sort_by_time(entries), now), strict=True)}
    articles = dict(zip((e.guid for e in sort_by_time(entries)), articles.values(), strict=True))
    background = Background.from_articles(articles.values())
    rows = read_rows(folder / "finpairs_dev.jsonl.gz")
    started = time.process_time()
    same = [score_same_event(articles[row["a"]], articles[row["b"]], background) >= 0.5 for row in rows]
    seconds = time.process_time() - started
    true = [row["label"] == "SAME" for row in rows]
    hits = sum(a and b for a, b in zip(same, true, strict=True))
    print(f"  F1 in sample {2 * hits / (sum(same) + sum(true)):.3f}; {len(rows) / seconds:,.0f} pairs/s")


def speed(folder: Path) -> None:
    """Time reading and identifying, tagging, and detection with and without repairs, all without storage."""
    path = folder / "fin_reuters_guardian_cnbc_2017_2020.jsonl.gz"
    collect_garbage_rarely()  # as the commands do
    started = time.process_time()
    articles = list(assign_first_seen(sort_by_time(list(read_stream(path))), NOW))
    read = time.process_time() - started
    tagger, started = Tagger(load_catalog()), time.process_time()
    for article in articles:
        tagger.tag(article.title, article.text)
    tagged = time.process_time() - started
    whole, joining = [], []
    for _ in range(3):
        for detector, rates, repairing in (
            (OnlineStoryDetector(), whole, True),
            (OnlineStoryDetector(), joining, False),
        ):
            started = time.process_time()
            for article in articles:
                detector.assign(article)
                if repairing:
                    detector.repair()
            rates.append(len(articles) / (time.process_time() - started))
    count = len(articles)
    repaired = count / statistics.median(whole)
    print(
        f"  {count:,} headlines: {count / repaired:,.0f} headlines/s with repairs, {statistics.median(joining):,.0f} "
        f"without; read, detected and repaired {count / (read + repaired):,.0f}; tagged as well "
        f"{count / (read + tagged + repaired):,.0f}; peak memory "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"
    )
    few = articles[:TIMED_ARTICLES]
    ours = measure_rate(cluster, few)
    for name, rival in (("plain single pass", cluster_single_pass), ("river TextClust", cluster_text_clust)):
        if rival(few[:1]) is None:
            print(f"  {name}: not installed")
            continue
        theirs = measure_rate(rival, few)
        print(f"  the first {len(few):,}, already read: {name} {theirs:,.0f} headlines/s, ours {ours:,.0f}")


def measure_rate(cluster_articles: Callable[[list[Article]], object], articles: list[Article]) -> float:
    """Return the headlines per second in the best of three runs."""
    took = []
    for _ in range(3):
        started = time.process_time()
        cluster_articles(articles)
        took.append(time.process_time() - started)
    return len(articles) / min(took)


def build_mixed_articles(folder: Path, count: int, apart: timedelta) -> Iterator[Article]:
    """Yield invented headlines: the first half of one real headline and the second half of another."""
    titles = [row["title"].split() for row in read_rows(folder / "fin_reuters_guardian_cnbc_2017_2020.jsonl.gz")]
    generator = random.Random(0)
    for number in range(count):
        first, second = generator.choice(titles), generator.choice(titles)
        at = START + number * apart
        title = " ".join([*first[: len(first) // 2], *second[len(second) // 2 :]])
        yield Article(f"m{number}", "f", title, "", "P", None, at, at, False, Origin.REPLAY)


def crowd(folder: Path) -> None:
    """Time one assignment among 100,000 remembered articles."""
    detector = OnlineStoryDetector()
    took = []
    for number, article in enumerate(build_mixed_articles(folder, 120_000, timedelta(seconds=2))):
        started = time.thread_time()
        detector.assign(article)
        if number >= 100_000:
            took.append(1_000 * (time.thread_time() - started))
    print(
        f"  one assignment: median {np.percentile(took, 50):.3f} ms, p99 {np.percentile(took, 99):.3f} ms; peak memory "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"
    )


def million(folder: Path) -> None:
    """Time a million headlines, 8,640 a day, next to a constant task, because the load of the machine varies."""
    detector, plain, costs = OnlineStoryDetector(), list(build_mixed_articles(folder, 2_000, timedelta(0))), []
    source = build_mixed_articles(folder, 1_000_000, timedelta(seconds=10))
    for _ in range(10):
        spent = constant = 0.0
        for _ in range(10):
            block = list(islice(source, 10_000))
            started = time.process_time()
            for article in block:
                detector.assign(article)
                detector.repair()
            spent += time.process_time() - started
            started = time.process_time()
            for article in plain:
                extract_title_words(article.title)
            constant += time.process_time() - started
        costs.append((spent * 10, spent / constant))
    print(f"  microseconds per headline, by hundred thousand: {', '.join(f'{cost:.0f}' for cost, _ in costs)}")
    first, *_, last = (against for _, against in costs)
    print(f"  as multiples of the constant task: {', '.join(f'{against:.0f}' for _, against in costs)}")
    print(f"  last / first: {last / first:.2f}; last / second: {last / costs[1][1]:.2f}")


ROWS = (olympics, aggregator, texts, pairs, speed, crowd, million)


def main(folder: Path, names: Sequence[str]) -> None:
    for row in ROWS:
        if names == [row.__name__]:
            row(folder)
        elif not names or row.__name__ in names:  # each in its own process, to measure its peak memory
            print(f"{row.__name__}:", flush=True)
            subprocess.run([sys.executable, __file__, str(folder), row.__name__], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
