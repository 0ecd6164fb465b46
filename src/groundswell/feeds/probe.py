"""Probe feeds: request each once, and report the result without storing anything; find the feed of a site."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from groundswell.feeds.default_feeds import WAITS_FOR_CONTACT, needs_contact
from groundswell.feeds.discovery import describe_page, find_feeds_named_by
from groundswell.feeds.parsing.parse import parse_feed
from groundswell.fetch.per_host import SECONDS_BETWEEN_REQUESTS, request_in_parallel
from groundswell.log import log_program_error
from groundswell.model import FeedSpec, Outcome
from groundswell.ports import Progress, Retrieved, Retriever

MAX_NAMED_FEEDS_REQUESTED = 3
"""How many of the feeds that a page names are requested to find one that can be read."""


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """The result of probing a feed: the number of items, and the date of the newest that is not in the future.

    The newest item's date shows whether a feed is alive. An answer alone does not: many abandoned feeds still answer.
    ``named`` are the addresses of the feeds that a web page names.
    """

    title: str
    url: str
    outcome: Outcome
    detail: str
    items: int
    newest: datetime | None
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed at an address, or the first readable one that the web page at ``page`` names, and the other ones."""

    result: ProbeResult
    page: str = ""
    others: tuple[str, ...] = ()


def find_feed(url: str, retriever: Retriever, now: datetime, pause: Callable[[float], None] = time.sleep) -> FoundFeed:
    """Return the feed at ``url``; if a web page is there, the first of the feeds it names that can be read.

    At most three of them are requested, a pause apart. If none can be read, the result is that of ``url``.
    """
    result = _probe(url, retriever, now)
    for tried in result.named[:MAX_NAMED_FEEDS_REQUESTED]:
        pause(SECONDS_BETWEEN_REQUESTS)
        named = _probe(tried, retriever, now)
        if not named.outcome.failed:
            return FoundFeed(named, url, tuple(other for other in result.named if other != tried))
    return FoundFeed(result)


def _probe(url: str, retriever: Retriever, now: datetime) -> ProbeResult:
    feed = FeedSpec(url, "", url, "", True, 0, "")
    return _report(feed, retriever.retrieve(url, None, None), now)


def probe_feeds(
    feeds: Sequence[FeedSpec],
    retriever: Retriever,
    now: datetime,
    progress: Progress,
    pause: Callable[[float], None] = time.sleep,
    *,
    has_contact: bool = True,
) -> Iterator[ProbeResult]:
    """Yield the result of probing each feed once, in the order of the answers; hosts are asked as politely as usual.

    A feed on which the program fails is such a result too. Without a contact, feeds whose publishers ask for one are
    not requested, and come first.
    """
    waiting = [feed for feed in feeds if not has_contact and needs_contact(feed.url)]
    for feed in waiting:
        yield ProbeResult(feed.publisher, feed.url, Outcome.WAITING, WAITS_FOR_CONTACT, 0, None)
        progress(1)
    requests = [(feed.url, feed) for feed in feeds if feed not in waiting]
    for feed, retrieved in request_in_parallel(requests, lambda feed: retriever.retrieve(feed.url, None, None), pause):
        yield _report(feed, retrieved, now)
        progress(1)


def _report(feed: FeedSpec, retrieved: Retrieved, now: datetime) -> ProbeResult:
    try:
        return _build_result(feed, retrieved, now)
    except Exception as error:
        kind = log_program_error(feed.slug, error)
        return ProbeResult(feed.publisher, feed.url, Outcome.PROGRAM_ERROR, kind, 0, None)


def _build_result(feed: FeedSpec, retrieved: Retrieved, now: datetime) -> ProbeResult:
    outcome, detail = retrieved.outcome, retrieved.detail
    if outcome is not Outcome.OK:
        return ProbeResult(feed.publisher, feed.url, outcome, detail, 0, None)
    parsed = parse_feed(retrieved.body, retrieved.content_type, feed)
    if parsed.is_program_error:
        return ProbeResult(feed.publisher, feed.url, Outcome.PROGRAM_ERROR, parsed.malformed, 0, None)
    if parsed.malformed:
        named = find_feeds_named_by(retrieved, feed.url)
        detail = describe_page(parsed.malformed, named)
        addresses = tuple(found.url for found in named)
        return ProbeResult(feed.publisher, feed.url, Outcome.MALFORMED, detail, 0, None, addresses)
    dates = [entry.published_at for entry in parsed.entries if entry.published_at and entry.published_at <= now]
    move = [f"moved permanently to {retrieved.moved_to}"] if retrieved.moved_to else []
    notes = "; ".join((*move, *parsed.notes))
    return ProbeResult(feed.publisher, feed.url, outcome, notes, len(parsed.entries), max(dates, default=None))
