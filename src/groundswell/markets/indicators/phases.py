"""Regimes: names for where the market stands, each by a rule that looks back only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.events.fed import QUIET_MEETINGS
from groundswell.markets.events.fed_decisions import Decision, decisions
from groundswell.markets.series.book import NOTHING, SeriesBook
from groundswell.markets.series.calendar import MONTH, QUARTER, YEAR

ONE_MOVE = 25.0
"""Basis points between the 2-year yield and the middle of the target range that count as a move priced in."""
LEVEL_LEAD = 0.01
"""A relative return smaller than this reads "level"."""
MIN_HISTORY = YEAR
"""Values that an indicator needs before its own history is described."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PolicyPhase:
    """A phase of Federal Reserve policy: its name, and the day of the announcement that began it."""

    name: str
    since: date


def list_policy_phases(as_of: date, book: SeriesBook = NOTHING) -> tuple[PolicyPhase, ...]:
    """The phases up to ``as_of``, oldest first: "rising", "easing", "on hold".

    The last change names the phase, until two scheduled meetings in a row have left the target as it was.
    """
    found: list[PolicyPhase] = []
    change, stalled = None, 0
    for decision in decisions(as_of, book):
        if decision.change_bp:
            change, stalled = decision, 0
        else:
            stalled += decision.scheduled
        if change is None:
            continue
        name = "on hold" if stalled >= QUIET_MEETINGS else "rising" if change.change_bp > 0 else "easing"
        if not found or found[-1].name != name:
            found.append(PolicyPhase(name, decision.announced))
    return tuple(found)


def find_last_change(as_of: date, book: SeriesBook = NOTHING) -> Decision | None:
    """The newest decision up to ``as_of`` that changed the target."""
    return next((decision for decision in reversed(decisions(as_of, book)) if decision.change_bp), None)


def name_priced_move(gaps: Values) -> str:
    """What the 2-year yield's last gap to the target says: a quarter point counts as a move."""
    gap = round(float(gaps[-1]), 4)
    return "cuts priced in" if gap <= -ONE_MOVE else "rises priced in" if gap >= ONE_MOVE else "no move priced in"


def name_lead(relative: Values) -> str:
    """Whether the last relative return leads or lags by a point or more."""
    return "leads" if relative[-1] >= LEVEL_LEAD else "lags" if relative[-1] <= -LEVEL_LEAD else "level"


def name_direction(values: Values) -> str:
    """Whether the last month's change is among the upper or the lower quarter of all such changes up to now."""
    changes = values[MONTH:] - values[:-MONTH]
    if len(changes) < MIN_HISTORY:
        return "history too short"
    low, high = np.quantile(changes, [0.25, 0.75])
    return "rising" if changes[-1] > high else "falling" if changes[-1] < low else "steady"


def name_drawdown(drawdowns: Values) -> str:
    """How far below its high the last close is: by a twentieth, a tenth, a fifth."""
    fall = round(float(drawdowns[-1]), 6)
    return (
        "near its high" if fall > -0.05 else "pullback" if fall > -0.10 else "correction" if fall > -0.20 else "slump"
    )


def name_volatility(values: Values) -> str:
    """How unquiet the market is against its own past: the lower half, above it, the top tenth."""
    place = rank_last_value(values)
    if place is None:
        return "history too short"
    return "calm" if place < 0.5 else "raised" if place < 0.9 else "high"


def name_recency(sessions: Values) -> str:
    """Whether the last event is at most a quarter (63 sessions) ago."""
    return "recent" if sessions[-1] <= QUARTER else "past"


def rank_last_value(values: Values) -> float | None:
    """The share of the earlier values that lie below the last one; None with fewer than a year of them."""
    return float((values[:-1] < values[-1]).mean()) if len(values) > MIN_HISTORY else None


def rank_last_move(values: Values, steps: int) -> tuple[float, float] | None:
    """The value ``steps`` values ago, and the share of earlier changes over as many that were smaller in size.

    None with fewer than a year of earlier ones.
    """
    moves = values[steps:] - values[:-steps]
    if len(moves) <= MIN_HISTORY:
        return None
    return float(values[-1 - steps]), float((np.abs(moves[:-1]) < abs(moves[-1])).mean())
