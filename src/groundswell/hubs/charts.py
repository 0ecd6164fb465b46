"""Charts: the data of a hub's lines and what they show in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundswell.claims.estimand import sources_of
from groundswell.hubs.spec import ChartSpec
from groundswell.markets.events.fed_decisions import SOURCE, TITLE, Decision, decisions
from groundswell.markets.indicators.phases import rank_last_value
from groundswell.model import Measure, Series, SeriesRef, SeriesUse
from groundswell.wording.dates import write_day
from groundswell.wording.figures import write_level

SeriesSource = Callable[[SeriesRef], Series | None]
"""Answers the series that is meant, as known at the moment of the page, or None where there is none."""

Dates = NDArray[np.datetime64]
Values = NDArray[np.float64]

DENSE = 1500  # points; above it a line is drawn from the last value of each week
DAY = np.timedelta64(1, "D")
LONG_SPAN = 2 * 365 * DAY  # from here on the finding also tells the last year
LEVEL = 0.0005  # a relative move smaller than this reads "level with"


def draw_chart(
    spec: ChartSpec, source: SeriesSource, marks: Sequence[dt.date], names: Mapping[str, str], day: dt.date
) -> Chart | MissingChart:
    """Draw ``spec`` from the values up to ``day``: ``long`` over ``short`` on the dates that both have, from 100.

    Lines of more than 1,500 points are thinned to weekly ones. ``names`` gives words for symbols. A series that is
    absent, or no two common dates, give a ``MissingChart`` with the reason.
    """
    found = _held(spec, source)
    if isinstance(found, MissingChart):
        return found
    return _levels_of(spec, found, marks, day) if spec.kind == "levels" else _index(spec, found, marks, names, day)


def _held(spec: ChartSpec, source: SeriesSource) -> list[Series] | MissingChart:
    """The series that a chart is drawn from."""
    refs = [SeriesRef(symbol, Measure(spec.measure)) for symbol in (spec.long, spec.short) if symbol]
    series = [(ref, source(ref)) for ref in refs]
    present = [found for _, found in series if found is not None and len(found)]
    if len(present) < len(refs):
        lacking = " and ".join(str(ref) for ref, found in series if found is None or not len(found))
        return MissingChart(spec, f"there are no data for {lacking}")
    return present


def _index(
    spec: ChartSpec, found: Sequence[Series], marks: Sequence[dt.date], names: Mapping[str, str], day: dt.date
) -> Chart | MissingChart:
    dates, values = _relative([_levels(one, day) for one in found])
    if len(dates) < 2:
        refs = " and ".join(str(one.ref) for one in found)
        return MissingChart(spec, f"{refs} have fewer than two common dates up to {write_day(day)}")
    finding = _finding(spec, dates, values, names)
    weekly = len(dates) > DENSE
    dates, values = _thinned(dates, values)
    shown = _marked(spec, marks, dates)
    return Chart(spec, dates, values, shown, sources_of(found), finding, weekly=weekly)


def _levels_of(
    spec: ChartSpec, found: Sequence[Series], marks: Sequence[dt.date], day: dt.date
) -> Chart | MissingChart:
    """The series as they are, from the first decision on where the target range is drawn behind them."""
    decided = decisions(day) if spec.target else ()
    first = np.datetime64(decided[0].announced if decided else dt.date.min, "D")
    own, *others = (_after(first, *_levels(one, day)) for one in found)
    if min(len(dates) for dates, _ in (own, *others)) < 2:
        refs = " and ".join(str(one.ref) for one in found)
        return MissingChart(spec, f"{refs} have fewer than two values up to {write_day(day)}")
    curves = [ChartSeries(label, *_thinned(*one)) for label, one in zip(spec.labels, (own, *others), strict=True)]
    return Chart(
        spec,
        curves[0].dates,
        curves[0].values,
        _marked(spec, marks, curves[0].dates),
        (*sources_of(found), *([SeriesUse(TITLE, SOURCE, decided[-1].announced)] if decided else [])),
        levels_finding(spec, own, others, decided),
        unit=spec.unit,
        beside=curves[1] if others else None,
        decisions=decided,
        weekly=len(own[0]) > DENSE,
    )


def _after(first: np.datetime64, dates: Dates, values: Values) -> tuple[Dates, Values]:
    return dates[dates >= first], values[dates >= first]


def _marked(spec: ChartSpec, marks: Sequence[dt.date], dates: Dates) -> tuple[dt.date, ...]:
    if spec.mark == "none":
        return ()
    return tuple(mark for mark in marks if dates[0] <= np.datetime64(mark, "D") <= dates[-1])


def _thinned(dates: Dates, values: Values) -> tuple[Dates, Values]:
    if len(dates) <= DENSE:
        return dates, values
    kept = _last_of_week(dates)
    return dates[kept], values[kept]


def _levels(series: Series, day: dt.date) -> tuple[Dates, Values]:
    """Give levels up to ``day``; period returns are cumulated from 1 at the end of the period before the first."""
    seen = series.dates <= np.datetime64(day, "D")
    dates, values = series.dates[seen], series.values[seen]
    if series.ref.measure is not Measure.PERIOD_RETURN or not len(dates):
        return dates, values
    monthly = series.frequency == "monthly"
    base = dates[0].astype("datetime64[M]").astype("datetime64[D]") - DAY if monthly else dates[0] - DAY
    return np.concatenate(([base], dates)), np.concatenate(([1.0], np.cumprod(1.0 + values)))


def _relative(levels: Sequence[tuple[Dates, Values]]) -> tuple[Dates, Values]:
    (dates, values), *others = levels
    for other_dates, other_values in others:
        dates, mine, theirs = np.intersect1d(dates, other_dates, assume_unique=True, return_indices=True)
        values = values[mine] / other_values[theirs]
    return dates, 100.0 * values / values[0] if len(values) else values


def _last_of_week(dates: Dates) -> NDArray[np.intp]:
    """Indices of the first date and of the last date of each week (Monday to Sunday)."""
    weeks = (dates.astype("datetime64[D]").astype(np.int64) + 3) // 7  # 1970-01-01 was a Thursday
    return np.unique(np.concatenate(([0], np.flatnonzero(np.diff(weeks)), [len(dates) - 1])))


def _finding(spec: ChartSpec, dates: Dates, values: Values, names: Mapping[str, str]) -> str:
    long = names.get(spec.long, spec.long)
    against = f" {names.get(spec.short, spec.short)}" if spec.short else ""
    whole = _move(values[-1] / values[0] - 1.0, against)
    sentence = f"{long} {whole} from {write_day(dates[0].item())} to {write_day(dates[-1].item())}"
    if dates[-1] - dates[0] >= LONG_SPAN:
        start = int(np.searchsorted(dates, dates[-1] - 365 * DAY))
        sentence += f"; over the last year it {_move(values[-1] / values[start] - 1.0, against and ' it')}"
    return f"{sentence[:1].upper()}{sentence[1:]}."


def levels_finding(
    spec: ChartSpec, own: tuple[Dates, Values], others: Sequence[tuple[Dates, Values]], decided: Sequence[Decision]
) -> str:
    """Where the first series stands, against a year before and all its past; where the second does, and the target."""
    dates, values = own
    unit = spec.unit
    figure, on = write_level(float(values[-1]), unit), write_day(dates[-1].item())
    head, at = (f"{spec.title}: {spec.labels[0]}", "") if unit == "share" else (f"{spec.labels[0]} stood", "at ")
    sentence = f"{head} {at}{figure} on {on}"
    if dates[-1] - dates[0] >= LONG_SPAN:
        before = float(values[int(np.searchsorted(dates, dates[-1] - 365 * DAY))])
        sentence += f", after {write_level(before, unit)} a year before"
    if (place := rank_last_value(values)) is not None:
        sentence += f", above {int(100 * place)} % of its values since {dates[0].item().year}"
    for label, (_, second) in zip(spec.labels[1:], others, strict=True):
        sentence += f"; {label} {at}{write_level(float(second[-1]), unit)}"
    if decided:
        lower, upper = decided[-1].lower, decided[-1].upper
        sentence += f"; the target {'is' if lower == upper else 'range is'} " + (
            f"{upper:.2f} %" if lower == upper else f"{lower:.2f} to {upper:.2f} %"
        )
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _move(change: float, against: str) -> str:
    if abs(change) < LEVEL:
        return f"stayed level with{against}" if against else "stayed level"
    verb = ("led" if change > 0 else "lagged") if against else ("gained" if change > 0 else "lost")
    return f"{verb}{against}{' by' if against else ''} {100 * abs(change):.1f} %"


@dataclass(frozen=True, eq=False)
class ChartSeries:
    """One line of a chart: its name for readers and its values at increasing dates, never empty."""

    label: str
    dates: NDArray[np.datetime64]
    values: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Chart:
    """A chart's data: one line or two, the events to mark, and where the numbers come from.

    ``dates`` and ``values`` are the first line's: index levels from 100, or levels in ``unit`` (shares as fractions).
    ``beside`` is the second; ``decisions`` give the target range to draw behind them. ``weekly`` says that each value
    is the last of its week.
    """

    spec: ChartSpec
    dates: NDArray[np.datetime64]
    values: NDArray[np.float64]
    marks: tuple[dt.date, ...]
    sources: tuple[SeriesUse, ...]
    finding: str
    unit: str = "index"
    beside: ChartSeries | None = None
    decisions: tuple[Decision, ...] = ()
    weekly: bool = False

    @property
    def curves(self) -> tuple[ChartSeries, ...]:
        label = self.spec.labels[0] if self.spec.labels else self.spec.title
        own = ChartSeries(label, self.dates, self.values)
        return (own,) if self.beside is None else (own, self.beside)


@dataclass(frozen=True, slots=True)
class MissingChart:
    spec: ChartSpec
    reason: str
