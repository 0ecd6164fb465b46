"""What came in of late, and the rhythm in which each source brings it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from groundswell.model import Origin
from groundswell.model.upstreams import Received
from groundswell.storage.schema import articles, service_observations, tags, title_versions


def received(connection: Connection, since: datetime) -> Received:
    """What came after ``since``, demonstrations left out."""
    real = articles.c.origin != Origin.DEMO
    new = select(func.count(), func.coalesce(func.sum(articles.c.founded.cast(articles.c.seq.type)), 0))
    count, founded = connection.execute(new.where(articles.c.first_seen_at > since, real)).one()
    tagged = select(func.count(tags.c.article_seq.distinct()))
    return Received(
        articles=count,
        founded=founded,
        tagged=connection.scalar(tagged.where(tags.c.first_seen_at > since, tags.c.origin != Origin.DEMO)) or 0,
        edited=connection.scalar(select(func.count()).select_from(title_versions).where(title_versions.c.at > since))
        or 0,
        values=connection.scalar(
            select(func.count()).select_from(service_observations).where(service_observations.c.kept_at > since)
        )
        or 0,
    )


def by_feed(connection: Connection, since: datetime, last: int) -> dict[str, list[datetime]]:
    """The instants of the ``last`` newest articles of each feed, of those after ``since`` that have a time of day."""
    place = func.row_number().over(partition_by=articles.c.feed, order_by=articles.c.at.desc())
    newest = (
        select(articles.c.feed, articles.c.at, place.label("place"))
        .where(articles.c.at > since, articles.c.origin == Origin.LIVE, articles.c.day_only.is_(False))
        .subquery()
    )
    found: dict[str, list[datetime]] = {}
    for feed, at in connection.execute(select(newest.c.feed, newest.c.at).where(newest.c.place <= last)):
        found.setdefault(feed, []).append(at)
    return found


def by_service(connection: Connection, since: datetime) -> dict[str, list[datetime]]:
    """The instants after ``since`` at which each data service, by its title, brought a new value."""
    query = (
        select(service_observations.c.source, service_observations.c.kept_at)
        .where(service_observations.c.kept_at > since)
        .distinct()
    )
    found: dict[str, list[datetime]] = {}
    for source, at in connection.execute(query):
        found.setdefault(source, []).append(at)
    return found
