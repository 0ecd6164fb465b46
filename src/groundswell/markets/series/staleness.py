"""How old the last value of a series may be before the value counts as stale.

| limit | daily | weekly | monthly | what it decides |
|---|---|---|---|---|
| ``STORED_SERIES`` | 5 sessions | 21 days | 100 days | the list of series marks a stored series as stale |
| ``PEERS`` | 5 sessions | 21 days | 75 days | a series ends earlier than others of its frequency |
| ``CLAIM_SERIES`` | 7 days | 21 days | 100 days | a claim keeps its verdict of the last day before that |
| ``GAUGE`` | 7 days | 7 days | 7 days | a gauge shows the age of its value |
| ``CLAIM_PRICES`` | 7 days | 7 days | 7 days | an estimand that measures today refuses its series |
| ``HOLDINGS`` | 366 days | 366 days | 366 days | an estimand refuses a fund's list of holdings |
| ``DECISIONS`` | 60 days | 60 days | 60 days | an evaluation notes that the table of Fed decisions may be out of date |
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from groundswell.markets.series.calendar import sessions_between
from groundswell.markets.series.catalogue import family_of
from groundswell.markets.series.family import PRICED, Kind
from groundswell.model import Frequency, Series, SeriesRef


@dataclass(frozen=True, slots=True)
class MaxAge:
    """The greatest age of a last value that is not stale, by frequency: calendar days, or sessions for daily series."""

    daily: int
    weekly: int
    monthly: int
    daily_unit: Literal["sessions", "days"] = "days"

    @classmethod
    def of_days(cls, days: int) -> MaxAge:
        """Return the same limit for every frequency."""
        return cls(days, days, days)

    def unit(self, frequency: Frequency) -> Literal["sessions", "days"]:
        """Return the unit in which ages of a series of ``frequency`` are counted."""
        return self.daily_unit if frequency is Frequency.DAILY else "days"

    def age(self, last: dt.date, day: dt.date, frequency: Frequency = Frequency.DAILY) -> int:
        """Return the age on ``day`` of a value of the day ``last``, in the unit of ``frequency``."""
        return len(sessions_between(last, day)) - 1 if self.unit(frequency) == "sessions" else (day - last).days

    def is_exceeded(self, last: dt.date, day: dt.date, frequency: Frequency = Frequency.DAILY) -> bool:
        """Return whether a last value of the day ``last`` is stale on ``day``."""
        return self.age(last, day, frequency) > self.limit(frequency)

    def limit(self, frequency: Frequency) -> int:
        """Return the greatest age of a series of ``frequency``, in its unit."""
        return {Frequency.DAILY: self.daily, Frequency.WEEKLY: self.weekly, Frequency.MONTHLY: self.monthly}[frequency]


STORED_SERIES = MaxAge(5, 21, 100, "sessions")
PEERS = MaxAge(5, 21, 75, "sessions")
CLAIM_SERIES = MaxAge(7, 21, 100)
GAUGE = MaxAge.of_days(7)
CLAIM_PRICES = MaxAge.of_days(7)
HOLDINGS = MaxAge.of_days(366)
DECISIONS = MaxAge.of_days(60)


@dataclass(frozen=True, slots=True)
class Outdated:
    """A series that is stale: its last day, and the last day on which it was not."""

    ref: SeriesRef
    last: dt.date
    fresh_until: dt.date


def find_outdated(series: Iterable[Series], day: dt.date, max_age: MaxAge = CLAIM_SERIES) -> Iterator[Outdated]:
    """Find the series that are stale on ``day``, by a limit in calendar days."""
    for each in series:
        if each.last is not None and max_age.is_exceeded(each.last, day, each.frequency):
            limit = dt.timedelta(days=max_age.limit(each.frequency))
            yield Outdated(each.ref, each.last, each.last + limit)


def is_due(series: Series) -> bool:
    """Whether newer values of a series are due by its frequency, so that it can be stale.

    They are not where a series is known to have ended, where it comes with files of its own (lists of holdings, annual
    accounts, monthly factors), where its days lie ahead, and where an owner's monthly figures may as well be annual.
    """
    family = family_of(series.ref)
    if family.discontinued or family.kind in (Kind.DERIVED, Kind.SCHEDULE, Kind.ACCOUNTS):
        return False
    is_known = series.ref.measure in PRICED or family.kind is Kind.MACRO
    return is_known or series.frequency is not Frequency.MONTHLY


def cut_after(series: Series, last: dt.date) -> Series:
    """Return a series without its values after ``last``."""
    count = int(np.searchsorted(series.dates, np.datetime64(last, "D"), side="right"))
    return replace(series, dates=series.dates[:count], values=series.values[:count], known_at=series.known_at[:count])
