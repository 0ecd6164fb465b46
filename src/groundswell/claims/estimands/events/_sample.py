"""Measures the events of a list over their windows; shared by the estimands over events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil, sqrt

from groundswell.claims.estimand import Measurement, Missing, list_revised, list_sources, select_series
from groundswell.claims.estimands.events._extension import describe_splice
from groundswell.claims.estimands.events._hindsight import explain_hindsight
from groundswell.claims.inference.random_effects import PooledMean, pool_mean
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.series.book import SeriesBook, remember_by_book
from groundswell.markets.series.calendar import YEAR
from groundswell.markets.studies.event_measures import EventMeasure
from groundswell.markets.studies.event_study import EveryWindow, Window
from groundswell.markets.studies.splice import Pair, SpliceCost, measure_all_spliced, measure_cost, measure_spliced
from groundswell.model import Absence, EventValue, SeriesRef
from groundswell.wording.figures import use_minus_sign, write_percent, write_size, write_value
from groundswell.wording.plurals import write_count

MAX_EVENTS_IN_NOTE = 12
"""A note lists the value of each event of no more than so many."""

SAME = 1e-9
"""Values so close to a bound are equal to it: differences of rates in hundredths are not exact."""


@dataclass(frozen=True, slots=True)
class EventSample:
    """The events that are measured: an event list by name, and what is measured at each of them.

    Events between scheduled meetings are included where ``emergency`` is set.
    """

    name: str
    emergency: bool
    measure: EventMeasure


def measure_events(
    measured: tuple[SeriesRef, ...],
    sample: EventSample,
    book: SeriesBook,
    as_of: dt.date,
    earlier: tuple[SeriesRef, ...] = (),
) -> Measurement | Missing:
    """Measure the first of ``measured``, less the second where there is one, at each event.

    ``earlier`` are the series on which events are measured for which those of ``measured`` begin too late. An event
    whose window overlaps that of the last measured event is left out with the reason: the days in both windows would
    count twice.
    """
    events = EVENT_LISTS[sample.name]
    series = select_series(book, (*measured, *earlier, *events.needs))
    if isinstance(series, Missing):
        return series
    own = Pair(*(book.by_ref[ref] for ref in measured))
    found = [event for event in events.find(as_of, book) if event.scheduled or sample.emergency]
    days = [event.date for event in found]
    if earlier:
        before = Pair(*(book.by_ref[ref] for ref in earlier))
        spliced = measure_spliced(
            days,
            own,
            before,
            sample.measure,
            as_of,
            lambda: _find_cost(book, measured, earlier, sample.measure.unshifted, as_of),
        )
        study = spliced.study
    else:
        spliced = None
        study = sample.measure.measure(days, own.long, own.short, as_of)
    values, overlapping = separate_overlapping(study.values)
    return Measurement(
        values=values,
        absent=tuple(sorted((*study.absent, *overlapping), key=lambda absence: absence.date)),
        others=partial(_measure_all, book, measured, earlier, sample.measure.unshifted, as_of),
        span=sample.measure.count_rows(own.long),
        sources=(*list_sources(series), *events.list_tables(as_of, book)),
        revised=list_revised(series),
        notes=(*_note_model_error(values), *(describe_splice(spliced, values, own, earlier) if spliced else ())),
        hindsight=explain_hindsight(events, found, {event.date: _find_base(event, sample) for event in values}),
        cost=spliced.cost if spliced else None,
        past=frozenset(earlier),
    )


def _find_base(event: EventValue, sample: EventSample) -> dt.date:
    """Find the day from which the value of an event counts; what is compared with before begins at the event."""
    return max(event.start, event.date) if sample.measure.lead else event.start


@remember_by_book
def _measure_all(
    book: SeriesBook,
    measured: tuple[SeriesRef, ...],
    earlier: tuple[SeriesRef, ...],
    measure: EventMeasure,
    as_of: dt.date,
) -> EveryWindow:
    """Measure every window of the same length; the same for all event lists and base days."""
    own = Pair(*(book.by_ref[ref] for ref in measured))
    if not earlier:
        return measure.measure_all(own.long, own.short, as_of)
    return measure_all_spliced(own, Pair(*(book.by_ref[ref] for ref in earlier)), measure, as_of)


@remember_by_book
def _find_cost(
    book: SeriesBook,
    measured: tuple[SeriesRef, ...],
    earlier: tuple[SeriesRef, ...],
    measure: EventMeasure,
    as_of: dt.date,
) -> SpliceCost | None:
    """Find what it costs to measure on the earlier series; the same for all event lists and base days."""
    own, before = (Pair(*(book.by_ref[ref] for ref in refs)) for refs in (measured, earlier))
    return measure_cost(own, before, measure, as_of)


def _note_model_error(values: tuple[EventValue, ...]) -> tuple[str, ...]:
    """Note the error of the mean by the market model, without and with differences between the events.

    The first includes noise alone. The second is the random-effects mean, which weighs each event by its own error. A
    model that fits perfectly (a fund that is its own market) has no error, and no t to give.
    """
    errors = [event.error for event in values if event.error is not None]
    if not errors:
        return ()
    error = sqrt(sum(error**2 for error in errors)) / len(errors)
    mean = sum(event.value for event in values) / len(values)
    t = f", t = {use_minus_sign(f'{mean / error:.2f}')}" if error else ""
    pooled = pool_mean([event.value for event in values], errors) if len(errors) == len(values) else None
    by_errors = (
        f"By the errors of the market model, the mean of the abnormal returns is {write_percent(mean)} with an error "
        f"of {write_size(error, 'return')}{t}; the interval shown is Student's t over the events."
    )
    return (by_errors, _describe_pooled(pooled)) if pooled else (by_errors,)


def _describe_pooled(pooled: PooledMean) -> str:
    return (
        "Weighed by these errors and by how much the events differ beyond them (standard deviation "
        f"{write_size(pooled.spread, 'return')}, by Paule and Mandel), the mean is {write_percent(pooled.mean)}, "
        f"95 % interval {write_percent(pooled.low)} to {write_percent(pooled.high)}, by Hartung, Knapp, Sidik and "
        "Jonkman."
    )


def list_where_few(words: str, events: Sequence[EventValue], unit: str) -> str:
    """Write a sentence, with the value of each event after it where there are few."""
    if len(events) > MAX_EVENTS_IN_NOTE:
        return f"{words}."
    return f"{words}: {', '.join(f'{event.date} {write_value(event.value, unit)}' for event in events)}."


def separate_overlapping(values: tuple[EventValue, ...]) -> tuple[tuple[EventValue, ...], tuple[Absence, ...]]:
    """Leave out each event whose window overlaps that of the last one before it that is kept."""
    separate: list[EventValue] = []
    absent: list[Absence] = []
    for event in values:
        if separate and event.start < separate[-1].end:
            absent.append(Absence(event.date, f"its window overlaps that of {separate[-1].date}"))
        else:
            separate.append(event)
    return tuple(separate), tuple(absent)


def days_of_sessions(count: int) -> dt.timedelta:
    """Return the calendar days that so many sessions take at most, holidays included."""
    return dt.timedelta(days=ceil(count * 7 / 5) + 10 * ceil(count / YEAR))


def describe_sample(name: str, emergency: bool) -> str:
    """Return the rule of an event list, with a note where decisions between scheduled meetings are left out."""
    rule = EVENT_LISTS[name].rule
    return rule if emergency else f"{rule} Decisions between scheduled meetings are left out."


def name_events(name: str) -> str:
    """Name the events of a list, with their number left open: "{n} events (first cuts of easing cycles since 1994)"."""
    title = EVENT_LISTS[name].title
    is_acronym = title[:2].isupper()
    return f"{{n}} events ({title if is_acronym else title[:1].lower() + title[1:]})"


def name_return(measure: str, long: str, short: str = "") -> str:
    """Name a return: "total return of IWM less that of SPY"."""
    return f"{measure if measure.endswith('return') else f'{measure} return'} of {long}" + (
        f" less that of {short}" if short else ""
    )


def name_window(window: Window) -> str:
    """Name the length of a window and where it begins: "63 sessions after", "63 sessions from 64 sessions before"."""
    if not window.base:
        return f"{name_length(window)} after"
    side = "after" if window.base > 0 else "before"
    return f"{name_length(window)} from {write_count(abs(window.base), 'session')} {side}"


def name_length(window: Window) -> str:
    """Name the length of a window."""
    return write_count(window.horizon, "calendar month" if window.unit == "months" else "session")


def write_window(window: Window) -> str:
    """Describe a window on the exchange's sessions."""
    count = window.horizon
    start = "close of the event's session"
    if window.base:
        distance = write_count(abs(window.base), "session")
        start = f"close {distance} {'after' if window.base > 0 else 'before'} the event's session"
    if window.unit == "months":
        return f"{start} to the last close within {write_months(count)}"
    return f"{start} to the close {write_count(count, 'session')} later"


def write_months(count: int) -> str:
    """Write a number of calendar months."""
    return write_count(count, "calendar month")
