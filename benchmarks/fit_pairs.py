"""Fit the trees that decide whether two articles report one event, and write them to a readable file.

Usage: python benchmarks/fit_pairs.py DOCS.jsonl.gz PAIRS.jsonl.gz OUT.toml   (needs lightgbm, scikit-learn)

PAIRS rows have the fields ``a``, ``b`` and ``label`` (SAME or DIFFERENT). Figures come from five folds; pairs that
share a document, directly or through other pairs, are in one fold. The cut from which a pair counts as the same is
chosen on the out-of-fold scores of the other folds, and the start is shifted so that the cut is 0.5.
"""

from __future__ import annotations

import gzip
import json
import sys
from datetime import UTC, datetime
from math import log
from pathlib import Path

import lightgbm
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from groundswell.feeds.identity import build_article
from groundswell.feeds.jsonl import read_stream
from groundswell.model import Origin
from groundswell.stories.pairs.same_event import TRAIT_NAMES, Background, compute_traits

SETTINGS = {
    "objective": "binary", "num_leaves": 8, "learning_rate": 0.05, "min_data_in_leaf": 8, "feature_fraction": 0.4,
    "extra_trees": True, "lambda_l2": 1.0, "seed": 1, "verbose": -1, "num_threads": 1, "deterministic": True,
}  # fmt: skip
ROUNDS = 200
SHUFFLES = 10
CUTS = np.arange(0.05, 0.8, 0.01)


def compute_f1(predicted, true) -> float:
    return float(2 * (predicted & true).sum() / max(1, predicted.sum() + true.sum()))


def load(docs: Path, pairs: Path):
    entries = {entry.guid: entry for entry in read_stream(docs)}
    now = datetime.now(UTC)
    articles = {key: build_article(e, e.published_at or now, Origin.REPLAY) for key, e in entries.items()}
    with gzip.open(pairs, "rt", encoding="utf-8") as lines:
        every = [json.loads(line) for line in lines]
    rows = list({frozenset((row["a"], row["b"])): row for row in reversed(every)}.values())[::-1]  # each pair once
    background = Background.from_articles(articles.values())
    x = np.array([compute_traits(articles[row["a"]], articles[row["b"]], background) for row in rows])
    number = {key: place for place, key in enumerate(articles)}
    a, b = ([number[row[side]] for row in rows] for side in "ab")
    graph = coo_array((np.ones(len(rows)), (a, b)), shape=(len(number), len(number)))
    return x, np.array([row["label"] == "SAME" for row in rows]), connected_components(graph, directed=False)[1][a]


def score_out_of_fold(x, y, group, seed: int):
    """Return the out-of-fold score and the fold of each pair."""
    fold = np.random.default_rng(seed).permutation(group.max() + 1)[group] % 5
    scores = np.zeros(len(y))
    for k in range(5):
        model = lightgbm.train(SETTINGS, lightgbm.Dataset(x[fold != k], y[fold != k]), ROUNDS)
        scores[fold == k] = model.predict(x[fold == k])
    return scores, fold


def choose_cut(scores, y) -> float:
    """Return the cut with the highest F1, averaged with two cuts on either side to reduce chance."""
    figures = np.array([compute_f1(scores >= cut, y) for cut in CUTS])
    return float(CUTS[np.convolve(np.pad(figures, 2, "edge"), np.full(5, 0.2), "valid").argmax()])


def cross_validate(x, y, group, seed: int) -> tuple[float, float]:
    """Return the F1 with each fold's cut chosen on the other folds, and the best cut on all folds."""
    scores, fold = score_out_of_fold(x, y, group, seed)
    predicted = np.zeros(len(y), bool)
    for k in range(5):
        rest = fold != k
        predicted[~rest] = scores[~rest] >= choose_cut(scores[rest], y[rest])
    return compute_f1(predicted, y), choose_cut(scores, y)


def format_tree(tree) -> str:
    nodes, leaves = [], []

    def walk(node) -> int:
        if "leaf_value" in node:
            leaves.append(node["leaf_value"])
            return -len(leaves)
        place = len(nodes)
        nodes.append([node["split_feature"], node["threshold"], 0, 0])
        nodes[place][2], nodes[place][3] = walk(node["left_child"]), walk(node["right_child"])
        return place

    walk(tree["tree_structure"])
    columns = list(zip(*nodes, strict=True))
    rows = zip(("traits", "cuts", "lower", "upper"), columns, strict=True)
    lines = [f"{name} = [{', '.join(f'{value:.5g}' for value in column)}]" for name, column in rows]
    return "\n".join(["[[tree]]", *lines, f"leaves = [{', '.join(f'{leaf:.5f}' for leaf in leaves)}]"])


def main(docs: Path, pairs: Path, out: Path) -> None:
    x, y, group = load(docs, pairs)
    runs = [cross_validate(x, y, group, seed) for seed in range(SHUFFLES)]
    figure, cut = float(np.mean([run[0] for run in runs])), float(np.median([run[1] for run in runs]))
    model = lightgbm.train(SETTINGS, lightgbm.Dataset(x, y), ROUNDS)
    dump = model.dump_model()["tree_info"]
    print(f"{len(y)} pairs, {y.sum()} same: F1 {figure:.3f} out of fold, cut {cut:.2f}")
    head = (
        "# Written by benchmarks/fit_pairs.py; see groundswell/stories/pairs/same_event.py.\n"
        f"# Fitted on {len(y)} pairs of finance articles of 2012 and 2013, {y.sum()} of them on the same event.\n"
        f"# F1 {figure:.3f} out of fold (five folds of connected articles, {SHUFFLES} shuffles, cut set on the rest).\n"
        "# Traits by number: " + ", ".join(f"{n} {name}" for n, name in enumerate(TRAIT_NAMES)) + ".\n"
        f"start = {-log(cut / (1 - cut)):.5f}\n\n"
    )
    out.write_text(head + "\n\n".join(format_tree(tree) for tree in dump) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
