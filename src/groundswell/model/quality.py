"""What is wrong with data: a defect of a series, and the figures of a claim that it touches."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class IssueKind(StrEnum):
    """What is wrong, in the words that readers see."""

    DIVIDEND = "dividend not adjusted for"
    OTHER_DIVIDEND = "different dividend"
    INCLUDES_DIVIDENDS = "price includes dividends"
    SPLIT = "split not adjusted for"
    LEVEL_JUMP = "level jump"
    UNFINISHED = "unfinished last row"
    ONE_DAY = "wrong for a day"
    PRINTS = "not closing prices"
    STALE = "stale value"
    BEGINS_LATE = "begins late"
    ENDS_EARLY = "ends early"
    MISSING = "sessions missing"
    OFF_SESSION = "rows on days without trading"
    DISAGREE = "sources disagree"
    IDENTITY = "identity does not hold"
    SURVIVORS = "survivorship bias"


class Action(StrEnum):
    """What was done about a defect."""

    KEPT = "kept and marked"
    DROPPED = "row dropped"
    UNUSED = "source not used"


@dataclass(frozen=True, slots=True)
class DataIssue:
    """A defect of ``series`` as ``source`` gives it, from ``first`` to ``last``.

    ``days`` names the days concerned; empty, the whole span is. ``size`` is the largest of them in ``unit`` ("return"
    is a fraction); None where there is none. ``text`` says what was seen, ``remedy`` what a person can do.
    """

    kind: IssueKind
    series: str
    source: str
    first: dt.date
    last: dt.date
    days: tuple[dt.date, ...]
    size: float | None
    unit: str
    text: str
    remedy: str
    action: Action = Action.KEPT

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"{self.series}: a defect cannot end ({self.last}) before it begins ({self.first})")

    def within(self, start: dt.date, end: dt.date) -> bool:
        """Whether any of its days lies from ``start`` to ``end``, both included."""
        overlaps = self.first <= end and start <= self.last
        return overlaps and (not self.days or any(start <= day <= end for day in self.days))


@dataclass(frozen=True, slots=True)
class Impact:
    """A defect that lies in the windows of a claim: of its main measurement, and of how many other readings."""

    issue: DataIssue
    main: bool
    readings: int
