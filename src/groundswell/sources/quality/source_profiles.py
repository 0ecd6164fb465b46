"""Profiles of sources: what a source does in series that can be compared is inferred for series that cannot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from groundswell.markets.quality.cross_source import Discrepancy
from groundswell.markets.quality.finding import Finding
from groundswell.model import Action, DataIssue, IssueKind
from groundswell.sources.files.splice import Part, Run

MIN_CHECKED_SERIES = 3
"""Series in which a source must have been compared before anything is inferred for its other series."""

MAX_CLOSE_DISTANCE = 1e-4
"""Closing prices of two sources are usually closer than this: 1 basis point of a day's change."""


@dataclass(frozen=True, slots=True)
class CheckedSeries:
    """One series of a source compared with other sources: its usual distance from them, and the discrepancies.

    ``distance`` is the median over days of the difference of log changes.
    """

    source: str
    distance: float
    discrepancies: tuple[Discrepancy, ...]


def infer_issues_from_profiles(unchecked: Iterable[Part], checked: Sequence[CheckedSeries]) -> Iterator[DataIssue]:
    """Infer the issues of parts without other copies from what the sources of their rows show in other series.

    The start of its name identifies a source: "feed" and "feed (closes)" are the same. If its median distance from
    others is over ``MAX_CLOSE_DISTANCE``, it does not give closing prices. A day is wrong if it is so in most
    series.
    """
    sources: dict[str, list[CheckedSeries]] = {}
    for series in checked:
        sources.setdefault(series.source, []).append(series)
    profiles = {source: series for source, series in sources.items() if len(series) >= MIN_CHECKED_SERIES}
    wrong_days = {source: _find_wrong_days(series) for source, series in profiles.items()}
    for part in unchecked:
        for run in part.runs:
            source = next((name for name in profiles if run.source.startswith(name)), None)
            if source is not None:
                yield from _infer_issues(part, run, profiles[source], wrong_days[source])


def _infer_issues(
    part: Part, run: Run, profile: Sequence[CheckedSeries], wrong_days: Mapping[np.datetime64, float]
) -> Iterator[DataIssue]:
    distance = float(np.median([series.distance for series in profile]))
    if distance > MAX_CLOSE_DISTANCE:
        text = (
            f"its source differs by {distance * 1e4:.1f} basis points a day in the {len(profile)} series in which it "
            "can be compared: last trades of one venue, not closing prices"
        )
        span = (run.first.astype(object), run.last.astype(object))
        yield Finding(IssueKind.PRINTS, (), text, distance, "return", span).to_issue(str(part.ref), run.source)
    days = [day for day in sorted(wrong_days) if run.first <= day <= run.last and day in part.dates]
    if days:
        text = f"its source is wrong on the day in most of the {len(profile)} series in which it can be compared"
        size = float(np.expm1(max((wrong_days[day] for day in days), key=abs)))
        finding = Finding(IssueKind.ONE_DAY, tuple(day.astype(object) for day in days), text, size, "return")
        yield finding.to_issue(str(part.ref), run.source, Action.DROPPED)


def _find_wrong_days(profile: Sequence[CheckedSeries]) -> dict[np.datetime64, float]:
    """Return the days on which a source is wrong in most series, with the median of its errors (in logs)."""
    errors: dict[np.datetime64, list[float]] = {}
    for series in profile:
        for discrepancy in series.discrepancies:
            if discrepancy.kind is IssueKind.ONE_DAY:
                errors.setdefault(discrepancy.day, []).append(discrepancy.size)
    most = max(MIN_CHECKED_SERIES, len(profile) // 2 + 1)
    return {day: float(np.median(sizes)) for day, sizes in errors.items() if len(sizes) >= most}
