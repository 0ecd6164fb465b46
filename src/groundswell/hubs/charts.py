"""The charts of a hub: their data, and what they show in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundswell.claims.checks.series import explain_shown
from groundswell.claims.estimand import list_sources
from groundswell.hubs.spec import NO_EVENTS, ChartSpec
from groundswell.markets.events.fed_decisions import FED_DECISIONS, Decision, list_decisions
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.indicators.phases import rank_last_value
from groundswell.markets.series.book import NOTHING, SeriesBook
from groundswell.markets.series.calendar import Days
from groundswell.model import DataIssue, Measure, Series, SeriesRef, SeriesUse
from groundswell.model.series import Values
from groundswell.wording.dates import write_day
from groundswell.wording.figures import write_level

SeriesSource = Callable[[SeriesRef], Series | None]
"""Returns a series as known at the time of the page, or None if there is none."""


MAX_POINTS = 1500
"""A longer line is reduced to the last value of each week."""

DAY = np.timedelta64(1, "D")
CALENDAR_YEAR = 365 * DAY
MIN_SPAN_FOR_LAST_YEAR = 2 * CALENDAR_YEAR
"""Over a shorter span the finding does not describe the last year."""

MIN_MOVE = 0.0005
"""A smaller relative move reads "stayed level"."""


@dataclass(frozen=True, eq=False)
class ChartSeries:
    """One line of a chart: its name for readers and its values at increasing dates. It is never empty."""

    label: str
    dates: Days
    values: Values


@dataclass(frozen=True, slots=True)
class Marks:
    """The days of the event list that a chart marks, and the series and tables that the list is drawn from."""

    days: tuple[dt.date, ...] = ()
    sources: tuple[SeriesUse, ...] = ()


@dataclass(frozen=True, eq=False)
class Chart:
    """The data of a chart: one or two lines, the events to mark, the sources and the finding in words.

    ``dates`` and ``values`` are those of the first line: an index from 100, or levels in ``unit`` (shares as
    fractions). ``second`` is the other line. ``decisions`` give the target range to draw behind the lines. ``weekly``
    says that each value is the last of its week.
    """

    spec: ChartSpec
    dates: Days
    values: Values
    marks: tuple[dt.date, ...]
    sources: tuple[SeriesUse, ...]
    finding: str
    unit: str = "index"
    second: ChartSeries | None = None
    decisions: tuple[Decision, ...] = ()
    weekly: bool = False

    @property
    def series(self) -> tuple[ChartSeries, ...]:
        """The lines of the chart."""
        label = self.spec.labels[0] if self.spec.labels else self.spec.title
        first = ChartSeries(label, self.dates, self.values)
        return (first,) if self.second is None else (first, self.second)

    @property
    def event_title(self) -> str:
        """The title of the marked event list, to stand within a sentence; "" for a chart that marks none."""
        if self.spec.mark == NO_EVENTS:
            return ""
        title = EVENT_LISTS[self.spec.mark].title
        return title if title[1:2].isupper() else f"{title[:1].lower()}{title[1:]}"


@dataclass(frozen=True, slots=True)
class MissingChart:
    """A chart that cannot be drawn, and why."""

    spec: ChartSpec
    reason: str


def withhold_chart(
    chart: Chart | MissingChart, data_issues: Mapping[str, Collection[DataIssue]]
) -> Chart | MissingChart:
    """Leave a chart out that shows days whose data issues withhold verdicts; ``data_issues`` are by series."""
    if isinstance(chart, MissingChart):
        return chart
    first, last = chart.dates[0].item(), chart.dates[-1].item()
    issues = (issue for use in chart.sources for issue in data_issues.get(use.series, ()))
    withholding = next((issue for issue in issues if issue.withholds and issue.within(first, last)), None)
    if withholding is None:
        return chart
    return MissingChart(chart.spec, f"withheld: {withholding.series}: {withholding.text}")


def find_marks(spec: ChartSpec, book: SeriesBook, day: dt.date) -> Marks:
    """Find the events that a chart marks as of ``day``, in a book that holds what was known by the end of that day."""
    if spec.mark == NO_EVENTS:
        return Marks()
    events = EVENT_LISTS[spec.mark]
    needed = [series for ref in events.needs if (series := book.get(ref)) is not None]
    days = tuple(event.date for event in events.find(day, book))
    return Marks(days, (*list_sources(needed), *events.list_tables(day, book)))


def build_chart(
    spec: ChartSpec, source: SeriesSource, marks: Marks, names: Mapping[str, str], day: dt.date
) -> Chart | MissingChart:
    """Compute the data of a chart from the values up to ``day``, with the ``marks`` that lie within its line.

    ``names`` gives the names of symbols in the finding. Lines of more than ``MAX_POINTS`` points are reduced to weekly
    ones. A missing series, one that does not fit its use, or fewer than two common dates, give a ``MissingChart`` with
    the reason.
    """
    refused = next((message for _, message in explain_shown(spec.refs, names)), "")
    series = MissingChart(spec, refused) if refused else _load_series(spec, source)
    if isinstance(series, MissingChart):
        return series
    return (
        _build_levels_chart(spec, series, marks, day)
        if spec.kind == "levels"
        else _build_index_chart(spec, series, marks, names, day)
    )


def _load_series(spec: ChartSpec, source: SeriesSource) -> list[Series] | MissingChart:
    loaded = [(ref, source(ref)) for ref in spec.refs]
    present = [series for _, series in loaded if series is not None and len(series)]
    if len(present) < len(loaded):
        missing = " and ".join(str(ref) for ref, series in loaded if series is None or not len(series))
        return MissingChart(spec, f"there are no data for {missing}")
    return present


def _build_index_chart(
    spec: ChartSpec, series: Sequence[Series], marks: Marks, names: Mapping[str, str], day: dt.date
) -> Chart | MissingChart:
    dates, values = _divide([_levels_until(each, day) for each in series])
    if len(dates) < 2:
        refs = " and ".join(str(each.ref) for each in series)
        return MissingChart(spec, f"{refs} have fewer than two common dates up to {write_day(day)}")
    finding = _describe_index(spec, dates, values, names)
    is_weekly = len(dates) > MAX_POINTS
    dates, values = _reduce_to_weeks(dates, values)
    sources = _merge_sources((*list_sources(series), *marks.sources))
    return Chart(spec, dates, values, _select_days(marks, dates), sources, finding, weekly=is_weekly)


def _build_levels_chart(spec: ChartSpec, series: Sequence[Series], marks: Marks, day: dt.date) -> Chart | MissingChart:
    """Draw the series unchanged; with the target range, from the first decision on."""
    range_decisions = list_decisions(day) if spec.target else ()
    start = np.datetime64(range_decisions[0].announced if range_decisions else dt.date.min, "D")
    first, *others = (_from(start, *_levels_until(each, day)) for each in series)
    if min(len(dates) for dates, _ in (first, *others)) < 2:
        refs = " and ".join(str(each.ref) for each in series)
        return MissingChart(spec, f"{refs} have fewer than two values up to {write_day(day)}")
    lines = [
        ChartSeries(label, *_reduce_to_weeks(*points))
        for label, points in zip(spec.labels, (first, *others), strict=True)
    ]
    decision_source = [FED_DECISIONS.use(day, NOTHING)] if range_decisions else []
    return Chart(
        spec,
        lines[0].dates,
        lines[0].values,
        _select_days(marks, lines[0].dates),
        _merge_sources((*list_sources(series), *decision_source, *marks.sources)),
        describe_levels(spec, first, others, range_decisions),
        unit=spec.unit,
        second=lines[1] if others else None,
        decisions=range_decisions,
        weekly=len(first[0]) > MAX_POINTS,
    )


def _from(start: np.datetime64, dates: Days, values: Values) -> tuple[Days, Values]:
    return dates[dates >= start], values[dates >= start]


def _select_days(marks: Marks, dates: Days) -> tuple[dt.date, ...]:
    return tuple(mark for mark in marks.days if dates[0] <= np.datetime64(mark, "D") <= dates[-1])


def _merge_sources(sources: Iterable[SeriesUse]) -> tuple[SeriesUse, ...]:
    """Name each source once, with the later of its last days."""
    merged: dict[tuple[str, str], SeriesUse] = {}
    for use in sources:
        known = merged.setdefault((use.series, use.source), use)
        if known.last is None or (use.last is not None and use.last > known.last):
            merged[use.series, use.source] = use
    return tuple(merged.values())


def _reduce_to_weeks(dates: Days, values: Values) -> tuple[Days, Values]:
    if len(dates) <= MAX_POINTS:
        return dates, values
    places = _last_of_weeks(dates)
    return dates[places], values[places]


def _last_of_weeks(dates: Days) -> NDArray[np.intp]:
    """Return the indices of the first date and of the last date of each week (Monday to Sunday)."""
    weeks = (dates.astype("datetime64[D]").astype(np.int64) + 3) // 7  # 1970-01-01 was a Thursday
    return np.unique(np.concatenate(([0], np.flatnonzero(np.diff(weeks)), [len(dates) - 1])))


def _levels_until(series: Series, day: dt.date) -> tuple[Days, Values]:
    """Return the levels up to ``day``; period returns are cumulated from 1 at the start of the first period."""
    is_known = series.dates <= np.datetime64(day, "D")
    dates, values = series.dates[is_known], series.values[is_known]
    if series.ref.measure is not Measure.PERIOD_RETURN or not len(dates):
        return dates, values
    is_monthly = series.frequency == "monthly"
    base = dates[0].astype("datetime64[M]").astype("datetime64[D]") - DAY if is_monthly else dates[0] - DAY
    return np.concatenate(([base], dates)), np.concatenate(([1.0], np.cumprod(1.0 + values)))


def _divide(levels: Sequence[tuple[Days, Values]]) -> tuple[Days, Values]:
    """Return the first series over the others on their common dates, as an index from 100."""
    (dates, values), *others = levels
    for other_dates, other_values in others:
        dates, of_first, of_other = np.intersect1d(dates, other_dates, assume_unique=True, return_indices=True)
        values = values[of_first] / other_values[of_other]
    return dates, 100.0 * values / values[0] if len(values) else values


def _describe_index(spec: ChartSpec, dates: Days, values: Values, names: Mapping[str, str]) -> str:
    """Describe the move of an index over its whole span and over the last year."""
    long = names.get(spec.long, spec.long)
    against = f" {names.get(spec.short, spec.short)}" if spec.short else ""
    move = _describe_move(values[-1] / values[0] - 1.0, against)
    sentence = f"{long} {move} from {write_day(dates[0].item())} to {write_day(dates[-1].item())}"
    if dates[-1] - dates[0] >= MIN_SPAN_FOR_LAST_YEAR:
        start = int(np.searchsorted(dates, dates[-1] - CALENDAR_YEAR))
        sentence += f"; over the last year it {_describe_move(values[-1] / values[start] - 1.0, against and ' it')}"
    return f"{sentence[:1].upper()}{sentence[1:]}."


def describe_levels(
    spec: ChartSpec,
    first: tuple[Days, Values],
    others: Sequence[tuple[Days, Values]],
    range_decisions: Sequence[Decision],
) -> str:
    """Describe the last value of the first series against its history, then the second series and the target range."""
    dates, values = first
    unit = spec.unit
    value, day = write_level(float(values[-1]), unit), write_day(dates[-1].item())
    subject, at = (f"{spec.title}: {spec.labels[0]}", "") if unit == "share" else (f"{spec.labels[0]} was", "at ")
    sentence = f"{subject} {at}{value} on {day}"
    if dates[-1] - dates[0] >= MIN_SPAN_FOR_LAST_YEAR:
        year_ago = float(values[int(np.searchsorted(dates, dates[-1] - CALENDAR_YEAR))])
        sentence += f", after {write_level(year_ago, unit)} a year before"
    if (rank := rank_last_value(values)) is not None:
        sentence += f", above {int(100 * rank)} % of its values since {dates[0].item().year}"
    for label, (_, second) in zip(spec.labels[1:], others, strict=True):
        sentence += f"; {label} {at}{write_level(float(second[-1]), unit)}"
    if range_decisions:
        lower, upper = range_decisions[-1].lower, range_decisions[-1].upper
        sentence += f"; the target {'is' if lower == upper else 'range is'} " + (
            f"{upper:.2f} %" if lower == upper else f"{lower:.2f} to {upper:.2f} %"
        )
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _describe_move(change: float, against: str) -> str:
    if abs(change) < MIN_MOVE:
        return f"stayed level with{against}" if against else "stayed level"
    verb = ("led" if change > 0 else "lagged") if against else ("gained" if change > 0 else "lost")
    return f"{verb}{against}{' by' if against else ''} {100 * abs(change):.1f} %"
