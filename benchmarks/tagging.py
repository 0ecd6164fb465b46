"""Measure how well and how fast the packaged hubs tag headlines.

Usage: ``python benchmarks/tagging.py LABELLED.jsonl.gz [STREAM.jsonl.gz]``. Rows of the first file have ``title`` and
``labels``, a string of the letters S, F, P and R. The second file, or otherwise the first, supplies the titles for the
speed.

Rules and examples are written by hand, so no split of these rows is entirely unseen; tagging-results.md says what was
measured before which rows were read. The similarity from which an example admits a headline is chosen by measurement
and cross-validated: four fifths of the rows choose it and the last fifth is scored, for several seeds.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
import time
from collections.abc import Sequence

from groundswell.hubs.file.load import load_catalog
from groundswell.hubs.spec import Examples
from groundswell.hubs.tagging.tagger import Admission, Tagger

LETTER_OF_HUB = {"small-caps": "S", "fomc": "F", "panic-selling": "P", "roic": "R"}
RULES_ONLY = Admission(near=2.0, near_with_topic=2.0)
ADMISSIONS = [
    RULES_ONLY,
    *(Admission(near, topic) for near in (0.5, 0.65, 0.8) for topic in (0.4, 0.5, 0.6, 0.8) if topic <= near),
]
SEEDS = 5
FOLDS = 5

Answers = list[set[str]]


def main(labelled: str, stream: str | None = None) -> None:
    rows = read_rows(labelled)
    labels = [{slug for slug, letter in LETTER_OF_HUB.items() if letter in row["labels"]} for row in rows]
    tags_of = {choice: tag_rows(Tagger(load_catalog(), choice), rows) for choice in ADMISSIONS}
    report("rules alone", tags_of[RULES_ONLY], labels)
    report("rules and examples", tags_of[Admission()], labels)
    for seed in range(SEEDS):
        report(f"similarity chosen on the other folds, seed {seed}", tag_out_of_fold(tags_of, labels, seed), labels)
    titles = [row["title"] for row in (read_rows(stream) if stream else rows * 50)]
    without = [hub.model_copy(update={"examples": Examples()}) for hub in load_catalog()]
    report_speed("rules alone", Tagger(without), titles)
    report_speed("rules and examples", Tagger(load_catalog()), titles)


def read_rows(path: str) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def tag_rows(tagger: Tagger, rows: Sequence[dict[str, str]]) -> Answers:
    return [{tag.hub for tag in tagger.tag(row["title"])} for row in rows]


def tag_out_of_fold(tags_of: dict[Admission, Answers], labels: Answers, seed: int) -> Answers:
    """Return the tags of each fold by the admission that is best on the others; of equals the strictest."""
    order = list(range(len(labels)))
    random.Random(seed).shuffle(order)
    tags: Answers = [set() for _ in labels]
    for fold in range(FOLDS):
        others = [row for position, row in enumerate(order) if position % FOLDS != fold]
        best = max(
            tags_of, key=lambda choice: average_f1(score(select(tags_of[choice], others), select(labels, others)))
        )
        for row in order[fold::FOLDS]:
            tags[row] = tags_of[best][row]
    return tags


def select(answers: Answers, rows: Sequence[int]) -> Answers:
    return [answers[row] for row in rows]


def score(tags: Answers, labels: Answers) -> dict[str, tuple[float, float, float]]:
    """Return the precision, recall and F1 of each hub."""
    scores = {}
    for slug in LETTER_OF_HUB:
        right = sum(slug in tagged and slug in labelled for tagged, labelled in zip(tags, labels, strict=True))
        tag_count, label_count = (sum(slug in hubs for hubs in answers) for answers in (tags, labels))
        f1 = 2 * right / max(tag_count + label_count, 1)
        scores[slug] = right / max(tag_count, 1), right / max(label_count, 1), f1
    return scores


def average_f1(scores: dict[str, tuple[float, float, float]]) -> float:
    return sum(f1 for _, _, f1 in scores.values()) / len(scores)


def report(name: str, tags: Answers, labels: Answers) -> None:
    print(f"{name}: {len(labels)} headlines")
    scores = score(tags, labels)
    for slug, (precision, recall, f1) in scores.items():
        print(f"  {slug:14} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}")
    print(f"  {'average':14} F1 {average_f1(scores):.3f}")


def report_speed(name: str, tagger: Tagger, titles: Sequence[str]) -> None:
    started = time.process_time()
    tagged = sum(bool(tagger.tag(title)) for title in titles)
    seconds = time.process_time() - started
    print(f"{name}: {len(titles):,} titles, {len(titles) / seconds:,.0f} per second on one core; {tagged:,} tagged")


if __name__ == "__main__":
    main(*sys.argv[1:])
