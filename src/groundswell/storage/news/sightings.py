"""Sightings of articles: facts that are added and never changed, bounded for each article and feed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from groundswell.model import Election, Origin, Rank, Sighting
from groundswell.storage.schema import articles, sightings

MAX_SIGHTINGS_PER_FEED = 21
"""Sightings stored of one article by one feed, so that a feed that changes its titles does not fill the disk."""

MAX_SIGHTINGS_UNDER_ONE_TITLE = 4
"""The same as long as only address, time or source differ: some feeds change these at every request."""

_FIELDS = [column.name for column in sightings.columns if column.name not in ("article_seq", "text")]
_SAID = ("title", "listed_by", "publisher", "source", "url", "published_at", "day_only")


def read_sightings(
    connection: Connection, seqs: Collection[int], until: datetime | None = None
) -> dict[int, list[Sighting]]:
    """Read the sightings of articles by their numbers, oldest first; only those seen before ``until``, if given.

    The elected one has the text of the article.
    """
    query = select(sightings, articles.c.text.label("shown")).where(articles.c.seq == sightings.c.article_seq)
    query = query.where(sightings.c.article_seq.in_(seqs)).order_by(sightings.c.seen_at, sightings.c.feed)
    if until is not None:
        query = query.where(sightings.c.seen_at < until)
    found: dict[int, list[Sighting]] = {}
    for row in connection.execute(query) if seqs else ():
        found.setdefault(row.article_seq, []).append(_build_sighting(row))
    return found


def choose_new(stored: Iterable[Sighting], offered: Iterable[Sighting]) -> list[Sighting]:
    """Return those of ``offered`` sightings of an article that say something new, in the order of time.

    A feed says something new when it differs from what it said last, or when its word counts for more than before. What
    it said earlier than stored is ignored, and so is what exceeds the bounds, and an address in place of a title.
    """
    of_feed: dict[str, list[Sighting]] = {}
    for sighting in stored:
        of_feed.setdefault(sighting.feed, []).append(sighting)
    new: list[Sighting] = []
    for sighting in sorted(offered, key=lambda one: one.seen_at):  # of equal instants the first counts
        before = of_feed.setdefault(sighting.feed, [])
        if not before or _says_something_new(before, sighting):
            before.append(sighting)
            new.append(sighting)
    return new


def add_first(connection: Connection, first: Mapping[int, Sighting]) -> None:
    """Store the first sightings of articles by their numbers; the articles have their texts."""
    connection.execute(sightings.insert(), [_write_row(seq, sighting, None) for seq, sighting in first.items()])


def add_further(
    connection: Connection, seq: int, new: Sequence[Sighting], before: Election, elections: Sequence[Election]
) -> None:
    """Store further sightings of an article. ``elections`` are all that there were, ``before`` was the last one.

    Only texts that were ever shown are stored, and the one that is shown stays with the article.
    """
    winner = elections[-1].winner
    texts = {id(election.winner): election.winner.text for election in elections[:-1]} | {id(winner): None}
    connection.execute(sightings.insert(), [_write_row(seq, one, texts.get(id(one), "")) for one in new])
    if before.winner is not winner:
        former = (
            sightings.update()
            .where(sightings.c.article_seq == seq)
            .where(sightings.c.feed == before.winner.feed, sightings.c.seen_at == before.winner.seen_at)
        )
        connection.execute(former.values(text=before.winner.text))


def _says_something_new(before: Sequence[Sighting], sighting: Sighting) -> bool:
    last = max(before, key=lambda one: one.seen_at)
    if sighting.seen_at <= last.seen_at or not sighting.has_title or len(before) >= MAX_SIGHTINGS_PER_FEED:
        return False
    if sighting.title != last.title or sighting.rank < min(one.rank for one in before):
        return True
    differs = any(getattr(sighting, name) != getattr(last, name) for name in _SAID)
    return differs and sum(one.title == last.title for one in before) < MAX_SIGHTINGS_UNDER_ONE_TITLE


def _write_row(seq: int, sighting: Sighting, text: str | None) -> dict[str, Any]:
    return {"article_seq": seq, "text": text} | {name: getattr(sighting, name) for name in _FIELDS}


def _build_sighting(row: Row[Any]) -> Sighting:
    values = {name: getattr(row, name) for name in _FIELDS}
    values["rank"], values["origin"] = Rank(row.rank), Origin(row.origin)
    return Sighting(text=row.shown if row.text is None else row.text, **values)
