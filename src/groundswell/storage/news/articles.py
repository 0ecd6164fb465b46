"""Articles, the stories they were assigned to, and the hubs their headlines were tagged to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, or_, select

from groundswell.model import (
    Article,
    Assignment,
    Member,
    Origin,
    Sighting,
    Tag,
    TitleVersion,
    apply_election,
    elect,
    sight,
)
from groundswell.storage.news import lineage
from groundswell.storage.news import sightings as stored_sightings
from groundswell.storage.schema import articles, tags

REAL_ORIGINS = [origin for origin in Origin if origin is not Origin.DEMO]


@dataclass(frozen=True, slots=True)
class Visibility:
    """Which articles a page may show: those first seen before ``until`` (None for all), demonstration or real ones.

    Of the tags, those that the articles had just before ``until``.
    """

    until: datetime | None
    demonstration: bool

    def restrict(self, query: Select[Any], table: Any) -> Select[Any]:
        """Restrict a query over articles or tags to the visible ones."""
        origin = table.c.origin == Origin.DEMO if self.demonstration else table.c.origin != Origin.DEMO
        query = query.where(origin)
        if table is tags:
            return restrict_tags(query, self.until)
        return query if self.until is None else query.where(table.c.first_seen_at < self.until)


def show_real(until: datetime | None) -> Visibility:
    """Return what pages show: real articles. Stores of earlier versions contain demonstration articles too."""
    return Visibility(until, demonstration=False)


def restrict_tags(query: Select[Any], until: datetime | None) -> Select[Any]:
    """Restrict a query over tags to those that articles had just before ``until``; with None, to the present ones."""
    if until is None:
        return query.where(tags.c.dropped_at.is_(None))
    kept = or_(tags.c.dropped_at.is_(None), tags.c.dropped_at >= until)
    return query.where(tags.c.first_seen_at < until, kept)


def add_members(connection: Connection, members: Sequence[Member]) -> dict[str, int]:
    """Store new articles with their stories, tags and first sightings, in the order received; return their numbers.

    A member has its sighting; one without is stored as seen by a feed of unknown rank.
    """
    if not members:
        return {}
    start = connection.scalar(select(func.coalesce(func.max(articles.c.seq), 0))) or 0
    numbers = {member.article.id: seq for seq, member in enumerate(members, start + 1)}
    connection.execute(articles.insert(), [_article_row(seq, member) for seq, member in enumerate(members, start + 1)])
    rows = [_tag_row(seq, member, tag) for seq, member in enumerate(members, start + 1) for tag in member.tags]
    if rows:
        connection.execute(tags.insert(), rows)
    stored_sightings.add_first(
        connection,
        {
            seq: member.sightings[0] if member.sightings else sight(member.article)
            for seq, member in enumerate(members, start + 1)
        },
    )
    return numbers


def read_newest_instant(connection: Connection, visible: Visibility) -> datetime | None:
    """Return the latest ``at`` of the visible articles, None if there are none."""
    newest: datetime | None = connection.scalar(visible.restrict(select(func.max(articles.c.at)), articles))
    return newest


def read_window(
    connection: Connection, visible: Visibility, since: datetime, limit: int
) -> Iterator[tuple[Article, str]]:
    """Read the newest ``limit`` articles from ``since`` on with their story ids, sorted by ``at``, then as received."""
    query = select(articles).where(articles.c.at >= since)
    query = query.order_by(articles.c.at.desc(), articles.c.seq.desc()).limit(limit)
    newest = visible.restrict(query, articles).subquery()
    for row in connection.execute(select(newest).order_by(newest.c.at, newest.c.seq)):
        yield build_article_from_row(row), row.story_id


def count_articles(connection: Connection, visible: Visibility) -> int:
    """Count the visible articles."""
    if visible.until is None and not visible.demonstration:
        # No article is ever deleted, so that the number of the last one counts them all.
        demonstrations = select(func.count()).select_from(articles).where(articles.c.origin == Origin.DEMO)
        last = connection.scalar(select(func.max(articles.c.seq))) or 0
        return last - (connection.scalar(demonstrations) or 0)
    # The origins are listed, rather than one excluded, so that the query can use their index.
    query = select(func.count()).where(articles.c.origin.in_([Origin.DEMO] if visible.demonstration else REAL_ORIGINS))
    if visible.until is not None:
        query = query.where(articles.c.first_seen_at < visible.until)
    return connection.scalar(query) or 0


def has_articles(connection: Connection) -> bool:
    """Whether the store contains any article."""
    return connection.scalar(select(articles.c.seq).limit(1)) is not None


def list_hub_story_ids(connection: Connection, hub: str, visible: Visibility, limit: int) -> list[str]:
    """List stories with a member tagged to ``hub`` by their newest tagged member, newest first.

    Of members of the same instant, the one received last comes first.
    """
    query = select(lineage.select_story_id(tags, visible.until)).where(tags.c.hub == hub)
    query = query.order_by(tags.c.at.desc(), tags.c.article_seq.desc())
    story_ids: dict[str, None] = {}
    with connection.execution_options(yield_per=500).execute(visible.restrict(query, tags)) as rows:
        for story_id in rows.scalars():
            story_ids[story_id] = None
            if len(story_ids) == limit:
                break
    return list(story_ids)


def list_busiest_story_ids(
    connection: Connection, hubs: Sequence[str], visible: Visibility, span: tuple[datetime, datetime], limit: int
) -> list[str]:
    """List stories of any of ``hubs`` by the number of their articles within ``span`` (its end excluded), most first.

    Ties are broken by the order of ``hubs``, then by the article received first.
    """
    since, before = span
    hub_place = case({hub: place for place, hub in enumerate(hubs)}, value=tags.c.hub)
    article_count = func.count(tags.c.article_seq.distinct())
    story_id = lineage.select_story_id(tags, visible.until).label("story_id")
    query = (
        select(story_id)
        .where(tags.c.hub.in_(hubs), tags.c.at >= since, tags.c.at < before)
        .group_by(story_id)
        .order_by(article_count.desc(), func.min(hub_place), func.min(tags.c.article_seq))
        .limit(limit)
    )
    return list(connection.scalars(visible.restrict(query, tags)))


def read_tagged_span(connection: Connection, hubs: Sequence[str]) -> tuple[datetime, datetime] | None:
    """Return the instants of the oldest and the newest article tagged to any of ``hubs``, visible or not."""
    ends = [
        select(end(tags.c.at)).where(tags.c.hub == hub).scalar_subquery()
        for hub in hubs
        for end in (func.min, func.max)
    ]
    instants = [instant for instant in connection.execute(select(*ends)).one() if instant is not None]
    return (min(instants), max(instants)) if instants else None


def count_hub_stories(connection: Connection, hub: str, visible: Visibility) -> int:
    """Count the stories with a visible member tagged to ``hub``."""
    query = select(func.count(lineage.select_story_id(tags, visible.until).distinct())).where(tags.c.hub == hub)
    return connection.scalar(visible.restrict(query, tags)) or 0


def read_members(connection: Connection, story_ids: Collection[str], until: datetime | None) -> dict[str, list[Member]]:
    """Read the members of each story, oldest first, as they were just before ``until``: story, title and tags."""
    story_of = lineage.select_story_id(articles, until).label("story_of")
    query = lineage.restrict_to_stories(select(articles, story_of), story_ids, until)
    query = query.order_by(articles.c.seq)  # the present time of an article must not decide the order of then
    if until is not None:
        query = query.where(articles.c.first_seen_at < until)
    rows = connection.execute(query).all()
    tagged: dict[int, list[Tag]] = {}
    tag_query = select(tags.c.article_seq, tags.c.hub, tags.c.reasons).where(
        tags.c.article_seq.in_([row.seq for row in rows])
    )
    tag_query = restrict_tags(tag_query, until)
    for tag in connection.execute(tag_query.order_by(tags.c.hub)):
        tagged.setdefault(tag.article_seq, []).append(Tag(tag.hub, tuple(tag.reasons)))
    several = [row.seq for row in rows if row.sightings > 1]
    sightings_of = stored_sightings.read_sightings(connection, several, until)
    members: dict[str, list[Member]] = {}
    for row in rows:
        member = Member(build_article_from_row(row), _build_assignment(row), tuple(tagged.get(row.seq, ())))
        members.setdefault(row.story_of, []).append(_apply_sightings(member, sightings_of.get(row.seq)))
    for of_story in members.values():
        of_story.sort(key=lambda member: member.article.at)
    return members


def show_articles(connection: Connection, rows: Sequence[Row[Any]], until: datetime | None) -> list[Article]:
    """Return the articles of rows of the table as they were shown just before ``until``."""
    later = [] if until is None else [row.seq for row in rows if row.elected_at is not None and row.elected_at >= until]
    known = stored_sightings.read_sightings(connection, later, until)
    articles_now = [build_article_from_row(row) for row in rows]
    return [
        apply_election(article, elect(known[row.seq])) if row.seq in known else article
        for article, row in zip(articles_now, rows, strict=True)
    ]


def build_article_from_row(row: Row[Any]) -> Article:
    """Build an article from a row of the table."""
    return Article(
        id=row.id,
        feed=row.feed,
        title=row.title,
        text=row.text,
        publisher=row.publisher,
        url=row.url,
        published_at=row.published_at,
        first_seen_at=row.first_seen_at,
        day_only=row.day_only,
        origin=Origin(row.origin),
        domain=row.domain,
    )


def _build_assignment(row: Row[Any]) -> Assignment:
    return Assignment(row.id, row.story_of, row.founded, row.score, tuple(row.reasons))


def _apply_sightings(member: Member, known: Sequence[Sighting] | None) -> Member:
    """Return the member as elected from the sightings known at a time, if it has several."""
    if not known:
        return member
    election = elect(known)
    winner = election.winner
    versions: list[TitleVersion] = []
    for sighting in known:
        of_winner = (sighting.feed, sighting.rank) == (winner.feed, winner.rank)
        if of_winner and not (versions and versions[-1].title == sighting.title):
            versions.append(TitleVersion(sighting.title, sighting.seen_at))
    article = apply_election(member.article, election)
    return replace(member, article=article, earlier=tuple(versions[:-1]), sightings=tuple(known))


def _article_row(seq: int, member: Member) -> dict[str, Any]:
    article, assignment = member.article, member.assignment
    return {
        "seq": seq,
        "id": article.id,
        "story_id": assignment.story_id,
        "founded": assignment.founded,
        "score": assignment.score,
        "reasons": list(assignment.reasons),
        "feed": article.feed,
        "publisher": article.publisher,
        "title": article.title,
        "text": article.text,
        "url": article.url,
        "published_at": article.published_at,
        "first_seen_at": article.first_seen_at,
        "at": article.at,
        "day_only": article.day_only,
        "origin": article.origin.value,
        "domain": article.domain,
    }


def _tag_row(seq: int, member: Member, tag: Tag) -> dict[str, Any]:
    return {
        "article_seq": seq,
        "hub": tag.hub,
        "story_id": member.assignment.story_id,
        "at": member.article.at,
        "first_seen_at": member.article.first_seen_at,
        "origin": member.article.origin.value,
        "reasons": list(tag.reasons),
    }
