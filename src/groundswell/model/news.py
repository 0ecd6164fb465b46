"""News as it travels: entry → article → story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

_NO_OFFSET = timedelta(0)
_BELIEVED = timedelta(days=30)  # how long before we saw it an article may claim to have been published


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
    """One item of a feed after cleaning: plain text without markup, an absolute http(s) address or none.

    ``published_at`` is the publisher's word and may be absent or wrong; ``day_only`` says that it names a day, not a
    time (the instant is then that day's midnight UTC).
    """

    feed: str
    guid: str
    title: str
    text: str
    publisher: str
    url: str | None
    published_at: datetime | None
    day_only: bool = False

    def __post_init__(self) -> None:
        require_utc("published_at", self.published_at)


@dataclass(frozen=True, slots=True)
class Article:
    """What an entry links to, as stored: one per canonical address, whichever feeds carried it.

    ``first_seen_at`` is our own clock (in a replay, the stream's).
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

    def __post_init__(self) -> None:
        require_utc("published_at", self.published_at)
        require_utc("first_seen_at", self.first_seen_at)

    @property
    def at(self) -> datetime:
        """The instant to order by: the publisher's, unless it is absent, later than our own, or over 30 days before."""
        published = self.published_at
        if published is None or published > self.first_seen_at:
            return self.first_seen_at
        if self.first_seen_at - published > _BELIEVED:
            return self.first_seen_at
        return published


@dataclass(frozen=True, slots=True)
class Assignment:
    """The place an article was given: the story it joined, or the one it founded, and the features that decided."""

    article_id: str
    story_id: str
    founded: bool
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """A repair: every article of the story ``source`` moves to the older story ``target``; both addresses stay good."""

    source: str
    target: str
    reason: str


@dataclass(frozen=True, slots=True)
class Split:
    """A repair: these articles leave the story ``source`` for ``target``, named after the earliest of them."""

    source: str
    target: str
    articles: tuple[str, ...]
    reason: str


Repair = Merge | Split


@dataclass(frozen=True, slots=True)
class Lineage:
    """A repair as recorded: when, how many articles it moved, from which story to which, and why."""

    at: datetime
    kind: str
    source: str
    target: str
    articles: int
    reason: str


@dataclass(frozen=True, slots=True)
class Tag:
    """Membership of a headline or a story in a hub, with the reasons shown to readers."""

    hub: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TitleVersion:
    """A title that an article had, and when it was first seen with it."""

    title: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """An article within a story: why it joined and the hubs that its own headline was tagged to.

    The article has its newest title; ``earlier`` are those before, oldest first. Story and tags rest on the first one.
    """

    article: Article
    assignment: Assignment
    tags: tuple[Tag, ...]
    earlier: tuple[TitleVersion, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """The articles on one happening, as known at some instant. ``members`` are oldest first and never empty."""

    id: str
    headline: str
    members: tuple[Member, ...]
    tags: tuple[Tag, ...]

    @property
    def first_at(self) -> datetime:
        return min(member.article.at for member in self.members)

    @property
    def last_at(self) -> datetime:
        return max(member.article.at for member in self.members)

    @property
    def publishers(self) -> tuple[str, ...]:
        """Names of the publishers, in order of first appearance."""
        return tuple(dict.fromkeys(member.article.publisher for member in self.members))

    @property
    def day_only(self) -> bool:
        """Whether no member has a time of day."""
        return all(member.article.day_only for member in self.members)

    @property
    def demonstration(self) -> bool:
        return any(member.article.origin is Origin.DEMO for member in self.members)
