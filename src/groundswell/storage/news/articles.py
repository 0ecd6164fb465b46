"""Articles, the stories they were put into, and the hubs their headlines were tagged to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, select

from groundswell.model import Article, Assignment, Member, Origin, Tag, TitleVersion
from groundswell.storage.news import lineage, titles
from groundswell.storage.schema import articles, tags

REAL = [origin for origin in Origin if origin is not Origin.DEMO]


@dataclass(frozen=True, slots=True)
class Known:
    """Which articles a page may see: first seen by ``until`` (None for all), demonstration ones or real ones."""

    until: datetime | None
    demonstration: bool

    def narrow(self, query: Select[Any], table: Any) -> Select[Any]:
        kind = table.c.origin == Origin.DEMO if self.demonstration else table.c.origin != Origin.DEMO
        query = query.where(kind)
        return query if self.until is None else query.where(table.c.first_seen_at < self.until)


def known_ids(connection: Connection, ids: Collection[str]) -> set[str]:
    """Those of ``ids`` that are stored already."""
    return set(connection.scalars(select(articles.c.id).where(articles.c.id.in_(ids))))


def add(connection: Connection, members: Sequence[Member]) -> None:
    """Store new articles with their places and tags, in order of arrival."""
    if not members:
        return
    start = connection.scalar(select(func.coalesce(func.max(articles.c.seq), 0))) or 0
    connection.execute(articles.insert(), [_article_row(seq, member) for seq, member in enumerate(members, start + 1)])
    rows = [_tag_row(seq, member, tag) for seq, member in enumerate(members, start + 1) for tag in member.tags]
    if rows:
        connection.execute(tags.insert(), rows)


def newest_at(connection: Connection, known: Known) -> datetime | None:
    newest: datetime | None = connection.scalar(known.narrow(select(func.max(articles.c.at)), articles))
    return newest


def window(connection: Connection, known: Known, since: datetime, limit: int) -> Iterator[tuple[Article, str]]:
    """The newest ``limit`` articles from ``since`` on with their story ids, ordered by ``(at, arrival)``."""
    query = select(articles).where(articles.c.at >= since)
    query = query.order_by(articles.c.at.desc(), articles.c.seq.desc()).limit(limit)
    newest = known.narrow(query, articles).subquery()
    for row in connection.execute(select(newest).order_by(newest.c.at, newest.c.seq)):
        yield article_of(row), row.story_id


def count(connection: Connection, known: Known) -> int:
    """How many articles a page may see. None is ever taken away: the number of the last is that of them all."""
    if known.until is None and not known.demonstration:
        shown = select(func.count()).select_from(articles).where(articles.c.origin == Origin.DEMO)
        return (connection.scalar(select(func.max(articles.c.seq))) or 0) - (connection.scalar(shown) or 0)
    # Origins are named one by one, not "all but one": their index then leads to the count.
    query = select(func.count()).where(articles.c.origin.in_([Origin.DEMO] if known.demonstration else REAL))
    return connection.scalar(query if known.until is None else query.where(articles.c.first_seen_at < known.until)) or 0


def any_stored(connection: Connection) -> bool:
    return connection.scalar(select(articles.c.seq).limit(1)) is not None


def any_real(connection: Connection) -> bool:
    """Whether the store holds an article that is not a demonstration."""
    return connection.scalar(select(articles.c.seq).where(articles.c.origin != Origin.DEMO).limit(1)) is not None


def known(connection: Connection, until: datetime | None) -> Known:
    """What a page may see. Demonstration articles step aside as soon as there is a single real one."""
    return Known(until, demonstration=not any_real(connection))


def hub_story_ids(connection: Connection, hub: str, known: Known, limit: int) -> list[str]:
    """Ids of stories with a member tagged to ``hub``, newest tagged member first, of one instant the last to arrive."""
    query = select(lineage.place(tags, known.until)).where(tags.c.hub == hub)
    query = query.order_by(tags.c.at.desc(), tags.c.article_seq.desc())
    found: dict[str, None] = {}
    with connection.execution_options(yield_per=500).execute(known.narrow(query, tags)) as rows:
        for story_id in rows.scalars():
            found[story_id] = None
            if len(found) == limit:
                break
    return list(found)


def busiest_story_ids(
    connection: Connection, hubs: Sequence[str], known: Known, span: tuple[datetime, datetime], limit: int
) -> list[str]:
    """Ids of stories of any of ``hubs`` by the articles they got within ``span`` (its end left out), most first.

    Of stories with as many articles, those of the hub named earlier come first.
    """
    since, before = span
    named = case({hub: place for place, hub in enumerate(hubs)}, value=tags.c.hub)
    articles_got = func.count(tags.c.article_seq.distinct())
    story_id = lineage.place(tags, known.until).label("story_id")
    query = (
        select(story_id)
        .where(tags.c.hub.in_(hubs), tags.c.at >= since, tags.c.at < before)
        .group_by(story_id)
        .order_by(articles_got.desc(), func.min(named), func.min(tags.c.article_seq))
        .limit(limit)
    )
    return list(connection.scalars(known.narrow(query, tags)))


def tagged_span(connection: Connection, hubs: Sequence[str]) -> tuple[datetime, datetime] | None:
    """The instants of the oldest and the newest article tagged to any of ``hubs``, whoever may see them."""
    ends = [
        select(end(tags.c.at)).where(tags.c.hub == hub).scalar_subquery()
        for hub in hubs
        for end in (func.min, func.max)
    ]
    found = [at for at in connection.execute(select(*ends)).one() if at is not None]
    return (min(found), max(found)) if found else None


def hub_story_count(connection: Connection, hub: str, known: Known) -> int:
    query = select(func.count(lineage.place(tags, known.until).distinct())).where(tags.c.hub == hub)
    return connection.scalar(known.narrow(query, tags)) or 0


def members(connection: Connection, story_ids: Collection[str], until: datetime | None) -> dict[str, list[Member]]:
    """The members of each story, oldest first, with the titles of then; those first seen from ``until`` on are out."""
    story_of = lineage.place(articles, until).label("story_of")
    query = lineage.among(select(articles, story_of), story_ids, until).order_by(articles.c.at, articles.c.seq)
    if until is not None:
        query = query.where(articles.c.first_seen_at < until)
    rows = connection.execute(query).all()
    tagged: dict[int, list[Tag]] = {}
    tag_query = select(tags.c.article_seq, tags.c.hub, tags.c.reasons).where(
        tags.c.article_seq.in_([row.seq for row in rows])
    )
    for seq, hub, reasons in connection.execute(tag_query.order_by(tags.c.hub)):
        tagged.setdefault(seq, []).append(Tag(hub, tuple(reasons)))
    later = titles.of(connection, [row.seq for row in rows], until)
    found: dict[str, list[Member]] = {}
    for row in rows:
        member = _edited(Member(article_of(row), _assignment(row), tuple(tagged.get(row.seq, ()))), later.get(row.seq))
        found.setdefault(row.story_of, []).append(member)
    return found


def _edited(member: Member, later: Sequence[TitleVersion] | None) -> Member:
    """The member under the last of its later titles, if it has any."""
    if not later:
        return member
    article = member.article
    earlier = (TitleVersion(article.title, article.first_seen_at), *later[:-1])
    return replace(member, article=replace(article, title=later[-1].title), earlier=earlier)


def _article_row(seq: int, member: Member) -> dict[str, Any]:
    article, place = member.article, member.assignment
    return {
        "seq": seq,
        "id": article.id,
        "story_id": place.story_id,
        "founded": place.founded,
        "score": place.score,
        "reasons": list(place.reasons),
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


def article_of(row: Row[Any]) -> Article:
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
    )


def _assignment(row: Row[Any]) -> Assignment:
    return Assignment(row.id, row.story_of, row.founded, row.score, tuple(row.reasons))
