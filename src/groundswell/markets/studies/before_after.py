"""Before and after: the relative return over the window after an event, less that over as long a window before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from math import isfinite

import numpy as np

from groundswell.markets.series.calendar import Days, add_months, as_days, month_end, shift_sessions
from groundswell.markets.series.returns import relative_returns
from groundswell.markets.studies.event_study import (
    REASON_WITHOUT_VALUE,
    EventStudy,
    EveryWindow,
    Window,
    explain_absence,
    find_window_bounds,
    list_candidates,
)
from groundswell.model import Absence, EventValue, Measure, Series


def before_after_study(
    days: Sequence[date], long: Series, short: Series | None, window: Window, as_of: date
) -> EventStudy:
    """Measure the change of the relative return at the base of each of ``days``, over ``window``.

    The window before ends where the window after starts, at the base, and is as long. Monthly period returns leave out
    the month of the event, which has days on either side of it. The window of a value runs from the start of the one to
    the end of the other, and ``before`` is the relative return over the first half. A value that is missing at the
    start, the base or the end gives an ``Absence``; nothing is filled in.
    """
    if not days:
        return EventStudy((), ())
    bases, ends = find_window_bounds(as_days(days), long, window)
    starts, middles = _find_window_before(bases, long, window)
    before, after = (relative_returns(long, short, *bounds) for bounds in ((starts, middles), (bases, ends)))
    measured: list[EventValue] = []
    absent: list[Absence] = []
    bounds = zip(days, starts.tolist(), middles.tolist(), bases.tolist(), ends.tolist(), strict=True)
    for (day, start, middle, base, end), earlier, later in zip(bounds, before.tolist(), after.tolist(), strict=True):
        if end <= as_of and isfinite(later - earlier):
            measured.append(EventValue(day, later - earlier, start, end, before=earlier))
        else:
            halves = (explain_absence(long, short, *half, as_of) for half in ((base, end), (start, middle)))
            reason = next(filter(None, halves), REASON_WITHOUT_VALUE)
            absent.append(Absence(day, reason, end if end > as_of else None))
    return EventStudy(tuple(measured), tuple(absent))


def every_difference(long: Series, short: Series | None, window: Window, as_of: date) -> EveryWindow:
    """Measure the same at every session (for monthly returns: month) with a complete window on either side."""
    shared = [series for series in (long, short) if series is not None]
    first = max(series.dates[0] for series in shared)
    last = min(*(series.dates[-1] for series in shared), np.datetime64(as_of, "D"))
    candidates = list_candidates(long, first.astype(object), last.astype(object))
    inner = candidates[window.horizon : max(len(candidates) - window.horizon, window.horizon)]
    bases, ends = find_window_bounds(inner, long, replace(window, base=0))
    before = relative_returns(long, short, *_find_window_before(bases, long, window))
    values = relative_returns(long, short, bases, ends) - before
    measured = np.isfinite(values)
    return EveryWindow(bases[measured], values[measured])


def _find_window_before(bases: Days, long: Series, window: Window) -> tuple[Days, Days]:
    """Return the start and the end of the window before each base."""
    if long.ref.measure is not Measure.PERIOD_RETURN:
        return shift_sessions(bases, -window.horizon), bases
    ends = month_end(add_months(bases, -1))
    return month_end(add_months(ends, -window.horizon)), ends
