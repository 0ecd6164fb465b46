"""Series of numbers, and the observations that data services send."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Observation:
    """The value of a day as sent by a data service, and the instant (UTC) by which it was known.

    A revision is a further observation of the same day. If the scale of a series is arbitrary (prices and total returns
    of securities), ``value`` is the growth factor since the day ``since``: sources rescale the past with every dividend
    or split, but the growth between two days stays the same.
    """

    ref: SeriesRef
    date: dt.date
    value: float
    known_at: dt.datetime
    source: str  # the name of the data service
    since: dt.date | None = None


Values = NDArray[np.float64]
"""An array of numbers."""


class Measure(StrEnum):
    """What the values of a series are. Returns and factor returns are fractions, rates are percent."""

    TOTAL_RETURN = "total return"  # price with dividends reinvested and splits undone; any base
    PRICE = "price"  # split-adjusted price or index level, no dividends
    PERIOD_RETURN = "period return"  # the return of the period that ends on the date
    RATE = "rate"
    LEVEL = "level"


class Frequency(StrEnum):
    """How often a series has a value."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True, order=True)
class SeriesRef:
    """The identity of a series: a symbol or macro name, and the measure (``IWM`` has both prices and total returns)."""

    id: str
    measure: Measure

    def __str__(self) -> str:
        return f"{self.id} ({self.measure})"


@dataclass(frozen=True, slots=True)
class Superseded:
    """An earlier value of a day that was revised later, and the instant (UTC) by which it was known."""

    date: dt.date
    value: float
    known_at: dt.datetime


@dataclass(frozen=True, eq=False)
class Series:
    """One value for each date, with the instant at which it became known.

    ``dates`` is ``datetime64[D]``, strictly increasing; ``values`` is float64 and finite; ``known_at`` is
    ``datetime64[s]`` in UTC; all have the same length. ``revised`` marks a series of which only the latest vintage is
    stored, so that its past values were not known as they are now. ``source`` names the origin for readers.
    ``superseded`` are values that were revised later, in the order in which they became known.
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
        """The last date, None for an empty series."""
        return self.dates[-1].astype(object) if len(self.dates) else None

    def at(self, days: NDArray[np.datetime64]) -> NDArray[np.float64]:
        """Return the value on each of ``days`` (``datetime64[D]``); NaN where the series has none."""
        return values_on(self.dates, self.values, days)

    def known_by(self, instant: dt.datetime) -> Series:
        """Return the part that was known at ``instant`` (UTC), with the values as they were then."""
        limit = np.datetime64(instant.replace(tzinfo=None), "s")
        if (self.known_at <= limit).all():
            return self
        values, known_at = self.values.copy(), self.known_at.copy()
        superseded = tuple(earlier for earlier in self.superseded if earlier.known_at <= instant)
        for earlier in superseded:
            place = np.searchsorted(self.dates, np.datetime64(earlier.date, "D"))
            if self.known_at[place] > limit:
                values[place] = earlier.value
                known_at[place] = np.datetime64(earlier.known_at.replace(tzinfo=None), "s")
        known = known_at <= limit
        return replace(
            self, dates=self.dates[known], values=values[known], known_at=known_at[known], superseded=superseded
        )


def values_on(
    dates: NDArray[np.datetime64], values: NDArray[np.float64], wanted: NDArray[np.datetime64]
) -> NDArray[np.float64]:
    """Return the value at each of ``wanted`` from ``values`` at increasing ``dates``; NaN where there is none."""
    if not len(dates):
        return np.full(len(wanted), np.nan)
    rows, is_present = find_rows(dates, wanted)
    return np.where(is_present, values[rows], np.nan)


def find_rows(
    dates: NDArray[np.datetime64], wanted: NDArray[np.datetime64]
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return the row of each of ``wanted`` in increasing ``dates``, and whether it is there."""
    if not len(dates):
        return np.zeros(len(wanted), dtype=np.intp), np.zeros(len(wanted), dtype=bool)
    first = int(np.searchsorted(dates, wanted[0])) if len(wanted) else 0
    if np.array_equal(dates[first : first + len(wanted)], wanted):  # most often, and several times as fast
        return np.arange(first, first + len(wanted)), np.ones(len(wanted), dtype=bool)
    rows = np.minimum(np.searchsorted(dates, wanted), len(dates) - 1)
    return rows, dates[rows] == wanted
