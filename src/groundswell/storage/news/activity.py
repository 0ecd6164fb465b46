"""What the store received recently, and when each source sent something new."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from groundswell.model import Origin
from groundswell.model.upstreams import Received
from groundswell.storage.schema import articles, service_observations, tags


def count_received(connection: Connection, since: datetime) -> Received:
    """Count what was received after ``since``, without demonstrations."""
    real = articles.c.origin != Origin.DEMO
    new = select(func.count(), func.coalesce(func.sum(articles.c.founded.cast(articles.c.seq.type)), 0))
    article_count, founded = connection.execute(new.where(articles.c.first_seen_at > since, real)).one()
    tagged = select(func.count(tags.c.article_seq.distinct())).where(
        tags.c.first_seen_at > since, tags.c.dropped_at.is_(None), tags.c.origin != Origin.DEMO
    )
    tagged = tagged.where(articles.c.seq == tags.c.article_seq, articles.c.first_seen_at > since)
    edited = select(func.count()).where(articles.c.elected_at > since, real)
    values = select(func.count()).select_from(service_observations).where(service_observations.c.received_at > since)
    return Received(
        articles=article_count,
        founded=founded,
        tagged=connection.scalar(tagged) or 0,
        edited=connection.scalar(edited) or 0,
        values=connection.scalar(values) or 0,
    )


def read_article_instants(connection: Connection, since: datetime, last: int) -> dict[str, list[datetime]]:
    """Read the instants of the ``last`` newest live articles of each feed that are after ``since``.

    Articles without a time of day are left out.
    """
    place = func.row_number().over(partition_by=articles.c.feed, order_by=articles.c.at.desc())
    newest = (
        select(articles.c.feed, articles.c.at, place.label("place"))
        .where(articles.c.at > since, articles.c.origin == Origin.LIVE, articles.c.day_only.is_(False))
        .subquery()
    )
    instants: dict[str, list[datetime]] = {}
    for feed, instant in connection.execute(select(newest.c.feed, newest.c.at).where(newest.c.place <= last)):
        instants.setdefault(feed, []).append(instant)
    return instants


def read_value_instants(connection: Connection, since: datetime) -> dict[str, list[datetime]]:
    """Read the instants after ``since`` at which each data service sent a new value, by its name."""
    query = (
        select(service_observations.c.source, service_observations.c.received_at)
        .where(service_observations.c.received_at > since)
        .distinct()
    )
    instants: dict[str, list[datetime]] = {}
    for source, instant in connection.execute(query):
        instants.setdefault(source, []).append(instant)
    return instants
