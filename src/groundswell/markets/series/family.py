"""What a family of series is: how their ids look, what their values are, and when those are released."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from groundswell.model import Frequency, Measure, SeriesRef

PRICED = frozenset({Measure.PRICE, Measure.TOTAL_RETURN})
FIGURES = frozenset(Measure) - PRICED


@dataclass(frozen=True, slots=True)
class Release:
    """When a value is released: ``time`` (UTC), so many days after the day of the value.

    ``lag_days`` gives the days by the frequency of the series. Where ``next_year_by`` is set, values are released on
    this month and day of the year after theirs.
    """

    time: dt.time
    lag_days: Mapping[Frequency, int] = field(default_factory=dict)
    next_year_by: tuple[int, int] | None = None

    def instants(self, frequency: Frequency, dates: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
        """Return the release of the value of each date, as ``datetime64[s]``."""
        if self.next_year_by is None:
            days = dates.astype("datetime64[D]") + np.timedelta64(self.lag_days.get(frequency, 0), "D")
        else:
            month, day = self.next_year_by
            months = (dates.astype("datetime64[Y]") + 1).astype("datetime64[M]") + (month - 1)
            days = months.astype("datetime64[D]") + (day - 1)
        minutes = np.timedelta64(self.time.hour * 60 + self.time.minute, "m")
        released: NDArray[np.datetime64] = np.add(days.astype("datetime64[s]"), minutes)
        return released


AT_CLOSE = Release(dt.time(21))
"""The close in New York, in summer an hour late."""

EVENING = dt.time(21, 30)
"""By then the daily releases of the Treasury and the Federal Reserve are out."""

NEXT_DAY = Release(EVENING, dict.fromkeys(Frequency, 1))
PUBLISHED_FIGURES = Release(EVENING, {Frequency.DAILY: 1, Frequency.WEEKLY: 6, Frequency.MONTHLY: 45})
"""Weekly values carry the last day of their week, monthly ones the first day of their month."""

FACTOR_RETURNS = Release(EVENING, {Frequency.DAILY: 1, Frequency.WEEKLY: 1, Frequency.MONTHLY: 30})
"""Monthly returns carry the last day of their month."""

ACCOUNTS_PUBLISHED_BY = (6, 30)
"""Month and day of the next year by which annual accounts count; later ones are left out of their year."""

USUAL_RELEASES: Mapping[Measure, Release] = MappingProxyType(
    {
        Measure.PRICE: AT_CLOSE,
        Measure.TOTAL_RETURN: AT_CLOSE,
        Measure.PERIOD_RETURN: FACTOR_RETURNS,
        Measure.RATE: PUBLISHED_FIGURES,
        Measure.LEVEL: PUBLISHED_FIGURES,
    }
)


class Kind(Enum):
    """Where a series comes from, and so where its id is found."""

    DERIVED = auto()  # computed by this program from files or answers of another form; our own ids
    SCHEDULE = auto()  # meetings, statements and release days of agencies; our own ids
    ACCOUNTS = auto()  # a company's filings; our own ids
    MACRO = auto()  # published statistics, under the ids of FRED
    INDEX = auto()  # levels of an index, under Yahoo's symbols
    SECURITY = auto()  # shares and funds, under their ticker symbols
    OTHER = auto()  # whatever else an owner's files hold


@dataclass(frozen=True, slots=True, eq=False)
class SeriesFamily:
    """Series of one kind: how their ids look, what their values are, and when those are released.

    ``pattern`` matches the whole id, for series of ``measures`` alone. ``title`` and ``remedy`` name the series and the
    way to get them, both with the named groups of the pattern filled in; an empty remedy stands for "load a folder that
    has it". ``template`` makes an id (see ``ref``). ``measure`` and ``unit`` say what is published. ``release`` is None
    where it is the usual one of the measure. ``revised`` marks values that change after their release, ``scheduled``
    values of days to come, ``absolute`` prices whose level means something (of a security only growth does), and
    ``discontinued`` a series that another one replaced. ``max_change`` is the largest change that a rate can make from
    one session to the next, in its unit, by a wide margin; None where it is not judged. ``published`` is how often a
    value is, where that is the same for all of the family.
    """

    pattern: str
    title: str
    kind: Kind
    measure: Measure
    unit: str
    template: str = ""
    measures: frozenset[Measure] = frozenset(Measure)
    release: Release | None = None
    revised: bool = False
    scheduled: bool = False
    absolute: bool = False
    discontinued: bool = False
    max_change: float | None = None
    remedy: str = ""
    published: Frequency | None = None

    @property
    def in_plain_files(self) -> bool:
        """Whether a column of an owner's file can hold such a series under its id."""
        return self.kind not in (Kind.DERIVED, Kind.SCHEDULE, Kind.ACCOUNTS)

    def matches(self, series_id: str) -> bool:
        """Whether an id has the form of the family's ids."""
        return re.fullmatch(self.pattern, series_id, re.DOTALL) is not None

    def ref(self, *parts: object) -> SeriesRef:
        """Return the series with these parts of its id, in the order of the template."""
        return SeriesRef(self.template.format(*parts), self.measure)

    def parts(self, series_id: str) -> dict[str, str]:
        """Return the named parts of an id, none of them where the id is of another family."""
        match = re.fullmatch(self.pattern, series_id, re.DOTALL)
        return match.groupdict() if match else {}

    def describe(self, series_id: str) -> str:
        """Return the title of the family for one of its series, with the parts of the id filled in."""
        return self.title.format(**self.parts(series_id))

    def find_releases(
        self, measure: Measure, frequency: Frequency, dates: NDArray[np.datetime64]
    ) -> NDArray[np.datetime64]:
        """Return when the value of each date is usually released (``datetime64[s]``, UTC)."""
        return (self.release or USUAL_RELEASES[measure]).instants(frequency, dates)
