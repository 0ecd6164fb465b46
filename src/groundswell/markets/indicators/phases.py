"""Phases: names for the state of a market, each by a rule that only looks back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from groundswell.markets.events.fed import MIN_UNCHANGED_MEETINGS
from groundswell.markets.events.fed_decisions import Decision, list_decisions
from groundswell.markets.series.book import NOTHING, SeriesBook
from groundswell.markets.series.calendar import MONTH, QUARTER, YEAR
from groundswell.model.series import Values

MIN_PRICED_MOVE = 25.0
"""Distance of the 2-year yield from the middle of the target range that counts as a priced move, in basis points."""

MIN_LEAD = 0.01
"""A smaller relative return reads "level"."""

MIN_HISTORY = YEAR
"""Values that an indicator needs before its own history is described."""


@dataclass(frozen=True, slots=True)
class PolicyPhase:
    """A phase of Federal Reserve policy: its name, and the day of the announcement that began it."""

    name: str
    since: date


def list_policy_phases(as_of: date, book: SeriesBook = NOTHING) -> tuple[PolicyPhase, ...]:
    """Return the phases up to ``as_of``, oldest first: "rising", "easing", "on hold".

    The last change names the phase, until two scheduled meetings in a row have left the target unchanged.
    """
    policy_phases: list[PolicyPhase] = []
    change, unchanged_meetings = None, 0
    for decision in list_decisions(as_of, book):
        if decision.change_bp:
            change, unchanged_meetings = decision, 0
        else:
            unchanged_meetings += decision.scheduled
        if change is None:
            continue
        is_on_hold = unchanged_meetings >= MIN_UNCHANGED_MEETINGS
        name = "on hold" if is_on_hold else "rising" if change.change_bp > 0 else "easing"
        if not policy_phases or policy_phases[-1].name != name:
            policy_phases.append(PolicyPhase(name, decision.announced))
    return tuple(policy_phases)


def find_last_change(as_of: date, book: SeriesBook = NOTHING) -> Decision | None:
    """Return the newest decision up to ``as_of`` that changed the target, or None."""
    return next((decision for decision in reversed(list_decisions(as_of, book)) if decision.change_bp), None)


def name_priced_move(gaps: Values) -> str:
    """Name the move that the last gap of the 2-year yield to the target prices in; a quarter point counts as a move."""
    gap = round(float(gaps[-1]), 4)
    return (
        "cuts priced in"
        if gap <= -MIN_PRICED_MOVE
        else "rises priced in"
        if gap >= MIN_PRICED_MOVE
        else "no move priced in"
    )


def name_lead(relative: Values) -> str:
    """Name whether the last relative return leads or lags by a point or more."""
    return "leads" if relative[-1] >= MIN_LEAD else "lags" if relative[-1] <= -MIN_LEAD else "level"


def name_direction(values: Values) -> str:
    """Name whether the change over the last month is in the upper or the lower quarter of all such changes so far."""
    changes = values[MONTH:] - values[:-MONTH]
    if len(changes) < MIN_HISTORY:
        return "history too short"
    low, high = np.quantile(changes, [0.25, 0.75])
    return "rising" if changes[-1] > high else "falling" if changes[-1] < low else "steady"


def name_drawdown(drawdowns: Values) -> str:
    """Name the distance of the last close from its high; the limits are 5, 10 and 20 percent."""
    fall = round(float(drawdowns[-1]), 6)
    return (
        "near its high" if fall > -0.05 else "pullback" if fall > -0.10 else "correction" if fall > -0.20 else "slump"
    )


def name_volatility(values: Values) -> str:
    """Name the last volatility by its rank in its own history: the lower half, above it, or the top tenth."""
    rank = rank_last_value(values)
    if rank is None:
        return "history too short"
    return "calm" if rank < 0.5 else "raised" if rank < 0.9 else "high"


def name_recency(sessions: Values) -> str:
    """Name whether the last event was at most a quarter (63 sessions) ago."""
    return "recent" if sessions[-1] <= QUARTER else "past"


def rank_last_value(values: Values) -> float | None:
    """Return the share of the earlier values that lie below the last one; None with less than a year of them."""
    return float((values[:-1] < values[-1]).mean()) if len(values) > MIN_HISTORY else None


def rank_last_move(values: Values, steps: int) -> tuple[float, float] | None:
    """Return the value ``steps`` values ago, and the share of earlier changes over ``steps`` that were smaller in size.

    Return None with less than a year of earlier changes.
    """
    moves = values[steps:] - values[:-steps]
    if len(moves) <= MIN_HISTORY:
        return None
    return float(values[-1 - steps]), float((np.abs(moves[:-1]) < abs(moves[-1])).mean())
