"""The data issues of a folder: its series compared with each other, and checked by themselves."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.quality import cross_source
from groundswell.markets.quality.cross_source import Discrepancy, Dividends, SourceSeries
from groundswell.markets.quality.finding import Finding
from groundswell.markets.quality.identities import find_broken_identities
from groundswell.markets.quality.plausibility import find_implausible
from groundswell.markets.quality.single_series import (
    find_common_ends,
    find_constant_runs,
    find_early_end,
    find_late_start,
    find_missing_sessions,
    find_splice_jumps,
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
from groundswell.sources.quality.source_profiles import CheckedSeries, infer_issues_from_profiles
from groundswell.sources.release_times import frequency_of

ONE_ROW_ISSUES = (IssueKind.UNFINISHED, IssueKind.STALE, IssueKind.ONE_DAY)
"""Issues of single rows: such a row is dropped. Other issues change the level of all later rows, which are kept."""

ISSUE_TEXTS: Mapping[IssueKind, str] = {
    IssueKind.DIVIDEND: "the change of the day misses a dividend that other sources include",
    IssueKind.OTHER_DIVIDEND: "on a day of a dividend, the change differs from that of other sources",
    IssueKind.LEVEL_JUMP: "the level jumps against other sources, and stays there",
    IssueKind.UNFINISHED: "the last row differs from other sources: its session was probably not over",
    IssueKind.ONE_DAY: "the value differs from other sources, and returns the next day",
    IssueKind.STALE: "the value does not change while other sources move",
    IssueKind.DISAGREE: "sources differ, and none can be shown to be right",
    IssueKind.INCLUDES_DIVIDENDS: "named a price, but it gains on days of dividends: a total return",
}

MIN_COPIES = 3
"""A source can be judged only against two others."""

Copies = Mapping[SeriesRef, Sequence[tuple[SourceSeries, Action]]]
"""The copies of each priced series, each with the action that its file gets."""


@dataclass(frozen=True, eq=False)
class Reconciled:
    """Every data issue found, and the days of each used series whose rows are wrong and should be dropped."""

    data_issues: tuple[DataIssue, ...]
    dropped: Mapping[SeriesRef, NDArray[np.datetime64]]


def reconcile(used: Sequence[Part], others: Sequence[Part], series: Sequence[Series]) -> Reconciled:
    """Compare what is ``used`` (one part a series) with the ``others`` of further files and sources, and check it.

    ``series`` are the used parts as series.
    """
    data_issues = [*_check_sessions(used, Action.DROPPED), *_check_sessions(others, Action.UNUSED)]
    data_issues += _compare_prices(used, others)
    data_issues += _compare_figures(used, others)
    data_issues += _check_series(used, series)
    data_issues += _check_gaps(others)
    data_issues += [
        finding.to_issue(str(broken.ref), broken.source)
        for broken, finding in find_broken_identities(SeriesBook.of(series))
    ]
    dropped: dict[str, set[dt.date]] = defaultdict(set)
    for issue in data_issues:
        if issue.action is Action.DROPPED:
            dropped[issue.series].update(issue.days)
    days = {part.ref: np.array(sorted(dropped[str(part.ref)]), dtype="datetime64[D]") for part in used}
    ordered = sorted(data_issues, key=lambda issue: (issue.kind, issue.series, issue.source, issue.first))
    return Reconciled(tuple(ordered), {ref: wrong for ref, wrong in days.items() if len(wrong)})


def _check_sessions(parts: Iterable[Part], action: Action) -> Iterator[DataIssue]:
    """Find rows of days without trading."""
    for part in parts:
        if _is_daily_price(part) and (is_off := is_off_session(part.dates)).any():
            days = tuple(part.dates[is_off].tolist())
            if follows_exchange_calendar(part.dates):
                text, taken = f"{len(days)} rows are of days on which New York did not trade", action
            else:
                text = f"{len(days)} of {len(part.dates)} rows are on days without trading: it follows another calendar"
                taken = Action.KEPT if action is Action.DROPPED else action
            finding = Finding(IssueKind.OFF_SESSION, days, text, float(len(days)), "rows")
            yield finding.to_issue(str(part.ref), part.file, taken)


def _compare_prices(used: Sequence[Part], others: Sequence[Part]) -> Iterator[DataIssue]:
    """Compare the copies of each price with each other."""
    copies = _group_copies(used, others)
    dividends = {ref.id: _infer_dividends(copies, ref.id) for ref in copies if not is_index(ref.id)}
    misnamed = {
        ref: cross_source.find_dividend_adjusted([copy for copy, _ in group], dividends.get(ref.id))
        for ref, group in copies.items()
        if ref.measure is Measure.PRICE
    }
    for ref, sources in misnamed.items():
        moved = [(copy, action) for copy, action in copies[ref] if copy.source in sources]
        for copy, action in moved:
            yield _misnamed_issue(ref, copy, action, dividends[ref.id])
        copies[ref] = [pair for pair in copies[ref] if pair[0].source not in sources]
        copies.get(SeriesRef(ref.id, Measure.TOTAL_RETURN), []).extend(moved)
    first = {ref: _compare_copies(group, dividends.get(ref.id)) for ref, group in copies.items()}
    without_dividends = {
        discrepancy.source
        for discrepancies in first.values()
        for discrepancy in discrepancies
        if discrepancy.kind is IssueKind.DIVIDEND
    }
    by_ref = {}
    for ref, discrepancies in first.items():
        is_unclear = without_dividends and any(discrepancy.kind is IssueKind.DISAGREE for discrepancy in discrepancies)
        by_ref[ref] = (
            _compare_copies(copies[ref], dividends.get(ref.id), without_dividends) if is_unclear else discrepancies
        )
        yield from _group_discrepancies(ref, by_ref[ref], {copy.source: action for copy, action in copies[ref]})
    uncompared = [part for part in used if part.runs and len(copies.get(part.ref, ())) == 1]
    if uncompared:
        checked = _profile_sources(copies, by_ref, {part.file: part.source for part in others})
        yield from infer_issues_from_profiles(uncompared, checked)


def _profile_sources(
    copies: Copies, by_ref: Mapping[SeriesRef, Sequence[Discrepancy]], sources: Mapping[str, str]
) -> list[CheckedSeries]:
    """Return what each unused source (by its file) shows in the series of which there are three or more copies."""
    checked = []
    for ref, group in copies.items():
        compared = [copy for copy, _ in group]
        if len(compared) < MIN_COPIES:
            continue
        for copy, distance in zip(compared, cross_source.measure_distances(compared), strict=True):
            if copy.source in sources:
                discrepancies = tuple(discrepancy for discrepancy in by_ref[ref] if discrepancy.source == copy.source)
                checked.append(CheckedSeries(sources[copy.source], distance, discrepancies))
    return checked


def _group_copies(used: Sequence[Part], others: Sequence[Part]) -> dict[SeriesRef, list[tuple[SourceSeries, Action]]]:
    """Group the copies of each price, the used one first. An index has one price, whatever a file calls it."""
    indices = {part.ref.id for part in (*used, *others) if is_index(part.ref.id)}
    copies: dict[SeriesRef, dict[str, tuple[SourceSeries, Action]]] = defaultdict(dict)
    for parts, action in ((used, Action.KEPT), (others, Action.UNUSED)):
        for part in parts:
            if not _is_daily_price(part):
                continue
            index_id = part.ref.id if is_index(part.ref.id) else INDICES.ref(part.ref.id).id
            ref = SeriesRef(index_id, Measure.PRICE) if index_id in indices else part.ref
            is_session = ~is_off_session(part.dates)
            if is_session.any():
                copy = SourceSeries(part.file, part.dates[is_session], part.values[is_session])
                copies[ref].setdefault(part.file, (copy, action))
    return {ref: list(by_file.values()) for ref, by_file in copies.items()}


def _infer_dividends(copies: Copies, symbol: str) -> Dividends | None:
    prices = {copy.source: copy for copy, _ in copies.get(SeriesRef(symbol, Measure.PRICE), ())}
    totals = copies.get(SeriesRef(symbol, Measure.TOTAL_RETURN), ())
    return cross_source.infer_dividends([(prices[copy.source], copy) for copy, _ in totals if copy.source in prices])


def _compare_copies(
    group: Sequence[tuple[SourceSeries, Action]], dividends: Dividends | None, without_dividends: Collection[str] = ()
) -> tuple[Discrepancy, ...]:
    return cross_source.compare_sources([copy for copy, _ in group], dividends, without_dividends)


def _group_discrepancies(
    ref: SeriesRef, discrepancies: Iterable[Discrepancy], actions: Mapping[str, Action]
) -> Iterator[DataIssue]:
    """Report the discrepancies of each source and kind as one data issue."""
    groups: dict[tuple[str, IssueKind], list[Discrepancy]] = defaultdict(list)
    for discrepancy in discrepancies:
        groups[discrepancy.source, discrepancy.kind].append(discrepancy)
    for (source, kind), group in groups.items():
        is_dropped = actions[source] is Action.KEPT and kind in ONE_ROW_ISSUES
        size = float(np.expm1(max((discrepancy.size for discrepancy in group), key=abs)))
        days = tuple(as_days([discrepancy.day for discrepancy in group]).tolist())
        finding = Finding(kind, days, ISSUE_TEXTS[kind], size, "return")
        yield finding.to_issue(str(ref), source, Action.DROPPED if is_dropped else actions[source])


def _misnamed_issue(ref: SeriesRef, copy: SourceSeries, action: Action, dividends: Dividends | None) -> DataIssue:
    """Report a price that includes dividends, with the days of the dividends."""
    kind = IssueKind.INCLUDES_DIVIDENDS
    ex_days = dividends.dates[dividends.yields > 0] if dividends else copy.dates
    days = tuple(np.intersect1d(ex_days, copy.dates).tolist())
    return Finding(kind, days, ISSUE_TEXTS[kind]).to_issue(str(ref), copy.source, action)


def _compare_figures(used: Sequence[Part], others: Sequence[Part]) -> Iterator[DataIssue]:
    """Find rates and levels that differ between files."""
    used_by_ref = {part.ref: part for part in used if part.ref.measure not in PRICED}
    for other in others:
        if other.ref not in used_by_ref:
            continue
        part = used_by_ref[other.ref]
        days, here, there = np.intersect1d(part.dates, other.dates, assume_unique=True, return_indices=True)
        differences = other.values[there] - part.values[here]
        is_different = values_differ(other.values[there], part.values[here])
        if is_different.any():
            different = differences[is_different]
            size = float(different[np.abs(different).argmax()])
            kind = IssueKind.DISAGREE
            finding = Finding(kind, tuple(days[is_different].tolist()), ISSUE_TEXTS[kind], size, "points")
            yield finding.to_issue(str(other.ref), f"{part.file} and {other.file}")


def _check_series(used: Sequence[Part], all_series: Sequence[Series]) -> Iterator[DataIssue]:
    """Check each used series by itself and against the others of the folder."""
    prices = [series for series in all_series if is_daily_price(series)]
    parts = {part.ref: part for part in used}
    common_ends = find_common_ends(all_series)
    totals = {price.ref.id: price for price in prices if price.ref.measure is Measure.TOTAL_RETURN}
    for series in all_series:
        ref = series.ref
        findings = [find_early_end(series, common_ends)]
        is_daily_level = ref.measure is Measure.LEVEL and series.frequency is Frequency.DAILY
        if is_daily_price(series) or is_daily_level:
            findings.append(find_constant_runs(series.dates, series.values))
        if is_daily_price(series):
            if follows_exchange_calendar(series.dates):
                findings.append(find_missing_sessions(series.dates))
            if ref.measure is Measure.PRICE and ref.id in totals:
                findings.append(find_late_start(series, totals[ref.id]))
            if len(seams := parts[ref].seams):
                peers = [price for price in prices if price.ref.measure is ref.measure]
                findings.append(find_splice_jumps(series, seams, peers))
        findings += find_implausible(series, prices)
        yield from (finding.to_issue(str(ref), series.source) for finding in findings if finding is not None)


def _check_gaps(others: Iterable[Part]) -> Iterator[DataIssue]:
    """Find missing sessions in parts that are not used."""
    for part in others:
        if _is_daily_price(part) and follows_exchange_calendar(part.dates):
            finding = find_missing_sessions(part.dates)
            if finding:
                yield finding.to_issue(str(part.ref), part.file, Action.UNUSED)


def _is_daily_price(part: Part) -> bool:
    return part.ref.measure in PRICED and frequency_of(part.dates) is Frequency.DAILY


def drop_days(part: Part, days: NDArray[np.datetime64]) -> Part:
    """Return the part without the rows of ``days``."""
    is_kept = ~np.isin(part.dates, days)
    return replace(part, dates=part.dates[is_kept], values=part.values[is_kept])
