"""Data issues: what is wrong with a series, and which claims are affected."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class IssueKind(StrEnum):
    """What is wrong, in the words that readers are shown."""

    DIVIDEND = "dividend not adjusted for"
    OTHER_DIVIDEND = "different dividend"
    INCLUDES_DIVIDENDS = "price includes dividends"
    PARTLY_ADJUSTED = "dividends partly included"
    DIVIDENDS_UNCLEAR = "dividends unclear"
    SPLIT = "split not adjusted for"
    LARGE = "large change"
    IMPOSSIBLE = "impossible change"
    TWO_SECURITIES = "two securities under one name"
    OTHER_UNIT = "in another unit"
    WRONG_DAYS = "dated on another day"
    CARRIED = "price carried into closures"
    LEVEL_JUMP = "level jump"
    UNFINISHED = "unfinished last row"
    ONE_DAY = "wrong for a day"
    PRINTS = "not closing prices"
    STALE = "stale value"
    BEGINS_LATE = "begins late"
    SERVED_SHORT = "served short"
    ENDS_EARLY = "ends early"
    MISSING = "sessions missing"
    OFF_SESSION = "rows on days without trading"
    UNREADABLE = "unreadable cell"
    TWO_VALUES = "two values for a day"
    DISAGREE = "sources disagree"
    IDENTITY = "identity does not hold"
    SURVIVORS = "survivorship bias"
    SOURCE_CHANGE = "change of source"
    CONTRADICTED = "contradicted by its source"
    RELOADED = "loaded again"


class Action(StrEnum):
    """What was done about a data issue."""

    KEPT = "kept and marked"
    DROPPED = "row dropped"
    CORRECTED = "corrected"
    WITHHELD = "verdicts withheld"
    UNUSED = "source not used"


@dataclass(frozen=True, slots=True)
class DataIssue:
    """An issue in ``series`` as published by ``source``, from ``first`` to ``last``.

    ``days`` lists the affected days; if it is empty, the whole span is affected. ``size`` is the largest deviation in
    ``unit`` ("return" is a fraction), or None. ``text`` describes the issue, ``remedy`` says how to fix it.
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
            raise ValueError(f"{self.series}: a data issue cannot end ({self.last}) before it begins ({self.first})")

    @property
    def withholds(self) -> bool:
        """Whether no verdict may rest on the affected days."""
        return self.action is Action.WITHHELD

    def within(self, start: dt.date, end: dt.date) -> bool:
        """Whether any affected day lies from ``start`` to ``end``, both included."""
        overlaps = self.first <= end and start <= self.last
        return overlaps and (not self.days or any(start <= day <= end for day in self.days))


@dataclass(frozen=True, slots=True)
class Impact:
    """A data issue within the windows of a claim: of its main measurement, and of how many other readings."""

    issue: DataIssue
    main: bool
    readings: int
