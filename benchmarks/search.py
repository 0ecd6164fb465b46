"""How long looking for stories takes in a store of 100,000 stories: processor time of one search, first page.

The headlines are drawn from a fixed seed with words as frequent as in language (Zipf), so that common words are common.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path

from groundswell.model import Article, Assignment, Member, Origin, StoryFilter, Tag
from groundswell.storage.engine.store import Store
from groundswell.storage.news import articles, queries

START = datetime(2020, 1, 1, tzinfo=UTC)
VOCABULARY = 40_000


def headlines(count: int, seed: int = 1):
    draw = random.Random(seed)
    words = [f"w{number}" for number in range(VOCABULARY)]
    weights = list(accumulate(1 / (rank + 1) for rank in range(VOCABULARY)))
    for number in range(count):
        at = START + timedelta(minutes=number)
        title = " ".join(draw.choices(words, cum_weights=weights, k=10))
        ident = f"{number:016x}"
        article = Article(ident, "feed", title, "", f"p{number % 90}", None, at, at, False, Origin.REPLAY)
        tags = (Tag("fomc", ("why",)),) if number % 20 == 0 else ()
        yield Member(article, Assignment(ident, ident, True, 0.0, ()), tags)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=100_000)
    count = parser.parse_args().stories
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(str(Path(folder) / "store.db"))
        rows, began = headlines(count), time.process_time()
        while batch := list(islice(rows, 5000)):
            with store.write() as connection:
                articles.add_members(connection, batch)
        print(f"{count:,} stories made and stored in {time.process_time() - began:.0f} s of processor time")
        draw, spent = random.Random(2), []
        for _ in range(300):
            words = " ".join(f"w{min(int(draw.paretovariate(0.7)), VOCABULARY) - 1}" for _ in range(draw.randint(1, 3)))
            spent.append(asked(store, StoryFilter(words=words)))
        told("one to three words, drawn as in language", spent)
        told("the most frequent word", [asked(store, StoryFilter(words="w0")) for _ in range(20)])
        told("the three most frequent words", [asked(store, StoryFilter(words="w0 w1 w2")) for _ in range(20)])
        told("a word and a hub", [asked(store, StoryFilter(words="w9", hub="fomc")) for _ in range(20)])
        told("a publisher", [asked(store, StoryFilter(publisher=f"p{number}")) for number in range(20)])
        told("nothing", [asked(store, StoryFilter(words="absent")) for _ in range(20)])
        store.close()


def asked(store: Store, wanted: StoryFilter) -> float:
    began = time.process_time()
    with store.read() as connection:
        known = articles.choose_visibility(connection, None)
        ids, _ = queries.list_story_ids(connection, wanted, known, queries.read_list_start(connection), 20)
        articles.read_members(connection, ids, None)
    return 1000 * (time.process_time() - began)


def told(what: str, spent: list[float]) -> None:
    p50, p95 = statistics.median(spent), statistics.quantiles(spent, n=20)[-1]
    print(f"{what}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, n {len(spent)}")


if __name__ == "__main__":
    main()
