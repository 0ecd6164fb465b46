"""What of an answer is new, and how what arrived becomes one series with what was loaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.calendar import is_session
from groundswell.markets.series.catalogue import family_of, has_arbitrary_scale
from groundswell.model import Frequency, Measure, Observation, Series, SeriesRef, Superseded
from groundswell.sources.files.splice import SAME
from groundswell.sources.release_times import frequency_of, known_at
from groundswell.sources.services.base import Row, SeriesRows, UnusableAnswerError

MARGIN = timedelta(minutes=30)
"""After the close, until a price counts as that of the whole session."""

BASE_LEVEL = 100.0


def new_observations(
    found: SeriesRows,
    held: Series | None,
    kept: Sequence[Observation],
    source: str,
    *,
    now: datetime,
    asked_before: datetime | None,
) -> tuple[Observation, ...]:
    """What of ``found`` is new or revised against the series ``held``, of which ``kept`` arrived before.

    Left out are days to come (but for schedules), prices of days that are no sessions, and those of a session that is
    not over (half an hour after the close). A first value was known at the usual time of its publication; later, if the
    source was asked successfully since (at ``asked_before``) and did not have it then. A revision is known from now on.
    Raises ``UnusableAnswerError`` where prices have no day in common with those held, by which to join them.
    """
    rows = _final(found.ref, found.rows, now)
    if not rows:
        return ()
    days = np.array([row.date for row in rows], dtype="datetime64[D]")
    frequency = held.frequency if held else frequency_of(np.unique(days))
    first_known = _first_known(known_at(found.ref, frequency, days), days, now, asked_before)
    against = _Against(found.ref, held, kept, first_known, source, now)
    return tuple(against.grown(rows) if has_arbitrary_scale(found.ref) else against.revised(rows))


def joined(base: Series | None, arrived: Sequence[Observation]) -> Series | None:
    """The series of a load and of what arrived since; of a day that has several values the one known last is present.

    A price or total return goes on from what is loaded by its growth; days that cannot be reached without a gap are
    left out until the gap is healed. None where there is nothing.
    """
    if not arrived:
        return base
    return _chained(base, arrived) if has_arbitrary_scale(arrived[0].ref) else _pooled(base, arrived)


def _final(ref: SeriesRef, rows: Sequence[Row], now: datetime) -> list[Row]:
    today = now.date()
    if ref.measure not in (Measure.PRICE, Measure.TOTAL_RETURN):
        return [row for row in rows if row.date <= today or family_of(ref).scheduled]
    days = np.array([row.date for row in rows], dtype="datetime64[D]")
    closes = known_at(ref, Frequency.DAILY, days) if len(days) else days
    over = closes.astype("datetime64[s]") <= np.datetime64((now - MARGIN).replace(tzinfo=None), "s")
    good = over & is_session(days)
    # Of two rows of one day the later one counts: a live bar may follow the day's own.
    last = {row.date: row for row, keep in zip(rows, good.tolist(), strict=True) if keep and row.value > 0}
    return list(last.values())


def _first_known(
    usual: NDArray[np.datetime64], days: NDArray[np.datetime64], now: datetime, before: datetime | None
) -> dict[date, datetime]:
    """The instant by which the first value of each day was known, given when such values usually are."""
    instants = [instant.replace(tzinfo=UTC) for instant in usual.astype("datetime64[s]").tolist()]
    return {
        day: now if before is not None and instant <= before else min(instant, now)
        for day, instant in zip(days.tolist(), instants, strict=True)
    }


@dataclass(frozen=True, eq=False)
class _Against:
    """What is known already, against which the rows of an answer are held."""

    ref: SeriesRef
    held: Series | None
    kept: Sequence[Observation]
    first_known: dict[date, datetime]
    source: str
    now: datetime

    def revised(self, rows: Sequence[Row]) -> Iterator[Observation]:
        """Each value of a day that has none yet, or another one."""
        current = dict(zip(self.held.dates.tolist(), self.held.values.tolist(), strict=True)) if self.held else {}
        there = {(one.date, one.known_at) for one in self.kept}
        last = {row.date: row for row in rows}
        for row in rows:
            before = current.get(row.date)
            # Of a day's vintages one without an instant is older than the others: nothing to learn where one is held.
            passed = row.known_at is None and row is not last[row.date]
            if before is not None and (passed or _same(row.value, before)):
                continue
            usual = self.first_known[row.date] if before is None else self.now
            known = min(row.known_at, self.now) if row.known_at else usual
            if (row.date, known) not in there:
                yield Observation(self.ref, row.date, row.value, known, self.source)
                current[row.date] = row.value

    def grown(self, rows: Sequence[Row]) -> Iterator[Observation]:
        """The growth from each day to the next, from the first day that is held (from the first of all, if none is)."""
        days = set(self.held.dates.tolist()) if self.held else {rows[0].date}
        latest = {one.date: one for one in self.kept}
        start = next((place for place, row in enumerate(rows) if row.date in days), None)
        if start is None:
            raise UnusableAnswerError(f"prices without a day in common with those held to {max(days)}")
        if self.held is None:
            yield Observation(self.ref, rows[0].date, BASE_LEVEL, self.first_known[rows[0].date], self.source)
        for before, row in pairwise(rows[start:]):
            growth, there = row.value / before.value, latest.get(row.date)
            if there is not None and there.since == before.date:
                if not _same(growth, there.value):
                    yield Observation(self.ref, row.date, growth, self.now, self.source, before.date)
            elif row.date not in days:
                yield Observation(self.ref, row.date, growth, self.first_known[row.date], self.source, before.date)


def _pooled(base: Series | None, arrived: Sequence[Observation]) -> Series:
    values = _loaded(base)
    older: list[Superseded] = []
    for one in sorted(arrived, key=lambda arrival: arrival.known_at):  # stable: of one instant, in order of arrival
        before = values.get(one.date)
        if before is None or before[1] <= one.known_at:
            if before is not None:
                older.append(Superseded(one.date, *before))
            values[one.date] = (one.value, one.known_at)
        else:
            older.append(Superseded(one.date, one.value, one.known_at))
    older.sort(key=lambda one: one.known_at)
    return _series(base, arrived, values, tuple(older), revised=base is not None and base.revised)


def _chained(base: Series | None, arrived: Sequence[Observation]) -> Series:
    newest: dict[date, Observation] = {}
    first_known: dict[date, datetime] = {}
    revised = base is not None and base.revised
    for one in arrived:
        there = newest.get(one.date)
        revised = revised or (there is not None and there.since == one.since)
        first_known.setdefault(one.date, one.known_at)
        newest[one.date] = one
    values = _loaded(base)
    for day in sorted(set(newest) - set(values)):
        one = newest[day]
        if one.since is None and base is None:
            values[day] = (one.value, first_known[day])
        elif one.since is not None and one.since in values:
            values[day] = (values[one.since][0] * one.value, first_known[day])
    return _series(base, arrived, values, (), revised=revised)


def _loaded(base: Series | None) -> dict[date, tuple[float, datetime]]:
    """The values of a load by day, each with the instant by which it was known."""
    if base is None:
        return {}
    instants = base.known_at.astype("datetime64[s]").tolist()
    rows = zip(base.dates.tolist(), base.values.tolist(), instants, strict=True)
    return {day: (value, known.replace(tzinfo=UTC)) for day, value, known in rows}


def _series(
    base: Series | None,
    arrived: Sequence[Observation],
    values: dict[date, tuple[float, datetime]],
    older: tuple[Superseded, ...],
    *,
    revised: bool,
) -> Series:
    days = sorted(values)
    dates = np.array(days, dtype="datetime64[D]")
    made = Series(
        ref=arrived[0].ref,
        frequency=frequency_of(dates),
        source=_source(base, arrived),
        dates=dates,
        values=np.array([values[day][0] for day in days], dtype=np.float64),
        known_at=np.array([values[day][1].replace(tzinfo=None) for day in days], dtype="datetime64[s]"),
        revised=revised or family_of(arrived[0].ref).revised,
        superseded=older,
    )
    return made if base is None else replace(made, frequency=base.frequency)


def _source(base: Series | None, arrived: Sequence[Observation]) -> str:
    """The load's source, then each service with the days it told."""
    spans: dict[str, tuple[date, date]] = {}
    for one in arrived:
        first, last = spans.get(one.source, (one.date, one.date))
        spans[one.source] = (min(first, one.date), max(last, one.date))
    told = [f"{first} to {last}: {source}" for source, (first, last) in spans.items()]
    return "; ".join(([base.source] if base is not None else []) + told)


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= SAME * max(abs(other), 1e-12)
