"""The feeds that the owner added, and the shipped ones that the owner turned on or off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields

from sqlalchemy import Connection, delete, select

from groundswell.model import FeedSpec
from groundswell.storage.schema import subscriptions

_FIELDS = [field.name for field in fields(FeedSpec)]


def load_subscriptions(connection: Connection) -> list[FeedSpec]:
    """Load the owner's feeds, by slug."""
    rows = connection.execute(select(subscriptions).order_by(subscriptions.c.slug))
    return [FeedSpec(**{name: getattr(row, name) for name in _FIELDS}) for row in rows]


def save_subscriptions(connection: Connection, feeds: Iterable[FeedSpec]) -> None:
    """Store feeds; each replaces the one of the same slug."""
    for feed in feeds:
        remove_subscription(connection, feed.slug)
        connection.execute(subscriptions.insert().values(asdict(feed)))


def remove_subscription(connection: Connection, slug: str) -> None:
    """Remove a feed; do nothing if there is no such feed."""
    connection.execute(delete(subscriptions).where(subscriptions.c.slug == slug))
