"""Recorded streams: entries on disk become articles on the stream's own clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any

from groundswell.errors import BadInputError
from groundswell.feeds.identity import build_article
from groundswell.feeds.jsonl import read_feed_file, read_pairs, read_stream
from groundswell.model import Article, Entry, Origin
from groundswell.ports import Progress
from groundswell.sources.sentence_model import load_sentence_model
from groundswell.stories.batch import cluster
from groundswell.stories.detector import OnlineStoryDetector
from groundswell.stories.pairs.same_event import Background, score_same_event

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
DOUBTED = timedelta(days=30)  # how far ahead of the stream a time may lie without question
SAME = 0.5  # the likelihood from which on two documents count as reporting one event


def on_stream_clock(entries: Iterable[Entry], now: datetime) -> Iterator[Article]:
    """Give each entry the first-seen time it would have had live: the stream's clock, which never runs backwards.

    The clock stands at the newest publication so far. An absent, absurd or future time does not move it. A jump of
    over 30 days ahead moves it only if the next usable time does not lie that far back again, or none follows: one
    wrong date would else make all the rest look old. Entries before the first time that is believed get that one, or
    ``now``, the real time, where there is none at all. One entry with such a doubtful time, and those without a usable
    one after it, are held back until the doubt is settled.
    """
    clock = doubtful = None
    held: list[Entry] = []
    for entry in entries:
        at = entry.published_at
        if at is not None and EARLIEST < at <= now:  # the very first instant stands for "unknown" in many programs
            if doubtful is not None and at >= doubtful - DOUBTED:
                clock = doubtful
            if held and clock is not None:
                yield from (build_article(one, clock, Origin.REPLAY) for one in held)
                held.clear()
            doubtful = at if clock is None or at > clock + DOUBTED else None
            clock = clock if clock is None or doubtful else max(clock, at)
        if clock is None or doubtful:
            held.append(entry)
        else:
            yield build_article(entry, clock, Origin.REPLAY)
    yield from (build_article(one, doubtful or clock or now, Origin.REPLAY) for one in held)


def saved_feed(path: Path) -> tuple[Entry, ...]:
    """The entries of a feed saved to a file. Raises ``NotFoundError`` and ``BadInputError``."""
    parsed = read_feed_file(path)
    if parsed.malformed:
        raise BadInputError(f"{path} is not a feed: {parsed.malformed}; give a saved RSS, Atom or JSON feed")
    return parsed.entries


def looked_into(entries: Iterator[Entry]) -> Iterator[Entry]:
    """The same entries, with the first read already, so that an unusable file is told before anything is done."""
    return chain(list(islice(entries, 1)), entries)


def in_batches(articles: Iterable[Article], size: int) -> Iterator[list[Article]]:
    source = iter(articles)
    while batch := list(islice(source, size)):
        yield batch


def detect_stories(
    stream: Path, now: datetime, progress: Progress, dense: Path | None = None
) -> Iterator[dict[str, str]]:
    """Put each document of a file into a story, online; answers its id and its story's id, in the order seen.

    The order is that of publication, ties by id; documents without a date come last, in the order of the file. The
    stories are those after the last document, all repairs applied. ``dense`` is a folder with a model of sentence
    vectors; see ``load_sentence_model`` for the errors raised where it is unusable.
    """
    detector = OnlineStoryDetector(vectors=load_sentence_model(dense) if dense else None)
    documents = _documents(stream, now)
    story_of = cluster(_watched((article for _, article in documents), progress), detector)
    for ident, article in documents:
        yield {"id": ident, "story": story_of[article.id]}


def judge_pairs(stream: Path, pairs: Path, now: datetime, progress: Progress) -> Iterator[dict[str, Any]]:
    """Say of each pair of documents whether both report one event, and how surely (0..1).

    Raises ``BadInputError`` for a pair of a document that the stream does not hold.
    """
    documents = dict(_documents(stream, now))
    background = Background.from_articles(documents.values())
    for one, other in read_pairs(pairs):
        for ident in (one, other):
            if ident not in documents:
                raise BadInputError(f"{pairs} names the document {ident!r}, which {stream} does not hold; add it there")
        score = score_same_event(documents[one], documents[other], background)
        yield {"a": one, "b": other, "score": round(score, 4), "same": score >= SAME}
        progress(1)


def _documents(stream: Path, now: datetime) -> list[tuple[str, Article]]:
    """The documents of a file with their ids, in order of publication."""
    entries = sorted(read_stream(stream), key=_order)
    return [(entry.guid, article) for entry, article in zip(entries, on_stream_clock(entries, now), strict=True)]


def _watched(articles: Iterable[Article], progress: Progress) -> Iterator[Article]:
    for article in articles:
        yield article
        progress(1)


def _order(entry: Entry) -> tuple[bool, datetime, str]:
    """Sorts by publication and id; all undated ones are equal, and the sort keeps their order."""
    at = entry.published_at
    return (True, EARLIEST, "") if at is None else (False, at, entry.guid)
