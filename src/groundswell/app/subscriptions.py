"""The feeds that are polled: which they are, their rows in the store, which are due, and what each try brings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count
from urllib.parse import urlsplit

from sqlalchemy import Connection

from groundswell.app.ingest import ArticleIngest, Ingested
from groundswell.errors import NotFoundError
from groundswell.feeds.identity import canonicalize_address
from groundswell.feeds.opml import Outline, build_feed_slug
from groundswell.feeds.update import update_feed
from groundswell.fetch.schedule import first_try
from groundswell.fetch.urls import address
from groundswell.model import AddedFeeds, FeedSpec, UpstreamKind, UpstreamState
from groundswell.ports import Retrieved
from groundswell.storage.engine.store import Store
from groundswell.storage.upstreams import states, subscriptions

MINUTES = 30  # between two tries of a feed whose owner says nothing
CROWD = 20  # feeds that may be tried at once when they come together; of more, each gets a time of its own


class Subscriptions:
    """Feeds by slug. A feed's new state is stored in one transaction with the articles it brought."""

    def __init__(self, store: Store, ingest: ArticleIngest, shipped: Sequence[FeedSpec]) -> None:
        self._store = store
        self._ingest = ingest
        self._shipped = {feed.slug: feed for feed in shipped}
        with store.read() as connection:
            self._feeds = self._current(connection)

    def feeds(self) -> tuple[FeedSpec, ...]:
        """All feeds, on and off: the shipped ones as the owner turned them on or off, then the owner's."""
        return tuple(self._feeds.values())

    def states(self) -> dict[str, UpstreamState]:
        """What came of the last try of each feed, by slug; feeds that were never registered are left out."""
        with self._store.read() as connection:
            return {state.name: state for state in states.list_states(connection) if state.name in self._feeds}

    def add(self, outlines: Sequence[Outline], now: datetime, minutes: int | None = None) -> AddedFeeds:
        """Add feeds and turn on those that were off; one that is on already takes up ``minutes`` where they are given.

        Of many that come at once each is first tried some time within its interval.
        """
        by_address = {canonicalize_address(feed.url): feed for feed in self._feeds.values()}
        taken = set(self._feeds)
        new: list[FeedSpec] = []
        turned_on: list[FeedSpec] = []
        known: list[FeedSpec] = []
        changed: list[FeedSpec] = []
        for outline in outlines:
            there = by_address.get(canonicalize_address(outline.url))
            if there is None:
                feed = _made(outline, minutes or MINUTES, taken)
            else:
                feed = replace(there, enabled=True, minutes=minutes or there.minutes)
            if there and there.enabled and feed != there:
                changed.append(feed)
            (new if there is None else known if there.enabled else turned_on).append(feed)
            by_address[canonicalize_address(outline.url)] = feed
            taken.add(feed.slug)
        added = AddedFeeds(tuple(new), tuple(turned_on), tuple(known), tuple(changed))
        self._keep(added, now)
        return added

    def remove(self, url: str) -> FeedSpec:
        """Stop polling the feed of an address (or slug): one that was added goes, a shipped one is turned off.

        Its articles stay. Raises ``NotFoundError``.
        """
        wanted = canonicalize_address(url) if address(url) else ""
        for feed in self._feeds.values():
            if feed.slug == url or canonicalize_address(feed.url) == wanted:
                break
        else:
            raise NotFoundError(f"there is no feed {url!r}; `groundswell feeds list` tells those there are")
        with self._store.write() as connection:
            if feed.slug in self._shipped:
                subscriptions.save_subscriptions(connection, [replace(self._shipped[feed.slug], enabled=False)])
            else:
                subscriptions.remove_subscription(connection, feed.slug)
                states.remove_state(connection, feed.slug)
            self._feeds = self._current(connection)
        self.register()
        return feed

    def register(self) -> None:
        """Give every feed a row; one that has a row keeps its record, and takes up a changed address or choice."""
        with self._store.write() as connection:
            self._feeds = self._current(connection)
            known = {state.name: state for state in states.list_states(connection)}
            states.save_states(connection, [_registered(feed, known.get(feed.slug)) for feed in self._feeds.values()])

    def due(self, now: datetime) -> list[UpstreamState]:
        with self._store.read() as connection:
            return [state for state in states.list_due(connection, now) if state.name in self._feeds]

    def take(self, state: UpstreamState, retrieved: Retrieved, now: datetime) -> Ingested:
        """Take in what a try of a feed brought, whatever that was."""
        after, articles = update_feed(state, self._feeds[state.name], retrieved, now)
        return self._ingest.add(articles, [after])

    def _current(self, connection: Connection) -> dict[str, FeedSpec]:
        return self._shipped | {feed.slug: feed for feed in subscriptions.load_subscriptions(connection)}

    def _keep(self, added: AddedFeeds, now: datetime) -> None:
        with self._store.write() as connection:
            subscriptions.save_subscriptions(connection, (*added.new, *added.turned_on, *added.changed))
            if len(added.new) > CROWD:
                states.save_states(connection, [_first_due(feed, now) for feed in added.new])
        self.register()


def _made(outline: Outline, minutes: int, taken: Collection[str]) -> FeedSpec:
    slug = build_feed_slug(outline.url)
    if slug in taken:  # another address differs in signs alone
        slug = next(name for name in (f"{slug}-{place}" for place in count(2)) if name not in taken)
    publisher = outline.title or urlsplit(outline.url).hostname or slug
    return FeedSpec(slug, publisher, outline.url, outline.topic, True, minutes, "Added by the owner.")


def _first_due(feed: FeedSpec, now: datetime) -> UpstreamState:
    due = first_try(feed.minutes, feed.slug, now)
    return replace(_registered(feed, None), next_due_at=due, due_reason="a first try, apart from the others that came")


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
    if known.address != feed.url:
        known = replace(known, etag=None, last_modified=None, last_body_at=None, moved_to=None, moved_times=0)
    return replace(known, title=fresh.title, address=fresh.address, topic=fresh.topic, enabled=fresh.enabled)
