"""Gauges: the figures of the state of the trade, each with its date, its source and its place in its own history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

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


@dataclass(frozen=True, slots=True)
class GaugeFigure:
    """One figure and its place in its own history: the share of ``n`` earlier values, from ``first`` on, below it.

    ``standing`` is None where there is less than a year of them.
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
    """A gauge as of a day: its main figure first among ``figures``, the phase that this stands for, and its last year.

    ``week`` is the value five values ago and the share of earlier changes over five that were smaller than this one;
    ``phase_before`` the phase five values ago. ``age`` counts the days since the last value where it is stale.
    ``data_issues`` are those of its series in what it shows (see ``gaugedefects``).
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
        return self.figures[0]

    @property
    def of(self) -> str:
        """What the main figure is of, where the title leaves that open."""
        return {"relative": self.main.name, "policy": "middle of the range"}.get(self.spec.kind, "")


@dataclass(frozen=True, slots=True)
class MissingGauge:
    spec: GaugeSpec
    reason: str


def gauge_refs(spec: GaugeSpec) -> tuple[SeriesRef, ...]:
    """The series that a gauge is made from."""
    return GAUGE_KINDS[spec.kind].needs(spec)


def read_gauge(spec: GaugeSpec, book: SeriesBook, day: dt.date) -> Gauge | MissingGauge:
    """Read a gauge at the end of ``day``, from a book that holds what was known then; or say what it lacks."""
    kind = GAUGE_KINDS[spec.kind]
    found = select_series(book, kind.needs(spec))
    if isinstance(found, Missing):
        return MissingGauge(spec, f"not measured: {describe_missing_series(found.series, day)}")
    track = kind.track(spec, found, day, book)
    if track is None:
        return MissingGauge(spec, f"not measured: there are too few values up to {write_day(day)}")
    unit = kind.unit or spec.unit
    return Gauge(
        spec=spec,
        phase=kind.phase(track, book),
        phase_before=kind.phase(track.before(WEEK), book) if len(track) > WEEK else "",
        detail=_detail(spec, day, book),
        figures=tuple(_figures(spec, found, track, unit)),
        week=phases.rank_last_move(track.values, WEEK) if kind.moves else None,
        recent=track.last(YEAR),
        age=_age(track, day),
        sources=(*list_sources(found), *_table(spec, day, book)),
    )


def _figures(spec: GaugeSpec, found: tuple[Series, ...], track: Indicator, unit: str) -> list[GaugeFigure]:
    if spec.kind != "relative":
        return [_figure(spec.title, track, unit)]
    made = {
        name: indicators.compute_relative_return(found[0], second_of(found), sessions)
        for name, sessions in HORIZONS.items()
    }
    names = sorted(HORIZONS, key=lambda name: name != MAIN_HORIZON)  # the main one first, the others in order
    return [_figure(name, one, unit) for name in names if (one := made[name]) is not None]


def _figure(name: str, track: Indicator, unit: str) -> GaugeFigure:
    last, first = track.dates[-1].item(), track.dates[0].item()
    value = float(track.values[-1])
    return GaugeFigure(name, value, unit, last, phases.rank_last_value(track.values), len(track) - 1, first)


def _age(track: Indicator, day: dt.date) -> int | None:
    """Days since the last value, where these are more than such a value usually stays the newest."""
    last = track.dates[-1].item()
    return GAUGE.age(last, day) if GAUGE.is_exceeded(last, day) else None


def _detail(spec: GaugeSpec, day: dt.date, book: SeriesBook) -> str:
    """What stands beside the phase: of policy, when it began and the last change; of events, when the last one was."""
    if spec.kind == "since":
        last = f"the last one was on {write_day(EVENT_LISTS[spec.events].find(day, book)[-1].date)}"
        return f"{last}; {spec.note}" if spec.note else last
    if spec.kind != "policy":
        return spec.note
    phase, change = phases.list_policy_phases(day, book)[-1], phases.find_last_change(day, book)
    assert change is not None  # noqa: S101 - a phase begins with a change
    move = "rise" if change.change_bp > 0 else "cut"
    target = f"{change.lower:g}" if change.lower == change.upper else f"{change.lower:.2f} to {change.upper:.2f}"
    return (
        f"since {write_day(phase.since)}; the last change was a {move} of {abs(change.change_bp)} basis points "
        f"on {write_day(change.announced)}, to {target} %"
    )


def _table(spec: GaugeSpec, day: dt.date, book: SeriesBook) -> tuple[SeriesUse, ...]:
    """The table of decisions as a source, where the gauge or its events rest on it."""
    if spec.kind == "since":
        return EVENT_LISTS[spec.events].list_tables(day, book)
    if spec.kind not in ("policy", "priced"):
        return ()
    return (FED_DECISIONS.use(day, book),)


LOOK_BACK = np.timedelta64(366, "D")
"""A value of a gauge looks back on a year (252 sessions) at most."""


def add_data_issues(
    gauge: Gauge | MissingGauge, data_issues: Mapping[str, Collection[DataIssue]], day: dt.date
) -> Gauge | MissingGauge:
    """Add the data issues of the gauge's series within the year that it shows and the year before that.

    ``data_issues`` are keyed by the name of their series. An issue after ``day`` is left out.
    """
    if isinstance(gauge, MissingGauge):
        return gauge
    first = (gauge.recent.dates[0] - LOOK_BACK).astype(object)
    concerned = [issue for use in gauge.sources for issue in data_issues.get(use.series, ())]
    return replace(gauge, data_issues=tuple(one for one in concerned if one.within(first, day)))
