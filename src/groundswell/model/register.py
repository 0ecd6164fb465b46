"""Registered specifications of claims, and the check of the chain of evaluations."""

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
class SinceRegistered:
    """The evidence since the registration: ``n`` events, and their mean where there are any."""

    n: int
    estimate: float | None


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first row on record that is not what was written: its ``key`` in the store, and why."""

    key: int
    hub: str
    claim: str
    as_of: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """The check of a chain: how many rows hold, how many are older than the chain, and the first that does not hold.

    ``head`` is the digest of the last row: who notes it can tell later whether rows were removed from the end.
    """

    checked: int
    unchained: int
    head: str
    broken: BrokenLink | None = None
