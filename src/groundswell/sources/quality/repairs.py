"""Repairs of the parts of files before they are spliced and compared: dates, closures, other securities."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from groundswell.markets.quality.finding import Finding
from groundswell.markets.quality.plausibility import RepairedRows, is_judged, repair_rows
from groundswell.markets.series.calendar import Days
from groundswell.markets.series.family import PRICED
from groundswell.model import Action, DataIssue, Frequency, IssueKind, SeriesRef
from groundswell.sources.files.splice import Part, Run
from groundswell.sources.release_times import frequency_of, known_at
from groundswell.wording.plurals import write_first_names

MAX_DAYS_NAMED = 3


@dataclass(frozen=True, eq=False)
class RepairedParts:
    """Parts as they may be used, and what was found in each, by series and file."""

    parts: tuple[Part, ...]
    findings: tuple[tuple[SeriesRef, str, Finding], ...]

    def list_issues(self, unused: Collection[tuple[SeriesRef, str]]) -> Iterator[DataIssue]:
        """List the findings as data issues; those of ``unused`` parts, by series and file, as such."""
        for ref, file, finding in self.findings:
            yield finding.to_issue(str(ref), file, Action.UNUSED if (ref, file) in unused else None)


def repair_parts(parts: Iterable[Part], now: datetime) -> RepairedParts:
    """Repair the daily prices among ``parts``, each by itself, which were read at ``now`` (UTC)."""
    repaired: list[Part] = []
    findings: list[tuple[SeriesRef, str, Finding]] = []
    for part in parts:
        rows = _repair(part, now)
        repaired.append(_take(part, rows) if rows and rows.findings else part)
        findings += [(part.ref, part.file, finding) for finding in rows.findings] if rows else []
    return RepairedParts(tuple(repaired), tuple(findings))


def _repair(part: Part, now: datetime) -> RepairedRows | None:
    is_daily_price = part.ref.measure in PRICED and frequency_of(part.dates) is Frequency.DAILY
    if not is_daily_price or not is_judged(part.ref):
        return None
    return _leave_out_unfinished(part.ref, repair_rows(part.dates, part.values), now)


def _leave_out_unfinished(ref: SeriesRef, repaired: RepairedRows, now: datetime) -> RepairedRows:
    """Leave out prices of sessions that were not over: they are the last trades of a live bar, or copies of one."""
    closes = known_at(ref, Frequency.DAILY, repaired.days)
    is_over = closes <= np.datetime64(now.replace(tzinfo=None), "s")
    if is_over.all() or not is_over.any():
        return repaired
    days = tuple(repaired.days[~is_over].tolist())
    text = f"the session of {write_first_names(list(map(str, days)), MAX_DAYS_NAMED)} was not over when it was read"
    finding = Finding(IssueKind.UNFINISHED, days, text, action=Action.DROPPED)
    return RepairedRows(repaired.rows[is_over], repaired.days[is_over], (*repaired.findings, finding))


def _take(part: Part, repaired: RepairedRows) -> Part:
    def move(days: Days) -> Days:
        """Return the new days of rows by their old ones; that of the next row for a row that is left out."""
        places = np.searchsorted(part.dates[repaired.rows], days)
        return repaired.days[np.minimum(places, len(repaired.days) - 1)]

    ends = [move(np.array([run.first, run.last])) for run in part.runs]
    runs = tuple(Run(run.source, first, last) for run, (first, last) in zip(part.runs, ends, strict=True))
    seams = np.unique(move(part.seams)) if len(part.seams) else part.seams
    return replace(part, dates=repaired.days, values=part.values[repaired.rows], seams=seams, runs=runs)
