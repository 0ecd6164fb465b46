"""How well and how fast the packaged hubs tag headlines.

Usage: ``python benchmarks/tagging.py LABELLED.jsonl.gz [STREAM.jsonl.gz]``. Rows of the first file hold ``title`` and
``labels``, a string of the letters S, F, P and R. The second file, or else the first, gives the titles for the speed.

Rules and examples are written by hand, so that no split of these rows is wholly unseen; tagging-results.md says what
was measured before which rows were looked at. What is chosen by measurement, the nearness from which an example
lets a headline in, is cross-validated: four fifths of the rows choose it, the last fifth is judged, for several seeds.
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

LETTERS = {"small-caps": "S", "fomc": "F", "panic-selling": "P", "roic": "R"}
OFF = Admission(near=2.0, near_with_topic=2.0)
CHOICES = [
    OFF,
    *(Admission(near, topic) for near in (0.5, 0.65, 0.8) for topic in (0.4, 0.5, 0.6, 0.8) if topic <= near),
]
SEEDS = 5
FOLDS = 5

Answers = list[set[str]]


def main(labelled: str, stream: str | None = None) -> None:
    rows = read(labelled)
    true = [{slug for slug, letter in LETTERS.items() if letter in row["labels"]} for row in rows]
    given = {choice: answers(Tagger(load_catalog(), choice), rows) for choice in CHOICES}
    report("rules alone", given[OFF], true)
    report("rules and examples", given[Admission()], true)
    for seed in range(SEEDS):
        report(f"nearness chosen on the other folds, seed {seed}", out_of_fold(given, true, seed), true)
    titles = [row["title"] for row in (read(stream) if stream else rows * 50)]
    without = [hub.model_copy(update={"examples": Examples()}) for hub in load_catalog()]
    speed("rules alone", Tagger(without), titles)
    speed("rules and examples", Tagger(load_catalog()), titles)


def read(path: str) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def answers(tagger: Tagger, rows: Sequence[dict[str, str]]) -> Answers:
    return [{tag.hub for tag in tagger.tag(row["title"])} for row in rows]


def out_of_fold(given: dict[Admission, Answers], true: Answers, seed: int) -> Answers:
    """The answers for each fold under the choice that is best on the others; of equal ones the most careful."""
    order = list(range(len(true)))
    random.Random(seed).shuffle(order)
    found: Answers = [set() for _ in true]
    for fold in range(FOLDS):
        others = [place for position, place in enumerate(order) if position % FOLDS != fold]
        best = max(given, key=lambda choice: mean(scores(pick(given[choice], others), pick(true, others))))
        for place in order[fold::FOLDS]:
            found[place] = given[best][place]
    return found


def pick(sets: Answers, places: Sequence[int]) -> Answers:
    return [sets[place] for place in places]


def scores(given: Answers, true: Answers) -> dict[str, tuple[float, float, float]]:
    """Precision, recall and F1 of each hub."""
    found = {}
    for slug in LETTERS:
        right = sum(slug in one and slug in other for one, other in zip(given, true, strict=True))
        said, there = (sum(slug in one for one in sets) for sets in (given, true))
        found[slug] = right / max(said, 1), right / max(there, 1), 2 * right / max(said + there, 1)
    return found


def mean(found: dict[str, tuple[float, float, float]]) -> float:
    return sum(f1 for _, _, f1 in found.values()) / len(found)


def report(name: str, given: Answers, true: Answers) -> None:
    print(f"{name}: {len(true)} headlines")
    found = scores(given, true)
    for slug, (precision, recall, f1) in found.items():
        print(f"  {slug:14} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}")
    print(f"  {'average':14} F1 {mean(found):.3f}")


def speed(name: str, tagger: Tagger, titles: Sequence[str]) -> None:
    started = time.process_time()
    tagged = sum(bool(tagger.tag(title)) for title in titles)
    seconds = time.process_time() - started
    print(f"{name}: {len(titles):,} titles, {len(titles) / seconds:,.0f} a second of one core; {tagged:,} tagged")


if __name__ == "__main__":
    main(*sys.argv[1:])
