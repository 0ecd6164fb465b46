"""Before and after: the relative return over the window after an event, less that over as long a window before it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import isfinite

import numpy as np

from groundswell.markets.series.calendar import as_days, sessions_between, shift_sessions
from groundswell.markets.series.returns import relative_returns
from groundswell.markets.studies.event_study import (
    REASON_WITHOUT_VALUE,
    EventStudy,
    EveryWindow,
    Window,
    explain_absence,
    find_window_bounds,
)
from groundswell.model import Absence, EventValue, Series


def before_after_study(
    days: Sequence[date], long: Series, short: Series | None, window: Window, as_of: date
) -> EventStudy:
    """Measure the change of the relative return at the base of each of ``days``, over ``window`` (in sessions).

    The window before ends where the window after starts, at the base, and is as long. The window of a value runs from
    the start of the one to the end of the other, and ``before`` is the relative return over the first half. A value
    that is missing at the start, the base or the end gives an ``Absence``; nothing is filled in.
    """
    if not days:
        return EventStudy((), ())
    bases, ends = find_window_bounds(as_days(days), long, window)
    starts = shift_sessions(bases, -window.horizon)
    before, after = (relative_returns(long, short, *bounds) for bounds in ((starts, bases), (bases, ends)))
    measured: list[EventValue] = []
    absent: list[Absence] = []
    bounds = zip(days, starts.tolist(), bases.tolist(), ends.tolist(), strict=True)
    for (day, start, base, end), earlier, later in zip(bounds, before.tolist(), after.tolist(), strict=True):
        if end <= as_of and isfinite(later - earlier):
            measured.append(EventValue(day, later - earlier, start, end, before=earlier))
        else:
            reason = explain_absence(long, short, base, end, as_of) or explain_absence(long, short, start, base, as_of)
            absent.append(Absence(day, reason or REASON_WITHOUT_VALUE, end if end > as_of else None))
    return EventStudy(tuple(measured), tuple(absent))


def every_difference(long: Series, short: Series | None, window: Window, as_of: date) -> EveryWindow:
    """Measure the same at every session with a complete window on either side."""
    shared = [series for series in (long, short) if series is not None]
    first = max(series.dates[0] for series in shared)
    last = min(*(series.dates[-1] for series in shared), np.datetime64(as_of, "D"))
    sessions = sessions_between(first.astype(object), last.astype(object))
    count = max(len(sessions) - 2 * window.horizon, 0)
    starts, bases, ends = (sessions[shift : shift + count] for shift in (0, window.horizon, 2 * window.horizon))
    values = relative_returns(long, short, bases, ends) - relative_returns(long, short, starts, bases)
    measured = np.isfinite(values)
    return EveryWindow(bases[measured], values[measured])
