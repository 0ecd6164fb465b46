"""Cross-source comparison: which of several sources of one quantity is wrong, on which day, and how.

Sources that copy one upstream agree because they are copies. Their agreement shows that none of them has a local fault,
and not that the upstream is correct. The log changes from one session to the next are compared, so that the base of a
series does not matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from groundswell.markets.series.calendar import Days
from groundswell.model import IssueKind
from groundswell.model.series import Values

MIN_DIFFERENCE = 5e-4
"""Changes of one day that differ by less are equal: 5 basis points."""

NOISE_FACTOR = 20.0
"""A source is off if it exceeds its usual distance from the others this many times: some feeds print the last trade."""

MIN_YIELD = 2e-4
"""A total return that exceeds the price return by less is rounding, not a dividend."""

MAX_GAP_BETWEEN_DAYS = np.timedelta64(5, "D")
"""Over a longer gap in the dates, the day of a dividend is unknown."""

MIN_DIVIDENDS = 4
"""Dividends that a price series must cover to be checked for dividends."""

MAX_YIELD_ERROR, MIN_SHARE_WITH_DIVIDENDS = 0.3, 0.7
"""A price includes dividends if it gains the yield, up to this relative error, on this share of the dividend days."""


@dataclass(frozen=True, eq=False)
class SourceSeries:
    """The positive values of one quantity from one source; the dates are strictly increasing."""

    source: str
    dates: Days
    values: Values


@dataclass(frozen=True, eq=False)
class Dividends:
    """The dividend on each of ``dates`` as a share of the price before; zero on days without a dividend."""

    dates: Days
    yields: Values

    def yield_on(self, day: np.datetime64) -> float | None:
        """Return the yield of a day; None outside the record."""
        place = int(np.searchsorted(self.dates, day))
        return float(self.yields[place]) if place < len(self.dates) and self.dates[place] == day else None


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """An error of a source on a day: its kind, and the log change of the source less the correct one."""

    source: str
    kind: IssueKind
    day: np.datetime64
    size: float


@dataclass(frozen=True, eq=False)
class _Changes:
    """Log changes of each source (rows) on each day (columns) that two or more sources have; NaN where one has none."""

    sources: tuple[str, ...]
    last_days: tuple[np.datetime64, ...]
    days: Days
    changes: Values
    usual_distances: tuple[float, ...]
    tolerance: Values
    dividends: Dividends | None
    errors_before: Counter[tuple[str, IssueKind]] = field(default_factory=Counter)


def infer_dividends(pairs: Sequence[tuple[SourceSeries, SourceSeries]]) -> Dividends | None:
    """Infer dividends from pairs of (price, total return) of the same source; their median where sources differ."""
    records = [record for price, total in pairs if len((record := _infer_from_pair(price, total)).dates)]
    if not records:
        return None
    dates = _merge_days([record.dates for record in records])
    yields = np.full((len(records), len(dates)), np.nan)
    for row, record in enumerate(records):
        yields[row, np.searchsorted(dates, record.dates)] = record.yields
    return Dividends(dates, _median_of_present(yields))


def _infer_from_pair(price: SourceSeries, total: SourceSeries) -> Dividends:
    days, of_price, of_total = np.intersect1d(price.dates, total.dates, assume_unique=True, return_indices=True)
    excess = np.diff(np.log(total.values[of_total])) - np.diff(np.log(price.values[of_price]))
    is_one_day = np.diff(days) <= MAX_GAP_BETWEEN_DAYS
    return Dividends(days[1:][is_one_day], np.where(excess > MIN_YIELD, -np.expm1(-excess), 0.0)[is_one_day])


def find_dividend_adjusted(series: Sequence[SourceSeries], dividends: Dividends | None) -> tuple[str, ...]:
    """Find sources whose price gains on dividend days what the others lose: total returns that are called prices."""
    if dividends is None or len(series) < 2:
        return ()
    grid = _compute_changes(series, dividends)
    _, columns, paid = np.intersect1d(grid.days, dividends.dates[dividends.yields > 0], return_indices=True)
    yields = dividends.yields[dividends.yields > 0][paid]
    adjusted = []
    for row, source in enumerate(grid.sources):
        others = np.delete(grid.changes, row, axis=0)[:, columns]
        is_comparable = np.isfinite(grid.changes[row, columns]) & np.isfinite(others).any(axis=0)
        if is_comparable.sum() >= MIN_DIVIDENDS:
            excess = grid.changes[row, columns][is_comparable] - _median_of_present(others[:, is_comparable])
            gains_yield = np.abs(excess / yields[is_comparable] - 1.0) < MAX_YIELD_ERROR
            if np.mean(gains_yield) >= MIN_SHARE_WITH_DIVIDENDS:
                adjusted.append(source)
    return tuple(adjusted)


def compare_sources(
    series: Sequence[SourceSeries], dividends: Dividends | None = None, careless: Collection[str] = ()
) -> tuple[Discrepancy, ...]:
    """Return the days on which sources differ, with the source in error where it can be identified, oldest first.

    The change that more than half of the sources have is correct. Without such a majority, a source is in error if
    only its own difference has an explanation (an unchanged value, a missed dividend, an end on that day), or if only
    this source was in error before or is among ``careless``, the sources known to miss dividends of other series.
    Otherwise each source is returned with the kind ``DISAGREE``.
    """
    if len(series) < 2:
        return ()
    grid = _compute_changes(series, dividends)
    grid.errors_before.update((each.source, IssueKind.DIVIDEND) for each in series if each.source in careless)
    # Half the tolerance, because two sources are half their difference away from the median.
    is_away = np.abs(grid.changes - _median_of_present(grid.changes)) > grid.tolerance[:, None] / 2.0
    suspicious = np.flatnonzero(is_away.any(axis=0))
    by_majority = {column: _judge_by_majority(grid, int(column)) for column in suspicious}
    for errors in by_majority.values():
        grid.errors_before.update((error.source, error.kind) for error in errors or ())
    discrepancies = [
        error
        for column, errors in by_majority.items()
        for error in (_judge_by_reason(grid, int(column)) if errors is None else errors)
    ]
    return tuple(sorted(_without_reversals(grid, discrepancies), key=lambda error: (error.day, error.source)))


def measure_distances(series: Sequence[SourceSeries]) -> tuple[float, ...]:
    """Return the median over days of the distance (in logs) of each source's change from the median of all sources."""
    return _compute_changes(series, None).usual_distances if len(series) > 1 else (0.0,) * len(series)


def _compute_changes(series: Sequence[SourceSeries], dividends: Dividends | None) -> _Changes:
    days = _merge_days([each.dates for each in series])
    levels = np.full((len(series), len(days)), np.nan)
    for row, each in enumerate(series):
        levels[row, np.searchsorted(days, each.dates)] = np.log(each.values)
    changes = np.diff(levels, axis=1)
    is_shared = np.isfinite(changes).sum(axis=0) > 1
    changes = changes[:, is_shared]
    distances = np.abs(changes - _median_of_present(changes))
    usual = [float(np.median(row[np.isfinite(row)])) if np.isfinite(row).any() else 0.0 for row in distances]
    return _Changes(
        sources=tuple(each.source for each in series),
        last_days=tuple(each.dates[-1] for each in series),
        days=days[1:][is_shared],
        changes=changes,
        usual_distances=tuple(usual),
        tolerance=np.maximum(MIN_DIFFERENCE, NOISE_FACTOR * np.array(usual)),
        dividends=dividends,
    )


def _merge_days(of_each: Sequence[Days]) -> Days:
    """Return every day of any of the records, once."""
    days = np.sort(np.concatenate(of_each), kind="stable")
    return days[np.append(True, days[1:] != days[:-1])] if len(days) else days


def _median_of_present(rows: Values) -> Values:
    """Return the median of each column over its finite values; NaN where there are none.

    As ``nanmedian``, which sorts in a slower way that knows masks.
    """
    ordered = np.sort(rows, axis=0)  # NaN comes last
    count = np.isfinite(rows).sum(axis=0)
    columns = np.arange(rows.shape[1])
    lower, upper = ordered[np.maximum(count - 1, 0) // 2, columns], ordered[count // 2, columns]
    medians: Values = (lower + upper) / 2.0
    return medians


def _judge_by_majority(grid: _Changes, column: int) -> tuple[Discrepancy, ...] | None:
    """Return the errors of a day on which more than half of the sources agree; None without a majority."""
    changes = grid.changes[:, column]
    present = np.flatnonzero(np.isfinite(changes))
    # Each source agrees within its own tolerance: a noisy source agrees with many, but few agree with it.
    agrees = np.abs(changes[present, None] - changes[None, present]) <= grid.tolerance[present]
    best = int(agrees.sum(axis=1).argmax())
    if agrees[best].sum() * 2 <= len(present):
        return None
    correct = float(np.median(changes[present[agrees[best]]]))
    return tuple(_describe_error(grid, int(row), column, correct) for row in present[~agrees[best]])


def _judge_by_reason(grid: _Changes, column: int) -> Iterator[Discrepancy]:
    """Yield the one error that has an explanation or precedents; otherwise yield every source as a disagreement."""
    changes = grid.changes[:, column]
    present = [int(row) for row in np.flatnonzero(np.isfinite(changes))]
    errors = {row: _describe_error(grid, row, column, _median_of_others(changes, row)) for row in present}
    explained = [row for row in present if errors[row].kind in (IssueKind.STALE, IssueKind.DIVIDEND)]
    explained = explained or [row for row in present if errors[row].kind is IssueKind.UNFINISHED]
    repeated = [row for row in present if any(grid.errors_before[grid.sources[row], kind] for kind in IssueKind)]
    for rows in (explained, repeated):
        if len(rows) == 1:
            yield errors[rows[0]]
            return
    for error in errors.values():
        yield Discrepancy(error.source, IssueKind.DISAGREE, error.day, error.size)


def _median_of_others(changes: Values, row: int) -> float:
    return float(np.nanmedian(np.delete(changes, row)))


def _describe_error(grid: _Changes, row: int, column: int, correct: float) -> Discrepancy:
    """Return the error of a source against the correct change, with the kind that explains it."""
    day, change = grid.days[column], float(grid.changes[row, column])
    return Discrepancy(grid.sources[row], _explain(grid, row, column, correct), day, change - correct)


def _explain(grid: _Changes, row: int, column: int, correct: float) -> IssueKind:
    """Return the kind of an error; a jump that stays if nothing else explains it."""
    day, change = grid.days[column], float(grid.changes[row, column])
    off, source = change - correct, grid.sources[row]
    if abs(correct) > grid.tolerance[row] and abs(change) <= 0.02 * abs(correct):
        return IssueKind.STALE
    paid = grid.dividends.yield_on(day) if grid.dividends else None
    # Outside the record of dividends, a source that missed one before is assumed to have missed another.
    misses_again = paid is None and off < 0 and grid.errors_before[source, IssueKind.DIVIDEND] > 0
    if misses_again or (paid and abs(off + paid) <= max(1e-4, 0.15 * paid)):
        return IssueKind.DIVIDEND
    if day == grid.last_days[row]:
        return IssueKind.UNFINISHED
    next_off = _next_difference(grid, row, column)
    if next_off is not None and _cancels(off, next_off):
        return IssueKind.ONE_DAY
    return IssueKind.OTHER_DIVIDEND if paid else IssueKind.LEVEL_JUMP


def _cancels(difference: float, other: float) -> bool:
    """Return whether ``other`` undoes ``difference``."""
    return abs(difference + other) <= max(MIN_DIFFERENCE, 0.2 * abs(difference))


def _next_difference(grid: _Changes, row: int, column: int) -> float | None:
    """Return the difference of a source from the others on the next day; None where it cannot be computed."""
    if column + 1 >= grid.changes.shape[1] or not np.isfinite(grid.changes[row, column + 1]):
        return None
    others = np.delete(grid.changes[:, column + 1], row)
    return float(grid.changes[row, column + 1] - np.nanmedian(others)) if np.isfinite(others).any() else None


def _without_reversals(grid: _Changes, discrepancies: Sequence[Discrepancy]) -> Iterator[Discrepancy]:
    """Leave out the days on which a source that was wrong for one day comes back."""
    days = {error.day for error in discrepancies}
    column_of = {day: int(np.searchsorted(grid.days, day)) for day in days}
    short_lived = (IssueKind.ONE_DAY, IssueKind.STALE, IssueKind.DISAGREE)
    sizes = {(each.source, column_of[each.day]): each.size for each in discrepancies if each.kind in short_lived}
    reversals: set[tuple[str, int]] = set()
    for error in sorted(discrepancies, key=lambda error: error.day):
        here = error.source, column_of[error.day]
        before = error.source, here[1] - 1
        if before in sizes and before not in reversals and _cancels(sizes[before], error.size):
            reversals.add(here)
    reversal_columns = {column for _, column in reversals}
    for error in discrepancies:
        here = error.source, column_of[error.day]
        is_other_side = error.kind is IssueKind.DISAGREE and here[1] in reversal_columns
        if here not in reversals and not is_other_side:
            yield error
