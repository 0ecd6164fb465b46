"""Recorded streams: entries on disk become articles, as of the stream's own clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain, islice
from pathlib import Path

from groundswell.errors import BadInputError
from groundswell.feeds.identity import build_article
from groundswell.feeds.jsonl import read_feed_file, read_pairs, read_stream
from groundswell.model import Article, Entry, JudgedPair, Origin
from groundswell.model.instants import EPOCH
from groundswell.ports import Progress
from groundswell.sources.sentence_model import load_sentence_model
from groundswell.stories.batch import cluster
from groundswell.stories.detector import OnlineStoryDetector
from groundswell.stories.pairs.same_event import Background, score_same_event

MAX_TRUSTED_JUMP = timedelta(days=30)  # a publication time further ahead of the stream must be confirmed
SAME_EVENT_SCORE = 0.5  # from which on two documents count as reporting one event


def assign_first_seen(entries: Iterable[Entry], now: datetime) -> Iterator[Article]:
    """Give each entry the first-seen time that it would have had live, by the stream's clock, which never runs back.

    The clock shows the newest publication time so far. A time that is missing, 1970 or earlier, or after ``now`` (the
    real time) does not move it. A jump of more than 30 days ahead moves it only if the next usable time confirms it by
    not lying that far back, or if none follows; otherwise one wrong date would make all later entries look old. An
    entry with an unconfirmed time, and entries without a usable time after it, wait for the next usable one. Entries
    before the first trusted time get that time, or ``now`` if there is none.
    """
    clock = unconfirmed = None
    waiting: list[Entry] = []
    for entry in entries:
        published_at = entry.published_at
        if published_at is not None and EPOCH < published_at <= now:
            if unconfirmed is not None and published_at >= unconfirmed - MAX_TRUSTED_JUMP:
                clock = unconfirmed
            if waiting and clock is not None:
                yield from (build_article(earlier, clock, Origin.REPLAY) for earlier in waiting)
                waiting.clear()
            unconfirmed = published_at if clock is None or published_at > clock + MAX_TRUSTED_JUMP else None
            clock = clock if clock is None or unconfirmed else max(clock, published_at)
        if clock is None or unconfirmed:
            waiting.append(entry)
        else:
            yield build_article(entry, clock, Origin.REPLAY)
    yield from (build_article(entry, unconfirmed or clock or now, Origin.REPLAY) for entry in waiting)


def read_saved_feed(path: Path) -> tuple[Entry, ...]:
    """Read the entries of a feed saved to a file. Raises ``NotFoundError`` and ``BadInputError``."""
    parsed = read_feed_file(path)
    if parsed.malformed:
        raise BadInputError(f"{path} is not a feed: {parsed.malformed}; give a saved RSS, Atom or JSON feed")
    return parsed.entries


def read_first(entries: Iterator[Entry]) -> Iterator[Entry]:
    """Return the same entries with the first already read, so that an unusable file raises before storing anything."""
    return chain(list(islice(entries, 1)), entries)


def split_into_batches(articles: Iterable[Article], size: int) -> Iterator[list[Article]]:
    """Split articles into lists of ``size``, the last one shorter."""
    source = iter(articles)
    while batch := list(islice(source, size)):
        yield batch


def detect_stories(
    stream: Path, now: datetime, progress: Progress, dense: Path | None = None
) -> Iterator[tuple[str, str]]:
    """Assign each document of a file to a story, one after the other; yield its id and its story's id in that order.

    Documents are sorted by publication, ties by id; those without a date come last, in the order of the file. The
    stories are those after the last document, with all repairs applied. ``dense`` is a folder with a model of sentence
    vectors; ``load_sentence_model`` says which errors an unusable one raises.
    """
    detector = OnlineStoryDetector(vectors=load_sentence_model(dense) if dense else None)
    documents = _read_documents(stream, now)
    story_of = cluster(_report_progress((article for _, article in documents), progress), detector)
    for document_id, article in documents:
        yield document_id, story_of[article.id]


def judge_pairs(stream: Path, pairs: Path, now: datetime, progress: Progress) -> Iterator[JudgedPair]:
    """Judge of each pair of documents whether both report one event, with a score from 0 to 1.

    Raises ``BadInputError`` if the stream does not contain a document of a pair.
    """
    documents = dict(_read_documents(stream, now))
    background = Background.from_articles(documents.values())
    for first, second in read_pairs(pairs):
        for document_id in (first, second):
            if document_id not in documents:
                raise BadInputError(
                    f"{pairs} names the document {document_id!r}, which {stream} does not contain; add it there"
                )
        score = score_same_event(documents[first], documents[second], background)
        yield JudgedPair(first, second, round(score, 4), score >= SAME_EVENT_SCORE)
        progress(1)


def _read_documents(stream: Path, now: datetime) -> list[tuple[str, Article]]:
    """Read the documents of a file with their ids, in order of publication."""
    entries = sorted(read_stream(stream), key=_sort_key)
    return [(entry.guid, article) for entry, article in zip(entries, assign_first_seen(entries, now), strict=True)]


def _report_progress(articles: Iterable[Article], progress: Progress) -> Iterator[Article]:
    for article in articles:
        yield article
        progress(1)


def _sort_key(entry: Entry) -> tuple[bool, datetime, str]:
    """Sort by publication and id; undated entries are all equal, so that sorting keeps their order."""
    published_at = entry.published_at
    return (True, EPOCH, "") if published_at is None else (False, published_at, entry.guid)
