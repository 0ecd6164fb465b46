"""Sightings: what feeds say of an article and when; and the election of what is shown of it.

Sightings are facts and are only added. What is shown at a time is elected from the sightings before that time, so that
the order in which feeds arrive does not matter, and no page of a past day shows what was learnt later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum, StrEnum
from itertools import groupby, pairwise

from groundswell.model.news import Article, Origin, Tag, require_utc


class Rank(IntEnum):
    """How much the word of a feed counts for an article; the lowest counts most."""

    OWNER = 0  # the feed's registered domain is that of the article's address
    AGGREGATOR = 1  # the owner of this program marked the feed as an aggregator
    OTHER = 2


@dataclass(frozen=True, slots=True)
class Sighting:
    """A feed listed an article: what it said, and when it was first seen to say so.

    ``listed_by`` is the feed's own name. ``publisher`` is who is credited: the same, or ``source`` (who the feed says
    published the article elsewhere) where that is believed.
    ``domain`` is the registered domain of the publisher; None stands for that of ``url``. ``position`` is the place in
    the feed, from 0. ``text`` may be empty where it was never shown.
    """

    feed: str
    seen_at: datetime
    rank: Rank
    title: str
    text: str
    listed_by: str
    publisher: str
    source: str
    url: str | None
    domain: str | None
    published_at: datetime | None
    day_only: bool
    position: int
    origin: Origin

    def __post_init__(self) -> None:
        require_utc("seen_at", self.seen_at)
        require_utc("published_at", self.published_at)

    @property
    def has_title(self) -> bool:
        """Whether the title is one, and not the address that stands where a feed gives none."""
        return self.title != self.url


@dataclass(frozen=True, slots=True)
class Election:
    """What is shown of an article from ``at`` on: the sighting that won, under the latest title of its feed."""

    at: datetime
    winner: Sighting
    title: str


@dataclass(frozen=True, slots=True)
class TagPeriod:
    """A tag that an article had from ``since`` until ``dropped_at`` (None: until now), when it was dated ``at``."""

    tag: Tag
    at: datetime
    since: datetime
    dropped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A sighting as readers are shown it: whether it is elected, until when it was, and if its feed said more later.

    ``shown_until`` is None if it was never elected, or still is.
    """

    sighting: Sighting
    elected: bool
    shown_until: datetime | None
    superseded: bool


class KeyKind(StrEnum):
    """What a key is made of, the strongest first. Title and day identify an item only where nothing else does."""

    ADDRESS = "address"  # the canonical address, the same for all feeds
    GUID = "guid"  # feed and guid
    TEXT = "text"  # feed, source, title and time
    TITLE = "title"  # feed, title and day


@dataclass(frozen=True, slots=True)
class Key:
    """One of the keys by which an article is known: a digest of 16 characters.

    ``mark`` is the digest under which it is noted that the key identifies nothing in this feed.
    """

    kind: KeyKind
    digest: str
    mark: str


@dataclass(frozen=True, slots=True)
class Offer:
    """An item of a feed's answer, before it is known which article it is.

    ``keys`` are those that no other item of the answer has, the strongest first; ``shared`` are the marks of
    the others. ``has_own_guid`` is whether its guid says more than its address.
    """

    sighting: Sighting
    keys: tuple[Key, ...]
    shared: tuple[str, ...] = ()
    has_own_guid: bool = False


def list_elections(sightings: Iterable[Sighting]) -> tuple[Election, ...]:
    """Return what was shown of an article one after the other, oldest first.

    The sighting of the best rank wins, of equal ranks the earliest, of equal instants the first feed by name; one
    without a title only if there is no other. The winner's feed may change the title later. An instant brings at most
    one election.
    """
    elections: list[Election] = []
    best: Sighting | None = None
    title = ""
    for at, group in groupby(sorted(sightings, key=_sort_key), key=lambda sighting: sighting.seen_at):
        before = best, title
        for sighting in group:
            if best is None or _weigh(sighting) < _weigh(best):
                best, title = sighting, sighting.title
            elif (sighting.feed, _weigh(sighting)) == (best.feed, _weigh(best)):
                title = sighting.title
        if best is not None and (best, title) != before:
            elections.append(Election(at, best, title))
    return tuple(elections)


def elect(sightings: Iterable[Sighting]) -> Election:
    """Return the last election. Raises ``ValueError`` if there are no sightings."""
    elections = list_elections(sightings)
    if not elections:
        raise ValueError("an article has at least one sighting")
    return elections[-1]


def list_listings(sightings: Iterable[Sighting]) -> tuple[Listing, ...]:
    """Return sightings of an article as readers are shown them, oldest first."""
    known = sorted(sightings, key=_sort_key)
    elections = list_elections(known)
    ended = {before.winner: after.at for before, after in pairwise(elections) if before.winner is not after.winner}
    latest = {sighting.feed: sighting for sighting in known}
    return tuple(
        Listing(one, one is elections[-1].winner, ended.get(one), one is not latest[one.feed]) for one in known
    )


def apply_election(article: Article, election: Election) -> Article:
    """Return the article as it is shown after an election; its id, origin and first-seen time stay."""
    winner = election.winner
    return replace(
        article,
        feed=winner.feed,
        title=election.title,
        text=winner.text,
        publisher=winner.publisher,
        url=winner.url,
        domain=winner.domain,
        published_at=winner.published_at,
        day_only=winner.day_only,
    )


def sight(article: Article) -> Sighting:
    """Return the sighting of an article that was seen once, by a feed of unknown rank."""
    return Sighting(
        feed=article.feed,
        seen_at=article.first_seen_at,
        rank=Rank.OTHER,
        title=article.title,
        text=article.text,
        listed_by=article.publisher,
        publisher=article.publisher,
        source="",
        url=article.url,
        domain=article.domain,
        published_at=article.published_at,
        day_only=article.day_only,
        position=0,
        origin=article.origin,
    )


def _weigh(sighting: Sighting) -> tuple[bool, Rank]:
    return not sighting.has_title, sighting.rank


def _sort_key(sighting: Sighting) -> tuple[datetime, tuple[bool, Rank], str]:
    return sighting.seen_at, _weigh(sighting), sighting.feed
