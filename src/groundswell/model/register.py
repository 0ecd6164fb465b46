"""What is on record of claims besides evaluations: specifications, forecasts, and the check of the chain of all."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Registration:
    """A version of a claim's specification, and when it was first seen.

    ``canonical`` is the text that ``digest``, its SHA-256, is of: what is measured and what is claimed of it, without
    words for readers. Versions count from 1.
    """

    hub: str
    claim: str
    version: int
    digest: str
    canonical: str
    registered_at: dt.datetime

    @property
    def registered(self) -> dt.date:
        return self.registered_at.date()


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast made on the day of an event, from ``n`` earlier ones of which ``hits`` reached the claimed bound.

    ``low`` and ``high`` are the 95 % prediction interval, None where there are only one or two different values before,
    as there are of outcomes. ``usual`` is the share of all earlier windows of the same length that reached the bound,
    None where there are none. ``value`` and ``hit`` are None until the event has a value; ``ends`` is the last day of
    its window where the value was to come, and ``void`` says why there will be none.

    ``version`` is that of the claim's specification. A forecast on record was ``opened`` as of a day, and ``closed`` as
    of a later one; both are None of one that is replayed.
    """

    hub: str
    claim: str
    day: dt.date
    n: int
    hits: int
    probability: float
    low: float | None
    high: float | None
    usual: float | None
    ends: dt.date | None = None
    value: float | None = None
    hit: bool | None = None
    void: str = ""
    after_registration: bool = False
    version: int | None = None
    opened: dt.date | None = None
    closed: dt.date | None = None

    @property
    def status(self) -> str:
        if self.hit is not None:
            return "resolved"
        return "void" if self.void else "open"

    @property
    def event(self) -> tuple[str, str, dt.date]:
        """The event that it is of: hub, claim and day."""
        return self.hub, self.claim, self.day


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first record that is not what was written: what it is, its ``key`` in its table, and why.

    Hub, claim and day are empty where the record is not there any more.
    """

    record: str
    key: int
    hub: str
    claim: str
    as_of: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """The check of a chain: how many records hold, how many are older than the chain, and the first that does not hold.

    ``head`` is the digest of the last link: who notes it can tell later whether records were removed from the end.
    """

    checked: int
    unchained: int
    head: str
    broken: BrokenLink | None = None
