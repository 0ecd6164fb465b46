"""The plausibility gate: what is checked on every series, whether a file or a data service gave it.

``repair_rows`` comes first: it gives the rows their days, and leaves out prices that are no closes and those of another
security. ``find_implausible`` judges what is left. Both are pure and find nothing in what they have repaired.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.quality.carried_prices import find_carried_prices, find_repeated_end
from groundswell.markets.quality.counted_twice import find_dividends_counted_twice
from groundswell.markets.quality.finding import Finding
from groundswell.markets.quality.one_day_changes import find_impossible_changes
from groundswell.markets.quality.other_security import find_other_security
from groundswell.markets.quality.session_dates import move_to_sessions
from groundswell.markets.quality.single_series import is_daily_price
from groundswell.markets.quality.unit_runs import find_unit_runs
from groundswell.markets.quality.units import find_other_unit
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import Days
from groundswell.markets.series.catalogue import family_of
from groundswell.markets.series.family import Kind
from groundswell.model import Action, DataIssue, Measure, Series, SeriesRef
from groundswell.model.series import Values

JUDGED_KINDS = frozenset({Kind.SECURITY, Kind.INDEX, Kind.MACRO, Kind.OTHER})
"""Our own computations, schedules and company accounts are checked where they are made."""


def is_judged(ref: SeriesRef) -> bool:
    """Whether a series is one that the gate judges."""
    return family_of(ref).kind in JUDGED_KINDS


@dataclass(frozen=True, eq=False)
class RepairedRows:
    """The rows that are left, by their place in the original, with their days, and what was found."""

    rows: NDArray[np.intp]
    days: Days
    findings: tuple[Finding, ...]


def repair_rows(days: Days, values: Values) -> RepairedRows:
    """Repair the rows of a daily price: move their days to sessions, leave out carried prices and other securities."""
    rows = np.arange(len(days))
    dated = move_to_sessions(days)
    findings = [dated.finding] if dated.finding else []
    days = dated.days
    carried = find_carried_prices(days, values)
    if carried:
        findings.append(carried)
        rows = rows[~np.isin(days, np.array(carried.days, dtype="datetime64[D]"))]
    other = find_other_security(days[rows], values[rows])
    if other:
        first, finding = other
        findings.append(finding)
        rows = rows[first:]
    return RepairedRows(rows, days[rows], tuple(findings))


def find_implausible(series: Series, peers: Iterable[Series] = ()) -> Iterator[Finding]:
    """Find what a series cannot be: impossible changes, another unit, a last row that repeats the one before."""
    if not is_judged(series.ref):
        return
    other_unit = find_other_unit(series)
    if other_unit:
        yield other_unit
    else:
        runs = find_unit_runs(series)
        yield from runs
        in_other_unit = [day for run in runs for day in run.days]
        rest = _take_rows(series, ~np.isin(series.dates, np.array(in_other_unit, dtype="datetime64[D]")))
        yield from find_impossible_changes(rest, peers)
    if is_daily_price(series) and (repeated := find_repeated_end(series.dates, series.values)):
        yield repeated


def check_book(book: SeriesBook) -> tuple[SeriesBook, tuple[DataIssue, ...]]:
    """Return the series that claims may use, repaired and without dropped rows, and the data issues found in them."""
    issues: list[DataIssue] = []
    repaired = [_repair_series(series, issues) for series in book]
    prices = {series.ref.id: series for series in repaired if series.ref.measure is Measure.PRICE}
    kept = []
    for series in repaired:
        findings = [*find_implausible(series, repaired), *_compare_with_price(series, prices)]
        found = [finding.to_issue(str(series.ref), series.source) for finding in findings]
        issues += found
        dropped = [day for issue in found if issue.action is Action.DROPPED for day in issue.days]
        kept.append(_take_rows(series, ~np.isin(series.dates, np.array(dropped, dtype="datetime64[D]"))))
    return SeriesBook.of(kept), tuple(issues)


def _compare_with_price(series: Series, prices: Mapping[str, Series]) -> Iterator[Finding]:
    price = prices.get(series.ref.id) if series.ref.measure is Measure.TOTAL_RETURN else None
    if price and is_daily_price(series) and (twice := find_dividends_counted_twice(price, series)):
        yield twice


def _repair_series(series: Series, issues: list[DataIssue]) -> Series:
    if not is_daily_price(series) or not is_judged(series.ref):
        return series
    repaired = repair_rows(series.dates, series.values)
    if not repaired.findings:
        return series
    issues += [finding.to_issue(str(series.ref), series.source) for finding in repaired.findings]
    shift = repaired.days - series.dates[repaired.rows]
    return replace(
        series,
        dates=repaired.days,
        values=series.values[repaired.rows],
        known_at=series.known_at[repaired.rows] + shift.astype("timedelta64[s]"),
        superseded=(),
    )


def _take_rows(series: Series, is_kept: NDArray[np.bool_]) -> Series:
    if is_kept.all():
        return series
    superseded = tuple(value for value in series.superseded if value.date in set(series.dates[is_kept].tolist()))
    return replace(
        series,
        dates=series.dates[is_kept],
        values=series.values[is_kept],
        known_at=series.known_at[is_kept],
        superseded=superseded,
    )
