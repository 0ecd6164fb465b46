"""Measure the processor time of one search, first page, in a store of 100,000 stories.

The headlines are drawn with a fixed seed; words are as frequent as in language (Zipf).
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path

from groundswell.model import Article, Assignment, Member, Origin, StoryFilter, Tag
from groundswell.storage.engine.store import Store
from groundswell.storage.news import articles, queries

START = datetime(2020, 1, 1, tzinfo=UTC)
VOCABULARY_SIZE = 40_000


def generate_headlines(count: int, seed: int = 1):
    draw = random.Random(seed)
    words = [f"w{number}" for number in range(VOCABULARY_SIZE)]
    weights = list(accumulate(1 / (rank + 1) for rank in range(VOCABULARY_SIZE)))
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
        rows, started = generate_headlines(count), time.process_time()
        while batch := list(islice(rows, 5000)):
            with store.write() as connection:
                articles.add_members(connection, batch)
        print(f"{count:,} stories generated and stored in {time.process_time() - started:.0f} s of processor time")
        draw, times = random.Random(2), []
        for _ in range(300):
            words = " ".join(
                f"w{min(int(draw.paretovariate(0.7)), VOCABULARY_SIZE) - 1}" for _ in range(draw.randint(1, 3))
            )
            times.append(time_search(store, StoryFilter(words=words)))
        print_times("one to three words, drawn as in language", times)
        print_times("the most frequent word", [time_search(store, StoryFilter(words="w0")) for _ in range(20)])
        print_times(
            "the three most frequent words", [time_search(store, StoryFilter(words="w0 w1 w2")) for _ in range(20)]
        )
        print_times("a word and a hub", [time_search(store, StoryFilter(words="w9", hub="fomc")) for _ in range(20)])
        print_times("a publisher", [time_search(store, StoryFilter(publisher=f"p{number}")) for number in range(20)])
        print_times(
            "an instrument in a hub, by symbol and name",
            [time_search(store, StoryFilter(hub="fomc", names=("W77", "w78 w79"))) for _ in range(20)],
        )
        print_times("an instrument", [time_search(store, StoryFilter(names=("w500",))) for _ in range(20)])
        print_times(
            "a frequent word as an instrument, in capitals",
            [time_search(store, StoryFilter(names=("W0",))) for _ in range(20)],
        )
        print_times(
            "an instrument that nobody mentions",
            [time_search(store, StoryFilter(names=("ABSENT",))) for _ in range(20)],
        )
        print_times(
            "a publisher that does not exist", [time_search(store, StoryFilter(publisher="absent")) for _ in range(20)]
        )
        print_times(
            "a frequent word of a publisher that does not exist",
            [time_search(store, StoryFilter(words="w0", publisher="absent")) for _ in range(20)],
        )
        print_times(
            "a day",
            [time_search(store, StoryFilter(since=date(2020, 2, 1), until=date(2020, 2, 1))) for _ in range(20)],
        )
        print_times("nothing", [time_search(store, StoryFilter(words="absent")) for _ in range(20)])
        store.close()


def time_search(store: Store, wanted: StoryFilter) -> float:
    started = time.process_time()
    with store.read() as connection:
        visible = articles.choose_visibility(connection, None)
        ids, _ = queries.list_story_ids(connection, wanted, visible, queries.read_list_start(connection), 20)
        articles.read_members(connection, ids, None)
    return 1000 * (time.process_time() - started)


def print_times(what: str, times: list[float]) -> None:
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(f"{what}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, n {len(times)}")


if __name__ == "__main__":
    main()
