"""Measures the events of a list over their windows; shared by the estimands over events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, sqrt

from groundswell.claims.estimand import Measurement, Missing, list_revised, list_sources, select_series
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import MONTH, YEAR
from groundswell.markets.studies.event_study import EventStudy, EveryWindow, Window, event_study, every_window
from groundswell.markets.studies.market_model import MarketModel, abnormal_study, every_abnormal
from groundswell.model import Absence, EventValue, Measure, Series, SeriesRef
from groundswell.wording.figures import use_minus_sign, write_percent
from groundswell.wording.plurals import write_count


@dataclass(frozen=True, slots=True)
class EventSample:
    """The events that are measured: an event list by name, and the window of each event.

    Events between scheduled meetings are included where ``emergency`` is set. With a ``model``, values are abnormal
    returns by the market model.
    """

    name: str
    emergency: bool
    window: Window
    model: MarketModel | None = None


def measure_events(
    measured: tuple[SeriesRef, ...], sample: EventSample, book: SeriesBook, as_of: dt.date
) -> Measurement | Missing:
    """Measure the first of ``measured``, less the second where there is one, over the window of each event.

    An event whose window overlaps that of the last measured event is left out with the reason: the days in both windows
    would count twice.
    """
    events = EVENT_LISTS[sample.name]
    series = select_series(book, (*measured, *events.needs))
    if isinstance(series, Missing):
        return series
    long, short = series[0], series[1] if len(measured) > 1 else None
    days = [event.date for event in events.find(as_of, book) if event.scheduled or sample.emergency]
    study, others = _measure_study(days, long, short, sample, as_of)
    values, overlapping = _separate_overlapping(study.values)
    return Measurement(
        values=values,
        absent=tuple(sorted((*study.absent, *overlapping), key=lambda absence: absence.date)),
        others=others,
        span=_count_rows(sample.window, long),
        sources=(*list_sources(series), *events.list_tables(as_of, book)),
        revised=list_revised(series),
        notes=_note_model_error(values),
        hindsight=events.hindsight,
    )


def _measure_study(
    days: list[dt.date], long: Series, short: Series | None, sample: EventSample, as_of: dt.date
) -> tuple[EventStudy, Callable[[], EveryWindow]]:
    """Return the study, and a function that gives the values of all windows of the same length."""
    window, model = sample.window, sample.model
    if model is None or short is None:
        study = event_study(days, long, short, window, as_of)
        return study, lambda: every_window(long, short, window, as_of)
    abnormal = abnormal_study(days, long, short, model, as_of)
    return abnormal, lambda: every_abnormal(long, short, model, as_of)


def _count_rows(window: Window, long: Series) -> int:
    """Count the rows of the series in a window."""
    daily = window.unit == "months" and long.ref.measure is not Measure.PERIOD_RETURN
    return window.horizon * MONTH if daily else window.horizon


def _note_model_error(values: tuple[EventValue, ...]) -> tuple[str, ...]:
    """Note the error of the mean by the market model, which includes noise but not differences between regimes.

    A model that fits perfectly (a fund that is its own market) has no error, and no t to give.
    """
    errors = [event.error for event in values if event.error is not None]
    if not errors:
        return ()
    error = sqrt(sum(error**2 for error in errors)) / len(errors)
    mean = sum(event.value for event in values) / len(values)
    t = f", t = {use_minus_sign(f'{mean / error:.2f}')}" if error else ""
    return (
        f"By the errors of the market model, the mean of the abnormal returns is {write_percent(mean)} with an error "
        f"of {write_percent(error).lstrip('+')}{t}; the interval shown is that of events drawn again.",
    )


def _separate_overlapping(values: tuple[EventValue, ...]) -> tuple[tuple[EventValue, ...], tuple[Absence, ...]]:
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
