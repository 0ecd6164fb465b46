"""Probe feeds: request each once, and report the result without storing anything."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from groundswell.feeds.parsing.parse import MAX_PROBLEMS_SHOWN, parse_feed
from groundswell.fetch.per_host import request_in_parallel
from groundswell.log import log_program_error
from groundswell.model import FeedSpec, Outcome
from groundswell.ports import Progress, Retrieved, Retriever


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """The result of probing a feed: the number of items, and the date of the newest that is not in the future.

    The newest item's date shows whether a feed is alive. An answer alone does not: many abandoned feeds still answer.
    """

    title: str
    url: str
    outcome: Outcome
    detail: str
    items: int
    newest: datetime | None


def probe_feeds(
    feeds: Sequence[FeedSpec],
    retriever: Retriever,
    now: datetime,
    progress: Progress,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[ProbeResult]:
    """Yield the result of probing each feed once, in the order of the answers; hosts are asked as politely as usual.

    A feed on which the program fails is such a result too.
    """
    requests = [(feed.url, feed) for feed in feeds]
    for feed, retrieved in request_in_parallel(requests, lambda feed: retriever.retrieve(feed.url, None, None), pause):
        try:
            result = _build_result(feed, retrieved, now)
        except Exception as error:
            kind = log_program_error(feed.slug, error)
            result = ProbeResult(feed.publisher, feed.url, Outcome.PROGRAM_ERROR, kind, 0, None)
        yield result
        progress(1)


def _build_result(feed: FeedSpec, retrieved: Retrieved, now: datetime) -> ProbeResult:
    outcome, detail = retrieved.outcome, retrieved.detail
    if outcome is not Outcome.OK:
        return ProbeResult(feed.publisher, feed.url, outcome, detail, 0, None)
    parsed = parse_feed(retrieved.body, retrieved.content_type, feed)
    if parsed.malformed:
        return ProbeResult(feed.publisher, feed.url, Outcome.MALFORMED, parsed.malformed, 0, None)
    dates = [entry.published_at for entry in parsed.entries if entry.published_at and entry.published_at <= now]
    move = [f"moved permanently to {retrieved.moved_to}"] if retrieved.moved_to else []
    notes = "; ".join((*move, *parsed.problems[:MAX_PROBLEMS_SHOWN]))
    return ProbeResult(feed.publisher, feed.url, outcome, notes, len(parsed.entries), max(dates, default=None))
