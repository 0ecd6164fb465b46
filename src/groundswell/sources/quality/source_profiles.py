"""Habits of sources: what a source does in the series in which it can be checked is told where it cannot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from groundswell.markets.quality.cross_source import Discrepancy
from groundswell.markets.quality.single_series import Finding
from groundswell.model import Action, DataIssue, IssueKind
from groundswell.sources.files.splice import Part, Run

LEAST_SERIES = 3
"""Series in which a source must have been checked before anything is said of its other ones."""

OFF_CLOSE = 1e-4
"""Closing prices of two sources usually lie closer together than this: 1 basis point of a day's change."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the copy of one series by a source showed: its usual distance from the others, and its faults.

    ``distance`` is the median over days of the distance of log changes.
    """

    source: str
    distance: float
    faults: tuple[Discrepancy, ...]


def told_by_habit(unchecked: Iterable[Part], checked: Sequence[Checked]) -> Iterator[DataIssue]:
    """Defects of parts that no copy can be held against, by what the sources of their rows show in other series.

    A source is known by the start of its name: "feed" and "feed (closes)" are one. It does not give closing prices
    where it lies ``OFF_CLOSE`` away from others in most series; a day is wrong where it is so in more than half.
    """
    sources: dict[str, list[Checked]] = {}
    for one in checked:
        sources.setdefault(one.source, []).append(one)
    known = {source: found for source, found in sources.items() if len(found) >= LEAST_SERIES}
    wrong = {source: _wrong_days(found) for source, found in known.items()}
    for part in unchecked:
        for run in part.runs:
            source = next((name for name in known if run.source.startswith(name)), None)
            if source is not None:
                yield from _of_run(part, run, known[source], wrong[source])


def _of_run(
    part: Part, run: Run, found: Sequence[Checked], wrong: Mapping[np.datetime64, float]
) -> Iterator[DataIssue]:
    distance = float(np.median([one.distance for one in found]))
    if distance > OFF_CLOSE:
        text = (
            f"its source lies {distance * 1e4:.1f} basis points a day from others in the {len(found)} series in which "
            "it can be checked: last trades of one venue, not closing prices"
        )
        span = (run.first.astype(object), run.last.astype(object))
        yield Finding(IssueKind.PRINTS, (), text, distance, "return", span).to_issue(str(part.ref), run.source)
    days = [day for day in sorted(wrong) if run.first <= day <= run.last and day in part.dates]
    if days:
        text = f"its source is wrong on the day in most of the {len(found)} series in which it can be checked"
        size = float(np.expm1(max((wrong[day] for day in days), key=abs)))
        finding = Finding(IssueKind.ONE_DAY, tuple(day.astype(object) for day in days), text, size, "return")
        yield finding.to_issue(str(part.ref), run.source, Action.DROPPED)


def _wrong_days(found: Sequence[Checked]) -> dict[np.datetime64, float]:
    """The days on which a source was wrong in most series, with the median of what it was off by (in logs)."""
    off: dict[np.datetime64, list[float]] = {}
    for one in found:
        for fault in one.faults:
            if fault.kind is IssueKind.ONE_DAY:
                off.setdefault(fault.day, []).append(fault.size)
    in_most = {day: sizes for day, sizes in off.items() if len(sizes) >= max(LEAST_SERIES, len(found) // 2 + 1)}
    return {day: float(np.median(sizes)) for day, sizes in in_most.items()}
