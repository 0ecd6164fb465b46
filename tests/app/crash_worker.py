"""A process whose children work on one store and are killed at random instants; run by ``test_crashes``.

``python crash_worker.py FOLDER KILLS SEED`` does the work once without a crash, then with crashes, and prints as JSON
how many children were killed, after which step, and what damage was found right after. A child is a fork, so that it
starts and ends within milliseconds. It does the work of the running program with the real parts: the answer of a feed
is stored with the state of the feed, and the claims of a hub are evaluated from time to time.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from html import escape
from pathlib import Path

from groundswell.app import Groundswell
from groundswell.hubs.file.load import load_catalog
from groundswell.markets.series.calendar import month_ends, sessions_between
from groundswell.model import Outcome
from groundswell.ports import Retrieved
from groundswell.storage.engine.unclean_shutdown import find_damage
from groundswell.testing.fakes import FixedClock

FEED = "fed-monetary-policy-releases"
HUB = "fomc"
HUBS = tuple(hub for hub in load_catalog() if hub.slug == HUB)
START = datetime(2018, 10, 1, 8, tzinfo=UTC)
STEP = timedelta(hours=4)  # ten days in all: the stream passes instants at which stories are repaired
STEPS = 60
ARTICLES_PER_STEP = 4
STEPS_PER_EVALUATION = 6
EVALUATED_DAYS = month_ends(date(2017, 11, 1), date(2018, 9, 30)).tolist()

HEADLINES = [
    ("Fed {} interest rates by a quarter point", ("raises", "lifts", "increases", "puts up")),
    ("Regional bank {} names a new chief after losses", ("Harbour", "Meadow", "Granite", "Juniper")),
    ("Small-cap stocks {} as the Russell 2000 leads the market", ("climb", "rise", "gain", "advance")),
    ("Factory orders {} for a third month, survey shows", ("fall", "drop", "slip", "decline")),
    ("Shares of chip maker {} slump after it cuts its outlook", ("Nimbus", "Corvid", "Tessera", "Aldine")),
]


def feed(step: int) -> bytes:
    """What the feed answers at a step: some new items, and one that it showed before."""
    items = []
    for place in range(max(0, step * ARTICLES_PER_STEP - 1), (step + 1) * ARTICLES_PER_STEP):
        words, choices = HEADLINES[(place * 7 // 3) % len(HEADLINES)]
        title = words.format(choices[place // 11 % len(choices)]) + f", report {place // 23}"
        at = (START + step * STEP).strftime("%a, %d %b %Y %H:%M:%S GMT")
        link = f"https://news.example/{place}"
        items.append(f"<item><title>{escape(title)}</title><link>{link}</link><pubDate>{at}</pubDate></item>")
    return f"<rss version='2.0'><channel><title>F</title>{''.join(items)}</channel></rss>".encode()


def prepare(store: Path) -> Path:
    """Load made prices. No child does: the reader of tables has threads, which a fork leaves behind."""
    prices = store.parent / "prices"
    prices.mkdir(exist_ok=True)
    closes = (f"{day},{100 + day.day % 7}" for day in sessions_between(date(2024, 1, 2), date(2024, 6, 28)).tolist())
    prices.joinpath("TLT.csv").write_text("\n".join(("date,adj_close", *closes)), encoding="utf-8")
    with Groundswell.open(str(store), HUBS, FixedClock(START)) as groundswell:
        groundswell.load(prices)
        groundswell.register_sources()
    return store


def work(store: str, done: int) -> None:
    """Carry the work on from where the store says it is; a byte on ``done`` after each thing that is kept."""
    clock = FixedClock(START)
    with Groundswell.open(store, HUBS, clock) as groundswell:
        state = groundswell.feed_states()[FEED]
        measured = max((one.as_of for one in groundswell._evidence.read_recorded(HUB)), default=date.min)
        for step in range(STEPS):
            clock.now = START + (step + 1) * STEP
            if state.last_tried_at is None or state.last_tried_at < clock.now:
                answer = Retrieved(Outcome.OK, "HTTP 200", feed(step), "application/rss+xml", etag=f'"{step}"')
                groundswell.take_feed(state, answer)
                os.write(done, b"n")
                state = groundswell.feed_states()[FEED]
            day = EVALUATED_DAYS[step // STEPS_PER_EVALUATION]
            if step % STEPS_PER_EVALUATION == STEPS_PER_EVALUATION - 1 and day > measured:
                groundswell.record(day, (HUB,))
                os.write(done, b"e")


def main(folder: Path, kills: int, seed: int) -> None:
    """Let children work on stores and kill each, until enough were killed; a new store follows a finished one."""
    run_to_the_end(prepare(folder / "uninterrupted.db"))
    chance = random.Random(seed)
    killed: Counter[str] = Counter()
    damage: list[str] = []
    stores = [prepare(folder / "crashed0.db")]
    commits = 0
    while sum(killed.values()) < kills:
        acknowledged, died = run_and_kill(stores[-1], chance)
        commits += len(acknowledged)
        if died:
            killed[acknowledged[-1:] or "-"] += 1
            damage += list_damage(stores[-1])
        else:
            stores.append(prepare(folder / f"crashed{len(stores)}.db"))
    run_to_the_end(stores[-1])
    report = {"kills": sum(killed.values()), "after": killed, "commits": commits, "damage": damage}
    print(json.dumps({**report, "stores": [str(store) for store in stores]}))


def run_and_kill(store: Path, chance: random.Random) -> tuple[str, bool]:
    """Run one child; return what it acknowledged before its end, and whether it was killed."""
    receiving, ended = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receiving)
        run_child(store, ended)
    os.close(ended)
    acknowledged = ""
    wanted = chance.choice((0, 1, 1, 2, 3, 5))
    while len(acknowledged) < wanted and (byte := os.read(receiving, 1)):
        acknowledged += byte.decode()
    time.sleep(chance.random() * (0.12 if wanted == 0 else 0.03))
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    while rest := os.read(receiving, 64):
        acknowledged += rest.decode()
    os.close(receiving)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        sys.exit("a child failed by itself")
    return acknowledged, os.WIFSIGNALED(status)


def run_to_the_end(store: Path) -> None:
    """Do all the work in this process, without acknowledging it."""
    null = os.open(os.devnull, os.O_WRONLY)
    work(str(store), null)
    os.close(null)


def run_child(store: Path, done: int) -> None:
    """Do the work and end the process."""
    status = 1
    try:
        work(str(store), done)
        status = 0
    finally:
        os._exit(status)


def list_damage(store: Path) -> list[str]:
    return [f"{store.name}: {error}" for error in find_damage(store)]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
