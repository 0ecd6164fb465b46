"""How old the last value of a series may be before the value counts as stale.

| limit | daily | weekly | monthly | what it decides |
|---|---|---|---|---|
| ``STORED_SERIES`` | 5 sessions | 21 days | 100 days | the list of series marks a stored series as stale |
| ``PEERS`` | 5 sessions | 21 days | 75 days | a series ends earlier than others of its frequency |
| ``GAUGE`` | 7 days | 7 days | 7 days | a gauge shows the age of its value |
| ``CLAIM_PRICES`` | 7 days | 7 days | 7 days | an estimand that measures today refuses its series |
| ``HOLDINGS`` | 366 days | 366 days | 366 days | an estimand refuses a fund's list of holdings |
| ``DECISIONS`` | 60 days | 60 days | 60 days | an evaluation notes that the table of Fed decisions may be out of date |
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from groundswell.markets.series.calendar import sessions_between
from groundswell.model import Frequency


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
        limits = {Frequency.DAILY: self.daily, Frequency.WEEKLY: self.weekly, Frequency.MONTHLY: self.monthly}
        return self.age(last, day, frequency) > limits[frequency]


STORED_SERIES = MaxAge(5, 21, 100, "sessions")
PEERS = MaxAge(5, 21, 75, "sessions")
GAUGE = MaxAge.of_days(7)
CLAIM_PRICES = MaxAge.of_days(7)
HOLDINGS = MaxAge.of_days(366)
DECISIONS = MaxAge.of_days(60)
