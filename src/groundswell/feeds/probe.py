"""Trying feeds out: what comes of a request now, storing nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from groundswell.feeds.parsing.parse import parse_feed
from groundswell.fetch.per_host import ask_round
from groundswell.model import FeedSpec, Outcome
from groundswell.ports import Progress, Retrieved, Retriever


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying a feed: how many items, and the date of the newest that is not in the future.

    A feed is in good health by its newest item's date, not by its answering: many a dead one still answers.
    """

    title: str
    url: str
    outcome: Outcome
    detail: str
    items: int
    newest: datetime | None

    def as_row(self) -> dict[str, Any]:
        """The trial as plain data."""
        return asdict(self) | {"newest": self.newest.isoformat() if self.newest else None}


def try_feeds(
    feeds: Sequence[FeedSpec],
    retriever: Retriever,
    now: datetime,
    progress: Progress,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[Trial]:
    """Yield what comes of trying each feed once, as answers come; hosts are treated as in any round."""
    wanted = [(feed.url, feed) for feed in feeds]
    for feed, retrieved in ask_round(wanted, lambda feed: retriever.retrieve(feed.url, None, None), pause):
        yield _trial(feed, retrieved, now)
        progress(1)


def _trial(feed: FeedSpec, retrieved: Retrieved, now: datetime) -> Trial:
    outcome, detail = retrieved.outcome, retrieved.detail
    if outcome is not Outcome.OK:
        return Trial(feed.publisher, feed.url, outcome, detail, 0, None)
    parsed = parse_feed(retrieved.body, retrieved.content_type, feed)
    if parsed.malformed:
        return Trial(feed.publisher, feed.url, Outcome.MALFORMED, parsed.malformed, 0, None)
    dates = [entry.published_at for entry in parsed.entries if entry.published_at and entry.published_at <= now]
    told = "; ".join(
        (*([f"moved for good to {retrieved.moved_to}"] if retrieved.moved_to else []), *parsed.problems[:3])
    )
    return Trial(feed.publisher, feed.url, outcome, told, len(parsed.entries), max(dates, default=None))
