"""Values that data services sent, one a row, never changed once kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Observation:
    """A value of a day as a service told it, and the instant (UTC) by which it was known.

    A revision is a further arrival of the same day. Where the scale of a series is arbitrary (prices and total returns
    of securities), ``value`` is the growth since the day ``since``: sources rescale the past with each payout, the
    growth between two days stays.
    """

    ref: SeriesRef
    date: dt.date
    value: float
    known_at: dt.datetime
    source: str
    since: dt.date | None = None


class Measure(StrEnum):
    """What the values of a series are. Returns and factor returns are fractions, rates are percent."""

    TOTAL_RETURN = "total return"  # price with dividends reinvested and splits undone; any base
    PRICE = "price"  # split-adjusted price or index level, no dividends
    PERIOD_RETURN = "period return"  # the return of the period that ends on the date
    RATE = "rate"
    LEVEL = "level"


class Frequency(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True, order=True)
class SeriesRef:
    """Which series is meant: a symbol or macro name, and the measure (``IWM`` has both prices and total returns)."""

    id: str
    measure: Measure

    def __str__(self) -> str:
        return f"{self.id} ({self.measure})"


@dataclass(frozen=True, slots=True)
class Superseded:
    """A value of a day before it was revised, and the instant (UTC) by which it was known."""

    date: dt.date
    value: float
    known_at: dt.datetime


@dataclass(frozen=True, eq=False)
class Series:
    """One value a date, with the instant each became known.

    ``dates`` is ``datetime64[D]``, strictly increasing; ``values`` float64, finite; ``known_at`` ``datetime64[s]`` in
    UTC; all of one length. ``revised`` marks a series kept in its latest vintage only: its past was not known as it
    stands. ``source`` says where it came from, for readers. ``superseded`` are values since revised, in the order
    in which they became known.
    """

    ref: SeriesRef
    frequency: Frequency
    source: str
    dates: NDArray[np.datetime64]
    values: NDArray[np.float64]
    known_at: NDArray[np.datetime64]
    revised: bool = False
    superseded: tuple[Superseded, ...] = ()

    def __post_init__(self) -> None:
        if not len(self.dates) == len(self.values) == len(self.known_at):
            raise ValueError(f"{self.ref}: dates, values and known_at differ in length")
        if len(self.dates) > 1 and not (np.diff(self.dates) > np.timedelta64(0, "D")).all():
            raise ValueError(f"{self.ref}: dates must be strictly increasing")
        if not np.isfinite(self.values).all():
            raise ValueError(f"{self.ref}: a missing value must be left out, not stored as NaN")

    def __len__(self) -> int:
        return len(self.dates)

    @property
    def last(self) -> dt.date | None:
        return self.dates[-1].astype(object) if len(self.dates) else None

    def at(self, days: NDArray[np.datetime64]) -> NDArray[np.float64]:
        """Return the value on each of ``days`` (``datetime64[D]``); NaN where the series has none."""
        return values_on(self.dates, self.values, days)

    def known_by(self, instant: dt.datetime) -> Series:
        """The part that was known at ``instant`` (UTC), with the values of then: nothing later is visible."""
        limit = np.datetime64(instant.replace(tzinfo=None), "s")
        if (self.known_at <= limit).all():
            return self
        values, known_at = self.values.copy(), self.known_at.copy()
        before = tuple(one for one in self.superseded if one.known_at <= instant)
        for one in before:
            at = np.searchsorted(self.dates, np.datetime64(one.date, "D"))
            if self.known_at[at] > limit:
                values[at], known_at[at] = one.value, np.datetime64(one.known_at.replace(tzinfo=None), "s")
        seen = known_at <= limit
        return replace(self, dates=self.dates[seen], values=values[seen], known_at=known_at[seen], superseded=before)


def values_on(
    dates: NDArray[np.datetime64], values: NDArray[np.float64], wanted: NDArray[np.datetime64]
) -> NDArray[np.float64]:
    """Return the value at each of ``wanted`` from ``values`` at increasing ``dates``; NaN where there is none."""
    if not len(dates):
        return np.full(len(wanted), np.nan)
    places = np.minimum(np.searchsorted(dates, wanted), len(dates) - 1)
    return np.where(dates[places] == wanted, values[places], np.nan)
