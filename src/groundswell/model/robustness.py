"""How far a verdict bears: the votes of readings, recent years, the strength of a sample, and readings together."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Votes:
    """How many readings with enough data support a claim, refute it, or leave it open."""

    support: int
    refute: int
    open: int

    @property
    def judged(self) -> int:
        return self.support + self.refute + self.open

    def __add__(self, other: Votes) -> Votes:
        return Votes(self.support + other.support, self.refute + other.refute, self.open + other.open)


NO_VOTES = Votes(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """The same estimate on ``n`` events or rows ``since`` a day; with too few of them, no estimate or interval."""

    since: dt.date
    n: int
    estimate: float | None
    ci_low: float | None
    ci_high: float | None


@dataclass(frozen=True, slots=True)
class Strength:
    """What the sample of a claim can show.

    ``detectable`` is the effect that four of five such samples would find, in the unit of the claim; ``needed_n`` the
    number of observations with which the near bound of the claimed range would be detectable. ``bound_p`` is the
    two-sided p-value of the near bound.
    """

    detectable: float
    needed_n: int | None
    bound_p: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """The readings of a claim together, against the same readings at days drawn at random.

    ``median`` is the median of their estimates and ``share`` the share that supports the claim, each with the p-value
    of event days that mean nothing.
    """

    readings: int
    median: float
    median_p: float
    share: float
    share_p: float
