"""Some rows of a rate in another unit: a few days in fractions or basis points among percents.

``units`` finds a level that stays. A run of a few rows moves the level for too short a time, and a fraction of a low
rate is closer to it than a large change of that rate.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from groundswell.markets.quality.changes import typical_size
from groundswell.markets.quality.finding import Finding
from groundswell.markets.quality.units import PERCENT_UNITS, ROWS_AROUND
from groundswell.markets.series.catalogue import family_of
from groundswell.model import Action, IssueKind, Series
from groundswell.model.series import Values

POWERS = np.array([2.0, 4.0])
MAX_DISTANCE = 0.15
"""In powers of ten: the rate moves by less than two fifths next to a row in another unit."""

MIN_STEP, USUAL_CHANGES = 0.1, 6.0
"""In percent, and in usual changes: rates near zero go from 0.01 to 1 in small steps, never at once."""

MAX_ROWS_DROPPED = 5
"""Longer runs withhold verdicts: they are more than wrong rows."""


def find_unit_runs(series: Series) -> tuple[Finding, ...]:
    """Find runs of fewer than twenty rows of a rate in percent that are in fractions or basis points.

    Up to five rows between two others are to be dropped. Longer runs, and those at either end of the series, which
    nothing confirms, withhold verdicts.
    """
    if family_of(series.ref).unit not in PERCENT_UNITS or len(series) <= ROWS_AROUND:
        return ()
    sizes = np.abs(series.values)
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.log10(sizes[1:] / sizes[:-1])
    moves = np.abs(np.diff(series.values))
    is_step = np.isfinite(steps) & (np.abs(np.abs(steps)[:, None] - POWERS).min(axis=1) <= MAX_DISTANCE)
    is_step &= moves >= max(MIN_STEP, USUAL_CHANGES * typical_size(moves))
    rows = np.flatnonzero(is_step) + 1
    return tuple(_describe_run(series, first, end) for first, end in _find_runs(rows, np.sign(steps), len(series)))


def _find_runs(rows: np.ndarray, signs: Values, count: int) -> Iterator[tuple[int, int]]:
    """Yield the first row of each run and the row after its last one; ``rows`` are those at which the unit switches."""
    left = rows.tolist()
    if left and left[0] < ROWS_AROUND and (len(left) < 2 or left[1] - left[0] >= left[0]):
        yield 0, left.pop(0)
    while left:
        first = left.pop(0)
        end = left[0] if left else count
        is_return = not left or signs[end - 1] == -signs[first - 1]
        if is_return and end - first < ROWS_AROUND:
            yield first, end
            left = left[1:]


def _describe_run(series: Series, first: int, end: int) -> Finding:
    days = tuple(series.dates[first:end].tolist())
    outside = series.values[first - 1] if first else series.values[end]
    inside = series.values[first] if first else series.values[end - 1]
    unit = "fractions" if abs(inside) < abs(outside) else "basis points"
    rows = f"{len(days)} rows from {days[0]} look" if len(days) > 1 else f"the row of {days[0]} looks"
    text = f"{rows} like {unit} ({inside:.4g} next to {outside:.4g}), where the catalogue has percent"
    if first and end < len(series) and len(days) <= MAX_ROWS_DROPPED:
        return Finding(IssueKind.OTHER_UNIT, days, text, action=Action.DROPPED)
    return Finding(IssueKind.OTHER_UNIT, days, text)
