"""The feeds that are polled: adding and removing them, which are due, and storing what each request brings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count
from urllib.parse import urlsplit

from sqlalchemy import Connection

from groundswell.app.failed_states import FailedStates
from groundswell.app.ingest import ArticleIngest
from groundswell.errors import NotFoundError, StoreError
from groundswell.feeds.default_feeds import WAITS_FOR_CONTACT, needs_contact
from groundswell.feeds.identity import canonicalize_address
from groundswell.feeds.opml import Outline, build_feed_slug
from groundswell.feeds.update import update_feed
from groundswell.fetch.schedule import build_failed_state, schedule_first_request
from groundswell.fetch.urls import safe_address
from groundswell.log import log_program_error
from groundswell.model import AddedFeeds, FeedSpec, Ingested, Outcome, UpstreamKind, UpstreamState
from groundswell.ports import Retrieved
from groundswell.storage.engine.store import Store
from groundswell.storage.upstreams import states, subscriptions

DEFAULT_INTERVAL_MINUTES = 30
MAX_FEEDS_DUE_AT_ONCE = 20  # if more are added together, their first requests are spread over their interval


class Subscriptions:
    """Feeds by slug. The new state of a feed is stored in one transaction with the articles it brought.

    Without a contact (``has_contact``), feeds whose publishers ask for one wait.
    """

    def __init__(
        self, store: Store, ingest: ArticleIngest, shipped: Sequence[FeedSpec], *, has_contact: bool = False
    ) -> None:
        self._store = store
        self._ingest = ingest
        self._failed = FailedStates(store)
        self._has_contact = has_contact
        self._shipped = {feed.slug: feed for feed in shipped}
        with store.read() as connection:
            self._feeds = load_feeds(connection, self._shipped.values())

    def add(self, outlines: Sequence[Outline], now: datetime, minutes: int | None = None) -> AddedFeeds:
        """Add feeds, or turn on those that are off; with ``minutes``, feeds already on get that interval.

        The mark as an aggregator is adopted in the same way. Many feeds added at once are first requested at different
        times within their interval.
        """
        by_address = {canonicalize_address(feed.url): feed for feed in self._feeds.values()}
        slugs = set(self._feeds)
        new: list[FeedSpec] = []
        turned_on: list[FeedSpec] = []
        known: list[FeedSpec] = []
        changed: list[FeedSpec] = []
        for outline in outlines:
            existing = by_address.get(canonicalize_address(outline.url))
            if existing is None:
                feed = _build_feed(outline, minutes or DEFAULT_INTERVAL_MINUTES, slugs)
            else:
                mark = existing.aggregator if outline.aggregator is None else outline.aggregator
                feed = replace(existing, enabled=True, minutes=minutes or existing.minutes, aggregator=mark)
            if existing and existing.enabled and feed != existing:
                changed.append(feed)
            (new if existing is None else known if existing.enabled else turned_on).append(feed)
            by_address[canonicalize_address(outline.url)] = feed
            slugs.add(feed.slug)
        added = AddedFeeds(tuple(new), tuple(turned_on), tuple(known), tuple(changed))
        self._store_added(added, now)
        return added

    def remove(self, url: str) -> FeedSpec:
        """Stop polling a feed, given by address or slug: an added one is removed, a shipped one is turned off.

        Its articles stay. Raises ``NotFoundError``.
        """
        address = safe_address(url)
        wanted = canonicalize_address(address) if address else ""
        for feed in self._feeds.values():
            if feed.slug == url or canonicalize_address(feed.url) == wanted:
                break
        else:
            raise NotFoundError(f"there is no feed {url!r}; `groundswell feeds list` shows the feeds")
        with self._store.write() as connection:
            if feed.slug in self._shipped:
                subscriptions.save_subscriptions(connection, [replace(self._shipped[feed.slug], enabled=False)])
            else:
                subscriptions.remove_subscription(connection, feed.slug)
                states.remove_state(connection, feed.slug)
            self._feeds = load_feeds(connection, self._shipped.values())
        self.register()
        return feed

    def register(self) -> None:
        """Give every feed a row. An existing row keeps its record, with the present address and the owner's choice."""
        with self._store.write() as connection:
            self._feeds = load_feeds(connection, self._shipped.values())
            known = {state.name: state for state in states.list_states(connection)}
            states.save_states(
                connection, [self._build_state(feed, known.get(feed.slug)) for feed in self._feeds.values()]
            )

    def due(self, now: datetime) -> list[UpstreamState]:
        """Return the feeds to request now, the longest overdue first."""
        with self._store.read() as connection:
            due = [state for state in states.list_due(connection, now) if state.name in self._feeds]
        return [state for state in due if not self._failed.is_waiting(state.name, now)]

    def take(self, state: UpstreamState, retrieved: Retrieved, now: datetime) -> Ingested:
        """Store the outcome of a request to a feed, and the articles that it brought.

        An exception while the answer is read or stored is the feed's outcome; nothing of that answer is stored. Raises
        ``StoreError``, and nothing else. The answer of a feed that was removed meanwhile is dropped.
        """
        feed = self._feeds.get(state.name)
        if feed is None:
            return Ingested()
        try:
            after, offers = update_feed(state, feed, retrieved, now)
            return self._ingest.add(offers, [after])
        except StoreError:
            raise
        except Exception as error:
            detail = log_program_error(state.name, error)
            self._failed.save(build_failed_state(state, feed.minutes, detail, now))
            return Ingested()

    def _store_added(self, added: AddedFeeds, now: datetime) -> None:
        with self._store.write() as connection:
            subscriptions.save_subscriptions(connection, (*added.new, *added.turned_on, *added.changed))
            if len(added.new) > MAX_FEEDS_DUE_AT_ONCE:
                states.save_states(connection, [self._spread_first_request(feed, now) for feed in added.new])
        self.register()

    def _spread_first_request(self, feed: FeedSpec, now: datetime) -> UpstreamState:
        state = self._build_state(feed, None)
        if state.outcome is Outcome.WAITING:
            return state
        due = schedule_first_request(feed.minutes, feed.slug, now)
        return replace(state, next_due_at=due, due_reason="first request, spread out among the feeds added together")

    def _build_state(self, feed: FeedSpec, known: UpstreamState | None) -> UpstreamState:
        return _let_wait(_build_state(feed, known), waits=needs_contact(feed.url) and not self._has_contact)


def load_feeds(connection: Connection, shipped: Iterable[FeedSpec]) -> dict[str, FeedSpec]:
    """Return all feeds by slug, on and off: the shipped ones as the owner turned them on or off, then the owner's."""
    by_slug = {feed.slug: feed for feed in shipped}
    return by_slug | {feed.slug: feed for feed in subscriptions.load_subscriptions(connection)}


def load_states(connection: Connection, feeds: Collection[str]) -> dict[str, UpstreamState]:
    """Return the outcome of the last request to each of these feeds, by slug; those never registered are left out."""
    return {state.name: state for state in states.list_states(connection) if state.name in feeds}


def _build_feed(outline: Outline, minutes: int, slugs: Collection[str]) -> FeedSpec:
    slug = build_feed_slug(outline.url)
    if slug in slugs:  # another address differs in punctuation only
        slug = next(name for name in (f"{slug}-{place}" for place in count(2)) if name not in slugs)
    publisher = outline.title or urlsplit(outline.url).hostname or slug
    mark = bool(outline.aggregator)
    return FeedSpec(slug, publisher, outline.url, outline.topic, True, minutes, "Added by the owner.", mark)


def _build_state(feed: FeedSpec, known: UpstreamState | None) -> UpstreamState:
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


def _let_wait(state: UpstreamState, *, waits: bool) -> UpstreamState:
    """Return the state of a feed that waits for a contact, or that does so no longer and is due at once."""
    if waits:
        return replace(
            state,
            outcome=Outcome.WAITING,
            detail=WAITS_FOR_CONTACT,
            failures=0,
            next_due_at=None,
            due_reason="once contact is set",
        )
    if state.outcome is Outcome.WAITING:
        return replace(state, outcome=Outcome.NOT_TRIED, detail="", next_due_at=None, due_reason="")
    return state
