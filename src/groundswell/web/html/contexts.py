"""What templates show that is counted or arranged from a page, not held in it."""

from __future__ import annotations

from dataclasses import dataclass

from groundswell.claims.spec import ClaimSpec
from groundswell.hubs.charts import Chart, ChartSeries
from groundswell.model import Evaluation
from groundswell.pages.hub import HubPage
from groundswell.web import formats
from groundswell.wording.quality import IssueGroup, group_issues

SIDES = (("bull", "The bull case"), ("bear", "The bear case"), ("context", "Beside the two cases"))


@dataclass(frozen=True, slots=True)
class Case:
    """One side of the argument: its claims, each with its evaluation."""

    side: str
    title: str
    rows: tuple[tuple[ClaimSpec, Evaluation], ...]


def cases(page: HubPage) -> tuple[Case, ...]:
    """The claims of a hub by side, in the order of the hub file; sides without claims are left out."""
    evaluations = {found.id: found for found in page.evaluations}
    found = [
        Case(side, title, tuple((claim, evaluations[claim.id]) for claim in page.hub.claims if claim.side == side))
        for side, title in SIDES
    ]
    return tuple(case for case in found if case.rows)


@dataclass(frozen=True, slots=True)
class Concern:
    """Defects that touch a claim, those alike together: its main measurement, or so many of its other readings."""

    group: IssueGroup
    main: bool
    readings: int


def concerns(evaluation: Evaluation) -> tuple[Concern, ...]:
    """The defects in the windows of a claim, those of the main measurement first."""
    impacts = {impact.issue: impact for impact in evaluation.impacts}
    found = []
    for group in group_issues(impacts):
        own = [impacts[issue] for issue in group.data_issues]
        found.append(Concern(group, any(impact.main for impact in own), max(impact.readings for impact in own)))
    return tuple(sorted(found, key=lambda concern: not concern.main))


def yearly(line: Chart) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The last value of each calendar year of each line of a chart as written, newest first; a dash where none is."""
    columns = [_by_year(curve) for curve in line.curves]
    return tuple(
        (year, tuple(_written(column.get(year), line.unit) for column in columns))
        for year in sorted({year for column in columns for year in column}, reverse=True)
    )


def _by_year(curve: ChartSeries) -> dict[int, float]:
    years = curve.dates.astype("datetime64[Y]").astype(int) + 1970
    return {int(year): float(value) for year, value in zip(years, curve.values, strict=True)}


def _written(value: float | None, unit: str) -> str:
    if value is None:
        return formats.ABSENT
    return f"{value:.1f}" if unit == "index" else formats.gauge_figure(value, unit)
