"""The spacing of days, which shows in which order a column writes day and month."""

from __future__ import annotations

import numpy as np

from groundswell.markets.series.calendar import Days

MIN_DAYS = 4
"""Fewer days have no rhythm to speak of."""

MIN_SCATTERED_DAYS = 20
"""Of so many days some fall on a weekend by chance, unless they are sessions: (5/7)^20 is 0.1 %."""

MAX_SESSION_GAP = 5
"""Days from one session to the next over a long weekend."""

MIN_DENSITY = 0.35
"""Half of the sessions of the span: firsts of months, read as the first days of January, leave long holes."""

MIN_SHARE = 0.9
WEEK = 7


def has_rhythm(days: Days) -> bool:
    """Whether days follow each other as data do: daily, on sessions, weekly, monthly, quarterly or yearly.

    ``days`` are in any order, may repeat, and contain no NaT.
    """
    unique = np.unique(days)
    if len(unique) < MIN_DAYS:
        return False
    gaps = np.diff(unique).astype(np.int64)
    most = 1 if has_weekends(unique) else MAX_SESSION_GAP
    is_daily = _is_regular(gaps <= most) and len(gaps) >= MIN_DENSITY * gaps.sum()
    return is_daily or _is_regular(gaps == WEEK) or _is_calendrical(unique, gaps)


def is_on_weekdays(days: Days) -> bool:
    """Whether so many days are all on weekdays that this is no accident."""
    unique = np.unique(days)
    return len(unique) >= MIN_SCATTERED_DAYS and not has_weekends(unique)


def has_weekends(days: Days) -> bool:
    """Whether any day is a Saturday or a Sunday."""
    return not bool(np.is_busday(days).all())


def is_in_order(days: Days) -> bool:
    """Whether days never step back, or never step forward."""
    steps = np.diff(days).astype(np.int64)
    return bool((steps >= 0).all() or (steps <= 0).all())


def _is_regular(is_expected: np.ndarray) -> bool:
    return bool(is_expected.mean() >= MIN_SHARE)


def _is_calendrical(unique: Days, gaps: np.ndarray) -> bool:
    """Whether the days are one a month, a quarter or a year: on one day of the month, or on its last ones."""
    in_month = (unique - unique.astype("datetime64[M]")).astype(np.int64)
    is_same_day = bool((in_month == in_month[0]).all()) or bool((in_month >= 27).all())
    spans = ((28, 31), (89, 92), (365, 366))
    return is_same_day and any(_is_regular((gaps >= low) & (gaps <= high)) for low, high in spans)
