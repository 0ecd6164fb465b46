"""News: entries of feeds, the articles they link to, and the stories that articles form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groundswell.model.sightings import Sighting

_NO_OFFSET = timedelta(0)
_MAX_PUBLICATION_AGE = timedelta(days=30)  # an article that claims to be older when first seen is not believed


class Origin(StrEnum):
    """How an article reached the store."""

    LIVE = "live"
    FILE = "file"
    REPLAY = "replay"
    DEMO = "demo"


def require_utc(name: str, instant: datetime | None) -> None:
    """Raise ``ValueError`` unless ``instant`` is absent or an aware UTC datetime."""
    if instant is not None and instant.tzinfo is not UTC and instant.utcoffset() != _NO_OFFSET:
        raise ValueError(f"{name} must be an aware UTC datetime, not {instant!r}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed after cleaning: plain text without markup, and an absolute http(s) address or None.

    ``published_at`` is what the publisher says; it may be missing or wrong. ``day_only`` is whether it names only a day
    (the instant is then midnight UTC of that day). ``publisher`` is the feed's own. ``source`` and ``source_url`` are
    who the feed says published the item elsewhere, or empty; whether that is believed is decided later.
    """

    feed: str
    guid: str
    title: str
    text: str
    publisher: str
    url: str | None
    published_at: datetime | None
    day_only: bool = False
    source: str = ""
    source_url: str | None = None

    def __post_init__(self) -> None:
        require_utc("published_at", self.published_at)


@dataclass(frozen=True, slots=True)
class Article:
    """What entries link to, as shown: one article, whichever feeds carried it and however often its address changed.

    ``feed``, title, text, publisher, address and time are of the elected sighting. ``first_seen_at`` is by our own
    clock (in a replay, by the stream's). ``domain`` is the registered domain of the publisher where it is not that of
    ``url``: an aggregator names it, or it is unknown and empty.
    """

    id: str
    feed: str
    title: str
    text: str
    publisher: str
    url: str | None
    published_at: datetime | None
    first_seen_at: datetime
    day_only: bool
    origin: Origin
    domain: str | None = None

    def __post_init__(self) -> None:
        require_utc("published_at", self.published_at)
        require_utc("first_seen_at", self.first_seen_at)

    @property
    def at(self) -> datetime:
        """The instant to sort by: ``published_at``, or ``first_seen_at`` if that is earlier or over 30 days later."""
        published = self.published_at
        if published is None or published > self.first_seen_at:
            return self.first_seen_at
        if self.first_seen_at - published > _MAX_PUBLICATION_AGE:
            return self.first_seen_at
        return published


@dataclass(frozen=True, slots=True)
class Assignment:
    """The story that an article joined or founded, with the similarity (0 to 1) and the reasons for it."""

    article_id: str
    story_id: str
    founded: bool
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Belonging:
    """Where an article with another title than before belongs: it stays in its story, or joins another or none."""

    stays: bool
    joins: str | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """A repair: all articles of the story ``source`` move to the older story ``target``; both addresses stay valid."""

    source: str
    target: str
    reason: str


@dataclass(frozen=True, slots=True)
class Split:
    """A repair: articles move from the story ``source`` to ``target``, which has the id of the earliest of them."""

    source: str
    target: str
    articles: tuple[str, ...]
    reason: str


Repair = Merge | Split


@dataclass(frozen=True, slots=True)
class Lineage:
    """A recorded repair: when it was made, how many articles it moved from which story to which, and why."""

    at: datetime
    kind: str
    source: str
    target: str
    articles: int
    reason: str


@dataclass(frozen=True, slots=True)
class Tag:
    """Membership of a headline or a story in a hub, with the reasons that readers are shown."""

    hub: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TitleVersion:
    """A title of an article, and when the article was first seen with it."""

    title: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """An article within a story, with the reasons why it joined and the hubs that its own headline is tagged to.

    The article is as elected; ``earlier`` are the titles that the elected feed gave it before, oldest first.
    ``sightings`` are all there are, oldest first; empty if there is one only. The assignment was made from the title
    of then, the tags from the present one.
    """

    article: Article
    assignment: Assignment
    tags: tuple[Tag, ...]
    earlier: tuple[TitleVersion, ...] = ()
    sightings: tuple[Sighting, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """The articles on one event, as of some instant. ``members`` are oldest first and never empty."""

    id: str
    headline: str
    members: tuple[Member, ...]
    tags: tuple[Tag, ...]

    @property
    def first_at(self) -> datetime:
        """The instant of the oldest article."""
        return min(member.article.at for member in self.members)

    @property
    def last_at(self) -> datetime:
        """The instant of the newest article."""
        return max(member.article.at for member in self.members)

    @property
    def publishers(self) -> tuple[str, ...]:
        """The names of the publishers, in order of first appearance."""
        return tuple(dict.fromkeys(member.article.publisher for member in self.members))

    @property
    def day_only(self) -> bool:
        """Whether no member has a time of day."""
        return all(member.article.day_only for member in self.members)

    @property
    def demonstration(self) -> bool:
        """Whether it consists of demonstration headlines."""
        return any(member.article.origin is Origin.DEMO for member in self.members)
