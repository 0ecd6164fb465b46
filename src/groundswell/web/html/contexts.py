"""Values that templates need and that are derived from a page."""

from __future__ import annotations

from dataclasses import dataclass

from groundswell.claims.spec import ClaimSpec
from groundswell.hubs.charts import Chart, ChartSeries
from groundswell.model import Evaluation
from groundswell.pages.hub import HubPage
from groundswell.web import formats
from groundswell.wording.quality import IssueGroup, group_issues

GROUP_TITLES = (("bull", "The bull case"), ("bear", "The bear case"), ("context", "Context"))


@dataclass(frozen=True, slots=True)
class ClaimGroup:
    """One side of the argument: its claims, each with its evaluation."""

    side: str
    title: str
    rows: tuple[tuple[ClaimSpec, Evaluation], ...]


def group_claims(page: HubPage) -> tuple[ClaimGroup, ...]:
    """Group the claims of a hub by side, in the order of the hub file; sides without claims are left out."""
    evaluations = {evaluation.id: evaluation for evaluation in page.evaluations}
    return tuple(
        ClaimGroup(side, title, tuple((claim, evaluations[claim.id]) for claim in claims))
        for side, title in GROUP_TITLES
        if (claims := [claim for claim in page.hub.claims if claim.side == side])
    )


@dataclass(frozen=True, slots=True)
class AffectingIssues:
    """Similar data issues that affect a claim: whether the main measurement, and how many of the other readings."""

    group: IssueGroup
    main: bool
    readings: int


def group_affecting_issues(evaluation: Evaluation) -> tuple[AffectingIssues, ...]:
    """Group the data issues within the windows of a claim, those of the main measurement first."""
    impacts = {impact.issue: impact for impact in evaluation.impacts}
    affecting = []
    for group in group_issues(impacts):
        group_impacts = [impacts[issue] for issue in group.data_issues]
        affecting.append(
            AffectingIssues(
                group, any(impact.main for impact in group_impacts), max(impact.readings for impact in group_impacts)
            )
        )
    return tuple(sorted(affecting, key=lambda issues: not issues.main))


def list_yearly_values(chart: Chart) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Write the last value of each calendar year for each line of a chart, newest first; a dash for a missing value."""
    columns = [_last_by_year(series) for series in chart.series]
    return tuple(
        (year, tuple(_write_value(column.get(year), chart.unit) for column in columns))
        for year in sorted({year for column in columns for year in column}, reverse=True)
    )


def _last_by_year(series: ChartSeries) -> dict[int, float]:
    years = series.dates.astype("datetime64[Y]").astype(int) + 1970
    return {int(year): float(value) for year, value in zip(years, series.values, strict=True)}


def _write_value(value: float | None, unit: str) -> str:
    if value is None:
        return formats.ABSENT
    return f"{value:.1f}" if unit == "index" else formats.write_gauge_figure(value, unit)
