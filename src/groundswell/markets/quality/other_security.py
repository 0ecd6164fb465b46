"""A name that passed to another security: a long hole in a price, and another level after it."""

from __future__ import annotations

import numpy as np

from groundswell.markets.quality.changes import USUAL_CHANGES_A_SESSION, measure_changes
from groundswell.markets.quality.finding import Finding
from groundswell.markets.series.calendar import Days
from groundswell.model import IssueKind
from groundswell.model.series import Values

LONG_HOLE = 20
"""Sessions without a row, after which another level means another security."""

MIN_DAYS_OF_HOLE = np.timedelta64(LONG_HOLE, "D")
MIN_ROWS = 3
MIN_BREAK = 0.35
"""In logs: an index may fall by a quarter over a month."""


def find_other_security(days: Days, values: Values) -> tuple[int, Finding] | None:
    """Find the first row of the last security of a price series, if a long hole with a break of level precedes it."""
    if len(values) < MIN_ROWS:
        return None
    holes = np.flatnonzero(np.diff(days) > MIN_DAYS_OF_HOLE)
    if not len(holes):
        return None
    changes = measure_changes(days, values, in_logs=True)
    sessions = changes.sessions(holes)
    bounds = np.maximum(MIN_BREAK, USUAL_CHANGES_A_SESSION * changes.usual(holes) * np.sqrt(sessions))
    breaks = np.flatnonzero((sessions > LONG_HOLE) & (np.abs(changes.changes[holes]) > bounds))
    if not len(breaks):
        return None
    row, missing = int(holes[breaks[-1]]), int(sessions[breaks[-1]]) - 1
    text = (
        f"after {missing} sessions without a row it goes on at {values[row + 1]:.6g} on {days[row + 1]}, from "
        f"{values[row]:.6g} on {days[row]}: another security took the name; the rows before it are left out"
    )
    size = float(np.expm1(changes.changes[row]))
    span = (days[0].item(), days[row].item())
    return row + 1, Finding(IssueKind.TWO_SECURITIES, (), text, size, "return", span)
