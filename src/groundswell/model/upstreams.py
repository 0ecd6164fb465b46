"""Where news and numbers come from, and what came of the last try."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

MOVES_BELIEVED = 3
VALIDATORS_LAST = timedelta(days=7)


class UpstreamKind(StrEnum):
    FEED = "feed"
    DATA = "data"


class Outcome(StrEnum):
    """What came of a try. ``NOT_TRIED`` before the first; the failures are the last four."""

    NOT_TRIED = "not tried yet"
    OK = "ok"
    NOT_MODIFIED = "not modified"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    MALFORMED = "malformed"
    TOO_LARGE = "too large"

    @property
    def failed(self) -> bool:
        return self in (Outcome.UNREACHABLE, Outcome.REFUSED, Outcome.MALFORMED, Outcome.TOO_LARGE)


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """A feed to poll: its permanent slug, publisher, address, topic and the owner's choice to have it on."""

    slug: str
    publisher: str
    url: str
    topic: str
    enabled: bool
    minutes: int
    note: str


@dataclass(frozen=True, slots=True)
class AddedFeeds:
    """What adding a list of feeds did: which are new, which were off and are on now, and which were on already.

    ``changed`` are those of ``known`` that are asked at another interval from now on.
    """

    new: tuple[FeedSpec, ...] = ()
    turned_on: tuple[FeedSpec, ...] = ()
    known: tuple[FeedSpec, ...] = ()
    changed: tuple[FeedSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class UpstreamState:
    """A feed's or data source's row on the status page; expected failures are values here, never exceptions.

    ``due_reason`` says why ``next_due_at`` is when it is; ``interval_minutes`` is the time between two tries while all
    goes well. ``moved_to`` is where permanent redirects led, ``moved_times`` how often in a row.
    """

    name: str
    kind: UpstreamKind
    title: str
    address: str
    topic: str
    enabled: bool
    outcome: Outcome = Outcome.NOT_TRIED
    detail: str = ""
    items: int = 0
    failures: int = 0
    last_tried_at: datetime | None = None
    last_ok_at: datetime | None = None
    next_due_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    last_body_at: datetime | None = None
    due_reason: str = ""
    interval_minutes: int = 0
    interval_reason: str = ""
    moved_to: str | None = None
    moved_times: int = 0

    @property
    def asked_at(self) -> str:
        """The address to ask: the feed's own, or where it led for good so often in a row that this is believed."""
        return self.moved_to if self.moved_to and self.moved_times >= MOVES_BELIEVED else self.address

    def validators(self, now: datetime) -> tuple[str | None, str | None]:
        """ETag and Last-Modified to ask with; none once a week, for a wrong one would hide all news for ever."""
        if self.last_body_at is None or now - self.last_body_at >= VALIDATORS_LAST:
            return None, None
        return self.etag, self.last_modified

    def redirected(self, moved_to: str | None, failed: bool) -> UpstreamState:
        """The state after a try that permanent redirects led to ``moved_to`` (None: to no other address).

        A failure makes a move forgotten, so that the feed's own address is asked again.
        """
        if failed:
            return replace(self, moved_to=None, moved_times=0)
        if moved_to is None:
            return self if self.asked_at != self.address else replace(self, moved_to=None, moved_times=0)
        return replace(self, moved_to=moved_to, moved_times=self.moved_times + 1 if moved_to == self.moved_to else 1)

    def after(
        self, outcome: Outcome, detail: str, items: int, tried_at: datetime, next_due_at: datetime | None
    ) -> UpstreamState:
        """The state after one try: failures counted since the last success, the last success remembered."""
        return replace(
            self,
            outcome=outcome,
            detail=detail,
            items=self.items + items,
            failures=self.failures + 1 if outcome.failed else 0,
            last_tried_at=tried_at,
            last_ok_at=self.last_ok_at if outcome.failed else tried_at,
            next_due_at=next_due_at,
        )


@dataclass(frozen=True, slots=True)
class Received:
    """Articles, how many of them began a story and how many belong to a hub; edited titles; values of data services."""

    articles: int = 0
    founded: int = 0
    tagged: int = 0
    edited: int = 0
    values: int = 0
