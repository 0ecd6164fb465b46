"""Parts of series held against each other and against what must hold: the defects of a folder."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.quality import cross_source
from groundswell.markets.quality.cross_source import Discrepancy, Dividends, SourceSeries
from groundswell.markets.quality.identities import find_broken_identities
from groundswell.markets.quality.single_series import (
    Finding,
    find_constant_runs,
    find_early_end,
    find_late_start,
    find_missing_sessions,
    find_splice_jumps,
    find_unadjusted_splits,
    follows_exchange_calendar,
    is_daily_price,
    is_off_session,
)
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import as_days
from groundswell.markets.series.catalogue import INDICES, is_index
from groundswell.markets.series.family import PRICED
from groundswell.model import Action, DataIssue, Frequency, IssueKind, Measure, Series, SeriesRef
from groundswell.sources.files.splice import Part, values_differ
from groundswell.sources.quality.source_profiles import Checked, told_by_habit
from groundswell.sources.release_times import frequency_of

ONE_ROW = (IssueKind.UNFINISHED, IssueKind.STALE, IssueKind.ONE_DAY)
"""Faults of single rows: such a row is dropped. Others change the level of all that follows and are kept."""

WORDS: Mapping[IssueKind, str] = {
    IssueKind.DIVIDEND: "the change of the day lacks a dividend that other sources hold",
    IssueKind.OTHER_DIVIDEND: "on a day of a dividend, the change is another than in other sources",
    IssueKind.LEVEL_JUMP: "the level jumps against other sources, and stays",
    IssueKind.UNFINISHED: "the last row differs from other sources: its day was probably not over",
    IssueKind.ONE_DAY: "the value differs from other sources, and comes back the day after",
    IssueKind.STALE: "the value stands still while other sources move",
    IssueKind.DISAGREE: "sources differ, and none can be told to be right",
    IssueKind.INCLUDES_DIVIDENDS: "called a price, but it gains on days of dividends: a total return",
}


@dataclass(frozen=True, eq=False)
class Reconciled:
    """Every defect found, and the days of each used series whose rows are wrong and should be dropped."""

    data_issues: tuple[DataIssue, ...]
    dropped: Mapping[SeriesRef, NDArray[np.datetime64]]


def reconcile(used: Sequence[Part], others: Sequence[Part], series: Sequence[Series]) -> Reconciled:
    """Check what is ``used`` (one part a series) against ``others`` (of further files and sources) and by itself.

    ``series`` are the used parts as series.
    """
    data_issues = [*_off_session(used, Action.DROPPED), *_off_session(others, Action.UNUSED)]
    data_issues += _of_copies(used, others)
    data_issues += _of_figures(used, others)
    data_issues += _by_itself(used, series)
    data_issues += _with_holes(others)
    data_issues += [
        finding.to_issue(str(one.ref), one.source) for one, finding in find_broken_identities(SeriesBook.of(series))
    ]
    dropped: dict[str, set[dt.date]] = defaultdict(set)
    for issue in data_issues:
        if issue.action is Action.DROPPED:
            dropped[issue.series].update(issue.days)
    days = {part.ref: np.array(sorted(dropped[str(part.ref)]), dtype="datetime64[D]") for part in used}
    ordered = sorted(data_issues, key=lambda one: (one.kind, one.series, one.source, one.first))
    return Reconciled(tuple(ordered), {ref: found for ref, found in days.items() if len(found)})


def _off_session(parts: Iterable[Part], action: Action) -> Iterator[DataIssue]:
    for part in parts:
        if _is_daily_price(part) and (wrong := is_off_session(part.dates)).any():
            days = tuple(part.dates[wrong].tolist())
            if follows_exchange_calendar(part.dates):
                text, done = f"{len(days)} rows are of days on which New York did not trade", action
            else:
                text = f"{len(days)} of {len(part.dates)} rows are of days without trading: it keeps another calendar"
                done = Action.KEPT if action is Action.DROPPED else action
            finding = Finding(IssueKind.OFF_SESSION, days, text, float(len(days)), "rows")
            yield finding.to_issue(str(part.ref), part.file, done)


def _of_copies(used: Sequence[Part], others: Sequence[Part]) -> Iterator[DataIssue]:
    """What copies of one price tell of each other."""
    groups = _groups(used, others)
    paid = {ref.id: _dividends(groups, ref.id) for ref in groups if not is_index(ref.id)}
    misnamed = {
        ref: cross_source.find_dividend_adjusted([copy for copy, _ in group], paid.get(ref.id))
        for ref, group in groups.items()
        if ref.measure is Measure.PRICE
    }
    for ref, names in misnamed.items():
        moved = [(copy, action) for copy, action in groups[ref] if copy.source in names]
        for copy, action in moved:
            yield _misnamed(ref, copy, action, paid[ref.id])
        groups[ref] = [pair for pair in groups[ref] if pair[0].source not in names]
        groups.get(SeriesRef(ref.id, Measure.TOTAL_RETURN), []).extend(moved)
    first = {ref: _faults(group, paid.get(ref.id)) for ref, group in groups.items()}
    careless = {fault.source for found in first.values() for fault in found if fault.kind is IssueKind.DIVIDEND}
    judged = {}
    for ref, found in first.items():
        unsure = careless and any(fault.kind is IssueKind.DISAGREE for fault in found)
        judged[ref] = _faults(groups[ref], paid.get(ref.id), careless) if unsure else found
        yield from _told(ref, judged[ref], {copy.source: action for copy, action in groups[ref]})
    alone = [part for part in used if part.runs and len(groups.get(part.ref, ())) == 1]
    if alone:
        yield from told_by_habit(alone, _checked(groups, judged, {part.file: part.source for part in others}))


def _checked(
    groups: Mapping[SeriesRef, Sequence[tuple[SourceSeries, Action]]],
    judged: Mapping[SeriesRef, Sequence[Discrepancy]],
    sources: Mapping[str, str],
) -> list[Checked]:
    """What each source that is not used showed in the series that three or more have."""
    found = []
    for ref, group in groups.items():
        held = [copy for copy, _ in group]
        for copy, distance in zip(held, cross_source.measure_distances(held), strict=True) if len(held) > 2 else ():
            if copy.source in sources:
                own = tuple(fault for fault in judged[ref] if fault.source == copy.source)
                found.append(Checked(sources[copy.source], distance, own))
    return found


def _groups(used: Sequence[Part], others: Sequence[Part]) -> dict[SeriesRef, list[tuple[SourceSeries, Action]]]:
    """Copies of each priced quantity, the used one first. An index has one quantity, however a file calls it."""
    indices = {part.ref.id for part in (*used, *others) if is_index(part.ref.id)}
    groups: dict[SeriesRef, dict[str, tuple[SourceSeries, Action]]] = defaultdict(dict)
    for parts, action in ((used, Action.KEPT), (others, Action.UNUSED)):
        for part in parts:
            if not _is_daily_price(part):
                continue
            of_index = part.ref.id if is_index(part.ref.id) else INDICES.ref(part.ref.id).id
            ref = SeriesRef(of_index, Measure.PRICE) if of_index in indices else part.ref
            traded = ~is_off_session(part.dates)
            if traded.any():
                copy = SourceSeries(part.file, part.dates[traded], part.values[traded])
                groups[ref].setdefault(part.file, (copy, action))
    return {ref: list(found.values()) for ref, found in groups.items()}


def _dividends(groups: Mapping[SeriesRef, Sequence[tuple[SourceSeries, Action]]], name: str) -> Dividends | None:
    prices = {copy.source: copy for copy, _ in groups.get(SeriesRef(name, Measure.PRICE), ())}
    totals = groups.get(SeriesRef(name, Measure.TOTAL_RETURN), ())
    return cross_source.infer_dividends([(prices[copy.source], copy) for copy, _ in totals if copy.source in prices])


def _faults(
    group: Sequence[tuple[SourceSeries, Action]], paid: Dividends | None, careless: Collection[str] = ()
) -> tuple[Discrepancy, ...]:
    return cross_source.compare_sources([copy for copy, _ in group], paid, careless)


def _told(ref: SeriesRef, found: Iterable[Discrepancy], cares: Mapping[str, Action]) -> Iterator[DataIssue]:
    """The faults of each source and kind as one defect."""
    together: dict[tuple[str, IssueKind], list[Discrepancy]] = defaultdict(list)
    for fault in found:
        together[fault.source, fault.kind].append(fault)
    for (source, kind), faults in together.items():
        action = Action.DROPPED if cares[source] is Action.KEPT and kind in ONE_ROW else cares[source]
        size = float(np.expm1(max((fault.size for fault in faults), key=abs)))
        days = tuple(as_days([fault.day for fault in faults]).tolist())
        yield Finding(kind, days, WORDS[kind], size, "return").to_issue(str(ref), source, action)


def _misnamed(ref: SeriesRef, copy: SourceSeries, action: Action, paid: Dividends | None) -> DataIssue:
    kind = IssueKind.INCLUDES_DIVIDENDS
    ex = paid.dates[paid.yields > 0] if paid else copy.dates
    days = tuple(np.intersect1d(ex, copy.dates).tolist())
    return Finding(kind, days, WORDS[kind]).to_issue(str(ref), copy.source, action)


def _of_figures(used: Sequence[Part], others: Sequence[Part]) -> Iterator[DataIssue]:
    """Rates and levels that differ between files."""
    own = {part.ref: part for part in used if part.ref.measure not in PRICED}
    for part in others:
        if part.ref in own:
            mine = own[part.ref]
            days, at, there = np.intersect1d(mine.dates, part.dates, assume_unique=True, return_indices=True)
            away = part.values[there] - mine.values[at]
            wrong = values_differ(part.values[there], mine.values[at])
            if wrong.any():
                size = float(away[wrong][np.abs(away[wrong]).argmax()])
                kind = IssueKind.DISAGREE
                finding = Finding(kind, tuple(days[wrong].tolist()), WORDS[kind], size, "points")
                yield finding.to_issue(str(part.ref), f"{mine.file} and {part.file}")


def _by_itself(used: Sequence[Part], series: Sequence[Series]) -> Iterator[DataIssue]:
    priced = [one for one in series if is_daily_price(one)]
    parts = {part.ref: part for part in used}
    totals = {one.ref.id: one for one in priced if one.ref.measure is Measure.TOTAL_RETURN}
    for one in series:
        findings = [find_early_end(one, series)]
        daily_figures = one.ref.measure is Measure.LEVEL and one.frequency is Frequency.DAILY
        if one in priced or daily_figures:
            findings.append(find_constant_runs(one.dates, one.values))
        if one in priced:
            if follows_exchange_calendar(one.dates):
                findings.append(find_missing_sessions(one.dates))
            if one.ref.measure is Measure.PRICE and one.ref.id in totals:
                findings.append(find_late_start(one, totals[one.ref.id]))
            if not is_index(one.ref.id):
                findings.append(find_unadjusted_splits(one.dates, one.values))
            peers = [peer for peer in priced if peer.ref.measure is one.ref.measure]
            findings.append(find_splice_jumps(one, parts[one.ref].seams, peers))
        yield from (finding.to_issue(str(one.ref), one.source) for finding in findings if finding is not None)


def _with_holes(others: Iterable[Part]) -> Iterator[DataIssue]:
    for part in others:
        if (
            _is_daily_price(part)
            and follows_exchange_calendar(part.dates)
            and (finding := find_missing_sessions(part.dates))
        ):
            yield finding.to_issue(str(part.ref), part.file, Action.UNUSED)


def _is_daily_price(part: Part) -> bool:
    return part.ref.measure in PRICED and frequency_of(part.dates) is Frequency.DAILY


def without(part: Part, days: NDArray[np.datetime64]) -> Part:
    """The part without the rows of ``days``."""
    kept = ~np.isin(part.dates, days)
    return replace(part, dates=part.dates[kept], values=part.values[kept])
