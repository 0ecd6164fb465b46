"""What of an answer is new or revised against what is stored."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.quality.session_dates import move_to_sessions
from groundswell.markets.series.calendar import is_session
from groundswell.markets.series.catalogue import family_of, has_arbitrary_scale
from groundswell.markets.series.family import PRICED, Kind
from groundswell.model import Frequency, Observation, Series, SeriesRef
from groundswell.sources.files.splice import is_same_value
from groundswell.sources.release_times import frequency_of, known_at
from groundswell.sources.services.base import Row, SeriesRows, UnusableAnswerError

SETTLING_TIME = timedelta(minutes=30)
"""After the close, until a price counts as that of the whole session."""

BASE_LEVEL = 100.0
"""The first level of a price that no folder holds: only its growth means something."""


def find_new_observations(
    answer: SeriesRows,
    stored: Series | None,
    observations: Sequence[Observation],
    source: str,
    *,
    now: datetime,
    asked_before: datetime | None,
    yielding: frozenset[str] = frozenset(),
) -> tuple[Observation, ...]:
    """Return what of ``answer`` is new or revised against the ``stored`` series.

    ``observations`` are those that services gave of it before, ``source`` is the name of the service. It replaces the
    values of the services in ``yielding``, even by equal ones, so that one source has given them all; values of any
    other service stay as they are. Left out are days
    to come (except in schedules), prices of days that are no sessions, and those of a session that is not over (half an
    hour after the close). A first value was known at its usual release time; if the source was asked successfully after
    that (at ``asked_before``) and did not have it, it is known from now on. A revision is known from now on.
    Raises ``UnusableAnswerError`` where prices have no day in common with the stored ones, are dated a day off, or are
    absurd.
    """
    if answer.ref.measure in PRICED or family_of(answer.ref).kind is Kind.MACRO:
        require_session_dates(answer.rows)
    rows = take_final_rows(answer.ref, answer.rows, now)
    if not rows:
        return ()
    days = np.array([row.date for row in rows], dtype="datetime64[D]")
    frequency = stored.frequency if stored else frequency_of(np.unique(days))
    first_known = _first_known(known_at(answer.ref, frequency, days), days, now, asked_before)
    comparison = _Comparison(answer.ref, stored, observations, first_known, source, now, yielding)
    return tuple(comparison.growth(rows) if has_arbitrary_scale(answer.ref) else comparison.values(rows))


def require_session_dates(rows: Sequence[Row]) -> None:
    """Raise ``UnusableAnswerError`` for daily rows that are dated a day early or late."""
    days = np.unique(np.array([row.date for row in rows], dtype="datetime64[D]"))
    if len(days) and frequency_of(days) is Frequency.DAILY and (finding := move_to_sessions(days).finding):
        raise UnusableAnswerError(finding.text.partition(";")[0])


def take_final_rows(ref: SeriesRef, rows: Sequence[Row], now: datetime) -> list[Row]:
    """Return the rows that may be stored now: of days that are over, and of sessions where the series has prices."""
    today = now.date()
    if ref.measure not in PRICED:
        return [row for row in rows if row.date <= today or family_of(ref).scheduled]
    days = np.array([row.date for row in rows], dtype="datetime64[D]")
    closes = known_at(ref, Frequency.DAILY, days)
    is_over = closes.astype("datetime64[s]") <= np.datetime64((now - SETTLING_TIME).replace(tzinfo=None), "s")
    is_final = is_over & is_session(days)
    # Of two rows of one day the later one counts: a live bar may follow the day's own.
    by_day = {row.date: row for row, final in zip(rows, is_final.tolist(), strict=True) if final and row.value > 0}
    return list(by_day.values())


def _first_known(
    released: NDArray[np.datetime64], days: NDArray[np.datetime64], now: datetime, asked_before: datetime | None
) -> dict[date, datetime]:
    """Return when the first value of each day became known, given its usual release times."""
    latest = np.datetime64(now.replace(tzinfo=None), "us")
    capped = np.minimum(released.astype("datetime64[us]"), latest)  # a day of the year 9999 has no Python datetime
    release_times = [released_at.replace(tzinfo=UTC) for released_at in capped.tolist()]
    return {
        day: now if asked_before is not None and released_at <= asked_before else released_at
        for day, released_at in zip(days.tolist(), release_times, strict=True)
    }


@dataclass(frozen=True, eq=False)
class _Comparison:
    """What is known of a series, to compare the rows of an answer with."""

    ref: SeriesRef
    stored: Series | None
    observations: Sequence[Observation]
    first_known: dict[date, datetime]
    source: str
    now: datetime
    yielding: frozenset[str]

    def values(self, rows: Sequence[Row]) -> Iterator[Observation]:
        """Yield each value of a day that has none yet, or another one."""
        stored = self.stored
        current = dict(zip(stored.dates.tolist(), stored.values.tolist(), strict=True)) if stored else {}
        recorded = {(observation.date, observation.known_at) for observation in self.observations}
        given_by = self._find_givers()
        last_row = {row.date: row for row in rows}
        for row in rows:
            before, giver = current.get(row.date), given_by.get(row.date)
            if self._keeps(giver):
                continue
            # Of a day's vintages one without a release time is older than the others: a stored value replaced it.
            is_outdated = row.known_at is None and row is not last_row[row.date]
            is_known = before is not None and is_same_value(row.value, before) and giver not in self.yielding
            if is_known or (before is not None and is_outdated):
                continue
            usual = self.first_known[row.date] if before is None else self.now
            known = min(row.known_at, self.now) if row.known_at else usual
            if (row.date, known) not in recorded:
                yield Observation(self.ref, row.date, row.value, known, self.source)
                current[row.date] = row.value
                given_by[row.date] = self.source

    def growth(self, rows: Sequence[Row]) -> Iterator[Observation]:
        """Yield the growth from each day to the next, from the first stored day (the first of all if none is)."""
        days = set(self.stored.dates.tolist()) if self.stored else {rows[0].date}
        latest = {observation.date: observation for observation in self.observations}
        start = next((index for index, row in enumerate(rows) if row.date in days), None)
        if start is None:
            raise UnusableAnswerError(f"prices without a day in common with those stored up to {max(days)}")
        if self.stored is None or self._takes_base(rows[0].date, min(days), latest):
            start = 0
            yield Observation(self.ref, rows[0].date, BASE_LEVEL, self.first_known[rows[0].date], self.source)
        for before, row in pairwise(rows[start:]):
            growth, recorded = row.value / before.value, latest.get(row.date)
            if not math.isfinite(growth) or growth <= 0.0:
                raise UnusableAnswerError(f"prices of {before.value} and {row.value} that follow each other")
            if recorded is not None and recorded.since is None and start == 0 and row.date != rows[0].date:
                known: datetime | None = self.now  # it is no longer the first day: a level of its own would be a break
            elif recorded is None or (recorded.since != before.date and recorded.source not in self.yielding):
                known = None if row.date in days else self.first_known[row.date]
            else:
                known = self.now if self._replaces(recorded, growth) else None
            if known is not None:
                yield Observation(self.ref, row.date, growth, known, self.source, before.date)

    def _replaces(self, recorded: Observation, growth: float) -> bool:
        """Whether the growth of an answer takes the place of a recorded one."""
        if recorded.source in self.yielding:
            return True
        return recorded.source == self.source and not is_same_value(growth, recorded.value)

    def _takes_base(self, first: date, first_stored: date, latest: dict[date, Observation]) -> bool:
        """Whether rows from ``first`` on go before a history that services sent, or replace its first day."""
        base = latest.get(first_stored)
        if base is None or base.since is not None:
            return False
        return first <= first_stored if base.source in self.yielding else first < first_stored

    def _find_givers(self) -> dict[date, str]:
        """Return the service that gave the present value of each day."""
        in_order = sorted(self.observations, key=lambda observation: observation.known_at)
        return {observation.date: observation.source for observation in in_order}

    def _keeps(self, giver: str | None) -> bool:
        """Whether a value of this service stays, whatever the answer says."""
        return giver is not None and giver != self.source and giver not in self.yielding
