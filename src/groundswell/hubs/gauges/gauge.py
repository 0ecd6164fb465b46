"""Read a gauge: its figures, each with its date, its source and its rank in its own history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from groundswell.claims.checks.series import NO_NAMES, Names, explain_shown
from groundswell.claims.estimand import Missing, list_sources, select_series
from groundswell.hubs.gauges.kinds import GAUGE_KINDS, HORIZONS, MAIN_HORIZON, second_of
from groundswell.hubs.spec import GaugeSpec
from groundswell.markets.events.fed_decisions import FED_DECISIONS
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.indicators import indicators, phases
from groundswell.markets.indicators.indicators import Indicator
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import WEEK, YEAR
from groundswell.markets.series.staleness import GAUGE
from groundswell.model import DataIssue, Series, SeriesRef, SeriesUse
from groundswell.wording.dates import write_day
from groundswell.wording.missing_data import describe_missing_series

GAUGE_LOOK_BACK = np.timedelta64(366, "D")
"""A value of a gauge looks back over a year (252 sessions) at most."""


@dataclass(frozen=True, slots=True)
class GaugeFigure:
    """A figure and its rank in its own history.

    ``standing`` is the share of the ``n`` earlier values since ``first`` that lie below it; None with less than a year
    of earlier values.
    """

    name: str
    value: float
    unit: str
    date: dt.date
    standing: float | None
    n: int
    first: dt.date


@dataclass(frozen=True, eq=False)
class Gauge:
    """A gauge as of a day: its figures (the main one first), its phase and its values over the last year.

    ``week`` is the value five values ago, with the share of earlier changes over five values that were smaller than
    this one. ``phase_before`` is the phase five values ago. ``age`` is the age of the last value in days if it is
    stale, otherwise None. ``data_issues`` are those of its series over the time that it shows.
    """

    spec: GaugeSpec
    phase: str
    phase_before: str
    detail: str
    figures: tuple[GaugeFigure, ...]
    week: tuple[float, float] | None
    recent: Indicator
    age: int | None
    sources: tuple[SeriesUse, ...]
    data_issues: tuple[DataIssue, ...] = ()

    @property
    def main(self) -> GaugeFigure:
        """The main figure."""
        return self.figures[0]

    @property
    def of(self) -> str:
        """What the main figure measures, if the title does not say so."""
        return {"relative": self.main.name, "policy": "middle of the range"}.get(self.spec.kind, "")


@dataclass(frozen=True, slots=True)
class MissingGauge:
    """A gauge that cannot be read, and why."""

    spec: GaugeSpec
    reason: str


def gauge_refs(spec: GaugeSpec) -> tuple[SeriesRef, ...]:
    """Return the series that a gauge is computed from."""
    return GAUGE_KINDS[spec.kind].needs(spec)


def read_gauge(spec: GaugeSpec, book: SeriesBook, day: dt.date, names: Names = NO_NAMES) -> Gauge | MissingGauge:
    """Read a gauge at the end of ``day`` from a book of what was known then; return what is missing otherwise.

    ``names`` are those that the hub gives its instruments. Series that do not fit their use are refused in words.
    """
    kind = GAUGE_KINDS[spec.kind]
    refused = next((message for _, message in explain_shown(spec.refs, names)), "")
    if refused:
        return MissingGauge(spec, f"not measured: {refused}")
    series = select_series(book, kind.needs(spec))
    if isinstance(series, Missing):
        return MissingGauge(spec, f"not measured: {describe_missing_series(series.series, day)}")
    indicator = kind.compute(spec, series, day, book)
    if indicator is None:
        return MissingGauge(spec, f"not measured: there are too few values up to {write_day(day)}")
    unit = kind.unit or spec.unit
    return Gauge(
        spec=spec,
        phase=kind.name_phase(indicator, book),
        phase_before=kind.name_phase(indicator.before(WEEK), book) if len(indicator) > WEEK else "",
        detail=_write_detail(spec, day, book),
        figures=tuple(_compute_figures(spec, series, indicator, unit)),
        week=phases.rank_last_move(indicator.values, WEEK) if kind.moves else None,
        recent=indicator.last(YEAR),
        age=_age_if_stale(indicator, day),
        sources=(*list_sources(series), *_decision_source(spec, day, book)),
    )


def add_data_issues(
    gauge: Gauge | MissingGauge, data_issues: Mapping[str, Collection[DataIssue]], day: dt.date
) -> Gauge | MissingGauge:
    """Add the data issues of the gauge's series within the year that it shows and the year before.

    ``data_issues`` are by the name of their series. Issues after ``day`` are left out. A gauge with an issue that
    withholds verdicts shows no figure.
    """
    if isinstance(gauge, MissingGauge):
        return gauge
    first = (gauge.recent.dates[0] - GAUGE_LOOK_BACK).astype(object)
    of_series = [issue for use in gauge.sources for issue in data_issues.get(use.series, ())]
    issues = tuple(issue for issue in of_series if issue.within(first, day))
    withholding = next((issue for issue in issues if issue.withholds), None)
    if withholding:
        return MissingGauge(gauge.spec, f"withheld: {withholding.series}: {withholding.text}")
    return replace(gauge, data_issues=issues)


def _compute_figures(spec: GaugeSpec, series: tuple[Series, ...], indicator: Indicator, unit: str) -> list[GaugeFigure]:
    if spec.kind != "relative":
        return [_compute_figure(spec.title, indicator, unit)]
    by_horizon = {
        name: indicators.compute_relative_return(series[0], second_of(series), sessions)
        for name, sessions in HORIZONS.items()
    }
    main_first = sorted(HORIZONS, key=lambda name: name != MAIN_HORIZON)
    return [_compute_figure(name, at_horizon, unit) for name in main_first if (at_horizon := by_horizon[name])]


def _compute_figure(name: str, indicator: Indicator, unit: str) -> GaugeFigure:
    last, first = indicator.dates[-1].item(), indicator.dates[0].item()
    value = float(indicator.values[-1])
    return GaugeFigure(name, value, unit, last, phases.rank_last_value(indicator.values), len(indicator) - 1, first)


def _age_if_stale(indicator: Indicator, day: dt.date) -> int | None:
    last = indicator.dates[-1].item()
    return GAUGE.age(last, day) if GAUGE.is_exceeded(last, day) else None


def _write_detail(spec: GaugeSpec, day: dt.date, book: SeriesBook) -> str:
    """Write what the page shows next to the phase: its start and the last change of policy, or the last event."""
    if spec.kind == "since":
        last = f"the last one was on {write_day(EVENT_LISTS[spec.events].find(day, book)[-1].date)}"
        return f"{last}; {spec.note}" if spec.note else last
    if spec.kind != "policy":
        return spec.note
    phase, change = phases.list_policy_phases(day, book)[-1], phases.find_last_change(day, book)
    assert change is not None  # noqa: S101 - every phase begins with a change
    move = "rise" if change.change_bp > 0 else "cut"
    target = f"{change.lower:g}" if change.lower == change.upper else f"{change.lower:.2f} to {change.upper:.2f}"
    return (
        f"since {write_day(phase.since)}; the last change was a {move} of {abs(change.change_bp)} basis points "
        f"on {write_day(change.announced)}, to {target} %"
    )


def _decision_source(spec: GaugeSpec, day: dt.date, book: SeriesBook) -> tuple[SeriesUse, ...]:
    """Return the table of Fed decisions as a source, if the gauge or its events use it."""
    if spec.kind == "since":
        return EVENT_LISTS[spec.events].list_tables(day, book)
    if spec.kind not in ("policy", "priced"):
        return ()
    return (FED_DECISIONS.use(day, book),)
