"""The feeds that are polled: their rows in the store, which are due, and what each try brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from groundswell.app.newsroom import Ingested, Newsroom
from groundswell.feeds.update import update
from groundswell.ports import Retrieved
from groundswell.storage import Store, upstreams
from groundswell.types import FeedSpec, UpstreamKind, UpstreamState


class Subscriptions:
    """Feeds by slug. A feed's new state is stored in one transaction with the articles it brought."""

    def __init__(self, store: Store, newsroom: Newsroom, feeds: Sequence[FeedSpec]) -> None:
        self._store = store
        self._newsroom = newsroom
        self._feeds = {feed.slug: feed for feed in feeds}

    def register(self) -> None:
        """Give every feed a row; one that has a row keeps its record, and takes up a changed address or choice."""
        with self._store.write() as connection:
            known = {state.name: state for state in upstreams.all_states(connection)}
            upstreams.put(connection, [_registered(feed, known.get(feed.slug)) for feed in self._feeds.values()])

    def due(self, now: datetime) -> list[UpstreamState]:
        with self._store.read() as connection:
            return [state for state in upstreams.due(connection, now) if state.name in self._feeds]

    def take(self, state: UpstreamState, retrieved: Retrieved, now: datetime) -> Ingested:
        """Take in what a try of a feed brought, whatever that was."""
        after, articles = update(state, self._feeds[state.name], retrieved, now)
        return self._newsroom.ingest(articles, [after])


def _registered(feed: FeedSpec, known: UpstreamState | None) -> UpstreamState:
    fresh = UpstreamState(
        name=feed.slug,
        kind=UpstreamKind.FEED,
        title=feed.publisher,
        address=feed.url,
        topic=feed.topic,
        enabled=feed.enabled,
    )
    if known is None:
        return fresh
    moved = known.address != feed.url
    return replace(
        known,
        title=fresh.title,
        address=fresh.address,
        topic=fresh.topic,
        enabled=fresh.enabled,
        etag=None if moved else known.etag,
        last_modified=None if moved else known.last_modified,
    )
