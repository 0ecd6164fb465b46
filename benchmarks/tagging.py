"""How well and how fast the packaged hubs tag headlines.

Usage: ``python benchmarks/tagging.py LABELLED.jsonl.gz [STREAM.jsonl.gz]``. Rows of the first file hold ``title`` and
``labels``, a string of the letters S, F, P and R. The rules were written with an eye on its even rows; the odd rows
are unseen and give the honest figure. The second file, or else the first, gives the titles for the speed.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Sequence

from groundswell.hubs.load import catalog
from groundswell.hubs.tagging import Tagger

LETTERS = {"small-caps": "S", "fomc": "F", "panic-selling": "P", "roic": "R"}


def main(labelled: str, stream: str | None = None) -> None:
    tagger = Tagger(catalog())
    rows = read(labelled)
    for name, half in (("even rows (seen)", rows[::2]), ("odd rows (unseen)", rows[1::2])):
        print(f"{name}: {len(half)} headlines")
        report(tagger, half)
    titles = [row["title"] for row in (read(stream) if stream else rows * 50)]
    started = time.perf_counter()
    tagged = sum(bool(tagger.tag(title)) for title in titles)
    seconds = time.perf_counter() - started
    print(f"{len(titles):,} titles in {seconds:.2f} s: {len(titles) / seconds:,.0f} a second; {tagged:,} tagged")


def read(path: str) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def report(tagger: Tagger, rows: Sequence[dict[str, str]]) -> None:
    given = [{tag.hub for tag in tagger.tag(row["title"])} for row in rows]
    scores = []
    for slug, letter in LETTERS.items():
        right = sum(slug in hubs and letter in row["labels"] for hubs, row in zip(given, rows, strict=True))
        said = sum(slug in hubs for hubs in given)
        true = sum(letter in row["labels"] for row in rows)
        scores.append(2 * right / (said + true) if said + true else 1.0)
        precision, recall = right / max(said, 1), right / max(true, 1)
        print(f"  {slug:14} precision {precision:.3f}  recall {recall:.3f}  F1 {scores[-1]:.3f}  ({true} labelled)")
    print(f"  {'average':14} F1 {sum(scores) / len(scores):.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
