"""Copies of one quantity from several sources, held against each other: which one is wrong, when, and in what way.

Copies of one upstream agree because they are copies: agreement shows that no local fault befell them, not that the
upstream is right. What is compared is the change from one session to the next, in logs, so that the base does not
matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.calendar import Days
from groundswell.model import IssueKind

FLOOR = 5e-4
"""Changes of one day that differ by less are the same: 5 basis points."""

NOISE = 20.0
"""So many times the usual distance of a copy from the others must be exceeded: some feeds print the last trade."""

LEAST_YIELD = 2e-4
"""A total return that exceeds the price return by less is rounding, not a dividend."""

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Copy:
    """The values (positive) of one quantity as one source gives them; dates strictly increasing."""

    source: str
    dates: Days
    values: Values


@dataclass(frozen=True, eq=False)
class Dividends:
    """What was paid: on each of ``dates``, the dividend as a share of the price before; zero where there was none."""

    dates: Days
    yields: Values

    def on(self, day: np.datetime64) -> float | None:
        """The yield of a day, or None where the record does not reach."""
        at = int(np.searchsorted(self.dates, day))
        return float(self.yields[at]) if at < len(self.dates) and self.dates[at] == day else None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the copy of a source on a day, and by how much its log change is off."""

    source: str
    kind: IssueKind
    day: np.datetime64
    size: float


@dataclass(frozen=True, eq=False)
class _Grid:
    """Log changes of each copy (rows) on each day (columns) that two or more copies have; NaN where one has none."""

    sources: tuple[str, ...]
    lasts: tuple[np.datetime64, ...]
    days: Days
    changes: Values
    usual: tuple[float, ...]
    tolerance: Values
    dividends: Dividends | None
    confirmed: Counter[tuple[str, IssueKind]] = field(default_factory=Counter)


def dividends_in(pairs: Sequence[tuple[Copy, Copy]]) -> Dividends | None:
    """The dividends that pairs of (price, total return) of the same sources imply; their median where they differ."""
    paid = [one for price, total in pairs if len((one := _paid(price, total)).dates)]
    if not paid:
        return None
    dates = np.unique(np.concatenate([one.dates for one in paid]))
    yields = np.full((len(paid), len(dates)), np.nan)
    for row, one in enumerate(paid):
        yields[row, np.searchsorted(dates, one.dates)] = one.yields
    return Dividends(dates, np.nanmedian(yields, axis=0))


def _paid(price: Copy, total: Copy) -> Dividends:
    days, at, there = np.intersect1d(price.dates, total.dates, assume_unique=True, return_indices=True)
    ahead = np.diff(np.log(total.values[there])) - np.diff(np.log(price.values[at]))
    # Across a hole in the dates it cannot be told when a dividend was paid.
    near = np.diff(days) <= np.timedelta64(5, "D")
    return Dividends(days[1:][near], np.where(ahead > LEAST_YIELD, -np.expm1(-ahead), 0.0)[near])


def holding_dividends(copies: Sequence[Copy], dividends: Dividends | None) -> tuple[str, ...]:
    """The sources whose price gains on days of dividends what the others lose: total returns under another name."""
    if dividends is None or len(copies) < 2:
        return ()
    grid = _grid(copies, dividends)
    _, columns, paid = np.intersect1d(grid.days, dividends.dates[dividends.yields > 0], return_indices=True)
    yields = dividends.yields[dividends.yields > 0][paid]
    gained = []
    for row, source in enumerate(grid.sources):
        others = np.delete(grid.changes, row, axis=0)[:, columns]
        judged = np.isfinite(grid.changes[row, columns]) & np.isfinite(others).any(axis=0)
        if judged.sum() >= 4:
            ahead = grid.changes[row, columns][judged] - np.nanmedian(others[:, judged], axis=0)
            if np.mean(np.abs(ahead / yields[judged] - 1.0) < 0.3) >= 0.7:
                gained.append(source)
    return tuple(gained)


def faults(
    copies: Sequence[Copy], dividends: Dividends | None = None, careless: Collection[str] = ()
) -> tuple[Fault, ...]:
    """Every day on which copies differ, with the copy at fault where that can be told, oldest first.

    The change that more than half of the copies make is right. Where there is no such majority, a copy is at fault
    when its own fault explains the difference (it stood still, missed a dividend, ended on that day) and no other's
    does, or when it alone was at fault before or is among the ``careless`` sources, known to miss dividends of other
    series; else each is told as ``DISAGREE``. ``size`` is the log change of the copy less that of the others.
    """
    if len(copies) < 2:
        return ()
    grid = _grid(copies, dividends)
    grid.confirmed.update((copy.source, IssueKind.DIVIDEND) for copy in copies if copy.source in careless)
    # Half the tolerance, because two copies lie half their distance from the middle.
    away = np.abs(grid.changes - np.nanmedian(grid.changes, axis=0)) > grid.tolerance[:, None] / 2.0
    suspected = np.flatnonzero(away.any(axis=0))
    found = {column: _by_majority(grid, int(column)) for column in suspected}
    for judged in found.values():
        grid.confirmed.update((fault.source, fault.kind) for fault in judged or ())
    told = [
        fault
        for column, judged in found.items()
        for fault in (_by_reason(grid, int(column)) if judged is None else judged)
    ]
    return tuple(sorted(_without_returns(grid, told), key=lambda fault: (fault.day, fault.source)))


def distances(copies: Sequence[Copy]) -> tuple[float, ...]:
    """The median over days of the distance (in logs) of each copy's change from the middle of all."""
    return _grid(copies, None).usual if len(copies) > 1 else (0.0,) * len(copies)


def _grid(copies: Sequence[Copy], dividends: Dividends | None) -> _Grid:
    days = np.unique(np.concatenate([copy.dates for copy in copies]))
    levels = np.full((len(copies), len(days)), np.nan)
    for row, copy in enumerate(copies):
        levels[row, np.searchsorted(days, copy.dates)] = np.log(copy.values)
    changes = np.diff(levels, axis=1)
    several = np.isfinite(changes).sum(axis=0) > 1
    changes = changes[:, several]
    away = np.abs(changes - np.nanmedian(changes, axis=0)) if changes.shape[1] else changes
    usual = [float(np.median(row[np.isfinite(row)])) if np.isfinite(row).any() else 0.0 for row in away]
    return _Grid(
        sources=tuple(copy.source for copy in copies),
        lasts=tuple(copy.dates[-1] for copy in copies),
        days=days[1:][several],
        changes=changes,
        usual=tuple(usual),
        tolerance=np.maximum(FLOOR, NOISE * np.array(usual)),
        dividends=dividends,
    )


def _by_majority(grid: _Grid, column: int) -> tuple[Fault, ...] | None:
    """The faults of a day on which more than half agree; None where they do not."""
    changes = grid.changes[:, column]
    present = np.flatnonzero(np.isfinite(changes))
    # Each copy agrees within its own tolerance: a noisy one agrees with many, but few agree with it.
    agree = np.abs(changes[present, None] - changes[None, present]) <= grid.tolerance[present]
    best = int(agree.sum(axis=1).argmax())
    if agree[best].sum() * 2 <= len(present):
        return None
    right = float(np.median(changes[present[agree[best]]]))
    return tuple(_fault(grid, int(row), column, right) for row in present[~agree[best]])


def _by_reason(grid: _Grid, column: int) -> Iterator[Fault]:
    changes = grid.changes[:, column]
    present = [int(row) for row in np.flatnonzero(np.isfinite(changes))]
    told = {row: _fault(grid, row, column, _others(changes, row)) for row in present}
    own = [row for row in present if told[row].kind in (IssueKind.STALE, IssueKind.DIVIDEND)]
    own = own or [row for row in present if told[row].kind is IssueKind.UNFINISHED]
    before = [row for row in present if any(grid.confirmed[grid.sources[row], kind] for kind in IssueKind)]
    for guilty in (own, before):
        if len(guilty) == 1:
            yield told[guilty[0]]
            return
    for fault in told.values():
        yield Fault(fault.source, IssueKind.DISAGREE, fault.day, fault.size)


def _others(changes: Values, row: int) -> float:
    return float(np.nanmedian(np.delete(changes, row)))


def _fault(grid: _Grid, row: int, column: int, right: float) -> Fault:
    """What explains that a copy is off; a jump that stays where nothing else does."""
    day, change = grid.days[column], float(grid.changes[row, column])
    return Fault(grid.sources[row], _kind(grid, row, column, right), day, change - right)


def _kind(grid: _Grid, row: int, column: int, right: float) -> IssueKind:
    day, change = grid.days[column], float(grid.changes[row, column])
    off, source = change - right, grid.sources[row]
    if abs(right) > grid.tolerance[row] and abs(change) <= 0.02 * abs(right):
        return IssueKind.STALE
    paid = grid.dividends.on(day) if grid.dividends else None
    # Where the record of dividends does not reach, a copy that has missed one before is taken to do so again.
    again = paid is None and off < 0 and grid.confirmed[source, IssueKind.DIVIDEND] > 0
    if again or (paid and abs(off + paid) <= max(1e-4, 0.15 * paid)):
        return IssueKind.DIVIDEND
    if day == grid.lasts[row]:
        return IssueKind.UNFINISHED
    after = _next_off(grid, row, column)
    if after is not None and _cancels(off, after):
        return IssueKind.ONE_DAY
    return IssueKind.OTHER_DIVIDEND if paid else IssueKind.LEVEL_JUMP


def _cancels(one: float, other: float) -> bool:
    return abs(one + other) <= max(FLOOR, 0.2 * abs(one))


def _next_off(grid: _Grid, row: int, column: int) -> float | None:
    if column + 1 >= grid.changes.shape[1] or not np.isfinite(grid.changes[row, column + 1]):
        return None
    others = np.delete(grid.changes[:, column + 1], row)
    return float(grid.changes[row, column + 1] - np.nanmedian(others)) if np.isfinite(others).any() else None


def _without_returns(grid: _Grid, told: Sequence[Fault]) -> Iterator[Fault]:
    """Leave out the days on which a copy that was wrong for a day comes back."""
    place = {day: at for at, day in enumerate(grid.days)}
    brief = (IssueKind.ONE_DAY, IssueKind.STALE, IssueKind.DISAGREE)
    passing = {(one.source, place[one.day]): one.size for one in told if one.kind in brief}
    returned: set[tuple[str, int]] = set()
    for fault in sorted(told, key=lambda one: one.day):
        here = fault.source, place[fault.day]
        before = fault.source, here[1] - 1
        if before in passing and before not in returned and _cancels(passing[before], fault.size):
            returned.add(here)
    days = {at for _, at in returned}
    for fault in told:
        here = fault.source, place[fault.day]
        if here not in returned and not (fault.kind is IssueKind.DISAGREE and here[1] in days):
            yield fault
