"""Events of a list with their windows, measured: what every estimand around events has in common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

from groundswell.claims.estimand import Measurement, Missing, list_sources, select_series
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import MONTH
from groundswell.markets.series.returns import Returns
from groundswell.markets.studies.event_study import EventStudy, Window, event_study, every_window
from groundswell.markets.studies.market_model import MarketModel, abnormal_study, every_abnormal
from groundswell.model import Absence, EventValue, Measure, Series, SeriesRef
from groundswell.wording.figures import write_percent
from groundswell.wording.plurals import write_count


@dataclass(frozen=True, slots=True)
class EventSample:
    """A list of events by name, with or without those between scheduled meetings, and the window of each.

    With a ``model`` values are abnormal returns by the market model.
    """

    name: str
    emergency: bool
    window: Window
    model: MarketModel | None = None


def measure_events(
    own: tuple[SeriesRef, ...], occasions: EventSample, book: SeriesBook, as_of: dt.date
) -> Measurement | Missing:
    """Measure the first of ``own``, less the second where there is one, over the window of each event.

    An event whose window begins before that of the last one with a value has ended is left out with the reason: the
    days that both hold would count twice.
    """
    events = EVENT_LISTS[occasions.name]
    series = select_series(book, (*own, *events.needs))
    if isinstance(series, Missing):
        return series
    long, short = series[0], series[1] if len(own) > 1 else None
    days = [event.date for event in events.find(as_of, book) if event.scheduled or occasions.emergency]
    study, others = _study(days, long, short, occasions, as_of)
    values, overlapping = _apart(study.values)
    return Measurement(
        values=values,
        absent=tuple(sorted((*study.absent, *overlapping), key=lambda absence: absence.date)),
        others=others,
        span=_span(occasions.window, long),
        sources=(*list_sources(series), *events.list_tables(as_of, book)),
        revised=tuple(one.ref for one in series if one.revised),
        notes=_by_errors(values),
    )


def _study(
    days: list[dt.date], long: Series, short: Series | None, occasions: EventSample, as_of: dt.date
) -> tuple[EventStudy, Callable[[], Returns]]:
    """The study, and what gives the values of all windows of that length."""
    window, model = occasions.window, occasions.model
    if model is None or short is None:
        study = event_study(days, long, short, window, as_of)
        return study, lambda: every_window(long, short, window, as_of)
    abnormal = abnormal_study(days, long, short, model, as_of)
    return abnormal, lambda: every_abnormal(long, short, model, as_of)


def _span(window: Window, long: Series) -> int:
    """How many rows of the series lie in a window."""
    daily = window.unit == "months" and long.ref.measure is not Measure.PERIOD_RETURN
    return window.horizon * MONTH if daily else window.horizon


def _by_errors(values: tuple[EventValue, ...]) -> tuple[str, ...]:
    """What the model's own errors make of the mean, where there are any: they know of noise, not of other regimes."""
    errors = [event.error for event in values if event.error is not None]
    if not errors:
        return ()
    error = sqrt(sum(one**2 for one in errors)) / len(errors)
    mean = sum(event.value for event in values) / len(values)
    return (
        f"By the errors of the market model the mean of the abnormal returns is {write_percent(mean)} with an error "
        f"of {write_percent(error).lstrip('+')}, t = {mean / error:.2f}; the interval shown is that of events drawn "
        "again.",
    )


def _apart(values: tuple[EventValue, ...]) -> tuple[tuple[EventValue, ...], tuple[Absence, ...]]:
    kept: list[EventValue] = []
    absent: list[Absence] = []
    for event in values:
        if kept and event.start < kept[-1].end:
            absent.append(Absence(event.date, f"its window overlaps that of {kept[-1].date}"))
        else:
            kept.append(event)
    return tuple(kept), tuple(absent)


def events_in_words(name: str, emergency: bool) -> str:
    """The rule of a list of events, and whether decisions between scheduled meetings are left out."""
    rule = EVENT_LISTS[name].rule
    return rule if emergency else f"{rule} Decisions between scheduled meetings are left out."


def window_in_words(window: Window) -> str:
    """A window on the exchange's sessions in words."""
    count = window.horizon
    start = "close of the event's session"
    if window.base:
        distance = write_count(abs(window.base), "session")
        start = f"close {distance} {'after' if window.base > 0 else 'before'} the event's session"
    if window.unit == "months":
        return f"{start} to the last close within {months_in_words(count)}"
    return f"{start} to the close {write_count(count, 'session')} later"


def months_in_words(count: int) -> str:
    """So many calendar months."""
    return write_count(count, "calendar month")
