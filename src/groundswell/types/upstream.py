"""Where news and numbers come from, and what came of the last try."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


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
class UpstreamState:
    """A feed's or data source's row on the status page; expected failures are values here, never exceptions."""

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
