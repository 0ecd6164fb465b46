"""The pure step of one feed: from what was retrieved to articles and the feed's new state."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from groundswell.feeds.identity import article_from
from groundswell.feeds.parse import parse_feed
from groundswell.feeds.schedule import next_due
from groundswell.ports import Retrieved
from groundswell.types import Article, FeedSpec, Origin, Outcome, UpstreamState

_REFUSED_MINUTES = 60  # a host that says no is left alone for a while, however short its feed's interval
_UNREACHABLE_MINUTES = 5  # a host that could not be reached was not bothered: the network may be back in minutes


def update(
    state: UpstreamState, feed: FeedSpec, retrieved: Retrieved, now: datetime
) -> tuple[UpstreamState, tuple[Article, ...]]:
    """Return the feed's state after the try made at ``now``, and the articles it brought, in the feed's order.

    An article listed twice comes once. Articles may be ones already stored: that is for the store to tell. Validators
    (ETag and Last-Modified) are taken up only from a body that could be parsed, so that a bad one is asked for again.
    """
    outcome, detail = retrieved.outcome, retrieved.detail
    articles: tuple[Article, ...] = ()
    if outcome is Outcome.OK:
        parsed = parse_feed(retrieved.body, retrieved.content_type, feed)
        if parsed.malformed:
            outcome, detail = Outcome.MALFORMED, parsed.malformed
        else:
            found = (article_from(entry, now, Origin.LIVE) for entry in parsed.entries)
            articles = tuple({article.id: article for article in found}.values())
            detail = "; ".join((f"{len(articles)} item{'' if len(articles) == 1 else 's'}", *parsed.problems[:3]))
            state = replace(state, etag=retrieved.etag, last_modified=retrieved.last_modified)
    minutes = feed.minutes
    if outcome is Outcome.REFUSED:
        minutes = max(minutes, _REFUSED_MINUTES)
    elif outcome is Outcome.UNREACHABLE:
        minutes = min(minutes, _UNREACHABLE_MINUTES)
    failures = state.failures + 1 if outcome.failed else 0
    due = next_due(minutes, failures, now, feed.slug)
    return state.after(outcome, detail, len(articles), now, due), articles
