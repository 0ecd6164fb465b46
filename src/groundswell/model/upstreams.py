"""Feeds and data services, and the outcome of the last request to each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

MIN_REDIRECTS_BEFORE_MOVING = 3  # permanent redirects to the same address, one request after the other
MAX_VALIDATOR_AGE = timedelta(days=7)


class UpstreamKind(StrEnum):
    """Whether a source sends news or numbers."""

    FEED = "feed"
    DATA = "data"


def data_row(service: str) -> str:
    """Return the name of the row that a data service, or another source of numbers, has on the status page."""
    return f"data:{service}"


class Outcome(StrEnum):
    """The outcome of a request. ``NOT_TRIED`` is before the first one; the last six are failures.

    ``WAITING`` is a source that is asked only once the owner has set a contact.

    ``EMPTY`` is a sound feed that has had no items for a day: it often says why in its own words.
    ``PROGRAM_ERROR`` is a fault of this program, which failed on what the source sent.
    """

    NOT_TRIED = "not tried yet"
    WAITING = "waits for contact"
    OK = "ok"
    NOT_MODIFIED = "not modified"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    EMPTY = "empty"
    MALFORMED = "malformed"
    TOO_LARGE = "too large"
    PROGRAM_ERROR = "program error"

    @property
    def failed(self) -> bool:
        """Whether the request brought nothing usable."""
        return self not in (Outcome.NOT_TRIED, Outcome.WAITING, Outcome.OK, Outcome.NOT_MODIFIED)


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """A feed to poll: its permanent slug, publisher, address and topic, and whether the owner has it on.

    ``aggregator`` is whether it lists what others publish, and is believed when it says who.
    """

    slug: str
    publisher: str
    url: str
    topic: str
    enabled: bool
    minutes: int
    note: str
    aggregator: bool = False


@dataclass(frozen=True, slots=True)
class AddedFeeds:
    """What adding a list of feeds did: which are new, which were off and are on now, and which were on already.

    ``changed`` are those of ``known`` that have another interval or mark from now on.
    """

    new: tuple[FeedSpec, ...] = ()
    turned_on: tuple[FeedSpec, ...] = ()
    known: tuple[FeedSpec, ...] = ()
    changed: tuple[FeedSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class UpstreamState:
    """The state of a feed or data service, as on the status page. Expected failures are values here, not exceptions.

    ``failures`` counts those since the last success. ``due_reason`` explains ``next_due_at``. ``interval_minutes`` is
    the time between two requests without failures. ``moved_to`` is where permanent redirects led, ``moved_times`` how
    often in a row.
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
    def request_address(self) -> str:
        """The address to request: the source's own, or one it has permanently redirected to several times in a row."""
        return self.moved_to if self.moved_to and self.moved_times >= MIN_REDIRECTS_BEFORE_MOVING else self.address

    def validators(self, now: datetime) -> tuple[str | None, str | None]:
        """Return ETag and Last-Modified for a request; none once a week, because a wrong one would hide all news."""
        if self.last_body_at is None or now - self.last_body_at >= MAX_VALIDATOR_AGE:
            return None, None
        return self.etag, self.last_modified

    def record_redirect(self, moved_to: str | None, failed: bool) -> UpstreamState:
        """Return the state after a request that was permanently redirected to ``moved_to`` (None: not redirected).

        After a failure the redirects are forgotten, so that the source's own address is requested again.
        """
        if failed:
            return replace(self, moved_to=None, moved_times=0)
        if moved_to is None:
            return self if self.request_address != self.address else replace(self, moved_to=None, moved_times=0)
        return replace(self, moved_to=moved_to, moved_times=self.moved_times + 1 if moved_to == self.moved_to else 1)

    def after(
        self, outcome: Outcome, detail: str, items: int, tried_at: datetime, next_due_at: datetime | None
    ) -> UpstreamState:
        """Return the state after a request with this outcome."""
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
    """How many articles were received, how many founded a story or are tagged, edited titles, and new values."""

    articles: int = 0
    founded: int = 0
    tagged: int = 0
    edited: int = 0
    values: int = 0
