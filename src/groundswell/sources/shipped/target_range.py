"""The federal funds target range by day, from the table of the Fed's decisions."""

from __future__ import annotations

from datetime import date

import numpy as np

from groundswell.markets.events.fed_decisions import FED_DECISIONS, list_decisions
from groundswell.model import Frequency, Measure, Series, SeriesRef
from groundswell.sources.release_times import known_at

FIRST_DAY = date(2008, 12, 16)
"""Announced and in force on the same day. Every later range takes effect on the day after its announcement."""

LOWER, UPPER = SeriesRef("DFEDTARL", Measure.RATE), SeriesRef("DFEDTARU", Measure.RATE)


def load_target_range() -> tuple[Series, ...]:
    """Load ``DFEDTARL`` and ``DFEDTARU``, percent on every calendar day since there is a range.

    They end on the day after the last decision in the table: no later one is known. Values count as known when FRED
    publishes them, on the evening after their day.
    """
    decisions = [decision for decision in list_decisions(date.max) if decision.announced >= FIRST_DAY]
    in_force = np.array([decision.announced for decision in decisions], dtype="datetime64[D]") + 1
    in_force[0] = np.datetime64(FIRST_DAY, "D")
    days = np.arange(in_force[0], in_force[-1] + 1)
    rows = np.searchsorted(in_force, days, side="right") - 1
    ends = {LOWER: [decision.lower for decision in decisions], UPPER: [decision.upper for decision in decisions]}
    return tuple(
        Series(
            ref=ref,
            frequency=Frequency.DAILY,
            source=FED_DECISIONS.source,
            dates=days,
            values=np.array(values, dtype=np.float64)[rows],
            known_at=known_at(ref, Frequency.DAILY, days),
        )
        for ref, values in ends.items()
    )
