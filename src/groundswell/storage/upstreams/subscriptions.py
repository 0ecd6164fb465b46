"""The feeds that the owner added, and the shipped ones that the owner turned on or off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields

from sqlalchemy import Connection, delete, select

from groundswell.model import FeedSpec
from groundswell.storage.schema import subscriptions

_FIELDS = [field.name for field in fields(FeedSpec)]


def load(connection: Connection) -> list[FeedSpec]:
    """The owner's feeds, by slug."""
    rows = connection.execute(select(subscriptions).order_by(subscriptions.c.slug))
    return [FeedSpec(**{name: getattr(row, name) for name in _FIELDS}) for row in rows]


def put(connection: Connection, feeds: Iterable[FeedSpec]) -> None:
    """Store feeds, each in place of the one of the same slug."""
    for feed in feeds:
        remove(connection, feed.slug)
        connection.execute(subscriptions.insert().values(asdict(feed)))


def remove(connection: Connection, slug: str) -> None:
    connection.execute(delete(subscriptions).where(subscriptions.c.slug == slug))
